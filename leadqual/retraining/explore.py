"""Exploring: a small share of capacity drawn at random before scoring, which keeps the loop honest."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadqual.errors import PolicyError

__all__ = ["draw_at_random"]


def draw_at_random(points: ArrayLike, *, capacity: int, explore: float = 0.1, seed: int) -> tuple[NDArray, float]:
    """Choose the leads that sales work: some drawn at random from all, the others by rank.

    The random ones are drawn first, whatever the scores say, so that what comes of them holds for all leads. Every lead
    is drawn with the same chance, which is to be recorded with its score.

    Parameters
    ----------
    points
        Points of the n leads that came, (n,).
    capacity
        How many of them sales can work.
    explore
        Share of the capacity that is drawn at random, 0 to 1; 5 to 10 % are usual.
    seed
        Of the draw.

    Returns
    -------
    picked, propensity
        ``"random"``, ``"rank"`` or "" for each lead, (n,); and the chance with which one was drawn at random.

    Raises
    ------
    PolicyError
        When the share or the capacity is out of range.

    Examples
    --------
    >>> picked, propensity = draw_at_random([90, 120, 80, 150], capacity=2, explore=0.5, seed=0)
    >>> sorted(picked.tolist()), propensity
    (['', '', 'random', 'rank'], 0.25)
    """
    worth = np.asarray(points, dtype=np.float64)
    if not 0 <= explore <= 1 or capacity < 0:
        raise PolicyError(
            f"explore must be from 0 to 1 and capacity 0 or more, not {explore} and {capacity}; correct them."
        )
    rng = np.random.default_rng(seed)
    capacity = min(capacity, len(worth))
    exact = explore * capacity
    # a fraction of a lead is drawn as often as it says, so that small weeks explore as much as large ones
    drawn = min(int(exact) + int(rng.random() < exact % 1), capacity)
    picked = np.full(len(worth), "", dtype=object)
    chosen = rng.choice(len(worth), drawn, replace=False)
    picked[chosen] = "random"
    rest = [int(i) for i in np.lexsort((rng.random(len(worth)), -worth)) if not picked[i]]
    picked[rest[: capacity - drawn]] = "rank"
    return picked, exact / len(worth) if len(worth) else 0.0
