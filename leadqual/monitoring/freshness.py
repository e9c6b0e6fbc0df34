"""LQ609 and LQ610: whether outcomes and follow-up still arrive, and when silence is longer than what was usual."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.fact import Fact, fact
from leadqual.feedback.history import moment
from leadqual.feedback.standing import Standing
from leadqual.monitoring.finding import MonitoringFinding

__all__ = ["Silence", "follow_up_freshness", "outcome_freshness", "silence", "weekly_counts"]

_MIN_GAPS = 8
_TIMES_LONGEST = 3
_MIN_LIMIT = 14.0
_YEAR = 365
_WEEKS_SHOWN = 53
_WEEKS_BEFORE = 26
_LIKELY_NONE = 0.001


@dataclass(frozen=True, slots=True)
class Silence:
    """How long nothing has come, against what was usual.

    Parameters
    ----------
    days
        Days since the last arrival; None where nothing ever came.
    longest
        Longest stretch between two days with arrivals in the year up to the last one, days; 0 where there was none.
    gaps
        How many such stretches there were.
    limit
        Days from which on it is too long; None where there were too few stretches to tell.
    """

    days: float | None
    longest: int
    gaps: int
    limit: float | None

    @property
    def too_long(self) -> bool:
        """Whether it is longer than what was usual."""
        return self.days is not None and self.limit is not None and self.days > self.limit

    def as_fact(self, what: Literal["lead", "outcome", "follow-up"]) -> Fact:
        """Return the whole as a fact.

        Parameters
        ----------
        what
            What arrives.
        """
        if self.days is None:
            return fact("silence_never", what=what)
        if self.limit is None:
            return fact("silence_few_days", what=what, days=self.days, seen=self.gaps + 1, needed=_MIN_GAPS + 1)
        return fact("silence_usual", what=what, days=self.days, longest=self.longest, limit=self.limit)


def silence(times: pd.Series, *, as_of: str) -> Silence:
    r"""Tell whether nothing has come for longer than is usual.

    Too long is more than three times the longest wait between two days with arrivals in the year up to the last one,
    and more than 14 days, for holidays. What is usual is learned from before the silence, so it goes on being noticed
    however long it lasts. For independent exponential waits the next one is longer than three times the longest of n
    with :math:`E\,e^{-3 M_n} = 6 / ((n + 1)(n + 2)(n + 3))` (the maximum is :math:`\sum_k X_k / k`, Rényi 1953), which
    over all n from 8 adds up to :math:`3 / (9 \cdot 10)`: 3.3 % of such streams are ever called silent. Waits of
    regular imports are more even than that.

    Parameters
    ----------
    times
        When each thing came, without a zone, in any order; missing ones are passed over.
    as_of
        The date (ISO 8601).

    Examples
    --------
    >>> days = pd.Series(pd.Timestamp("2026-01-01") + pd.to_timedelta(np.arange(60), unit="D"))
    >>> silence(days, as_of="2026-03-08").too_long, silence(days, as_of="2028-03-08").too_long
    (False, True)
    """
    now = moment(as_of)
    come = times[times.notna() & (times <= now)]
    if come.empty:
        return Silence(None, 0, 0, None)
    last = come.max()
    days = np.unique(come[come > last - pd.Timedelta(days=_YEAR)].dt.floor("D").to_numpy())
    gaps = np.diff(days) // np.timedelta64(1, "D")
    longest = int(gaps.max()) if len(gaps) else 0
    limit = max(float(_TIMES_LONGEST * longest), _MIN_LIMIT) if len(gaps) >= _MIN_GAPS else None
    return Silence((now - last).total_seconds() / 86400, longest, len(gaps), limit)


def weekly_counts(times: pd.Series, *, as_of: str) -> NDArray[np.int64]:
    """Return how many came in each full week up to a date, the oldest first.

    Parameters
    ----------
    times, as_of
        See `silence`.

    Returns
    -------
    numpy.ndarray
        The last 53 weeks, or as many as there are; more where the last one came long ago, so that half a year before it
        is among them; empty where nothing came a week ago or earlier.
    """
    age = ((moment(as_of) - times[times.notna()]).dt.total_seconds() / (7 * 86400)).to_numpy()
    age = age[age >= 0]
    if not len(age):
        return np.zeros(0, dtype=np.int64)
    weeks = min(int(age.max()), max(_WEEKS_SHOWN, int(age.min()) + _WEEKS_BEFORE))
    return np.asarray(np.bincount(age[age < weeks].astype(np.int64), minlength=weeks)[::-1], dtype=np.int64)


def outcome_freshness(history: pd.DataFrame, standing: Standing, *, as_of: str) -> MonitoringFinding:
    """Tell whether outcomes, won or lost, still become known (LQ609).

    A feed that has stopped looks like leads that no longer win: to learn from it would be worse than to wait.

    Parameters
    ----------
    history
        See `leadqual.feedback.feedback_history`.
    standing
        Where they stand; see `leadqual.feedback.lead_standing`.
    as_of
        The date (ISO 8601).
    """
    rows = standing.mature & standing.judged
    # without any outcome, what makes it strange is how many wins were promised
    p = history["probability"].to_numpy()[rows]
    none = float(np.exp(np.log1p(-np.clip(p, 0, 1 - 1e-9)).sum()))
    promised = (fact("wins_were_promised", wins=round(float(p.sum())), leads=int(rows.sum())),) if rows.any() else ()
    missing = none < _LIKELY_NONE
    return _freshness("LQ609", history["ended_known_at"], as_of, promised, missing)


def follow_up_freshness(history: pd.DataFrame, *, as_of: str) -> MonitoringFinding:
    """Tell whether follow-up (worked, accepted, rejected, recycled) still becomes known (LQ610).

    Where the ledger records no follow-up at all, there is nothing to tell.

    Parameters
    ----------
    history, as_of
        See `outcome_freshness`.
    """
    return _freshness("LQ610", history["followed_known_at"], as_of, (), False)


def _freshness(code: str, known: pd.Series, as_of: str, promised: tuple[Fact, ...], missing: bool) -> MonitoringFinding:
    found = silence(known, as_of=as_of)
    facts: tuple[Fact, ...] = (found.as_fact("outcome" if code == "LQ609" else "follow-up"),)
    finding = partial(
        MonitoringFinding,
        code,
        series=tuple(map(float, weekly_counts(known, as_of=as_of))),
        shows=fact("shows_last_news"),
    )
    if found.days is None:
        facts += promised
        return (
            finding("alarm", facts, "look at the data source") if missing else finding("not applicable", facts, "wait")
        )
    figures = {"days_since_last": found.days, "longest_wait": float(found.longest)}
    if found.limit is None:
        return finding("not applicable", facts, "wait", figures=figures)
    figures["limit"] = found.limit
    if found.too_long:
        stopped = fact("outcomes_stopped" if code == "LQ609" else "follow_up_stopped")
        return finding("alarm", (stopped, *facts), "look at the data source", figures=figures)
    return finding("fine", facts, figures=figures)
