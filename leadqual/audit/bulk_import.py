"""LQ403 and LQ404: leads that a bulk import brought, and customers that were imported as leads."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadqual.audit.audited_leads import AuditedLeads
from leadqual.audit.finding import Finding, NotApplicable
from leadqual.leads.imported import bulk_days
from leadqual.leads.lead_times import day_text
from leadqual.leads.left_out import customers
from leadqual.leads.outcome_states import WON, read_states

__all__ = ["imported_customers_found", "one_moment"]

CODE_MOMENT, CHECK_MOMENT = "LQ403", "one moment of creation for many leads"
CODE_CUSTOMERS, CHECK_CUSTOMERS = "LQ404", "customers imported as leads"
_UNDATED = "Cannot verify: without creation and closing dates nobody can tell who was a customer before."
_LEAVE_OUT = 'To leave them out, write imported = "leave_out" in [lead].'
_NAMED = 3


def one_moment(leads: AuditedLeads) -> tuple[list[Finding], NotApplicable | None]:
    """Find days on which far more leads were created than usual, customers imported as leads aside.

    See `leadqual.leads.imported.bulk_days`. Such leads were moved here from elsewhere: what they were when they came,
    how long a win took and when their window began is not known.
    """
    if not leads.dated:
        return [], NotApplicable(
            CODE_MOMENT,
            CHECK_MOMENT,
            "Cannot verify: without creation dates nobody can tell whether leads were imported together.",
            "Name created_at in the schema.",
        )
    time = leads.outcomes.time[leads.rows]
    findings = []
    for bulk in bulk_days(time)[:_NAMED]:
        there = np.floor(time) == bulk.day
        moments, counts = np.unique(time[there], return_counts=True)
        most = int(counts.max())
        at = pd.Timestamp(0) + pd.to_timedelta(round(float(moments[counts.argmax()]) * 86_400), unit="s")
        clock = f", {most:,} of them at {at:%H:%M}" if f"{at:%H:%M}" != "00:00" else ""
        day, share = day_text(bulk.day), bulk.leads / max(len(time), 1)
        said = (
            f"{bulk.leads:,} of {len(time):,} leads ({share:.0%}) were created on {day}{clock}: if a bulk import "
            "brought them, they have no history before it."
        )
        remedy = (
            "Find out whether they were imported then. To learn from later leads only, write created_after = "
            f'"{day}" in [lead].'
        )
        figures = {"leads": float(bulk.leads), "share": share, "day": float(bulk.day), "at_one_moment": float(most)}
        severity = "likely" if share >= 0.5 else "suspect"
        findings.append(Finding(CODE_MOMENT, CHECK_MOMENT, "evidence", severity, None, said, remedy, figures))  # type: ignore[arg-type]
    return findings, None


def imported_customers_found(leads: AuditedLeads) -> tuple[list[Finding], NotApplicable | None]:
    """Find customers that came as leads (see `leadqual.leads.imported`), and what they do to the win rate.

    The other checks do not see them: a field that tells them apart knows nothing about leads.
    """
    schema, table = leads.leads.schema, leads.leads.table
    if not leads.dated or schema.closed_at is None:
        return [], NotApplicable(CODE_CUSTOMERS, CHECK_CUSTOMERS, _UNDATED, "Name created_at and closed_at.")
    out = customers(table, schema)
    if not out.any():
        return [], None
    won = read_states(table, schema) == WON
    with_, without = float(won.mean()), float(won[~out].mean()) if (~out).any() else 0.0
    said = (
        f"{int(out.sum()):,} leads were won before they were created, or as they were: they never were leads. With "
        f"them {with_:.1%} of all leads are won, without them {without:.1%}."
    )
    figures = {"leads": float(out.sum()), "win_rate_with": with_, "win_rate_without": without}
    return [
        Finding(CODE_CUSTOMERS, CHECK_CUSTOMERS, "evidence", "likely", None, said, _LEAVE_OUT, figures),
    ], None
