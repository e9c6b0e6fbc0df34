"""LQ102: whether a field is filled in tracks how the lead ended."""

from __future__ import annotations

import numpy as np

from leadqual.audit.audited_leads import AuditedLeads
from leadqual.audit.finding import Finding, NotApplicable
from leadqual.audit.odds_ratio import odds_ratio
from leadqual.audit.single_field import explained
from leadqual.fact import fact
from leadqual.measures import log_losses

__all__ = ["missingness"]

CODE = "LQ102"
# Both must hold: the odds of winning differ at least twofold between filled-in and empty, and knowing which it is
# explains 3 % of the uncertainty, so that gaps in a handful of leads are left alone.
_RATIO, _EXPLAINED = 2.0, 0.03


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
        gain = log_losses(label, even) - log_losses(label, rate)
        share, _ = explained(gain, label, 0.0)
        if ratio.away_from_one >= _RATIO and share >= _EXPLAINED:
            findings.append(
                Finding(
                    CODE,
                    "leak",
                    "suspect",
                    feature.name,
                    fact(
                        "audit_filled_tracks_outcome",
                        filled=round(filled, 2),
                        empty=round(empty, 2),
                        share=round(float(1 - known.mean()), 2),
                        ratio=round(float(ratio.away_from_one), 1),
                    ),
                    fact("audit_find_out_when_filled"),
                    {"filled": filled, "empty": empty, "odds_ratio": ratio.value, "explained": share},
                )
            )
    return findings, None
