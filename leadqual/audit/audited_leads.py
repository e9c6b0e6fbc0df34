"""The leads as every check sees them: read once, in time order, with what is known of each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import norm

from leadqual.leads import Feature, Leads, Outcomes
from leadqual.leads.field_values import field_values
from leadqual.leads.left_out import customers
from leadqual.leads.outcome_states import OPEN, read_states

__all__ = ["AuditedLeads", "audited_leads"]

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int64]

_PERIODS = 10


@dataclass(frozen=True, slots=True, eq=False)
class AuditedLeads:
    """Leads in time order; those without a place in time, and customers imported as leads, are left out.

    Parameters
    ----------
    leads, outcomes
        As they came; ``rows`` leads from one order to the other.
    rows
        Row number of each of n leads in ``leads``, (n,).
    values
        The scored fields as `leadqual.leads.field_values` reads them, n rows.
    label, mature
        Outcome (1 won, 0 not, NaN undecided) and whether it counts, (n,).
    open
        Whether the outcome column says that the lead is open, (n,).
    period
        Number of each lead's stretch of time, 0 to 9, of about equal numbers of leads, (n,).
    """

    leads: Leads
    outcomes: Outcomes
    rows: Codes
    values: pd.DataFrame
    label: Floats
    mature: Flags
    open: Flags
    period: Codes

    @property
    def features(self) -> tuple[Feature, ...]:
        """The fields that the schema scores."""
        return self.leads.schema.scored

    @property
    def dated(self) -> bool:
        """Whether leads have creation dates."""
        return self.outcomes.as_of is not None

    def known(self, field: str) -> Flags:
        """Return where a field says something, (n,)."""
        return np.asarray(self.values[field].notna(), dtype=bool)

    def z(self) -> float:
        """Return how many standard errors a field must stand out by: 5 % for all fields together (Bonferroni)."""
        return float(norm.isf(0.05 / 2 / max(len(self.features), 1)))


def audited_leads(leads: Leads, outcomes: Outcomes) -> AuditedLeads:
    """Read the scored fields of leads that have a place in time and were no customers when they came.

    Parameters
    ----------
    leads, outcomes
        The leads and their labels, in the same order.
    """
    placed = np.flatnonzero(np.isfinite(outcomes.time) & ~customers(leads.table, leads.schema))
    rows = placed[np.argsort(outcomes.time[placed], kind="stable")]
    schema = leads.schema
    time = outcomes.time[rows]
    return AuditedLeads(
        leads=leads,
        outcomes=outcomes,
        rows=rows,
        values=field_values(leads.table.iloc[rows], schema.scored, schema.missing_values),
        label=outcomes.label[rows],
        mature=outcomes.mature[rows],
        open=read_states(leads.table, schema)[rows] == OPEN,
        period=np.searchsorted(time, time, side="left") * _PERIODS // max(len(rows), 1),
    )
