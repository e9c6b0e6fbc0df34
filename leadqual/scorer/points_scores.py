"""What points stand for: the bundle's curve, scale and policy folded into one sorted table."""

from __future__ import annotations

from bisect import bisect_right
from typing import NamedTuple

from leadqual.bundle import Bundle
from leadqual.bundle.policy import Qualification

__all__ = ["PointsScore", "PointsScores"]


class PointsScore(NamedTuple):
    """What a number of points means and what is owed to it: the fields of `Score`, in its order.

    A tuple, as it is unpacked into every score.
    """

    score: int
    probability: float
    low: float
    high: float
    grade: str
    qualification: Qualification
    follow_up_hours: float | None


class PointsScores:
    """The score of every number of points, however few or many.

    It changes only where the curve or the scale has an entry or the policy a threshold, so one entry at each
    of those is the whole table.

    Parameters
    ----------
    bundle
        The bundle whose curve, scale and policy count.

    Attributes
    ----------
    starts
        Points, rising: the entry of the same index holds from there up to the next.
    entries
        The scores; one more than ``starts``, as the first holds below all of them.
    """

    __slots__ = ("entries", "starts")

    def __init__(self, bundle: Bundle) -> None:
        curve, scale, policy = bundle.curve, bundle.scale, bundle.policy
        starts = {policy.mql_points, policy.sql_points}
        starts.update(grade.minimum_points for grade in policy.grades if grade.minimum_points is not None)
        starts.update(range(curve.first_points, curve.last_points + 1))
        starts.update(range(scale.first_points, scale.first_points + len(scale.score)))
        self.starts = sorted(starts)
        self.entries = [_score_of(bundle, points) for points in (self.starts[0] - 1, *self.starts)]

    def at(self, points: int) -> PointsScore:
        """Return the score of a lead with ``points``."""
        return self.entries[bisect_right(self.starts, points)]


def _score_of(bundle: Bundle, points: int) -> PointsScore:
    grade = bundle.policy.grade(points)
    return PointsScore(
        bundle.scale.at(points),
        *bundle.curve.at(points),
        grade.name,
        bundle.policy.qualification(points),
        grade.follow_up_hours,
    )
