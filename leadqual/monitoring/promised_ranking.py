"""The ranking that probabilities promise of some leads: how often a won one should have more points than another."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leadqual.measures import RankSteps, pairs_above

__all__ = ["promised_ranking"]

Floats = NDArray[np.float64]


def promised_ranking(points: NDArray[np.int64], probability: Floats) -> float | None:
    r"""Return the concordance (AUC) to be expected of leads that win independently with their probabilities.

    It is :math:`\sum_{i \ne j} p_i (1 - p_j) r_{ij} / \sum_{i \ne j} p_i (1 - p_j)` with :math:`r_{ij}` 1 where lead i
    has more points than lead j, 1/2 at a tie, else 0. Where leads were picked by their points, it is lower than that of
    all leads, as theirs lie closer together.

    Parameters
    ----------
    points, probability
        Of n leads, (n,).

    Returns
    -------
    float or None
        0 to 1; None for fewer than two leads.

    Examples
    --------
    >>> round(promised_ranking(np.array([90, 120]), np.array([0.1, 0.3])), 3)  # .3 x .9 against .1 x .7
    0.794
    """
    if len(points) < 2:
        return None
    steps = RankSteps.of(points)
    leads, wins = steps.sums(np.ones(len(points))), steps.sums(probability)
    itself = float((probability * (1 - probability)).sum())
    above = float(pairs_above(leads, wins)) - itself / 2
    return above / (float(wins.sum() * (leads - wins).sum()) - itself)
