"""The interval of a calibrated probability: exact bounds from neighbouring leads, with a stated guarantee."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv, ndtri

from leadqual.calibration.history import Tally

__all__ = ["describe_interval", "win_rate_interval"]

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
    points stay together. Then both ends are made non-decreasing by widening.

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
        Ends at every whole point from ``tally.points[0]`` to ``tally.points[-1]``.

    Notes
    -----
    Clopper and Pearson (1934), doi:10.1093/biomet/26.4.404. Where weights differ, leads and wins in a window are
    replaced by Kish's effective sample size and its weighted share, and the guarantee is approximate.

    Examples
    --------
    >>> tally = Tally(np.array([100, 102]), np.array([50.0, 50.0]), np.array([5.0, 20.0]), np.array([50.0, 50.0]))
    >>> low, high = win_rate_interval(tally, np.array([0.1, 0.4]), 0.95)
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.033, 0.033, 0.264], [0.218, 0.548, 0.548])
    """
    tail = (1 - coverage) / 2
    low = _lower_ends(tally.leads, tally.wins, tally.squares, planned, tail)
    high = 1 - _lower_ends(
        tally.leads[::-1], (tally.leads - tally.wins)[::-1], tally.squares[::-1], 1 - planned[::-1], tail
    )[::-1]
    every = np.arange(tally.points[0], tally.points[-1] + 1)
    low = low[np.searchsorted(tally.points, every, side="right") - 1]
    high = high[np.searchsorted(tally.points, every, side="left")]
    return np.minimum.accumulate(low[::-1])[::-1], np.maximum.accumulate(high)


def describe_interval(coverage: float, *, weighted: bool) -> str:
    """Return how the interval was made and what it guarantees, in a sentence."""
    leads = "effective sample sizes of weighted leads" if weighted else "leads"
    return (
        f"Clopper-Pearson bounds on {leads} with as many points or just fewer (low end) and just more (high end); at "
        f"each number of points they cover its win rate with probability {'about ' if weighted else ''}"
        f"{coverage:.3g} or more, if win rates do not fall as points rise and leads are independent."
    )


def _lower_ends(leads: Floats, wins: Floats, squares: Floats, planned: Floats, tail: float) -> Floats:
    """Lower bound at each place, from the window of places up to it that promises the tightest one."""
    z = -float(ndtri(tail))
    total, won, squared, plan = (_running(part) for part in (leads, wins, squares, leads * planned))
    size, hits = np.empty(len(leads)), np.empty(len(leads))
    for last in range(1, len(leads) + 1):
        weight = total[last] - total[:last]
        effective = weight**2 / (squared[last] - squared[:last])
        expected = (plan[last] - plan[:last]) / weight
        first = int(np.argmax(_wilson_lower(expected, effective, z)))
        size[last - 1] = effective[first]
        hits[last - 1] = effective[first] * (won[last] - won[first]) / weight[first]
    # Sums of fractions leave 4.999999 where 5 wins are meant; and no bound may rest on less than nothing.
    whole = np.rint(hits)
    hits = np.clip(np.where(np.abs(hits - whole) < 1e-6, whole, hits), 0, size)
    return np.where(hits > 0, betaincinv(np.maximum(hits, 1e-9), size - hits + 1, tail), 0.0)


def _running(values: Floats) -> Floats:
    return np.concatenate(([0.0], np.cumsum(values)))


def _wilson_lower(rate: Floats, size: Floats, z: float) -> Floats:
    """Wilson's lower bound: a smooth stand-in for the exact one, good enough to compare windows."""
    spread = z * np.sqrt(np.maximum(rate * (1 - rate), 0) / size + z**2 / (4 * size**2))
    lower: Floats = (rate + z**2 / (2 * size) - spread) / (1 + z**2 / size)
    return lower
