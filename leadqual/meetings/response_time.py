"""Speed to lead: the time from hand-over to first work, leads that still wait included."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import CensoredData, ecdf

__all__ = ["ResponseTime", "response_time"]


@dataclass(frozen=True, slots=True)
class ResponseTime:
    """How long leads wait for their first work.

    Parameters
    ----------
    leads
        How many were handed over.
    worked
        How many of them were worked.
    median_hours
        Time within which half of them are worked, by the clock, in hours; None where fewer than half were worked so
        far, or none was handed over.
    p90_hours
        The same for nine in ten.
    """

    leads: int
    worked: int
    median_hours: float | None
    p90_hours: float | None


def response_time(leads: pd.DataFrame, *, now: np.datetime64) -> ResponseTime:
    """Estimate the speed to lead of some leads.

    Kaplan and Meier (1958), doi:10.2307/2281868: a lead that still waits is censored at ``now``, and one that sales
    decided on, or that ended, without a recorded first work at that moment. The median of worked leads alone would be
    too short.

    Parameters
    ----------
    leads
        Rows of a history, see `leadqual.feedback.feedback_history`: leads that were handed over.
    now
        The moment until which it is known whether they were worked, in UTC.

    Examples
    --------
    >>> at = pd.to_datetime(["2026-05-01 09:00"] * 4)
    >>> never = pd.to_datetime([None] * 4)
    >>> worked = pd.to_datetime(["2026-05-01 10:00", "2026-05-01 12:00", "2026-05-01 15:00", None])
    >>> leads = pd.DataFrame({"scored_at": at, "worked_at": worked, "disposition_at": never, "closed_at": never})
    >>> found = response_time(leads, now=np.datetime64("2026-05-02T09:00"))
    >>> found.worked, found.median_hours, found.p90_hours
    (3, 3.0, None)
    """
    worked = leads["worked_at"].notna().to_numpy()
    until = leads[["worked_at", "disposition_at", "closed_at"]].copy()
    until.loc[worked, ["disposition_at", "closed_at"]] = pd.NaT
    last = until.min(axis=1).fillna(pd.Timestamp(now))
    hours = np.maximum(np.asarray((last - leads["scored_at"]).dt.total_seconds(), dtype=np.float64) / 3600, 0.0)
    if not worked.any():
        return ResponseTime(len(leads), 0, None, None)
    waits = ecdf(CensoredData(uncensored=hours[worked], right=hours[~worked])).cdf
    return ResponseTime(
        len(leads), int(worked.sum()), *(_reached(waits.quantiles, waits.probabilities, share) for share in (0.5, 0.9))
    )


def _reached(hours: np.ndarray, shares: np.ndarray, share: float) -> float | None:
    """Return the first time by which so large a share is worked; None where that was not reached."""
    at = np.flatnonzero(shares >= share - 1e-12)
    return float(hours[at[0]]) if len(at) else None
