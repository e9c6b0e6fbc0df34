"""A detector that may be looked at every week: evidence of a change, added up over all weeks it may have begun in."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leadqual.fact import fact

__all__ = ["EVIDENCE", "Detection", "detect", "threshold"]

Floats = NDArray[np.float64]
EVIDENCE = fact("shows_evidence")
"""What the picture of a detector shows: evidence grows by factors, so its logarithm is drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class Detection:
    """What a detector saw, week by week.

    Parameters
    ----------
    statistic
        The evidence after each week, (t,).
    shares
        How much of the last week's evidence each alternative holds, (k,), summing to 1; zeros without weeks.
    limit
        An alarm is raised where the statistic reaches it.
    """

    statistic: Floats
    shares: Floats
    limit: float

    @property
    def alarm(self) -> int | None:
        """Number of the first week with an alarm, from 0; None without one."""
        above = np.flatnonzero(self.statistic >= self.limit)
        return int(above[0]) if len(above) else None


def threshold(weeks: int = 104, false_alarms: float = 0.05) -> float:
    r"""Return the limit that keeps false alarms rare.

    Without a change the statistic of `detect` has the mean :math:`t` after week :math:`t` and is a submartingale, so by
    Doob's inequality :math:`P(\max_{t \le T} R_t \ge T / \alpha) \le \alpha`.

    Parameters
    ----------
    weeks
        How long it is looked at, T.
    false_alarms
        In how many worlds without change an alarm may be raised in that time, at most.

    Examples
    --------
    >>> threshold()
    2080.0
    """
    return weeks / false_alarms


def detect(log_ratio: Floats, *, limit: float | None = None) -> Detection:
    r"""Run the detector over weeks.

    The Shiryaev-Roberts statistic :math:`R_t = (R_{t-1} + 1) \Lambda_t`, averaged over alternatives.
    :math:`\Lambda_t` is what week t says for an alternative, of mean at most 1 without a change (a likelihood ratio, or
    a bet), so that the sum over all weeks in which a change may have begun is an e-detector (Shin, Ramdas and Rinaldo
    2022, arXiv:2203.03532): it can be looked at every week.

    Parameters
    ----------
    log_ratio
        Logarithm of each week's ratio for each alternative, (t, k).
    limit
        See `threshold`; None: its default.

    Examples
    --------
    >>> detection = detect(np.full((20, 1), np.log(2.0)))
    >>> detection.alarm
    10
    """
    weeks, kinds = log_ratio.shape
    state = np.full(kinds, -np.inf)
    statistic = np.empty(weeks)
    for week in range(weeks):
        state = np.logaddexp(state, 0.0) + log_ratio[week]
        statistic[week] = math.exp(min(float(np.logaddexp.reduce(state)) - math.log(kinds), 700.0))
    shares = np.exp(state - np.logaddexp.reduce(state)) if weeks else np.zeros(kinds)
    return Detection(statistic, shares, threshold() if limit is None else limit)
