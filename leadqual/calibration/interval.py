"""The interval of a calibrated probability: exact bounds from neighbouring leads, with a stated guarantee."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtri

from leadqual.calibration.history import Tally
from leadqual.fact import Fact, fact

__all__ = ["clopper_pearson", "describe_interval", "win_rate_interval"]

Floats = NDArray[np.float64]


def win_rate_interval(tally: Tally, planned: Floats, coverage: float) -> tuple[Floats, Floats]:
    """Return an interval for the win rate at every whole point between the fewest and the most points seen.

    Take k leads whose points are at or just below s. Where win rates do not fall as points rise, each of them wins
    with at most the rate p(s) of leads with s points, so their wins are stochastically at most binomial(k, p(s)), and
    the one-sided Clopper-Pearson bound on those wins lies above p(s) with probability (1 - coverage) / 2 at most. The
    upper end does the same with leads at or just above s. Both together hold with probability ``coverage`` at least,
    whatever the shape of the curve; only independence of the leads and the order are assumed.

    Wider windows hold more leads but reach further from s. The window is the one whose bound would be tightest if
    win rates were as ``planned``; the plan must come from elsewhere than these outcomes. Leads with the same
    points stay together. The ends can fall from one point to the next, and by tens of percentage points where few
    leads have so many points, as among the best: forcing them to rise would cost width (outwards) or the promise
    (inwards).

    Parameters
    ----------
    tally
        Leads and wins at m distinct points.
    planned
        Presumed win rates at those points, (m,); a poor guess costs width, never coverage.
    coverage
        What the interval promises at each point, 0 to 1.

    Returns
    -------
    low, high : numpy.ndarray of float64, shape (last - first + 1,)
        Ends at every whole point from ``tally.points[0]`` to ``tally.points[-1]``; between two distinct points, the
        low end of the lower one and the high end of the higher one.

    Notes
    -----
    Clopper and Pearson (1934), doi:10.1093/biomet/26.4.404. Where weights differ, leads and wins in a window are
    replaced by Kish's effective sample size and its weighted share, and the guarantee is approximate. Likewise where
    leads belong to accounts: the effective size is that of a sum whose leads move together within an account.

    Examples
    --------
    >>> tally = Tally(np.array([100, 102]), np.array([50.0, 50.0]), np.array([5.0, 20.0]), np.array([50.0, 50.0]))
    >>> low, high = win_rate_interval(tally, np.array([0.1, 0.4]), 0.95)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.033, 0.033, 0.264], [0.218, 0.548, 0.548])
    """
    tail = (1 - coverage) / 2
    lost = tally.leads - tally.wins
    low = _lower_ends(tally.leads, tally.wins, tally.squares, planned, tail)
    # The high end is the low end of losing, seen from the most points downwards.
    losing = _lower_ends(tally.leads[::-1], lost[::-1], tally.squares[::-1], 1 - planned[::-1], tail)
    high = 1 - losing[::-1]
    every = np.arange(tally.points[0], tally.points[-1] + 1)
    at_or_below = np.searchsorted(tally.points, every, side="right") - 1
    return low[at_or_below], high[np.searchsorted(tally.points, every, side="left")]


def clopper_pearson(hits: Floats, size: Floats, tail: float) -> tuple[Floats, Floats]:
    """Return exact binomial bounds for a rate: each is passed with probability ``tail`` at most.

    The low bound is the ``tail`` quantile of Beta(hits, size - hits + 1), the high bound the ``1 - tail`` quantile of
    Beta(hits + 1, size - hits). Clopper and Pearson (1934), doi:10.1093/biomet/26.4.404.

    Parameters
    ----------
    hits, size
        Hits among how many trials, (m,); fractions are taken as they are.
    tail
        Probability of error on each side, in (0, 0.5).

    Returns
    -------
    low, high : numpy.ndarray of float64, shape (m,)

    Examples
    --------
    >>> low, high = clopper_pearson(np.array([3.0]), np.array([10.0]), 0.025)
    >>> low.round(4).tolist(), high.round(4).tolist()
    ([0.0667], [0.6525])
    """
    return _lower_bound(hits, size, tail), 1 - _lower_bound(size - hits, size, tail)


def describe_interval(coverage: float, *, weighted: bool, accounts: bool = False) -> Fact:
    """Return how the interval was made and what it guarantees."""
    if accounts:
        return fact("interval_accounts", coverage=coverage)
    return fact("interval_weighted", coverage=coverage) if weighted else fact("interval_leads", coverage=coverage)


def _lower_ends(leads: Floats, wins: Floats, squares: Floats, planned: Floats, tail: float) -> Floats:
    """Return the lower bound at each place, from the window that ends there and promises the tightest bound."""
    z = -float(ndtri(tail))
    expected = leads * planned
    size, hits = np.empty(len(leads)), np.empty(len(leads))
    for last in range(len(leads)):
        # From here downwards: entry j is the window that reaches j places further down.
        weight, squared, plan, won = (np.cumsum(part[last::-1]) for part in (leads, squares, expected, wins))
        effective = weight**2 / squared
        widest = int(np.argmax(_wilson_lower(plan / weight, effective, z)))
        size[last] = effective[widest]
        hits[last] = effective[widest] * won[widest] / weight[widest]
    # Rounding leaves 4.999999 for 5 wins; negative counts are rounding errors too.
    whole = np.rint(hits)
    hits = np.clip(np.where(np.abs(hits - whole) < 1e-6, whole, hits), 0, size)
    return _lower_bound(hits, size, tail)


def _lower_bound(hits: Floats, size: Floats, tail: float) -> Floats:
    # Beta(0, .) is not a distribution; no hits bound the rate at 0.
    return np.where(hits > 0, betaincinv(np.maximum(hits, 1e-9), size - hits + 1, tail), 0.0)


def _wilson_lower(rate: Floats, size: Floats, z: float) -> Floats:
    """Wilson's lower bound: a smooth stand-in for the exact one, good enough to compare windows."""
    spread = z * np.sqrt(np.maximum(rate * (1 - rate), 0) / size + z**2 / (4 * size**2))
    lower: Floats = (rate + z**2 / (2 * size) - spread) / (1 + z**2 / size)
    return lower
