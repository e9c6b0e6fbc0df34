"""An appraisal: what one points table makes of the later leads, with the calibration and thresholds that follow."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from leadqual.agreement.edits import Change
from leadqual.agreement.later_leads import LaterLeads
from leadqual.bundle import PointsTable, Policy, ProbabilityCurve
from leadqual.calibration.candidates import logistic
from leadqual.calibration.estimate import estimate
from leadqual.thresholds import policy_by_hand, renewed_policy

__all__ = ["Appraisal", "appraise", "moved_starts", "policy_under", "starts_of", "thresholds_moved_alike"]

Floats = NDArray[np.float64]

_MIN_PROBABILITY = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Appraisal:
    """What one points table makes of the later leads.

    Parameters
    ----------
    table
        The points.
    points, probability
        Of each of m later leads; probabilities are calibrated on the earlier ones, (m,).
    policy
        The thresholds that follow.
    capacity_share
        Share of leads that sales work, 0 to 1: what they can, or all SQLs where SQL begins at points set by hand.
    """

    table: PointsTable
    points: NDArray[np.int64]
    probability: Floats
    policy: Policy
    capacity_share: float


def appraise(table: PointsTable, held: LaterLeads, changes: Sequence[Change]) -> Appraisal:
    """Score the later leads under a points table, with calibration and thresholds that follow from it.

    Parameters
    ----------
    table
        The points.
    held
        The leads.
    changes
        Of which those of the policy are heeded.
    """
    earlier, later = held.points(table)
    first = int(min(earlier.min(), later.min()))
    every = np.arange(first, int(max(earlier.max(), later.max())) + 1)
    unit = math.log(2) / table.points_to_double_odds
    x = np.asarray((every - 100) * unit + float(logit(held.base_rate)), dtype=np.float64)
    leads = np.bincount(earlier - first, held.weight, len(every)).astype(np.float64)
    wins = np.bincount(earlier - first, held.weight * held.earlier_won, len(every)).astype(np.float64)
    shape = logistic(float(np.average(x, weights=leads)))
    seen = leads > 0
    value = expit(shape.basis(x) @ estimate(shape, x[seen], leads[seen], wins[seen]))
    value = np.clip(value, _MIN_PROBABILITY, 1 - _MIN_PROBABILITY)
    share = _capacity(held, changes)
    known = tuple(value.tolist())
    curve = ProbabilityCurve(first, known, known, known, 0.95, "logistic", "", len(held.earlier), 0)
    policy = policy_under(changes, held, later, curve, share, held.policy_here)
    by_points = share is None or "SQL" in moved_starts(changes)
    worked = float(np.mean(later >= policy.sql_points)) if by_points or share is None else share
    return Appraisal(table, later, value[later - first], policy, worked)


def thresholds_moved_alike(changes: Sequence[Change], deployed: Policy, now: Policy) -> list[Change]:
    """Return the changes with thresholds of the deployed policy turned into those of the policy now compared with.

    What is priced has points that were learned from earlier leads alone, so the same capacity begins at other points
    than in the deployed policy. A threshold that goes from 119 to 120 must cost what one point costs.

    Parameters
    ----------
    changes
        Of which those that move thresholds are turned.
    deployed
        The policy that the changes are about.
    now
        The policy that the price compares with.
    """
    in_force, here = _starts(deployed), _starts(now)
    asked = moved_starts(changes)
    moved = {name: points + here[name] - in_force[name] for name, points in asked.items()}
    # thresholds may lie closer together here than where they are in force; what is in order there must be so here
    sql, b = asked.get("SQL", in_force["SQL"]), asked.get("B", asked.get("SQL", in_force["B"]))
    sql_here, b_here = moved.get("SQL", here["SQL"]), moved.get("B", moved.get("SQL", here["B"]))
    if "MQL" in moved and asked["MQL"] <= sql:
        moved["MQL"] = min(moved["MQL"], sql_here)
    if "A" in moved and asked["A"] > b:
        moved["A"] = max(moved["A"], b_here + 1)
    if "C" in moved and asked["C"] < b:
        moved["C"] = min(moved["C"], b_here - 1)
    return [change.with_starts(moved) for change in changes]


def starts_of(policy: Policy) -> dict[str, int | None]:
    """Return the points at which SQL, MQL and each grade begin; None for the last grade, which takes the rest."""
    return {"SQL": policy.sql_points, "MQL": policy.mql_points} | {
        grade.name: grade.minimum_points for grade in policy.grades
    }


def moved_starts(changes: Sequence[Change]) -> dict[str, int]:
    """Return the points at which the changes let thresholds begin, for those that they move."""
    return {name: points for change in changes for name, points in change.starts.items()}


def _starts(policy: Policy) -> dict[str, int]:
    return {name: points for name, points in starts_of(policy).items() if points is not None}


def _capacity(held: LaterLeads, changes: Sequence[Change]) -> float | None:
    """Return the share that sales can work: as proposed last, else as the policy has it; None where it is by hand."""
    for change in reversed(changes):
        if change.capacity is not None:
            return change.capacity.share_of(held.leads_per_week)
    return held.policy.capacity_share


def policy_under(
    changes: Sequence[Change],
    held: LaterLeads,
    points: NDArray[np.int64],
    curve: ProbabilityCurve,
    share: float | None,
    policy: Policy,
) -> Policy:
    """Return the policy that follows from points and capacity, with the thresholds that the changes move.

    Parameters
    ----------
    changes
        Of which those that move thresholds are heeded.
    held
        The leads, with their base rate and how many come.
    points
        Of leads like those to come.
    curve
        Their probabilities.
    share
        What sales can work, as a share of all leads; None where that is not known.
    policy
        What holds now: its thresholds stay where the capacity is not known.

    Raises
    ------
    PolicyError
        When the thresholds are out of order.
    """
    if share is not None:
        policy = renewed_policy(
            policy, points, curve=curve, base_rate=held.base_rate, share=share, leads_per_week=held.leads_per_week
        )
    moved = moved_starts(changes)
    if not moved:
        return policy
    starts = _starts(policy)
    grades = {name: int(moved.get(name, starts[name])) for name in ("A", "B", "C")}
    sql, mql = moved.get("SQL", policy.sql_points), moved.get("MQL", policy.mql_points)
    # B begins with SQL and C with MQL, unless someone says otherwise
    if "SQL" in moved and "B" not in moved:
        grades["B"] = sql
        grades["A"] = grades["A"] if "A" in moved else max(grades["A"], sql + 1)
    if "MQL" in moved and "C" not in moved:
        grades["C"] = min(mql, grades["B"] - 1)
    elif "C" not in moved:
        grades["C"] = min(grades["C"], grades["B"] - 1)
    by_hand = policy_by_hand(
        grades=grades,
        mql_points=mql,
        sql_points=sql,
        follow_up_hours=tuple(grade.follow_up_hours for grade in policy.grades),
        points=points,
        curve=curve,
        leads_per_week=held.leads_per_week,
    )
    return replace(by_hand, explore=policy.explore)
