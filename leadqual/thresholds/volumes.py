"""How many leads have how many points, and where among the points a volume or a probability is reached."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadqual.bundle import Grade, ProbabilityCurve
from leadqual.fact import Fact, fact
from leadqual.thresholds.capacity import Capacity
from leadqual.thresholds.grades import read_points

__all__ = ["cut_tie", "empty_grades", "fewest_points", "points_at", "volume_from"]

Points = NDArray[np.int64]

# Half a unit of the last digit that a curve keeps; a base rate has all its digits.
_HALF_A_DIGIT = 5e-7
_UNUSED = 0.2


def volume_from(points: Points) -> tuple[Points, NDArray[np.float64]]:
    """Return the distinct points, and the share of leads with at least as many."""
    distinct, leads = np.unique(points, return_counts=True)
    return distinct, np.cumsum(leads[::-1])[::-1] / len(points)


def fewest_points(distinct: Points, volume: NDArray[np.float64], share: float) -> int:
    """Return the fewest points whose volume is within the share: one above the first tie that is too many."""
    too_many = distinct[volume > share + 1e-9]
    return int(too_many[-1]) + 1 if len(too_many) else int(distinct[0])


def points_at(curve: ProbabilityCurve, probability: float, distinct: Points) -> int:
    """Return the fewest points with at least a probability; above the curve and all points where there are none."""
    reached = [i for i, value in enumerate(curve.probability) if value >= probability - _HALF_A_DIGIT]
    if not reached:
        return max(curve.last_points, int(distinct[-1])) + 1
    # The first entry of a curve holds for all lower points.
    return curve.first_points + reached[0] if reached[0] else min(curve.first_points, int(distinct[0]))


def empty_grades(grades: Iterable[Grade]) -> tuple[Fact, ...]:
    """Return which grades no lead is in; nothing where there are none."""
    empty = tuple(grade.name for grade in grades if grade.share == 0)
    return (fact("policy_empty", grades=empty),) if empty else ()


def cut_tie(points: ArrayLike, capacity: Capacity, leads_per_week: float | None = None) -> Fact | None:
    """Return a fact where leads with the same points do not fit, so that more than a fifth of the capacity is unused.

    Leads with the same points cannot be told apart, so that all of a tie are SQLs or none.

    Parameters
    ----------
    points
        Whole points of n leads like those to come.
    capacity
        What sales can work.
    leads_per_week
        How many leads come per week; None where unknown.

    Returns
    -------
    Fact or None
        With the capacities that cut no tie, as they are written; None where no tie is cut.

    Examples
    --------
    >>> cut_tie([120] * 22 + [110] * 8 + [100] * 70, Capacity(share=0.2)).figures["offered"]
    ('22%', '30%')
    >>> cut_tie([120] * 18 + [100] * 82, Capacity(share=0.2)) is None
    True
    """
    share = capacity.share_of(leads_per_week)
    distinct, volume = volume_from(read_points(points))
    if not 0 < share < 1:
        return None
    within = volume <= share + 1e-9
    used = float(volume[within].max(initial=0.0))
    if share - used <= _UNUSED * share:
        return None
    tie = int(np.flatnonzero(~within)[-1])
    fitting = [float(one) for one in volume[::-1] if one > 0]
    at = fitting.index(float(volume[tie]))
    near = fitting[max(at - 1, 0) : at + 1] if at else fitting[:2]
    per_week = capacity.per_week
    can_work = fact("tie_capacity_share", share=share)
    if per_week is not None:
        can_work = fact("tie_capacity_a_week", capacity=per_week, share=share)
    return fact(
        "tie_cut",
        can_work=can_work,
        size=float(volume[tie]) - used,
        points=int(distinct[tie]),
        sqls=fact("tie_no_sql") if used == 0 else fact("tie_few_sqls", share=used),
        offered=tuple(_offer(one, None if per_week is None else leads_per_week) for one in near),
    )


def _offer(share: float, leads_per_week: float | None) -> str:
    """Return a capacity that has room for this share, rounded up so that it has."""
    if leads_per_week is None or share == 1:
        return "all" if share == 1 else f"{math.ceil(1000 * share - 1e-6) / 10:g}%"
    return f"{math.ceil(10 * share * leads_per_week - 1e-6) / 10:g}/week"
