"""The figures of `leadqual.evaluation.performance` over leads that were drawn again, all repetitions at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leadqual.evaluation.contestants import Prediction
from leadqual.evaluation.reliability import LEADS_PER_BIN
from leadqual.evaluation.resampling import Resamples

__all__ = ["resampled_measures"]

Floats = NDArray[np.float64]
_BINS = 10


def resampled_measures(
    won: Floats, prediction: Prediction, draws: Resamples, capacity_share: float
) -> dict[str, Floats]:
    """Return each figure in every repetition, (repetitions,); NaN where it is undefined.

    The calibration error keeps the bins of the leads as they are: what is drawn again is how many fall into each.

    Parameters
    ----------
    won
        Outcome of n leads, 1 or 0, (n,).
    prediction
        What was said about them.
    draws
        How often each lead is drawn.
    capacity_share
        What sales can work, as a share of leads, 0 to 1.
    """
    promised = prediction.probability
    leads, wins, expected = draws.sums(np.ones(len(won))), draws.sums(won), draws.sums(promised)
    with np.errstate(divide="ignore", invalid="ignore"):
        return {
            "log_loss": draws.sums(-np.log(np.where(won == 1, promised, 1 - promised))) / leads,
            "brier": draws.sums((promised - won) ** 2) / leads,
            "calibration_error": _calibration_error(won, promised, draws, leads),
            "predicted_over_actual": np.where(wins > 0, expected / wins, np.nan),
            **_ranked(won, prediction.rank, draws, capacity_share),
        }


def _calibration_error(won: Floats, promised: Floats, draws: Resamples, leads: Floats) -> Floats:
    if len(won) < _BINS * LEADS_PER_BIN:
        return np.full(len(leads), np.nan)
    _, place, count = np.unique(promised, return_inverse=True, return_counts=True)
    inside = ((2 * (np.cumsum(count) - count) + count) * _BINS // (2 * len(won)))[place]
    gaps = [np.abs(draws.sums(np.where(inside == one, promised - won, 0.0))) for one in np.unique(inside)]
    return np.asarray(np.sum(gaps, axis=0) / leads)


def _ranked(won: Floats, rank: Floats, draws: Resamples, capacity_share: float) -> dict[str, Floats]:
    """Measure the order: leads of the same rank are one step, from the highest rank to the lowest."""
    order = np.argsort(-rank, kind="stable")
    starts = np.flatnonzero(np.concatenate(([True], np.diff(rank[order]) != 0)))
    shares = {"wins_in_top_10": 0.1, "wins_in_top_20": 0.2, "wins_in_top_30": 0.3, "wins_at_capacity": capacity_share}
    names = ("auc", "average_precision", *shares, "precision_at_capacity")
    found = {name: np.full(len(draws.counts), np.nan) for name in names}
    for one in range(len(draws.counts)):
        weight = draws.weights(one)[order]
        leads = np.add.reduceat(weight, starts)
        wins = np.add.reduceat(weight * won[order], starts)
        total, all_wins = float(leads.sum()), float(wins.sum())
        if not 0 < all_wins < total:
            continue
        lost_below = (total - all_wins) - np.cumsum(leads - wins)
        reached, worked = np.cumsum(wins), np.cumsum(leads)
        found["auc"][one] = wins @ (lost_below + (leads - wins) / 2) / (all_wins * (total - all_wins))
        found["average_precision"][one] = wins @ (reached / np.maximum(worked, 1)) / all_wins
        at, met = np.concatenate(([0.0], worked / total)), np.concatenate(([0.0], reached / all_wins))
        for name, share in shares.items():
            found[name][one] = np.interp(share, at, met)
        if capacity_share:
            found["precision_at_capacity"][one] = found["wins_at_capacity"][one] * all_wins / total / capacity_share
    return found
