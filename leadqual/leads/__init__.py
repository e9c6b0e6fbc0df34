"""Leads: their schema, reading them from where they are, their outcomes, splits in time, and a simulated CRM."""

from leadqual.leads.inference import InferredSchema, infer_schema
from leadqual.leads.outcomes import Outcomes, label_outcomes
from leadqual.leads.reading import Leads, read_leads, read_table, read_table_chunks
from leadqual.leads.sample import Sample, SampleSettings, simulate, write_sample
from leadqual.leads.schema import Feature, Schema
from leadqual.leads.splits import TimeSplit, forward_folds, last_part

__all__ = [
    "Feature",
    "InferredSchema",
    "Leads",
    "Outcomes",
    "Sample",
    "SampleSettings",
    "Schema",
    "TimeSplit",
    "forward_folds",
    "infer_schema",
    "label_outcomes",
    "last_part",
    "read_leads",
    "read_table",
    "read_table_chunks",
    "simulate",
    "write_sample",
]
