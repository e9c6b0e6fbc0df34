"""LQ102: whether a field is filled in tracks how the lead ended."""

from __future__ import annotations

import numpy as np

from leadqual.audit.audited_leads import AuditedLeads
from leadqual.audit.finding import Finding, NotApplicable
from leadqual.audit.odds_ratio import odds_ratio
from leadqual.audit.single_field import explained

__all__ = ["missingness"]

CODE, CHECK = "LQ102", "being filled in tracks the outcome"
# Both must hold: the odds of winning differ at least twofold between filled-in and empty, and knowing which it is
# explains 3 % of the uncertainty, so that gaps in a handful of leads are left alone.
_RATIO, _EXPLAINED = 2.0, 0.03
_REMEDY = (
    "Sales may fill it in while they work a lead: then it says that the lead was worked, not what it was like. Find "
    'out when it is filled in; set known = "later" if that is after the lead is created.'
)


def missingness(leads: AuditedLeads) -> tuple[list[Finding], NotApplicable | None]:
    """Find fields that are filled in far more, or far less, often among wins than among other leads of their time."""
    label = leads.label[leads.mature]
    period = leads.period[leads.mature]
    won = label == 1
    findings = []
    for feature in leads.features:
        known = leads.known(feature.name)[leads.mature]
        if known.all() or not known.any():
            continue
        ratio = odds_ratio(known, won, period, leads.z())
        filled, empty = float(label[known].mean()), float(label[~known].mean())
        rate = np.where(known, filled, empty).clip(1e-6, 1 - 1e-6)
        even = float(label.mean())
        gain = np.where(won, np.log(rate / even), np.log((1 - rate) / (1 - even)))
        share, _ = explained(gain, label, 0.0)
        if ratio.away_from_one >= _RATIO and share >= _EXPLAINED:
            findings.append(
                Finding(
                    CODE,
                    CHECK,
                    "leak",
                    "suspect",
                    feature.name,
                    f"{filled:.0%} of leads win where it is filled in, {empty:.0%} where it is empty "
                    f"({1 - known.mean():.0%} of leads); within the same time the odds differ at least "
                    f"{ratio.away_from_one:.1f}-fold.",
                    _REMEDY,
                    {"filled": filled, "empty": empty, "odds_ratio": ratio.value, "explained": share},
                )
            )
    return findings, None
