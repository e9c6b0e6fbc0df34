"""Whether leads won as often as their probabilities promised: wins beside the range that is usual."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import poisson_binom

__all__ = ["PromiseKept", "promise_kept"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class PromiseKept:
    """Wins of matured leads, and how many were promised.

    Parameters
    ----------
    name
        What the leads have in common: the label of a band; "" for all.
    leads
        How many.
    promised
        The sum of their calibrated probabilities, in wins.
    won
        How many won within the window.
    low, high
        The usual range of wins: between them lie 95 % of weeks or more in which the probabilities are right.
    """

    name: str
    leads: int
    promised: float
    won: int
    low: int
    high: int

    @property
    def unusual(self) -> bool:
        """Whether so many wins are outside the usual range."""
        return not self.low <= self.won <= self.high


def promise_kept(name: str, probability: Floats, won: NDArray[np.bool_], *, alike: float = 1.0) -> PromiseKept:
    """Compare wins with the promise.

    Where leads win independently, wins follow a Poisson binomial distribution; the range is that of its 2.5 % and
    97.5 % quantiles. Where leads belong together, it is stretched from its mean by the square root of the design
    effect.

    Parameters
    ----------
    name
        What the leads have in common.
    probability
        What n leads were promised, (n,).
    won
        Which won, (n,).
    alike
        The design effect: how many leads are worth one, at least 1.

    Examples
    --------
    >>> found = promise_kept("Webinar", np.full(100, 0.1), np.arange(100) < 18)
    >>> round(found.promised, 6), found.won, found.low, found.high, found.unusual
    (10.0, 18, 5, 16, True)
    """
    promised = float(probability.sum())
    below = poisson_binom(probability).cdf(np.arange(len(won) + 1)) if len(won) else np.ones(1)
    low, high = np.searchsorted(below, (0.025, 0.975))
    wider = float(np.sqrt(max(alike, 1.0)))
    low = max(np.floor(promised - (promised - low) * wider + 1e-9), 0.0)
    high = min(np.ceil(promised + (high - promised) * wider - 1e-9), float(len(won)))
    return PromiseKept(name, len(won), promised, int(won.sum()), int(low), int(high))
