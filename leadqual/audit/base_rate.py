"""LQ202: a win rate that jumps."""

from __future__ import annotations

import numpy as np
from scipy.stats import chi2_contingency

from leadqual.audit.audited_leads import AuditedLeads
from leadqual.audit.finding import Finding, NotApplicable

__all__ = ["base_rate"]

CODE, CHECK = "LQ202", "a win rate that jumps"
_RATIO = 1.5
_REMEDY = (
    "Find out what changed: the market, sales' effort, or how outcomes are recorded. Probabilities follow the recent "
    "win rate only slowly; retrain on the time since the change where there is enough of it."
)


def base_rate(leads: AuditedLeads) -> tuple[list[Finding], NotApplicable | None]:
    """Find a win rate that differs by half or more between the fifths of the mature history, beyond chance."""
    label = leads.label[leads.mature]
    part = np.arange(len(label)) * 5 // max(len(label), 1)
    if len(np.unique(part)) < 5:
        return [], NotApplicable(CODE, CHECK, "there are too few outcomes to compare.", "Wait for more outcomes.")
    leads_in, wins = np.bincount(part), np.bincount(part, label)
    rates = wins / leads_in
    chance = float(chi2_contingency(np.stack((wins, leads_in - wins))).pvalue)
    if chance > 0.01 or rates.max() < _RATIO * max(float(rates.min()), 1e-9):
        return [], None
    said = f"The win rate is {', '.join(f'{rate:.0%}' for rate in rates)} in the fifths of the history."
    figures = {"lowest": float(rates.min()), "highest": float(rates.max()), "p_value": chance}
    return [Finding(CODE, CHECK, "stability", "suspect", None, said, _REMEDY, figures)], None
