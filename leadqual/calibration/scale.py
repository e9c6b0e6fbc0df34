"""Learns a score scale: whole points to a score from 0 to 100."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from leadqual.bundle import ScoreScale
from leadqual.calibration.history import read_points, read_weight, sum_by_place

__all__ = ["fit_scale"]


def fit_scale(points: ArrayLike, *, sample_weight: ArrayLike | None = None) -> ScoreScale:
    """Learn the rank of each number of points among the training leads.

    The score of s points is 100 times the mid-rank: the share of leads with fewer points plus half the share with as
    many, rounded to a whole number. Points fewer than all leads' score 0, more than all leads' score 100.

    Parameters
    ----------
    points
        Whole points of n training leads, at least one.
    sample_weight
        Weight of each lead, 0 or more, (n,); None: 1 each.

    Returns
    -------
    ScoreScale
        One entry per whole point from the fewest to the most points seen, and one more on either side.

    Raises
    ------
    EvidenceError
        When the points are not whole numbers, or a weight is negative or missing.

    Examples
    --------
    >>> scale = fit_scale([100, 100, 102, 103])
    >>> scale.first_points, scale.score
    (99, (0, 25, 50, 62, 88, 100))
    """
    whole = read_points(points)
    weight = read_weight(sample_weight, len(whole))
    whole, weight = whole[weight > 0], weight[weight > 0]
    first, last = int(whole.min()) - 1, int(whole.max()) + 1
    leads = sum_by_place(weight, whole - first, last - first + 1)
    below = np.concatenate(([0.0], np.cumsum(leads)[:-1]))
    score = np.rint(np.clip(100 * (below + leads / 2) / leads.sum(), 0, 100))
    return ScoreScale(first_points=first, score=tuple(int(value) for value in score))
