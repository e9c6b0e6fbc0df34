"""Leads that a bulk import brought: many created on one day, and customers that were won before they came."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["BulkDay", "bulk_days", "imported_customers"]

_MIN_LEADS, _SHARE, _TIMES_USUAL = 30, 0.01, 10
_MIN_CUSTOMERS, _SHARE_OF_WINS = 10, 0.02
_NEARLY_ALL = 0.9
_SHARE_OF_ERRORS = 0.5


@dataclass(frozen=True, slots=True)
class BulkDay:
    """A day on which far more leads were created than usual.

    Parameters
    ----------
    day
        Days since 1970-01-01.
    leads
        How many were created on it.
    """

    day: int
    leads: int


def bulk_days(created: NDArray[np.float64]) -> tuple[BulkDay, ...]:
    """Find days with at least 30 new leads, 1 % of all, and ten times as many as on the median day with any.

    Parameters
    ----------
    created
        Creation of n leads in days since 1970-01-01, NaN where unknown, (n,).

    Returns
    -------
    tuple of BulkDay
        The fullest first.

    Examples
    --------
    >>> bulk_days(np.concatenate((np.arange(50.0), np.full(200, 7.4))))
    (BulkDay(day=7, leads=201),)
    """
    days, counts = np.unique(np.floor(created[~np.isnan(created)]).astype(np.int64), return_counts=True)
    if len(days) < 2:
        return ()
    least = max(_MIN_LEADS, _SHARE * counts.sum(), _TIMES_USUAL * float(np.median(counts)))
    found = [BulkDay(int(day), int(count)) for day, count in zip(days, counts, strict=True) if count >= least]
    return tuple(sorted(found, key=lambda one: -one.leads))


def imported_customers(
    created: NDArray[np.float64], closed: NDArray[np.float64], won: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Find leads that were customers when they came: they never were leads, and nothing can be learned from them.

    A win dated before the day of creation is one, unless it was created on a `bulk day <bulk_days>` together with as
    many leads that were not won: then the leads were moved from another system, which gave them its own date. On a bulk
    day where nine tenths were won on arrival, wins of that day and wins without a date are customers too. Elsewhere,
    where leads that were not won end before they come half as often or more, dates are wrong and no lead is one. Fewer
    than ten, or less than 2 % of all wins, are typing errors.

    Parameters
    ----------
    created, closed
        Days since 1970-01-01, NaN where unknown, (n,).
    won
        Which leads are won, (n,).

    Returns
    -------
    bool (n,)

    Examples
    --------
    >>> created = np.concatenate((np.arange(100.0), np.full(40, 50.0)))
    >>> closed = np.concatenate((np.arange(100.0) + 5, np.full(40, 3.0)))
    >>> won = np.concatenate((np.arange(100) % 4 == 0, np.ones(40, dtype=bool)))
    >>> int(imported_customers(created, closed, won).sum())
    40
    """
    came, ended = np.floor(created), np.floor(closed)
    with np.errstate(invalid="ignore"):
        before, by_then = won & (ended < came), won & ~(ended > came)
        before_others = ~won & (ended < came)
    dated = ~np.isnan(closed)
    trusted = _share(before_others, ~won & dated) < _SHARE_OF_ERRORS * _share(before, won & dated)
    found = before.copy() if trusted else np.zeros_like(before)
    for bulk in bulk_days(created):
        there = came == bulk.day
        if by_then[there].mean() >= _NEARLY_ALL:
            found |= there & by_then
        elif before[there].sum() < _NEARLY_ALL * there.sum():
            found &= ~there
    return found if found.sum() >= max(_MIN_CUSTOMERS, _SHARE_OF_WINS * won.sum()) else np.zeros_like(found)


def _share(of: NDArray[np.bool_], among: NDArray[np.bool_]) -> float:
    return float(of[among].mean()) if among.any() else 0.0
