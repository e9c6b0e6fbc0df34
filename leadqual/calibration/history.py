"""The history a curve is learned from: points and outcomes in time order, and what is known about each whole point."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadqual.errors import EvidenceError
from leadqual.leads.splits import forward_folds

__all__ = [
    "FURTHEST",
    "MINIMUM_LEADS",
    "WIDEST_RANGE",
    "History",
    "Tally",
    "read_history",
    "read_points",
    "read_weight",
    "sum_by_place",
]

MINIMUM_LEADS = 20
WIDEST_RANGE = 10_000
# A bundle takes points up to a million, and a curve has one entry beyond its leads.
FURTHEST = 999_999

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
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
        Sum of their squared weights, each times its design effect, float64 (m,); with ``leads`` it gives Kish's
        effective sample size.
    """

    points: Rows
    leads: Floats
    wins: Floats
    squares: Floats


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Points and outcomes of n leads in time order; leads without weight are left out.

    Parameters
    ----------
    points, won, weight
        Whole points, outcome (1 or 0) and weight of each lead, (n,). The weights sum to the effective sample size
        ``sum(w)**2 / sum(w**2)`` (Kish 1965), so that their scale does not matter and unit weights stay 1.
    folds
        Pairs of rows, int64: earlier leads, and the next block in time, which they are to predict. Leads of the same
        time stay together. Empty where the times leave no later block.
    weighted
        True when the leads' weights differ.
    design_effect
        How many leads of its account are worth one independent lead, for each lead, (n,); None where leads are taken as
        independent. It is in the weights already.
    """

    points: Rows
    won: Floats
    weight: Floats
    folds: tuple[tuple[Rows, Rows], ...]
    weighted: bool
    design_effect: Floats | None = None

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
            leads=sum_by_place(self.weight, place, size),
            wins=sum_by_place(self.weight * self.won, place, size),
            squares=sum_by_place(_squares(self.weight, self.design_effect), place, size),
        )


def sum_by_place(values: Floats, place: Rows, size: int) -> Floats:
    """Return the sum of the values at each place, (size,); ``place`` says where each value goes, 0 to size - 1."""
    return np.asarray(np.bincount(place, values, size), dtype=np.float64)


def _squares(weight: Floats, design_effect: Floats | None) -> Floats:
    """Return what each lead adds to the variance of a weighted sum, (n,); leads of an account are correlated."""
    return np.asarray(weight**2 if design_effect is None else weight**2 * design_effect)


def read_history(
    points: ArrayLike,
    won: ArrayLike,
    time: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
    design_effect: Floats | None = None,
) -> History:
    """Check the arrays, put them in time order and fold them for walking forward.

    Parameters
    ----------
    points, won
        Whole points and outcome (1 won, 0 not won) of n leads.
    time
        Orders the leads, any unit, (n,); None: they are in time order as they stand.
    sample_weight
        Weight of each lead, 0 or more, (n,); None: 1 each.
    design_effect
        How many leads of its account are worth one, for each lead, (n,); the weights are divided by it. None: leads
        are independent.

    Raises
    ------
    EvidenceError
        When lengths differ, values are not what they must be, fewer than 20 leads carry weight, or none of them, or
        all of them, won.

    Examples
    --------
    >>> history = read_history([100] * 10 + [120] * 10, [0, 1] * 10)
    >>> [(len(earlier), len(block)) for earlier, block in history.folds]
    [(8, 3), (11, 3), (14, 3), (17, 3)]
    """
    whole = read_points(points)
    outcome = _one_per_lead("won", won, len(whole))
    unknown = int(np.sum(~np.isin(outcome, (0.0, 1.0))))
    if unknown:
        raise EvidenceError(f"won has {unknown} values that are not 0 or 1; leave out leads that are still undecided.")
    weight = read_weight(sample_weight, len(whole))
    order = _one_per_lead("time", np.arange(len(whole)) if time is None else time, len(whole))
    if np.isnan(order).any():
        raise EvidenceError(
            f"time has {int(np.isnan(order).sum())} missing values; pass a time for every lead, or time=None when the "
            "leads stand in time order."
        )
    sequence = np.argsort(order, kind="stable")
    sequence = sequence[weight[sequence] > 0]
    _enough(len(sequence), int(outcome[sequence].sum()))
    weight = weight[sequence]
    effect = None if design_effect is None else design_effect[sequence]
    weight = weight if effect is None else weight / effect
    return History(
        points=whole[sequence],
        won=outcome[sequence],
        weight=weight * (weight.sum() / float(weight @ weight))
        if effect is None
        else weight * (weight.sum() / float(_squares(weight, effect).sum())),
        folds=_folds(order[sequence]),
        weighted=bool(weight.min() < weight.max()),
        design_effect=effect,
    )


def read_points(points: ArrayLike) -> Rows:
    """Return whole points as int64 (n,).

    Raises
    ------
    EvidenceError
        When they are not whole numbers in one dimension, or lie too far apart for a table.
    """
    numbers = np.asarray(points)
    if numbers.ndim != 1 or numbers.dtype.kind not in "iuf" or len(numbers) == 0:
        raise EvidenceError(
            f"points has shape {numbers.shape} and type {numbers.dtype}; it must be one whole number for each of at "
            "least one lead; pass the points of the scorecard."
        )
    broken = int(np.sum(~np.isfinite(numbers) | (numbers != np.rint(numbers))))
    if broken:
        raise EvidenceError(
            f"points has {broken} values that are not whole numbers; pass the rounded points of the scorecard."
        )
    lowest, highest = int(numbers.min()), int(numbers.max())
    if max(highest, -lowest) > FURTHEST or highest - lowest > WIDEST_RANGE:
        raise EvidenceError(
            f"points are spread over {highest - lowest:,} whole numbers, or lie beyond {FURTHEST:,}; a table takes "
            f"{WIDEST_RANGE:,} whole numbers; divide the rule's points by a constant."
        )
    return numbers.astype(np.int64)


def read_weight(sample_weight: ArrayLike | None, size: int) -> Floats:
    """Return one weight per lead, float64 (n,); None: 1 each.

    Raises
    ------
    EvidenceError
        When a weight is negative or missing, or none is above 0.
    """
    if sample_weight is None:
        return np.ones(size)
    weight = _one_per_lead("sample_weight", sample_weight, size)
    if not np.all(np.isfinite(weight)) or weight.min() < 0 or weight.max() <= 0:
        wrong = int(np.sum(~np.isfinite(weight) | (weight < 0)))
        raise EvidenceError(
            f"sample_weight has {wrong} values that are negative or missing and {int(np.sum(weight > 0))} above 0; it "
            "must hold numbers of 0 or more, one of them above 0; pass None for equal weights."
        )
    return weight


def _one_per_lead(name: str, values: ArrayLike, size: int) -> Floats:
    numbers = np.asarray(values)
    if numbers.shape != (size,) or numbers.dtype.kind not in "biuf":
        raise EvidenceError(
            f"{name} has shape {numbers.shape} and type {numbers.dtype}; it must be one number for each of the {size} "
            "leads that points has; leave out leads without one."
        )
    return np.asarray(numbers, dtype=np.float64)


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


def _folds(time: Floats) -> tuple[tuple[Rows, Rows], ...]:
    try:
        return tuple(forward_folds(time))
    except EvidenceError:  # most leads share one time, so that no lead is later
        return ()
