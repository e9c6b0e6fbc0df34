"""Whether probabilities come true: leads in bins of equal size, what was promised and what came."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadqual.bundle import ReliabilityBin
from leadqual.calibration.interval import clopper_pearson
from leadqual.errors import EvidenceError
from leadqual.evaluation.outcome import read_outcome, read_probability

__all__ = ["LEADS_PER_BIN", "actual_interval", "bin_numbers", "calibration_error", "reliability"]

LEADS_PER_BIN = 10


def reliability(won: ArrayLike, probability: ArrayLike, *, bins: int = 10) -> tuple[ReliabilityBin, ...]:
    """Put leads in bins of equal size by probability, and compare its mean with the share that won.

    A lead whose probability has mid-rank r among n (the number with a lower one, plus half the number with the same
    one) is in bin ``floor(bins r / n)``. Leads of the same probability therefore stay together, whatever their order;
    where many do, bins differ in size and empty ones fall away.

    Parameters
    ----------
    won
        Outcome of n leads, 1 won, 0 not won.
    probability
        Their calibrated probability, above 0 and below 1, (n,).
    bins
        How many bins at most, at least 1.

    Returns
    -------
    tuple of ReliabilityBin
        From the lowest probability to the highest; empty with fewer than 10 leads per bin.

    Raises
    ------
    EvidenceError
        When an argument is not what it must be.

    Examples
    --------
    >>> reliability([0] * 8 + [1] * 2 + [0] * 4 + [1] * 6, [0.2] * 10 + [0.5] * 10, bins=2)
    (ReliabilityBin(predicted=0.2, actual=0.2, leads=10), ReliabilityBin(predicted=0.5, actual=0.6, leads=10))
    """
    if bins < 1:
        raise EvidenceError(f"bins is {bins}, it must be at least 1; the usual is 10.")
    outcome = read_outcome(won)
    promised = read_probability(probability, len(outcome))
    if len(outcome) < bins * LEADS_PER_BIN:
        return ()
    inside = bin_numbers(promised, bins)
    return tuple(
        ReliabilityBin(
            predicted=round(float(promised[inside == number].mean()), 6),
            actual=round(float(outcome[inside == number].mean()), 6),
            leads=int(np.sum(inside == number)),
        )
        for number in np.unique(inside)
    )


def bin_numbers(probability: NDArray[np.float64], bins: int) -> NDArray[np.int64]:
    """Return the number of each lead's bin, 0 to bins - 1, (n,); see `reliability`.

    Parameters
    ----------
    probability
        Of n leads, (n,).
    bins
        How many bins at most.

    Examples
    --------
    >>> bin_numbers(np.array([0.4, 0.1, 0.1, 0.3]), 2).tolist()
    [1, 0, 0, 1]
    """
    _, place, leads = np.unique(probability, return_inverse=True, return_counts=True)
    # In halves of a lead, so that whole numbers decide which bin it is.
    mid_rank = 2 * (np.cumsum(leads) - leads) + leads
    return np.asarray((mid_rank * bins // (2 * len(probability)))[place], dtype=np.int64)


def calibration_error(bins: tuple[ReliabilityBin, ...]) -> float | None:
    """Return the expected calibration error: the mean distance of promise and outcome over leads.

    It is ``sum_b (n_b / n) |predicted_b - actual_b|`` over the bins b of n_b leads (Naeini et al. 2015,
    doi:10.1609/aaai.v29i1.9602, there on bins of equal width). Chance alone makes it positive: by about
    ``0.8 sqrt(rate (1 - rate) / n_b)`` where the probabilities are right.

    Parameters
    ----------
    bins
        What `reliability` returns.

    Returns
    -------
    float, 0 to 1, or None without bins.

    Examples
    --------
    >>> calibration_error((ReliabilityBin(0.2, 0.2, 10), ReliabilityBin(0.5, 0.6, 10)))
    0.05
    """
    leads = sum(entry.leads for entry in bins)
    if leads == 0:
        return None
    return round(sum(entry.leads * abs(entry.predicted - entry.actual) for entry in bins) / leads, 6)


def actual_interval(
    entry: ReliabilityBin, *, coverage: float = 0.95, design_effect: float = 1.0
) -> tuple[float, float]:
    """Return the Clopper-Pearson interval for the win rate behind a bin.

    Parameters
    ----------
    entry
        One bin.
    coverage
        What the interval promises at least, in (0, 1), if leads are independent and the bin's leads are alike.
    design_effect
        How many leads are worth one independent lead, 1 or more; see `leadqual.leads.accounts.Correlation`.

    Examples
    --------
    >>> low, high = actual_interval(ReliabilityBin(0.2, 0.3, 10))
    >>> round(low, 3), round(high, 3)
    (0.067, 0.652)
    """
    size = np.array([float(entry.leads)])
    wins = np.rint(entry.actual * size)
    low, high = clopper_pearson(wins / design_effect, size / design_effect, (1 - coverage) / 2)
    return float(low[0]), float(high[0])
