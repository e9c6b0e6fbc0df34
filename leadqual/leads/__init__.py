"""Leads: their schema, reading them by it, their outcomes as of a date, and splits in time."""

from leadqual.leads.feature import Feature
from leadqual.leads.outcomes import Outcomes, label_outcomes
from leadqual.leads.reading import Leads, read_leads, read_table, read_table_chunks
from leadqual.leads.schema import Schema
from leadqual.leads.splits import TimeSplit, forward_folds, last_part

__all__ = [
    "Feature",
    "Leads",
    "Outcomes",
    "Schema",
    "TimeSplit",
    "forward_folds",
    "label_outcomes",
    "last_part",
    "read_leads",
    "read_table",
    "read_table_chunks",
]
