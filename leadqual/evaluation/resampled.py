"""The figures of `leadqual.evaluation.performance` over leads that were drawn again, all repetitions at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leadqual.evaluation.contestants import Prediction
from leadqual.evaluation.gains import Gains
from leadqual.evaluation.reliability import LEADS_PER_BIN, bin_numbers
from leadqual.evaluation.resampling import Resamples
from leadqual.measures import RankSteps, log_losses, squared_errors
from leadqual.measures.ranking import steps_auc, steps_average_precision

__all__ = ["resampled_measures"]

Floats = NDArray[np.float64]
_BINS = 10
_MAX_CELLS = 500_000  # repetitions times steps that are in memory at once


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
            "log_loss": draws.sums(log_losses(won, promised)) / leads,
            "brier": draws.sums(squared_errors(won, promised)) / leads,
            "calibration_error": _calibration_error(won, promised, draws, leads),
            "predicted_over_actual": np.where(wins > 0, expected / wins, np.nan),
            **_ranked(won, prediction.rank, draws, capacity_share),
        }


def _calibration_error(won: Floats, promised: Floats, draws: Resamples, leads: Floats) -> Floats:
    if len(won) < _BINS * LEADS_PER_BIN:
        return np.full(len(leads), np.nan)
    inside = bin_numbers(promised, _BINS)
    gaps = [np.abs(draws.sums(np.where(inside == one, promised - won, 0.0))) for one in np.unique(inside)]
    return np.asarray(np.sum(gaps, axis=0) / leads)


def _ranked(won: Floats, rank: Floats, draws: Resamples, capacity_share: float) -> dict[str, Floats]:
    """Measure the order. Leads are added up by block and step once; a repetition adds up blocks."""
    repetitions, blocks = draws.counts.shape
    steps = RankSteps.of(rank)
    by_block = [steps.block_sums(values, draws.block, blocks) for values in (np.ones(len(won)), won)]
    shares = {"wins_in_top_10": 0.1, "wins_in_top_20": 0.2, "wins_in_top_30": 0.3, "wins_at_capacity": capacity_share}
    names = ("auc", "average_precision", *shares, "precision_at_capacity")
    found = {name: np.full(repetitions, np.nan) for name in names}
    for start in range(0, repetitions, size := max(_MAX_CELLS // steps.count, 1)):
        some = slice(start, start + size)
        leads, wins = (draws.counts[some] @ one for one in by_block)
        told = np.flatnonzero((wins.sum(axis=1) > 0) & (wins.sum(axis=1) < leads.sum(axis=1)))
        leads, wins = leads[told], wins[told]
        found["auc"][start + told] = steps_auc(leads, wins)
        found["average_precision"][start + told] = steps_average_precision(leads, wins)
        for one, in_draw, won_in_draw in zip(start + told, leads, wins, strict=True):
            caught = Gains.of_steps(in_draw, won_in_draw)
            for name, share in shares.items():
                found[name][one] = caught.wins_in(share)
            if capacity_share:
                found["precision_at_capacity"][one] = caught.precision_in(capacity_share)
    return found
