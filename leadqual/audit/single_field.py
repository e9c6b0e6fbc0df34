"""LQ101: one field alone that predicts as well as a whole lead score usually does."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.audit.audited_leads import AuditedLeads
from leadqual.audit.finding import Finding, NotApplicable, Severity
from leadqual.fact import fact
from leadqual.measures import log_losses

__all__ = ["explained", "single_field"]

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]

CODE = "LQ101"
# What a field alone explains of the uncertainty about the outcome. Whole lead scores explain 20 to 40 % (an AUC of .80
# to .89); a single honest field that reaches a quarter of all there is to know would do the job of the whole score.
# The best field known at creation explains 17 % on X Education, 5 % on Olist and in `leadforge`, nothing on Maven.
_RESTATES, _LIKELY, _SUSPECT = 0.90, 0.25, 0.20
_FOLDS, _PARTS, _PRIOR_LEADS = 5, 20, 2.0
_MIN_WINS = 30


def single_field(leads: AuditedLeads) -> tuple[list[Finding], NotApplicable | None]:
    """Find fields that explain a quarter of the uncertainty, or more, on leads not used to learn from them.

    Each field predicts every fifth lead from the win rates of its values (numbers in twentieths) among the others;
    the share of the deviance explained is compared as a whole interval with the limits 20 %, 25 % and 90 %.
    """
    won = leads.label[leads.mature]
    if min(won.sum(), (1 - won).sum()) < _MIN_WINS:
        return [], NotApplicable(
            CODE,
            fact("audit_too_few_for_one_field", wins=int(won.sum()), others=int((1 - won).sum())),
            fact("audit_wait_for_both", needed=_MIN_WINS),
        )
    findings = []
    for feature in leads.features:
        gain = _gains(_codes(leads.values[feature.name][leads.mature], feature.kind == "numeric"), won)
        share, low = explained(gain, won, leads.z())
        severity: Severity | None = (
            "certain" if low >= _RESTATES else "likely" if low >= _LIKELY else "suspect" if low >= _SUSPECT else None
        )
        if severity is None:
            continue
        restates = severity == "certain"
        findings.append(
            Finding(
                CODE,
                "leak",
                severity,
                feature.name,
                fact(
                    "audit_restates_outcome" if restates else "audit_explains_alone",
                    share=round(share, 2),
                    least=round(low, 2),
                ),
                fact("audit_when_filled_in"),
                {"explained": share, "explained_at_least": low},
            )
        )
    return findings, None


def explained(gain: Floats, won: Floats, z: float) -> tuple[float, float]:
    """Return the share of the deviance explained, and the least it may be by ``z`` standard errors over leads.

    Parameters
    ----------
    gain
        How much less log loss each lead has than under the win rate, in nats, (n,).
    won
        Outcomes, 1 or 0, (n,), both there.
    """
    rate = float(won.mean())
    whole = -(rate * np.log(rate) + (1 - rate) * np.log(1 - rate))
    share = gain / whole
    return float(share.mean()), float(share.mean() - z * share.std(ddof=1) / len(share) ** 0.5)


def _gains(code: Codes, won: Floats) -> Floats:
    fold, rate = np.arange(len(won)) % _FOLDS, float(won.mean())
    size = int(code.max()) + 1
    leads = np.bincount(code, minlength=size)
    wins = np.bincount(code, won, size)
    promised = np.empty(len(won))
    for one in range(_FOLDS):
        inside = fold == one
        others = leads - np.bincount(code[inside], minlength=size)
        their_wins = wins - np.bincount(code[inside], won[inside], size)
        learned = (their_wins + _PRIOR_LEADS * rate) / (others + _PRIOR_LEADS)
        promised[inside] = learned[code[inside]]
    return np.asarray(log_losses(won, rate) - log_losses(won, promised, least=1e-6))


def _codes(column: pd.Series, numeric: bool) -> Codes:
    """Return the value of each lead as a number from 0 on: a gap is one value, numbers are in twentieths."""
    if not numeric:
        return np.asarray(pd.factorize(column, use_na_sentinel=True)[0] + 1, dtype=np.int64)
    numbers = column.to_numpy(dtype=np.float64)
    known = numbers[~np.isnan(numbers)]
    edges = np.unique(np.quantile(known, np.arange(1, _PARTS) / _PARTS)) if len(known) else np.empty(0)
    return np.where(np.isnan(numbers), 0, np.searchsorted(edges, numbers, side="right") + 1).astype(np.int64)
