"""The grades A to D: their thresholds and deadlines, and what they mean for leads like those given."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadqual.bundle import Grade, ProbabilityCurve
from leadqual.errors import PolicyError

__all__ = ["FOLLOW_UP_HOURS", "GRADES", "measured_grades", "read_points"]

GRADES = ("A", "B", "C", "D")
FOLLOW_UP_HOURS: tuple[float | None, ...] = (4, 24, 72, None)


def measured_grades(
    minimum_points: Mapping[str, int],
    *,
    follow_up_hours: Sequence[float | None],
    points: NDArray[np.int64] | None,
    curve: ProbabilityCurve | None,
    leads_per_week: float | None,
) -> tuple[Grade, ...]:
    """Return grades A to D with their expected share, volume and win rate, each None where it cannot be measured.

    Parameters
    ----------
    minimum_points
        The fewest points of A, B and C, never rising; where two are equal, the better grade takes the leads.
    follow_up_hours
        Hours for each grade, never fewer for a worse one; None for no deadline.
    points
        Whole points of the leads to measure on, or None.
    curve, leads_per_week
        Their calibrated probabilities, and how many come per week, or None.

    Raises
    ------
    PolicyError
        When ``follow_up_hours`` or ``leads_per_week`` is not what it must be.
    """
    hours = _read_hours(follow_up_hours)
    if leads_per_week is not None and not (math.isfinite(leads_per_week) and leads_per_week > 0):
        raise PolicyError(f"leads_per_week is {leads_per_week}, it must be above 0; pass None where it is unknown.")
    grades, ceiling = [], np.inf
    for name, deadline in zip(GRADES, hours, strict=True):
        minimum = minimum_points.get(name)
        floor = -np.inf if minimum is None else minimum
        share = win_rate = None
        if points is not None:
            inside = points[(points >= floor) & (points < ceiling)]
            share = len(inside) / len(points)
            if curve is not None and len(inside):
                win_rate = _mean_probability(inside, curve)
        per_week = None if share is None or leads_per_week is None else share * leads_per_week
        grades.append(Grade(name, minimum, deadline, share, per_week, win_rate))
        ceiling = floor
    return tuple(grades)


def read_points(points: ArrayLike) -> NDArray[np.int64]:
    """Return whole points as int64 (n,).

    Raises
    ------
    PolicyError
        When they are not whole numbers in one dimension, or none.
    """
    numbers = np.asarray(points)
    if numbers.ndim != 1 or numbers.dtype.kind not in "iuf" or len(numbers) == 0:
        raise PolicyError(
            f"points has shape {numbers.shape} and type {numbers.dtype}, it must be one whole number for each of at "
            "least one lead; pass the points of the leads to expect."
        )
    broken = int(np.sum(~np.isfinite(numbers) | (numbers != np.rint(numbers))))
    if broken:
        raise PolicyError(
            f"points has {broken} values that are not whole numbers; pass the scorecard's rounded points."
        )
    return numbers.astype(np.int64)


def _mean_probability(points: NDArray[np.int64], curve: ProbabilityCurve) -> float:
    distinct, leads = np.unique(points, return_counts=True)
    probability = [curve.at(int(value))[0] for value in distinct]
    return round(float(np.average(probability, weights=leads)), 6)


def _read_hours(follow_up_hours: Sequence[float | None]) -> tuple[float | None, ...]:
    hours = tuple(follow_up_hours)
    if len(hours) != len(GRADES):
        raise PolicyError(
            f"follow_up_hours has {len(hours)} entries, it must have {len(GRADES)}, one for each grade from A to D; "
            "pass None for a grade that has no deadline."
        )
    wait = [math.inf if value is None else value for value in hours]
    if not all(value > 0 for value in wait) or wait != sorted(wait):
        raise PolicyError(
            f"follow_up_hours is {', '.join(map(str, hours))}; hours must be above 0, and never fewer for a worse "
            "grade; put the shortest deadline first."
        )
    return hours
