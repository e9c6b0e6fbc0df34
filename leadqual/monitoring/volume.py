"""LQ603: whether as many leads come as usual, and whether they still come."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from scipy import stats

from leadqual.fact import fact
from leadqual.monitoring.finding import MonitoringFinding
from leadqual.monitoring.freshness import silence, weekly_counts

__all__ = ["volume"]

_MIN_WEEKS = 8
_MAX_WEEKS = 52
_TAIL = 0.05 / 52 / 2


def volume(history: pd.DataFrame, *, as_of: str) -> MonitoringFinding:
    """Compare the last full week with those before it, and the time since the last lead with what was usual (LQ603).

    The number to be expected is that of a negative binomial with the mean of the weeks before and their spread, widened
    as far as so few weeks leave both in doubt (as Student's t has it); a week outside its central 99.9 % (5 % over a
    year of weekly looks) is an alarm. Weeks of a silence that still lasts are no part of what is usual; see also
    `leadqual.monitoring.silence`, which notices it however long it lasts.

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
    scored = history["scored_at"]
    quiet = silence(scored, as_of=as_of)
    counts = weekly_counts(scored, as_of=as_of)
    finding = partial(MonitoringFinding, "LQ603", series=tuple(map(float, counts)), shows=fact("shows_leads_a_week"))
    figures = {} if quiet.days is None else {"days_since_last": quiet.days, "longest_wait": float(quiet.longest)}
    if quiet.too_long:
        stopped = (fact("no_lead_comes"), quiet.as_fact("lead"))
        return finding("alarm", stopped, "look at the data source", figures=figures)
    past = np.trim_zeros(counts[:-1][-_MAX_WEEKS:].astype(np.float64), "b")
    if len(past) < _MIN_WEEKS:
        few = fact("few_weeks", weeks=len(counts), needed=_MIN_WEEKS + 1)
        return finding("not applicable", (few,), "wait", figures=figures)
    last = int(counts[-1])
    doubt = (stats.t.ppf(_TAIL, len(past) - 1) / stats.norm.ppf(_TAIL)) ** 2 * (1 + 1 / len(past))
    mean, spread = float(past.mean()), float(past.var(ddof=1) * doubt)
    if spread > mean * 1.01:
        size = mean**2 / (spread - mean)
        usual = stats.nbinom(size, size / (size + mean))
    else:
        usual = stats.poisson(max(mean, 1e-9))
    low, high = float(usual.ppf(_TAIL)), float(usual.ppf(1 - _TAIL))
    figures |= {"last_week": float(last), "low": low, "high": high}
    facts = (fact("leads_last_week", leads=last, low=low, high=high, days=quiet.days or 0.0),)
    if low <= last <= high:
        return finding("fine", facts, figures=figures)
    return finding("alarm", facts, "look at the data source", figures=figures)
