"""The parts of the Brier score: what is miscalibrated, what is told apart, what nobody could know."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from sklearn.isotonic import isotonic_regression

from leadqual.evaluation.outcome import read_outcome, read_probability
from leadqual.measures import brier

__all__ = ["BrierParts", "brier_parts"]


@dataclass(frozen=True, slots=True)
class BrierParts:
    """The Brier score is ``miscalibration - discrimination + uncertainty``.

    Parameters
    ----------
    miscalibration
        What would be gained by making each probability come true, 0 or more; lower is better.
    discrimination
        What telling leads apart gains over one probability for all, 0 or more; higher is better.
    uncertainty
        The Brier score of the win rate as everyone's probability.
    """

    miscalibration: float
    discrimination: float
    uncertainty: float


def brier_parts(won: ArrayLike, probability: ArrayLike) -> BrierParts:
    """Split the Brier score by isotonic regression (CORP: Dimitriadis et al. 2021, doi:10.1073/pnas.2016191118).

    Recalibrated probabilities are the best that never fall as the given ones rise. Miscalibration is what they gain on
    the given ones, discrimination what they gain on the win rate.

    Parameters
    ----------
    won
        Outcome of n leads, 1 won, 0 not won.
    probability
        Their probability, (n,).

    Raises
    ------
    EvidenceError
        When an argument is not what it must be.

    Examples
    --------
    >>> parts = brier_parts([0, 0, 1, 1], [0.25, 0.25, 0.75, 0.75])
    >>> parts.miscalibration, parts.discrimination, parts.uncertainty
    (0.0625, 0.25, 0.25)
    """
    outcome = read_outcome(won)
    promised = read_probability(probability, len(outcome))
    # On distinct probabilities: IsotonicRegression interpolates, and gives NaN between two that differ by one bit.
    place = np.unique(promised, return_inverse=True)[1]
    leads = np.bincount(place).astype(np.float64)
    best = isotonic_regression(np.bincount(place, outcome) / leads, sample_weight=leads)[place]
    given, recalibrated = (brier(outcome, given) for given in (promised, best))
    rate = float(outcome.mean())
    uncertainty = rate * (1 - rate)
    return BrierParts(given - recalibrated, uncertainty - recalibrated, uncertainty)
