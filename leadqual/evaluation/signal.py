"""Whether a score says anything at all about who wins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm, rankdata

from leadqual.evaluation.outcome import read_numbers, read_outcome
from leadqual.leads.accounts import numbered

__all__ = ["Signal", "signal"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Signal:
    """How well scores rank leads within periods, and whether chance alone would do it as well.

    Parameters
    ----------
    auc
        The chance that of a won and another lead of the same period the won one ranks higher, ties half; None where no
        period has both.
    p_value
        The chance of an AUC at least as high when scores say nothing, one-sided; 1 where there is no AUC.
    leads, wins
        How many leads were judged, in periods that have both wins and others.
    """

    auc: float | None
    p_value: float
    leads: int
    wins: int


def signal(won: ArrayLike, rank: ArrayLike, period: ArrayLike, *, account: ArrayLike | None = None) -> Signal:
    """Test whether leads that rank higher win more often than chance explains, within periods of time.

    The stratified rank-sum test (van Elteren 1960; Lehmann 1975, Nonparametrics, 3.3): in each period the sum of the
    mid-ranks of the w won among n leads has mean ``w (n + 1) / 2`` and, given its ties of sizes t,
    variance ``w (n - w) / 12 (n + 1 - sum(t^3 - t) / (n (n - 1)))`` when scores say nothing. The sums are added over
    periods, so that a win rate that moves from month to month is not taken for a signal.

    Parameters
    ----------
    won
        Outcome of n leads, 1 won, 0 not won.
    rank
        Scores, higher is better, (n,).
    period
        Numbers the period of each lead, (n,).
    account
        Number of each lead's account, (n,): what its leads add to the sum is taken to move together, and the variance
        is that of the accounts' sums where it is the larger one (Liang and Zeger 1986, doi:10.1093/biomet/73.1.13).
        None: leads are independent.

    Raises
    ------
    EvidenceError
        When an argument is not what it must be.

    Examples
    --------
    >>> found = signal([0, 0, 1, 1] * 5, [1, 2, 3, 4] * 5, [0] * 20)
    >>> found.auc, found.p_value < 0.001
    (1.0, True)
    """
    outcome = read_outcome(won)
    order = read_numbers("rank", rank, len(outcome))
    periods = read_numbers("period", period, len(outcome))
    above = pairs = variance = 0.0
    leads = wins = 0
    added = np.zeros(len(outcome))
    for one in np.unique(periods):
        here, scores = outcome[periods == one], order[periods == one]
        size, won_here = len(here), float(here.sum())
        if not 0 < won_here < size:
            continue
        ranks = rankdata(scores)
        ties = np.unique(scores, return_counts=True)[1].astype(np.float64)
        above += float(ranks @ here) - won_here * (won_here + 1) / 2
        pairs += won_here * (size - won_here)
        spread = size + 1 - float((ties**3 - ties).sum()) / (size * (size - 1))
        variance += won_here * (size - won_here) / 12 * spread
        added[periods == one] = (here - won_here / size) * (ranks - (size + 1) / 2)
        leads += size
        wins += int(won_here)
    if not pairs:
        return Signal(None, 1.0, 0, 0)
    if variance <= 0:
        return Signal(0.5, 1.0, leads, wins)
    if account is not None:
        variance = max(variance, float((np.bincount(numbered(account, len(outcome)), added) ** 2).sum()))
    z = (above - pairs / 2) / variance**0.5
    return Signal(above / pairs, float(norm.sf(z)), leads, wins)
