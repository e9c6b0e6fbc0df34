"""LQ402: labels that are not mature, or a window too short for the wins."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadqual.audit.audited_leads import AuditedLeads
from leadqual.audit.finding import Finding, NotApplicable
from leadqual.fact import fact
from leadqual.leads.outcome_states import WON, read_states

__all__ = ["maturity"]

CODE = "LQ402"
_YOUNG, _LATE = 0.5, 0.2


def maturity(leads: AuditedLeads) -> tuple[list[Finding], NotApplicable | None]:
    """Find histories where half the leads or more are too young, or a fifth of the wins or more come after the window.

    Late wins are counted among leads that are at least two windows old, since a younger lead had no time for one.
    """
    outcomes, schema = leads.outcomes, leads.leads.schema
    if not leads.dated or outcomes.window_days is None:
        return [], NotApplicable(
            CODE,
            fact("audit_undated_leads"),
            fact("audit_name_created_at"),
        )
    findings = []
    young = float(1 - leads.mature.mean())
    if young >= _YOUNG:
        found = fact("audit_young_leads", share=young, days=outcomes.window_days)
        remedy = fact("audit_shorter_window")
        findings.append(Finding(CODE, "evidence", "suspect", None, found, remedy, {"young": young}))
    if schema.closed_at is not None:
        late = _late(leads, schema.closed_at, outcomes.window_days)
        if late is not None and late >= _LATE:
            found = fact("audit_late_wins", share=late, days=outcomes.window_days)
            remedy = fact("audit_longer_window")
            findings.append(Finding(CODE, "evidence", "suspect", None, found, remedy, {"late": late}))
    return findings, None


def _late(leads: AuditedLeads, closed_at: str, window: int) -> float | None:
    closed = pd.to_datetime(leads.leads.table[closed_at]).to_numpy()[leads.rows]
    won = (read_states(leads.leads.table, leads.leads.schema) == WON)[leads.rows] & ~np.isnat(closed)
    time = leads.outcomes.time[leads.rows]
    last = np.datetime64(leads.outcomes.as_of, "D").astype(np.int64)
    old = won & (time + 2 * window <= last)
    if old.sum() == 0:
        return None
    days = closed[old].astype("datetime64[D]").astype(np.int64) - np.floor(time[old])
    return float((days > window).mean())
