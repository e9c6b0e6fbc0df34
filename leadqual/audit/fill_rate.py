"""LQ201: fill rates that jump over time."""

from __future__ import annotations

import numpy as np
from scipy.stats import chi2_contingency

from leadqual.audit.audited_leads import AuditedLeads
from leadqual.audit.finding import Finding, NotApplicable
from leadqual.fact import fact

__all__ = ["fill_rate"]

CODE = "LQ201"
_JUMP = 0.3


def fill_rate(leads: AuditedLeads) -> tuple[list[Finding], NotApplicable | None]:
    """Find fields whose share of filled-in leads differs by 30 points or more between tenths of the history."""
    sizes = np.bincount(leads.period)
    if (sizes > 0).sum() < 2:
        return [], NotApplicable(CODE, fact("audit_one_time"), fact("audit_finer_time"))
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
        findings.append(
            Finding(
                CODE,
                "stability",
                "suspect",
                feature.name,
                fact("audit_filled_over_time", rates=tuple(f"{rate:.0%}" for rate in rates)),
                fact("audit_form_changed"),
                {"lowest": float(rates.min()), "highest": float(rates.max())},
            )
        )
    return findings, None
