"""The strength of each field's penalty, learned from the field itself."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve

from leadqual.bundle.field_points import FieldPoints
from leadqual.scorecard.fit import Design, fit_effects, information, newton_step, predict
from leadqual.scorecard.penalty import Block, total_penalty

__all__ = ["fit_with_strengths"]

Floats = NDArray[np.float64]

_ROUNDS = 4
_PULL = 1.0  # the common strength counts as much as the evidence of one more effect
_RANGE = (1e-2, 1e5)


def fit_with_strengths(
    rows: Design,
    won: Floats,
    blocks: list[Block],
    shares: list[Floats],
    fields: list[FieldPoints],
    common: float,
    *,
    offset: Floats | None = None,
) -> tuple[Floats, Floats]:
    """Fit effects and the strength of each penalty block together, by empirical Bayes.

    For a block with matrix S and rank r, strength l, effects b and their posterior covariance V, the generalised
    Fellner-Schall step (Wood and Fasiolo 2017, doi:10.1111/biom.12666) is ``l <- (r - l tr(V S)) / b'Sb``. A gamma
    prior on l with mean ``common`` and the weight of one effect joins numerator and denominator:
    ``l <- (r - l tr(V S) + 1) / (b'Sb + 1 / common)``, so a field that says little takes the common strength.
    Between these steps the effects follow by one Newton step; only the last strengths are fitted to the end.

    Parameters
    ----------
    rows, won, offset
        As in `fit_effects`.
    blocks
        The penalties.
    shares, fields
        As in `total_penalty`.
    common
        The prior's strength, chosen by walking forward; it does not grow with the number of leads.

    Returns
    -------
    coefficients : numpy.ndarray of float64, shape (p + 1,)
        Intercept and effects in log-odds.
    strengths : numpy.ndarray of float64, shape (len(blocks),)
        The strength of each block.
    """
    strengths = np.full(len(blocks), float(common))
    ranks = np.array([block.rank for block in blocks], dtype=np.float64)
    starts = np.concatenate(([0], np.cumsum(rows.sizes)))
    leads = float(rows.weight.sum())
    penalty = total_penalty(blocks, strengths, shares, fields, leads)
    coefficients = fit_effects(rows, won, penalty, offset=offset)
    for _ in range(_ROUNDS):
        logits = predict(rows, coefficients, offset)
        known = information(rows, logits)
        covariance = cho_solve(
            cho_factor(known + penalty, lower=True, check_finite=False), np.eye(len(known)), check_finite=False
        )
        fresh = strengths.copy()
        for i, block in enumerate(blocks):
            at = slice(starts[block.field], starts[block.field + 1])
            effects = coefficients[1:][at]
            # tr(V S) with V and S symmetric
            used = strengths[i] * float(np.sum(covariance[at, at] * block.matrix))
            freedom = max(ranks[i] - used, 1e-6)
            fresh[i] = (freedom + _PULL) / (float(effects @ block.matrix @ effects) + _PULL / common)
        fresh = np.clip(fresh, *_RANGE)
        settled = bool(np.max(np.abs(np.log(fresh / strengths)), initial=0.0) < 0.05)
        strengths = fresh
        penalty = total_penalty(blocks, strengths, shares, fields, leads)
        coefficients = newton_step(rows, won, coefficients, logits, known, penalty)
        if settled:
            break
    return fit_effects(rows, won, penalty, offset=offset, start=coefficients), strengths
