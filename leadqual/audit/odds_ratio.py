"""How much two things go together when leads are compared within stretches of time."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["OddsRatio", "odds_ratio"]

Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class OddsRatio:
    """An odds ratio and its interval; infinite where one side never occurs.

    Parameters
    ----------
    value, low, high
        The ratio, at least 0, and its interval; 1 means that the two are independent.
    """

    value: float
    low: float
    high: float

    @property
    def away_from_one(self) -> float:
        """How far the whole interval is from 1, as a ratio of at least 1, whichever way it points."""
        return max(self.low, 1 / self.high if self.high else math.inf, 1.0)


def odds_ratio(one: Flags, other: Flags, period: NDArray[np.int64], z: float) -> OddsRatio:
    """Return the Mantel-Haenszel odds ratio over periods, half a lead added to each cell.

    ``sum_k a_k d_k / n_k`` over ``sum_k b_k c_k / n_k`` with the interval of Robins, Breslow and Greenland (1986,
    doi:10.2307/2531052). Comparing within periods keeps what merely changed over time apart from what goes together.

    Parameters
    ----------
    one, other
        The two things, of n leads, (n,).
    period
        The period of each, (n,).
    z
        Standard errors on either side.

    Examples
    --------
    >>> half = np.arange(400) % 2 == 0
    >>> round(odds_ratio(half, half & (np.arange(400) % 8 < 4), np.zeros(400, int), 2.0).low, 1) > 5
    True
    """
    number = int(period.max()) + 1 if len(period) else 1
    cells = [
        np.bincount(period[first & second], minlength=number) + 0.5 / number
        for first, second in ((one, other), (one, ~other), (~one, other), (~one, ~other))
    ]
    a, b, c, d = cells
    total = a + b + c + d
    r, s = a * d / total, b * c / total
    p, q = (a + d) / total, (b + c) / total
    up, down = float(r.sum()), float(s.sum())
    variance = (
        float((p * r).sum()) / (2 * up**2)
        + float((p * s + q * r).sum()) / (2 * up * down)
        + float((q * s).sum()) / (2 * down**2)
    )
    spread = z * math.sqrt(variance)
    log_ratio = math.log(up / down)
    return OddsRatio(math.exp(log_ratio), math.exp(log_ratio - spread), math.exp(log_ratio + spread))
