"""Sets a policy: thresholds from what sales can work, or thresholds given by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from numbers import Integral

import numpy as np
from numpy.typing import ArrayLike

from leadqual.bundle import Policy, ProbabilityCurve
from leadqual.errors import PolicyError
from leadqual.fact import Fact, fact
from leadqual.thresholds.capacity import Capacity
from leadqual.thresholds.grades import FOLLOW_UP_HOURS, GRADES, measured_grades, read_points
from leadqual.thresholds.volumes import empty_grades, fewest_points, points_at, volume_from
from leadqual.thresholds.worked_all import policy_for_all

__all__ = ["policy_at", "policy_by_hand", "policy_from_capacity", "renewed_policy"]


def policy_from_capacity(
    points: ArrayLike,
    *,
    curve: ProbabilityCurve,
    base_rate: float,
    capacity: Capacity,
    leads_per_week: float | None = None,
    follow_up_hours: Sequence[float | None] = FOLLOW_UP_HOURS,
    reach: tuple[int, int] | None = None,
) -> Policy:
    """Set the thresholds so that sales get as many leads as they can work, the best first.

    - SQL: the fewest points at which the expected volume is within capacity. Leads with the same points stay together;
      where even those with the most points are more than sales can work, the threshold is above them, and
      ``chosen_by`` says so. Where no lead has the points at which this begins, and the probability reaches the base
      rate only further up in the gap, SQL begins there.
    - Grade A: the fewest points at which the volume is at most half that of SQL; B: the other SQLs.
    - MQL, and grade C: the fewest points at which the calibrated probability is the base rate or more; never above SQL.
      Where sales can work all of these, MQL and SQL are the same points, and grade C is empty.
    - Grade D: the rest.

    A grade can be empty; ``chosen_by`` names the ones that are. Where sales work all leads (a share of 1), see
    `leadqual.thresholds.worked_all.policy_for_all`; where they work none (0), SQL begins above all points that are
    possible.

    Parameters
    ----------
    points
        Whole points of n leads that are like those to come, at least one.
    curve
        Their calibrated probabilities.
    base_rate
        The win rate over all leads, in (0, 1).
    capacity
        What sales can work.
    leads_per_week
        How many leads come per week, above 0; None where unknown: then the capacity must be a share.
    follow_up_hours
        Within how many hours sales follow up a lead of grade A, B, C and D; None when they need not.
    reach
        The fewest and the most points that any lead can have; None: those of the curve and of ``points``.

    Returns
    -------
    Policy
        ``capacity_share`` is what sales can work as a share of all leads, at most 1.

    Raises
    ------
    PolicyError
        When the capacity is per week and ``leads_per_week`` is None or not above it; when an argument is out of range.

    Examples
    --------
    >>> curve = ProbabilityCurve(90, (0.1, 0.3), (0.0, 0.2), (0.2, 0.4), 0.95, "none", "", 100, 20)
    >>> points = [90] * 80 + [91] * 15 + [92] * 5
    >>> policy = policy_from_capacity(points, curve=curve, base_rate=0.2, capacity=Capacity(share=0.2))
    >>> policy.sql_points, policy.mql_points, [grade.share for grade in policy.grades]
    (91, 91, [0.05, 0.15, 0.0, 0.8])
    >>> [one.code for one in policy.chosen_by]
    ['policy_capacity_share', 'policy_sql_from', 'policy_mql_is_sql', 'policy_empty']
    """
    whole = read_points(points)
    share = capacity.share_of(leads_per_week)
    if not 0 < base_rate < 1:
        raise PolicyError(f"base_rate is {base_rate}, it must be above 0 and below 1; pass the win rate of all leads.")
    distinct, volume = volume_from(whole)
    lowest, highest = reach or (curve.first_points, curve.last_points)
    if share == 1:
        lowest = min(lowest, curve.first_points, int(distinct[0]))
        policy = policy_for_all(
            whole, lowest, curve=curve, base_rate=base_rate, leads_per_week=leads_per_week, hours=follow_up_hours
        )
        return replace(policy, capacity_per_week=capacity.per_week, capacity_share=share)
    sql = fewest_points(distinct, volume, share)
    if share == 0:
        sql = max(highest, curve.last_points, int(distinct[-1])) + 1
    elif sql <= distinct[-1]:
        worst_sql = int(distinct[np.searchsorted(distinct, sql)])
        at_base_rate = points_at(curve, base_rate, distinct)
        sql = at_base_rate if sql < at_base_rate <= worst_sql else sql
    sql_share = float(np.mean(whole >= sql))
    policy = policy_at(
        sql,
        points=whole,
        curve=curve,
        base_rate=base_rate,
        why=(_can_work(capacity, leads_per_week), _why_sql(share, sql, float(volume[-1]), sql_share)),
        leads_per_week=leads_per_week,
        follow_up_hours=follow_up_hours,
    )
    return replace(policy, capacity_per_week=capacity.per_week, capacity_share=share)


def renewed_policy(
    policy: Policy,
    points: ArrayLike,
    *,
    curve: ProbabilityCurve,
    base_rate: float,
    share: float,
    leads_per_week: float | None = None,
    reach: tuple[int, int] | None = None,
) -> Policy:
    """Return a policy anew for other points or another capacity, with the deadlines and the draw that were agreed.

    Parameters
    ----------
    policy
        Whose follow-up hours and ``explore`` hold on; its capacity a week too, where the share is still the same.
    share
        What sales can work, as a share of all leads.
    points, curve, base_rate, leads_per_week, reach
        As in `policy_from_capacity`.

    Examples
    --------
    >>> curve = ProbabilityCurve(90, (0.1, 0.3), (0.0, 0.2), (0.2, 0.4), 0.95, "none", "", 100, 20)
    >>> told = {"curve": curve, "base_rate": 0.2}
    >>> points = [90] * 80 + [91] * 20
    >>> policy = policy_from_capacity(points, capacity=Capacity(share=0.2), follow_up_hours=(1, 2, 3, None), **told)
    >>> renewed_policy(replace(policy, explore=0.1), points, share=0.5, **told).explore
    0.1
    """
    anew = policy_from_capacity(
        points,
        curve=curve,
        base_rate=base_rate,
        capacity=Capacity(share=share),
        leads_per_week=leads_per_week,
        follow_up_hours=tuple(grade.follow_up_hours for grade in policy.grades),
        reach=reach,
    )
    per_week = policy.capacity_per_week if share == policy.capacity_share else None
    return replace(anew, explore=policy.explore, capacity_per_week=per_week)


def policy_at(
    sql: int,
    *,
    points: ArrayLike,
    curve: ProbabilityCurve,
    base_rate: float,
    why: Sequence[Fact],
    leads_per_week: float | None = None,
    follow_up_hours: Sequence[float | None] = FOLLOW_UP_HOURS,
) -> Policy:
    """Return the policy of an SQL threshold: A is the better half of the SQLs, MQL begins at the base rate.

    Parameters
    ----------
    sql
        The fewest points of an SQL.
    why
        How it was chosen.
    points, curve, base_rate, leads_per_week, follow_up_hours
        As in `policy_from_capacity`.
    """
    whole = read_points(points)
    distinct, volume = volume_from(whole)
    sql_share = float(np.mean(whole >= sql))
    # Without SQLs there is no better half; A must still lie above B.
    best = max(fewest_points(distinct, volume, sql_share / 2), sql + 1)
    at_base_rate = points_at(curve, base_rate, distinct)
    mql = min(at_base_rate, sql)
    grades = measured_grades(
        dict(zip(GRADES, (best, sql, mql), strict=False)),
        follow_up_hours=follow_up_hours,
        points=whole,
        curve=curve,
        leads_per_week=leads_per_week,
    )
    chosen_by = (*why, _why_mql(base_rate, at_base_rate, sql, curve), *empty_grades(grades))
    return Policy(grades=grades, mql_points=mql, sql_points=sql, chosen_by=chosen_by)


def policy_by_hand(
    *,
    grades: Mapping[str, int],
    mql_points: int,
    sql_points: int,
    follow_up_hours: Sequence[float | None] = FOLLOW_UP_HOURS,
    points: ArrayLike | None = None,
    curve: ProbabilityCurve | None = None,
    leads_per_week: float | None = None,
) -> Policy:
    """Return the policy the teams set themselves, with what it means for leads like those given.

    Parameters
    ----------
    grades
        The fewest points of grades A, B and C, each more than the next; D takes the rest.
    mql_points, sql_points
        The fewest points of an MQL and of an SQL; the former at most the latter.
    follow_up_hours
        Within how many hours sales follow up a lead of grade A, B, C and D; None when they need not.
    points
        Whole points of n leads that are like those to come; None: shares are not measured.
    curve
        Their calibrated probabilities; None: win rates are not measured.
    leads_per_week
        How many leads come per week, above 0; None: volumes are not measured.

    Raises
    ------
    PolicyError
        When points are not whole, or out of order; when an argument is out of range.

    Examples
    --------
    >>> policy = policy_by_hand(grades={"A": 130, "B": 115, "C": 100}, mql_points=100, sql_points=115)
    >>> policy.grade(120).name, policy.qualification(120)
    ('B', 'SQL')
    """
    if sorted(grades) != sorted(GRADES[:-1]):
        raise PolicyError(
            f"grades has {', '.join(sorted(map(str, grades))) or 'none'}, it must have A, B and C; pass the fewest "
            "points of each, D takes the rest."
        )
    names = (*(f"grade {name}" for name in GRADES[:-1]), "mql_points", "sql_points")
    values = (*(grades[name] for name in GRADES[:-1]), mql_points, sql_points)
    for name, value in zip(names, values, strict=True):
        if isinstance(value, bool) or not isinstance(value, Integral):
            raise PolicyError(f"{name} is {value!r}, it must be a whole number; pass points without decimals.")
    *minimum, mql, sql = (int(value) for value in values)
    if not minimum[0] > minimum[1] > minimum[2]:
        raise PolicyError(
            f"grades A, B and C start at {minimum[0]}, {minimum[1]} and {minimum[2]} points, each must start above the "
            "next; put the best grade highest."
        )
    if mql > sql:
        raise PolicyError(
            f"mql_points is {mql} and sql_points is {sql}, MQL must not start above SQL; lower mql_points to {sql} or "
            "fewer."
        )
    return Policy(
        grades=measured_grades(
            dict(zip(GRADES, minimum, strict=False)),
            follow_up_hours=follow_up_hours,
            points=None if points is None else read_points(points),
            curve=curve,
            leads_per_week=leads_per_week,
        ),
        mql_points=mql,
        sql_points=sql,
        chosen_by=(fact("policy_by_hand"),),
    )


def _can_work(capacity: Capacity, leads_per_week: float | None) -> Fact:
    if capacity.per_week is None or leads_per_week is None:
        return fact("policy_capacity_share", share=capacity.share_of(leads_per_week))
    return fact("policy_capacity_a_week", capacity=capacity.per_week, leads=round(float(leads_per_week), 6))


def _why_sql(share: float, sql: int, top_share: float, sql_share: float) -> Fact:
    if share == 0:
        return fact("policy_sql_none")
    if sql_share == 0:
        return fact("policy_sql_tie", points=sql - 1, share=round(top_share, 6))
    return fact("policy_sql_from", points=sql, share=round(sql_share, 6))


def _why_mql(base_rate: float, at_base_rate: int, sql: int, curve: ProbabilityCurve) -> Fact:
    base_rate = round(float(base_rate), 6)
    if at_base_rate < sql:
        return fact("policy_mql_base_rate", base_rate=base_rate)
    if at_base_rate == sql:
        return fact("policy_mql_is_sql", base_rate=base_rate)
    return fact("policy_mql_is_sql_below", base_rate=base_rate, probability=round(curve.at(sql)[0], 6))
