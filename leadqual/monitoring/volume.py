"""LQ603: whether as many leads come as usual, and whether they still come."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from leadqual.feedback.history import moment
from leadqual.monitoring.finding import MonitoringFinding

__all__ = ["volume"]

_FEWEST_WEEKS = 8
_MOST_WEEKS = 52


def volume(history: pd.DataFrame, *, as_of: str) -> MonitoringFinding:
    """Compare the last full week with those before it (LQ603).

    The number to be expected is that of a negative binomial with the mean and spread of the weeks before; a week
    outside its central 99.8 % is an alarm.

    Parameters
    ----------
    history
        See `leadqual.feedback.feedback_history`.
    as_of
        The date (ISO 8601).

    Examples
    --------
    >>> days = pd.Timestamp("2026-01-01") + pd.to_timedelta(np.arange(0, 120, 0.1), unit="D")
    >>> volume(pd.DataFrame({"scored_at": days[:1000]}), as_of="2026-04-10").severity
    'fine'
    >>> volume(pd.DataFrame({"scored_at": days[:700]}), as_of="2026-04-10").severity
    'alarm'
    """
    check = "leads come as usual"
    now = moment(as_of)
    age = ((now - history["scored_at"]).dt.total_seconds() / (7 * 86400)).to_numpy()
    weeks = min(int(age.max()) if len(age) else 0, _MOST_WEEKS + 1)
    counts = np.bincount(age[(age >= 0) & (age < weeks)].astype(np.int64), minlength=weeks)[::-1]
    series = tuple(float(count) for count in counts)
    if weeks <= _FEWEST_WEEKS:
        said = f"The ledger holds {weeks} full weeks, {_FEWEST_WEEKS + 1} must be there; wait."
        return MonitoringFinding("LQ603", check, "not applicable", said, "wait", series=series)
    last, past = int(counts[-1]), counts[:-1].astype(np.float64)
    mean, spread = float(past.mean()), float(past.var(ddof=1))
    if spread > mean * 1.01:
        size = mean**2 / (spread - mean)
        usual = stats.nbinom(size, size / (size + mean))
    else:
        usual = stats.poisson(max(mean, 1e-9))
    low, high = float(usual.ppf(0.001)), float(usual.ppf(0.999))
    days = float(7 * age.min())
    figures = {"last_week": float(last), "low": low, "high": high, "days_since_last": days}
    said = f"{last} leads in the last seven days, {low:.0f} to {high:.0f} are usual; the last came {days:.1f} days ago."
    if low <= last <= high:
        return MonitoringFinding("LQ603", check, "fine", said, "", None, figures, series)
    return MonitoringFinding("LQ603", check, "alarm", said, "look at the data source", None, figures, series)
