"""Whether leads of one day are alike beyond what chance makes them: what is looked for where no account is known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["DayLikeness", "day_likeness", "day_outcome_likeness"]

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]
_ERRORS = 3.0
_MIN_WEEKS = 8


@dataclass(frozen=True, slots=True)
class DayLikeness:
    """The design effect of days: the factor by which likeness within days widens the variance of shares over leads.

    Parameters
    ----------
    effect
        The design effect: 1 where leads of a day are no more alike than those of different days of a week.
    error
        Its standard error, over weeks.
    chance
        What the error would be were leads independent.
    """

    effect: float
    error: float
    chance: float

    @property
    def sure(self) -> bool:
        """Whether it is above 1 by more than three of the errors that independent leads would have."""
        return self.effect - 1 > _ERRORS * self.chance

    @property
    def used(self) -> float:
        """The design effect to count with: two standard errors above the estimate where it is sure, else 1."""
        return self.effect + 2 * self.error if self.sure else 1.0


_NOTHING = DayLikeness(1.0, 0.0, 0.0)


def day_likeness(day: Numbers, code: Numbers) -> DayLikeness:
    """Compare pairs of leads of one day with pairs of different days of the same week.

    The design effect of a share is 1 + the sum over leads of how much likelier its day's other leads are in its band,
    ``1 + (c - c0) sum(m (m - 1)) / (n (1 - c0))``, with c and c0 the shares of like pairs within and between days and m
    the leads of a day (Rao and Scott 1981, doi:10.1080/01621459.1981.10477633, by pairs). Slow changes are in both.

    Parameters
    ----------
    day
        Number of each lead's day, (n,).
    code
        Its band, or any number that like leads share, (n,).

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> day, code = np.repeat(np.arange(200), 9), rng.integers(0, 4, 600)
    >>> three = day_likeness(day, np.repeat(code, 3))
    >>> 2.5 < three.effect < 3.5, three.sure
    (True, True)
    """
    if not len(day):
        return _NOTHING
    code = np.unique(code, return_inverse=True)[1].reshape(-1).astype(np.int64)
    week, days = _periods(day)
    leads, of_day, kinds = np.bincount(week).astype(np.float64), np.bincount(days).astype(np.float64), code.max() + 1
    week_of_day = np.zeros(len(of_day), dtype=np.int64)
    week_of_day[days] = week
    inside, place = np.unique(days * kinds + code, return_counts=True)
    same = _by(week_of_day[inside // kinds], place.astype(np.float64) ** 2, len(leads))
    cell, count = np.unique(week * kinds + code, return_counts=True)
    all_like = _by(cell // kinds, count.astype(np.float64) ** 2, len(leads))
    pairs = _by(week_of_day, of_day**2, len(leads))
    return _compared(same - leads, pairs - leads, all_like - same, leads**2 - pairs, leads, spread=None)


def day_outcome_likeness(day: Numbers, residual: Floats) -> DayLikeness:
    """Compare products of residuals of outcomes within days with those between days of the same week.

    Parameters
    ----------
    day
        Number of each lead's day, (n,).
    residual
        Outcome less probability, (n,).

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> day = np.repeat(np.arange(300), 6)
    >>> found = day_outcome_likeness(day, np.repeat(rng.choice([-1.0, 1.0], 600), 3))
    >>> 2.5 < found.effect < 3.5
    True
    """
    if not len(day):
        return _NOTHING
    week, days = _periods(day)
    leads, of_day = np.bincount(week).astype(np.float64), np.bincount(days).astype(np.float64)
    week_of_day = np.zeros(len(of_day), dtype=np.int64)
    week_of_day[days] = week
    squares = np.bincount(week, residual**2)
    same = _by(week_of_day, np.asarray(np.bincount(days, residual) ** 2, dtype=np.float64), len(leads))
    both = np.bincount(week, residual) ** 2
    pairs = _by(week_of_day, of_day**2, len(leads))
    spread = float(squares.sum() / leads.sum())
    return _compared(same - squares, pairs - leads, both - same, leads**2 - pairs, leads, spread=spread)


def _periods(day: Numbers) -> tuple[Numbers, Numbers]:
    """Return numbers of the week and the day of each lead, without gaps."""
    week = np.unique((day - day.min()) // 7, return_inverse=True)[1].reshape(-1)
    return week.astype(np.int64), np.unique(day, return_inverse=True)[1].reshape(-1).astype(np.int64)


def _by(place: Numbers, values: Floats, size: int) -> Floats:
    return np.asarray(np.bincount(place, values, size), dtype=np.float64)


def _compared(
    like: Floats, pairs: Floats, like_between: Floats, pairs_between: Floats, leads: Floats, *, spread: float | None
) -> DayLikeness:
    """Return the design effect from sums over the pairs of each week, within and between days."""
    if pairs.sum() <= 0 or pairs_between.sum() <= 0:
        return _NOTHING
    between = float(like_between.sum() / pairs_between.sum())
    whole = float(leads.sum()) * ((1 - between) if spread is None else max(spread - between, 1e-9))
    if whole <= 0:
        return _NOTHING
    # compare each week with itself, so that changes from week to week do not count as likeness
    excess = like - np.where(pairs_between > 0, like_between / np.maximum(pairs_between, 1), between) * pairs
    effect = max(1 + float(excess.sum()) / whole, 0.0)
    # The variance of one pair if leads were independent; each pair is counted twice. Where no two leads of different
    # days are alike, the share of like pairs by chance is taken as one pair.
    share = max(between, 1 / float(pairs_between.sum()))
    variance = share * (1 - share) if spread is None else spread**2
    both = 2 * pairs.sum() * (1 + pairs.sum() / pairs_between.sum())
    chance = float(np.sqrt(both * max(variance, 0.0))) / whole
    if len(excess) < _MIN_WEEKS:
        return DayLikeness(effect, chance * max(effect, 1.0), chance)
    error = float(np.sqrt(((excess - excess.mean()) ** 2).sum() * len(excess) / (len(excess) - 1)))
    return DayLikeness(effect, error / whole, chance)
