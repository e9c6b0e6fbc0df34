"""Measures of probabilities: log loss, Brier score, and predicted over actual wins, for each lead and over leads."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["brier", "log_loss", "log_losses", "log_odds_losses", "mean_gain", "predicted_over_actual", "squared_errors"]

Floats = NDArray[np.float64]


def log_losses(won: NDArray, probability: Floats | float, *, least: float = 0.0) -> Floats:
    """Return the log loss of each lead in nats, ``-ln p`` where it won and ``-ln(1 - p)`` where not (Good 1952), (n,).

    Parameters
    ----------
    won
        Outcome of n leads, 1 or True where won, (n,).
    probability
        What was predicted for each, 0 to 1, (n,), or one for all.
    least
        What a probability of the outcome that came counts as where it is less. 0: such a lead's loss is infinite
        where its outcome had probability 0.

    Examples
    --------
    >>> log_losses(np.array([1, 0]), np.array([0.5, 0.2])).round(3).tolist()
    [0.693, 0.223]
    """
    came = np.where(np.asarray(won) == 1, probability, 1 - np.asarray(probability))
    with np.errstate(divide="ignore"):
        return np.asarray(-np.log(np.maximum(came, least)), dtype=np.float64)


def log_odds_losses(won: Floats, log_odds: Floats, *, leads: Floats | float = 1.0) -> Floats:
    """Return the log loss in nats at given log-odds z, ``ln(1 + e^z) - y z``: finite however large z is.

    Where several leads have the same log-odds, it is the sum of their losses: ``n ln(1 + e^z) - w z``.

    Parameters
    ----------
    won
        Outcome of each lead, 1 or 0; or w, how many of the leads won.
    log_odds
        Predicted log-odds, of the same shape.
    leads
        How many leads each entry stands for, n.

    Examples
    --------
    >>> log_odds_losses(np.array([1.0, 0.0]), np.array([0.0, 800.0])).round(3).tolist()
    [0.693, 800.0]
    >>> log_odds_losses(np.array([1.0]), np.array([0.0]), leads=np.array([2.0])).round(3).tolist()
    [1.386]
    """
    return np.asarray(leads * np.logaddexp(0, log_odds) - won * log_odds, dtype=np.float64)


def squared_errors(won: Floats, probability: Floats) -> Floats:
    """Return the squared distance of probability and outcome for each lead, ``(p - y)^2``, (n,).

    Parameters
    ----------
    won
        Outcome of n leads, 1 or 0, (n,).
    probability
        What was predicted for each, 0 to 1, (n,).

    Examples
    --------
    >>> squared_errors(np.array([1.0, 0.0]), np.array([0.5, 0.25])).tolist()
    [0.25, 0.0625]
    """
    return np.asarray((probability - won) ** 2, dtype=np.float64)


def log_loss(won: Floats, probability: Floats, weight: Floats | None = None) -> float:
    """Return the mean log loss, nats a lead; see `log_losses`. Lower is better.

    Parameters
    ----------
    won
        Outcome of n leads, 1 or 0, (n,).
    probability
        What was predicted for each, 0 to 1, (n,).
    weight
        How much each counts, 0 or more, (n,); None: all the same.

    Examples
    --------
    >>> round(log_loss(np.array([1.0, 0.0]), np.array([0.5, 0.2])), 3)
    0.458
    """
    return _mean(log_losses(won, probability), weight)


def brier(won: Floats, probability: Floats, weight: Floats | None = None) -> float:
    """Return the mean squared error of probabilities (Brier 1950). Lower is better.

    Parameters
    ----------
    won, probability, weight
        As in `log_loss`.

    Examples
    --------
    >>> brier(np.array([1.0, 0.0]), np.array([0.5, 0.5]))
    0.25
    """
    return _mean(squared_errors(won, probability), weight)


def predicted_over_actual(won: Floats, probability: Floats, weight: Floats | None = None) -> float | None:
    """Return the wins that probabilities promise over the wins that came; None without wins. Nearest to 1 is best.

    Parameters
    ----------
    won, probability, weight
        As in `log_loss`.

    Examples
    --------
    >>> predicted_over_actual(np.array([1.0, 0.0]), np.array([0.5, 0.25]))
    0.75
    """
    counted = np.ones(len(won)) if weight is None else weight
    wins = float((counted * won).sum())
    return float((counted * probability).sum()) / wins if wins else None


def mean_gain(gains: Floats, weight: Floats) -> tuple[float, float]:
    """Return the mean of paired gains, such as one model's losses less another's, and its standard error.

    The error is ``sqrt(sum w_i^2 (g_i - mean)^2) / sum w_i``: that of a weighted mean of independent gains.

    Parameters
    ----------
    gains
        Of n leads, (n,).
    weight
        How much each counts, 0 or more, (n,).

    Examples
    --------
    >>> mean_gain(np.array([1.0, 3.0]), np.array([1.0, 1.0]))
    (2.0, 0.7071067811865476)
    """
    mean = float(np.average(gains, weights=weight))
    return mean, float(np.sqrt(weight**2 @ (gains - mean) ** 2)) / float(weight.sum())


def _mean(values: Floats, weight: Floats | None) -> float:
    return float(np.mean(values) if weight is None else np.average(values, weights=weight))
