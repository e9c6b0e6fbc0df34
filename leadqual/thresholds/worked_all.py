"""The policy where sales work every lead: grades by probability, as no capacity chooses among the leads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from leadqual.bundle import Policy, ProbabilityCurve
from leadqual.fact import fact
from leadqual.thresholds.grades import GRADES, measured_grades
from leadqual.thresholds.volumes import empty_grades, points_at

__all__ = ["policy_for_all"]

_TIMES_THE_ODDS = (2.0, 1.0, 0.5)


def policy_for_all(
    points: NDArray[np.int64],
    lowest: int,
    *,
    curve: ProbabilityCurve,
    base_rate: float,
    leads_per_week: float | None,
    hours: Sequence[float | None],
) -> Policy:
    """Return a policy in which every lead is an SQL, and grades say how likely it is to win.

    - A: at least twice the odds of the base rate; B: at least the base rate; C: at least half its odds; D: the rest.
    - SQL and MQL: every lead.

    Parameters
    ----------
    points
        Whole points of n leads like those to come, (n,).
    lowest
        The fewest points that a lead can have.
    curve, base_rate, leads_per_week
        As in `leadqual.thresholds.policy_from_capacity`.
    hours
        Its ``follow_up_hours``.

    Examples
    --------
    >>> curve = ProbabilityCurve(90, (0.1, 0.2, 0.4), (0, 0, 0), (1, 1, 1), 0.95, "none", "", 100, 20)
    >>> points = np.array([90, 91, 91, 92])
    >>> policy = policy_for_all(points, 80, curve=curve, base_rate=0.2, leads_per_week=None, hours=(4, 24, 72, None))
    >>> policy.sql_points, [(grade.name, grade.share) for grade in policy.grades]
    (80, [('A', 0.25), ('B', 0.5), ('C', 0.0), ('D', 0.25)])
    """
    odds = base_rate / (1 - base_rate)
    starts = [times * odds / (1 + times * odds) for times in _TIMES_THE_ODDS]
    fewest = [points_at(curve, start, np.unique(points)) for start in starts]
    grades = measured_grades(
        dict(zip(GRADES, fewest, strict=False)),
        follow_up_hours=hours,
        points=points,
        curve=curve,
        leads_per_week=leads_per_week,
    )
    by_odds = fact(
        "policy_by_odds", best=round(starts[0], 6), base_rate=round(float(base_rate), 6), fair=round(starts[2], 6)
    )
    chosen_by = (fact("policy_all"), by_odds, *empty_grades(grades))
    return Policy(grades=grades, mql_points=lowest, sql_points=lowest, chosen_by=chosen_by)
