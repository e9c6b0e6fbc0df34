"""LQ402: labels that are not mature, or a window too short for the wins."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadqual.audit.audited_leads import AuditedLeads
from leadqual.audit.finding import Finding, NotApplicable
from leadqual.leads.outcome_states import WON, read_states

__all__ = ["maturity"]

CODE, CHECK = "LQ402", "immature labels"
_YOUNG, _LATE = 0.5, 0.2
_WAIT = "Use a shorter window, or wait: only leads whose window has passed have an outcome."
_LONGER = "Use a longer window: wins that come later count as not won, and slow deals are buried."


def maturity(leads: AuditedLeads) -> tuple[list[Finding], NotApplicable | None]:
    """Find histories where half the leads or more are too young, or a fifth of the wins or more come after the window.

    Late wins are counted among leads that are at least two windows old, since a younger lead had no time for one.
    """
    outcomes, schema = leads.outcomes, leads.leads.schema
    if not leads.dated or outcomes.window_days is None:
        return [], NotApplicable(
            CODE,
            CHECK,
            "Cannot verify: without creation dates nobody can tell how old leads are.",
            "Name created_at in the schema.",
        )
    findings = []
    young = float(1 - leads.mature.mean())
    if young >= _YOUNG:
        said = f"{young:.0%} of leads have no outcome yet, their window of {outcomes.window_days} days has not passed."
        findings.append(Finding(CODE, CHECK, "evidence", "suspect", None, said, _WAIT, {"young": young}))
    if schema.closed_at is not None:
        late = _late(leads, schema.closed_at, outcomes.window_days)
        if late is not None and late >= _LATE:
            said = f"{late:.0%} of the wins among old leads came after the window of {outcomes.window_days} days."
            findings.append(Finding(CODE, CHECK, "evidence", "suspect", None, said, _LONGER, {"late": late}))
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
