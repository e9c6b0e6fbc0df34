"""LQ201: fill rates that jump over time."""

from __future__ import annotations

import numpy as np
from scipy.stats import chi2_contingency

from leadqual.audit.audited_leads import AuditedLeads
from leadqual.audit.finding import Finding, NotApplicable

__all__ = ["fill_rate"]

CODE, CHECK = "LQ201", "fill rates that jump over time"
_JUMP = 0.3
_REMEDY = (
    "A form, a process or a data source changed. What was learned while it was filled in may not hold while it is not: "
    "leave it out, or train only on the time since the last change."
)


def fill_rate(leads: AuditedLeads) -> tuple[list[Finding], NotApplicable | None]:
    """Find fields whose share of filled-in leads differs by 30 points or more between tenths of the history."""
    sizes = np.bincount(leads.period)
    if (sizes > 0).sum() < 2:
        return [], NotApplicable(CODE, CHECK, "all leads stand at one time.", "Name a finer time in the schema.")
    findings = []
    for feature in leads.features:
        known = np.bincount(leads.period, leads.known(feature.name))
        rates = known[sizes > 0] / sizes[sizes > 0]
        jump = float(rates.max() - rates.min())
        if jump < _JUMP:
            continue
        counts = np.stack((known[sizes > 0], sizes[sizes > 0] - known[sizes > 0]))
        if chi2_contingency(counts).pvalue > 0.05 / len(leads.features):
            continue
        steps = ", ".join(f"{rate:.0%}" for rate in rates)
        findings.append(
            Finding(
                CODE,
                CHECK,
                "stability",
                "suspect",
                feature.name,
                f"It is filled in for {steps} of leads as time goes on.",
                _REMEDY,
                {"lowest": float(rates.min()), "highest": float(rates.max())},
            )
        )
    return findings, None
