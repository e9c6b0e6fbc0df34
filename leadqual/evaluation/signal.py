"""Whether a score says anything at all about who wins."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import norm, rankdata

from leadqual.evaluation.outcome import read_numbers, read_outcome
from leadqual.leads.accounts import numbered
from leadqual.measures import RankSteps, auc, pairs_above

__all__ = ["LatestSignal", "Signal", "latest_signal", "signal"]

Floats = NDArray[np.float64]
_MIN_OF_EACH = 10


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


@dataclass(frozen=True, slots=True)
class LatestSignal:
    """How well scores rank the latest leads, beside the leads before them.

    Parameters
    ----------
    auc
        The AUC of the latest leads; None where fewer than 10 of them won, or fewer than 10 did not.
    p_below
        The chance of an AUC at most as high when scores rank the latest leads as chance does, one-sided; 1 where there
        is no AUC.
    earlier_auc
        The AUC of the leads before; None where fewer than 10 of them won, or fewer than 10 did not.
    p_worse
        The chance of an AUC so far below the one of the leads before when both are the same, one-sided; 1 where one of
        them is None.
    leads, wins
        How many latest leads there are, and how many of them won.
    """

    auc: float | None
    p_below: float
    earlier_auc: float | None
    p_worse: float
    leads: int
    wins: int

    def is_lost(self, *, level: float = 0.05) -> bool:
        """Return whether the scores surely rank the latest leads no better than chance.

        True where the AUC is below 0.5 by more than chance explains; and where it is at most 0.5 and below the AUC of
        the leads before by more than chance explains. A score that ranks the latest leads better than chance fails the
        first in less than ``level`` of histories; one that ranks them as well as those before fails the second in less
        than that.
        """
        if self.auc is None:
            return False
        return self.p_below < level or (self.auc <= 0.5 and self.p_worse < level)


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
        ranks, steps = rankdata(scores), RankSteps.of(scores)
        ties = steps.sums(np.ones(size))
        above += float(pairs_above(ties, steps.sums(here)))
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


def latest_signal(
    won: ArrayLike,
    rank: ArrayLike,
    *,
    earlier_won: ArrayLike = (),
    earlier_rank: ArrayLike = (),
    account: ArrayLike | None = None,
    earlier_account: ArrayLike | None = None,
) -> LatestSignal:
    """Test whether scores rank the latest leads worse than chance, and worse than the leads before.

    Below chance: the rank-sum test of `signal`, its lower side. Worse than before: the difference of the two AUCs over
    its standard error, each variance by DeLong, DeLong and Clarke-Pearson (1988), doi:10.2307/2531595.

    Parameters
    ----------
    won, rank
        Outcome (1 won, 0 not won) and score of the n latest leads; scores from models that have not seen them.
    earlier_won, earlier_rank
        The same of the m leads before; none where nothing is known of them.
    account, earlier_account
        Number of each lead's account, (n,) and (m,): variances are those of the accounts' sums where these are the
        larger ones (Obuchowski 1997, doi:10.2307/2533958). None: leads are independent.

    Raises
    ------
    EvidenceError
        When an argument is not what it must be.

    Examples
    --------
    >>> before = {"earlier_won": [0, 1, 1, 0, 1] * 40, "earlier_rank": [1, 2, 3, 4, 5] * 40}
    >>> found = latest_signal([1, 0, 1, 0] * 40, [1, 2, 3, 4] * 40, **before)
    >>> found.auc, found.p_below < 0.05, found.is_lost()
    (0.25, True, True)
    """
    outcome = read_outcome(won)
    order = read_numbers("rank", rank, len(outcome))
    leads, wins = len(outcome), int(outcome.sum())
    latest = _auc_and_variance(outcome, order, account)
    if latest is None:
        return LatestSignal(None, 1.0, None, 1.0, leads, wins)
    p_below = 1 - signal(outcome, order, np.zeros(leads), account=account).p_value if latest[1] else 1.0
    before = None
    if len(np.asarray(earlier_won)):
        outcome_before = read_outcome(earlier_won)
        order_before = read_numbers("earlier_rank", earlier_rank, len(outcome_before))
        before = _auc_and_variance(outcome_before, order_before, earlier_account)
    if before is None:
        return LatestSignal(latest[0], p_below, None, 1.0, leads, wins)
    error = (latest[1] + before[1]) ** 0.5
    p_worse = float(norm.sf((before[0] - latest[0]) / error)) if error else 1.0
    return LatestSignal(latest[0], p_below, before[0], p_worse, leads, wins)


def _auc_and_variance(won: Floats, rank: Floats, account: ArrayLike | None) -> tuple[float, float] | None:
    """Return the AUC and its variance by DeLong, or over accounts; None with fewer than 10 wins or 10 others."""
    high, low = rank[won == 1], rank[won == 0]
    ranking = auc(won, rank)
    if ranking is None or min(len(high), len(low)) < _MIN_OF_EACH:
        return None
    of_won, of_lost = _share_below(high, low), 1 - _share_below(low, high)
    variance = sum(float(part.var(ddof=1)) / len(part) for part in (of_won, of_lost))
    if account is not None:
        added = np.empty(len(won))
        added[won == 1], added[won == 0] = (of_won - ranking) / len(high), (of_lost - ranking) / len(low)
        variance = max(variance, float((np.bincount(numbered(account, len(won)), added) ** 2).sum()))
    return ranking, variance


def _share_below(values: Floats, others: Floats) -> Floats:
    """Return for each value the share of the others below it, equal ones counted half."""
    ordered = np.sort(others)
    places = np.searchsorted(ordered, values, side="left") + np.searchsorted(ordered, values, side="right")
    return np.asarray(places / (2 * len(ordered)))
