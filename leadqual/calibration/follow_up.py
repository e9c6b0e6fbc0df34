"""The follow-up of leads: how long each was watched, and when it won; also of leads whose window has not passed."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadqual.calibration.history import read_points
from leadqual.errors import EvidenceError

__all__ = ["BUCKET_DAYS", "Exposure", "FollowUp", "read_follow_up"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]

BUCKET_DAYS = 30
"""Days in a bucket of age; the last one ends with the window."""


@dataclass(frozen=True, slots=True, eq=False)
class Exposure:
    """Leads that could win in each bucket of age, and those that did, at each distinct number of points.

    Parameters
    ----------
    points
        The distinct points, (m,).
    leads, wins
        Leads that had not won when the bucket began and were watched to its end, and wins in it, (buckets, m).
    """

    points: Rows
    leads: Floats
    wins: Floats


@dataclass(frozen=True, slots=True, eq=False)
class FollowUp:
    """What was known of n leads on a day, in whole days.

    Parameters
    ----------
    points
        Whole points of each, from scorecards that had not seen its outcome, (n,).
    created
        Day on which each was created, since 1970-01-01, (n,).
    won_after
        Days from its creation to its win; NaN where no win is known, (n,).
    until
        The day up to whose end all this is known.
    window_days
        Days a lead has to win.
    weight
        How much each counts, as leads of one account may count less, (n,); None: all count alike.
    """

    points: Rows
    created: Floats
    won_after: Floats
    until: float
    window_days: int
    weight: Floats | None = None

    @property
    def ends(self) -> Floats:
        """Age in days at which each bucket ends, (buckets,)."""
        return np.asarray(np.append(np.arange(BUCKET_DAYS, self.window_days, BUCKET_DAYS), self.window_days), float)

    def known_on(self, day: float) -> FollowUp:
        """Return what was known at the end of an earlier day, without later leads and later wins."""
        there = self.only(self.created <= day)
        later = there.created + there.won_after > day
        return replace(there, won_after=np.where(later, np.nan, there.won_after), until=day)

    def mature(self) -> tuple[NDArray[np.bool_], Floats]:
        """Return which leads' windows have passed, and who won inside the window, 1 or 0, both (n,)."""
        return self.created + self.window_days <= self.until, (self.won_after <= self.window_days).astype(np.float64)

    def only(self, chosen: NDArray[np.bool_]) -> FollowUp:
        """Return some of the leads, (n,) True for each of them."""
        return replace(
            self,
            points=self.points[chosen],
            created=self.created[chosen],
            won_after=self.won_after[chosen],
            weight=None if self.weight is None else self.weight[chosen],
        )

    def exposure(self, memory_days: float | None = None) -> Exposure:
        """Count leads and wins by bucket of age; each bucket on every lead that was watched to its end.

        A lead that was lost stays among those that could win, as it does in the share of leads that win in a window.

        Parameters
        ----------
        memory_days
            Only what was decided in the last so many days counts; None: all of it.
        """
        distinct, place = np.unique(self.points, return_inverse=True)
        ends = self.ends
        starts = np.append(-np.inf, ends[:-1])
        leads, wins = np.zeros((len(ends), len(distinct))), np.zeros((len(ends), len(distinct)))
        for bucket, (start, end) in enumerate(zip(starts, ends, strict=True)):
            decided = self.created + end
            watched = (decided <= self.until) & ~(self.won_after <= start)
            if memory_days is not None:
                watched &= decided > self.until - memory_days
            won = watched & (self.won_after <= end)
            for counts, some in ((leads, watched), (wins, won)):
                weight = None if self.weight is None else self.weight[some]
                counts[bucket] = np.bincount(place[some], weight, len(distinct))
        return Exposure(distinct, leads, wins)


def read_follow_up(
    points: ArrayLike,
    created: ArrayLike,
    won_after: ArrayLike,
    *,
    until: float,
    window_days: int,
    weight: Floats | None = None,
) -> FollowUp:
    """Check the arrays, cut times to whole days, and leave out what happened after ``until``.

    Parameters
    ----------
    points, created, won_after, until, window_days, weight
        As in `FollowUp`; ``created`` may hold parts of a day.

    Raises
    ------
    EvidenceError
        When lengths differ, a date is missing, or the window is below one day.

    Examples
    --------
    >>> seen = read_follow_up([100, 120, 120], [0, 0, 80], [np.nan, 40, np.nan], until=100, window_days=90)
    >>> seen.exposure().leads.sum(axis=1).tolist(), seen.exposure().wins.sum(axis=1).tolist()
    ([2.0, 2.0, 1.0], [0.0, 1.0, 0.0])
    """
    whole = read_points(points)
    day = np.floor(np.asarray(created, dtype=np.float64))
    after = np.asarray(won_after, dtype=np.float64)
    if not whole.shape == day.shape == after.shape:
        raise EvidenceError(
            f"points, created and won_after have {len(whole)}, {day.size} and {after.size} values; each needs one for "
            "every lead; pass arrays of the same length."
        )
    if np.isnan(day).any():
        raise EvidenceError(
            f"created has {int(np.isnan(day).sum())} missing dates, it must have none; leave those leads out."
        )
    if window_days < 1:
        raise EvidenceError(f"window_days is {window_days}, it must be at least 1; pass 90, say.")
    return FollowUp(whole, day, after, np.inf, window_days, weight).known_on(float(np.floor(until)))
