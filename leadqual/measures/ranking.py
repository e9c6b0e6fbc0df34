"""Measures of an order: leads of the same rank are one step, and what is measured depends on the steps alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["RankSteps", "auc", "average_precision", "pairs_above"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class RankSteps:
    """Leads in steps of the same rank, from the lowest to the highest: put in order once, and added up often.

    Parameters
    ----------
    place
        Number of each lead's step, 0 to k - 1, (n,).
    count
        How many steps there are, k.

    Examples
    --------
    >>> steps = RankSteps.of([100, 130, 100])
    >>> steps.place.tolist(), steps.sums(np.array([1.0, 2.0, 4.0])).tolist()
    ([0, 1, 0], [5.0, 2.0])
    """

    place: NDArray[np.int64]
    count: int

    @classmethod
    def of(cls, rank: ArrayLike) -> RankSteps:
        """Put n leads in order by rank, higher is better, (n,)."""
        distinct, place = np.unique(np.asarray(rank), return_inverse=True)
        return cls(np.asarray(place.reshape(-1), dtype=np.int64), len(distinct))

    def sums(self, values: Floats) -> Floats:
        """Return the sum of a value over the leads of each step, (k,)."""
        return np.asarray(np.bincount(self.place, values, self.count), dtype=np.float64)

    def block_sums(self, values: Floats, block: NDArray[np.int64], blocks: int) -> Floats:
        """Return the sum of a value over the leads of each block and step, (blocks, k)."""
        cell = block * self.count + self.place
        return np.bincount(cell, values, blocks * self.count).reshape(blocks, self.count).astype(np.float64)


def pairs_above(leads: Floats, wins: Floats) -> Floats:
    """Return how many pairs of a won and another lead have the won one higher, ties counting half.

    It is the statistic U of Mann and Whitney (1947), ``sum_k w_k (L_k + l_k / 2)`` over the steps k of w won and l
    other leads, with L others in lower steps.

    Parameters
    ----------
    leads, wins
        How many leads each step holds, and how many of them won, from the lowest rank to the highest: weights, or sums
        of probabilities, do as well, (..., k).

    Returns
    -------
    numpy.ndarray, (...)

    Examples
    --------
    >>> pairs_above(np.array([2.0, 1.0]), np.array([1.0, 1.0])).tolist()  # one pair is tied, one in order
    1.5
    """
    others = leads - wins
    return np.asarray((wins * (np.cumsum(others, axis=-1) - others / 2)).sum(axis=-1))


def steps_auc(leads: Floats, wins: Floats) -> Floats:
    """Return the AUC by steps, (...), NaN without wins or without others; parameters as in `pairs_above`."""
    all_wins, all_leads = wins.sum(axis=-1), leads.sum(axis=-1)
    return _over(pairs_above(leads, wins), all_wins * (all_leads - all_wins))


def steps_average_precision(leads: Floats, wins: Floats) -> Floats:
    """Return the average precision by steps, (...), NaN without wins; parameters as in `pairs_above`."""
    best_leads, best_wins = leads[..., ::-1], wins[..., ::-1]
    reached, worked = np.cumsum(best_wins, axis=-1), np.cumsum(best_leads, axis=-1)
    precision = reached / np.where(worked > 0, worked, 1.0)  # nothing worked, nothing reached
    return _over((best_wins * precision).sum(axis=-1), wins.sum(axis=-1))


def auc(won: Floats, rank: ArrayLike, weight: Floats | None = None) -> float | None:
    """Return how often a won lead ranks above another one, ties counting half; see `pairs_above`. Higher is better.

    Parameters
    ----------
    won
        Outcome of n leads, 1 or 0, (n,).
    rank
        What they are ranked by, higher first, (n,): points, or a probability.
    weight
        How much each counts, 0 or more, (n,); None: all the same.

    Returns
    -------
    float or None
        0 to 1; None without wins, or without other leads.

    Examples
    --------
    >>> auc(np.array([1.0, 0.0, 0.0]), [120, 100, 120])
    0.75
    """
    return _known(steps_auc(*_steps(won, rank, weight)))


def average_precision(won: Floats, rank: ArrayLike, weight: Floats | None = None) -> float | None:
    """Return the mean over won leads of the share that won among the leads ranked as high or higher. Higher is better.

    It is ``sum_k w_k (W_k / N_k) / W`` over the steps k of w won leads, with W_k won among N_k leads in the same and
    all higher steps: precision is not interpolated (Davis and Goadrich 2006, doi:10.1145/1143844.1143874).

    Parameters
    ----------
    won, rank, weight
        As in `auc`.

    Returns
    -------
    float or None
        Above 0, to 1; None without wins.

    Examples
    --------
    >>> round(average_precision(np.array([1.0, 0.0, 1.0]), [130, 120, 100]), 3)
    0.833
    """
    return _known(steps_average_precision(*_steps(won, rank, weight)))


def _steps(won: Floats, rank: ArrayLike, weight: Floats | None) -> tuple[Floats, Floats]:
    steps, counted = RankSteps.of(rank), np.ones(len(won)) if weight is None else weight
    return steps.sums(counted), steps.sums(counted * won)


def _over(above: Floats, below: Floats) -> Floats:
    share: Floats = np.divide(above, below, out=np.full(np.shape(below), np.nan), where=np.asarray(below) > 0)
    return share


def _known(value: Floats) -> float | None:
    return None if np.isnan(value) else float(value)
