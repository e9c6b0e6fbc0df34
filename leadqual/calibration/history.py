"""The history a curve is learned from: points and outcomes in time order, and what is known about each whole point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadqual.errors import EvidenceError

__all__ = ["MINIMUM_LEADS", "WIDEST_RANGE", "History", "Tally", "read_history", "read_points", "read_weight"]

MINIMUM_LEADS = 20
WIDEST_RANGE = 100_000

_FIRST_PART = 0.4
_LATER_BLOCKS = 4


@dataclass(frozen=True, slots=True)
class Tally:
    """Leads and wins at each distinct whole number of points, from low to high, m of them.

    Parameters
    ----------
    points
        The distinct points, int64 (m,).
    leads
        Weight of the leads with these points, float64 (m,); their number when every weight is 1.
    wins
        Weight of the wins among them, float64 (m,).
    squares
        Sum of their squared weights, float64 (m,); with ``leads`` it gives Kish's effective sample size.
    """

    points: NDArray[np.int64]
    leads: NDArray[np.float64]
    wins: NDArray[np.float64]
    squares: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class History:
    """Points and outcomes of n leads in time order; leads without weight are left out.

    Parameters
    ----------
    points, won, weight
        Whole points, outcome (1 or 0) and weight of each lead, (n,). The weights sum to the effective sample size
        ``sum(w)**2 / sum(w**2)`` (Kish 1965), so that their scale does not matter and unit weights stay 1.
    block
        0 for the first part of the time, then 1, 2, ... for the later blocks, int64 (n,). Leads of the same time are
        in the same block.
    weighted
        True when the leads' weights differ.
    """

    points: NDArray[np.int64]
    won: NDArray[np.float64]
    weight: NDArray[np.float64]
    block: NDArray[np.int64]
    weighted: bool

    @property
    def effective(self) -> float:
        """The effective sample size; the number of leads when every weight is the same."""
        return float(self.weight.sum())

    @property
    def wins(self) -> int:
        """How many leads won."""
        return int(self.won.sum())

    @property
    def win_rate(self) -> float:
        """The weighted share of wins."""
        return float(self.weight @ self.won) / self.effective

    def tally(self) -> Tally:
        """Return leads and wins at each distinct whole number of points."""
        distinct, place = np.unique(self.points, return_inverse=True)
        size = len(distinct)
        return Tally(
            points=distinct,
            leads=np.bincount(place, self.weight, size),
            wins=np.bincount(place, self.weight * self.won, size),
            squares=np.bincount(place, self.weight**2, size),
        )


def read_history(
    points: ArrayLike, won: ArrayLike, time: ArrayLike | None = None, sample_weight: ArrayLike | None = None
) -> History:
    """Check the arrays, put them in time order and cut the time into a first part and later blocks.

    Parameters
    ----------
    points, won
        Whole points and outcome (1 won, 0 not won) of n leads.
    time
        Orders the leads, any unit, (n,); None: they are in time order as they stand.
    sample_weight
        Weight of each lead, 0 or more, (n,); None: 1 each.

    Raises
    ------
    EvidenceError
        When lengths differ, values are not what they must be, fewer than 20 leads carry weight, or none of them, or
        all of them, won.

    Examples
    --------
    >>> history = read_history([100] * 10 + [120] * 10, [0, 1] * 10)
    >>> history.block.tolist()
    [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]
    """
    whole = read_points(points)
    outcome = _one_per_lead("won", won, len(whole))
    unknown = int(np.sum(~np.isin(outcome, (0.0, 1.0))))
    if unknown:
        raise EvidenceError(f"won has {unknown} values that are not 0 or 1; leave out leads that are still undecided.")
    weight = read_weight(sample_weight, len(whole))
    order = np.arange(len(whole)) if time is None else np.asarray(_one_per_lead("time", time, len(whole)))
    if np.isnan(order).any():
        raise EvidenceError(
            f"time has {int(np.isnan(order).sum())} missing values; pass a time for every lead, or time=None when the "
            "leads stand in time order."
        )
    sequence = np.argsort(order, kind="stable")
    sequence = sequence[weight[sequence] > 0]
    _enough(len(sequence), int(outcome[sequence].sum()))
    weight = weight[sequence]
    return History(
        points=whole[sequence],
        won=outcome[sequence],
        weight=weight * (weight.sum() / float(weight @ weight)),
        block=_blocks(order[sequence]),
        weighted=bool(weight.min() < weight.max()),
    )


def read_points(points: ArrayLike) -> NDArray[np.int64]:
    """Return whole points as int64 (n,); raises EvidenceError when they are not whole numbers in one dimension."""
    numbers = np.asarray(points)
    if numbers.ndim != 1 or numbers.dtype.kind not in "iufb" or len(numbers) == 0:
        raise EvidenceError(
            f"points has shape {numbers.shape} and type {numbers.dtype}; it must be one whole number for each of at "
            "least one lead; pass the points of the scorecard."
        )
    if numbers.dtype.kind == "f" and not np.all(np.isfinite(numbers) & (numbers == np.rint(numbers))):
        raise EvidenceError("points has values that are not whole numbers; pass the rounded points of the scorecard.")
    whole = numbers.astype(np.int64)
    width = int(whole.max()) - int(whole.min())
    if width > WIDEST_RANGE:
        raise EvidenceError(
            f"points are spread over {width:,} whole numbers, the table takes {WIDEST_RANGE:,}; divide the rule's "
            "points by a constant."
        )
    return whole


def read_weight(sample_weight: ArrayLike | None, size: int) -> NDArray[np.float64]:
    """Return one weight per lead, float64 (n,); raises EvidenceError when one is negative, or none is above 0."""
    if sample_weight is None:
        return np.ones(size)
    weight = _one_per_lead("sample_weight", sample_weight, size)
    if not np.all(np.isfinite(weight)) or weight.min() < 0 or weight.max() <= 0:
        raise EvidenceError("sample_weight must hold numbers of 0 or more, one of them above 0; pass None for equal weights.")
    return weight


def _one_per_lead(name: str, values: ArrayLike, size: int) -> NDArray[np.float64]:
    numbers = np.asarray(values, dtype=np.float64)
    if numbers.shape != (size,):
        raise EvidenceError(f"{name} has shape {numbers.shape}, points has {size} leads; pass one value for each lead.")
    return numbers


def _enough(leads: int, wins: int) -> None:
    if leads < MINIMUM_LEADS:
        raise EvidenceError(
            f"a probability curve got {leads} leads, it needs at least {MINIMUM_LEADS}; collect "
            f"{MINIMUM_LEADS - leads} more leads whose outcome is known."
        )
    if wins in (0, leads):
        missing = "won" if wins == 0 else "lost"
        raise EvidenceError(
            f"a probability curve got {leads} leads and none of them {missing}, it needs at least 1; wait until more "
            "outcomes are known, or check which outcome values count as won."
        )


def _blocks(time: NDArray[np.float64]) -> NDArray[np.int64]:
    """Cut sorted times into a first part and equal later blocks; equal times go with the first of them."""
    size = len(time)
    cuts = np.ceil(size * (_FIRST_PART + (1 - _FIRST_PART) * np.arange(_LATER_BLOCKS) / _LATER_BLOCKS) - 1e-9)
    first_of_time = np.searchsorted(time, time, side="left")
    return np.searchsorted(cuts, first_of_time, side="right")
