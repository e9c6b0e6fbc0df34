"""LQ403 and LQ404: leads that a bulk import brought, and customers that were imported as leads."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadqual.audit.audited_leads import AuditedLeads
from leadqual.audit.finding import Finding, NotApplicable
from leadqual.fact import fact
from leadqual.leads.imported import bulk_days
from leadqual.leads.lead_times import day_text
from leadqual.leads.left_out import customers
from leadqual.leads.outcome_states import WON, read_states

__all__ = ["imported_customers_found", "one_moment"]

CODE_MOMENT = "LQ403"
CODE_CUSTOMERS = "LQ404"
_NAMED = 3


def one_moment(leads: AuditedLeads) -> tuple[list[Finding], NotApplicable | None]:
    """Find days on which far more leads were created than usual, customers imported as leads aside.

    See `leadqual.leads.imported.bulk_days`. Such leads were moved here from elsewhere: what they were when they came,
    how long a win took and when their window began is not known.
    """
    if not leads.dated:
        return [], NotApplicable(
            CODE_MOMENT,
            fact("audit_undated_imports"),
            fact("audit_name_created_at"),
        )
    time = leads.outcomes.time[leads.rows]
    findings = []
    for bulk in bulk_days(time)[:_NAMED]:
        there = np.floor(time) == bulk.day
        moments, counts = np.unique(time[there], return_counts=True)
        most = int(counts.max())
        at = pd.Timestamp(0) + pd.to_timedelta(round(float(moments[counts.argmax()]) * 86_400), unit="s")
        clock = fact("audit_at_time", leads=most, time=f"{at:%H:%M}") if f"{at:%H:%M}" != "00:00" else ""
        day, share = day_text(bulk.day), bulk.leads / max(len(time), 1)
        found = fact("audit_one_moment", leads=bulk.leads, all=len(time), share=share, day=day, clock=clock)
        remedy = fact("audit_created_after", day=day)
        figures = {"leads": float(bulk.leads), "share": share, "day": float(bulk.day), "at_one_moment": float(most)}
        severity = "likely" if share >= 0.5 else "suspect"
        findings.append(Finding(CODE_MOMENT, "evidence", severity, None, found, remedy, figures))  # type: ignore[arg-type]
    return findings, None


def imported_customers_found(leads: AuditedLeads) -> tuple[list[Finding], NotApplicable | None]:
    """Find customers that came as leads (see `leadqual.leads.imported`), and what they do to the win rate.

    The other checks do not see them: a field that tells them apart knows nothing about leads.
    """
    schema, table = leads.leads.schema, leads.leads.table
    if not leads.dated or schema.closed_at is None:
        return [], NotApplicable(CODE_CUSTOMERS, fact("audit_undated_customers"), fact("audit_name_both_dates"))
    out = customers(table, schema)
    if not out.any():
        return [], None
    won = read_states(table, schema) == WON
    with_, without = float(won.mean()), float(won[~out].mean()) if (~out).any() else 0.0
    found = fact("audit_imported_customers", leads=int(out.sum()), rate=with_, without=without)
    figures = {"leads": float(out.sum()), "win_rate_with": with_, "win_rate_without": without}
    return [
        Finding(CODE_CUSTOMERS, "evidence", "likely", None, found, fact("audit_leave_imported_out"), figures),
    ], None
