"""LQ202: a win rate that jumps."""

from __future__ import annotations

import numpy as np
from scipy.stats import chi2_contingency

from leadqual.audit.audited_leads import AuditedLeads
from leadqual.audit.finding import Finding, NotApplicable
from leadqual.fact import fact

__all__ = ["base_rate"]

CODE = "LQ202"
_RATIO = 1.5


def base_rate(leads: AuditedLeads) -> tuple[list[Finding], NotApplicable | None]:
    """Find a win rate that differs by half or more between the fifths of the mature history, beyond chance."""
    label = leads.label[leads.mature]
    part = np.arange(len(label)) * 5 // max(len(label), 1)
    if len(np.unique(part)) < 5:
        return [], NotApplicable(CODE, fact("audit_too_few_to_compare"), fact("audit_wait"))
    leads_in, wins = np.bincount(part), np.bincount(part, label)
    rates = wins / leads_in
    chance = float(chi2_contingency(np.stack((wins, leads_in - wins))).pvalue)
    if chance > 0.01 or rates.max() < _RATIO * max(float(rates.min()), 1e-9):
        return [], None
    found = fact("audit_win_rate_by_fifths", rates=tuple(f"{rate:.0%}" for rate in rates))
    figures = {"lowest": float(rates.min()), "highest": float(rates.max()), "p_value": chance}
    return [Finding(CODE, "stability", "suspect", None, found, fact("audit_find_what_changed"), figures)], None
