"""Fits a shape to outcomes: the most probable coefficients under a prior that presumes no change."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from leadqual.calibration.candidates import Shape

__all__ = ["estimate"]

Floats = NDArray[np.float64]


def estimate(shape: Shape, x: Floats, leads: Floats, wins: Floats) -> Floats:
    """Return the coefficients that maximise ``log likelihood - sum(((coefficient - start) / spread)**2) / 2``.

    The prior weighs as much as a fixed, small number of leads, so it decides where there are few and vanishes where
    there are many; outcomes that the points separate without error give finite coefficients too.

    Parameters
    ----------
    shape
        What to fit, with its prior and bounds.
    x, leads, wins
        Log-odds, weight of the leads and weight of the wins at m places, (m,).

    Returns
    -------
    numpy.ndarray of float64, shape (k,)

    Examples
    --------
    >>> from leadqual.calibration.candidates import logistic
    >>> x = np.array([-1.0, 1.0])
    >>> estimate(logistic(0.0), x, np.array([1e6, 1e6]), 1e6 * expit(2 * x + 1)).round(2).tolist()
    [1.0, 2.0]
    """
    columns = shape.basis(x)
    mean, spread = np.asarray(shape.start), np.asarray(shape.spread)
    best, best_value = mean, -np.inf
    # The problem is concave, so its bounded optimum is the best among the feasible optima with some coefficients at 0.
    for size in range(len(shape.non_negative) + 1):
        for zeros in combinations(shape.non_negative, size):
            start = mean.copy()
            start[list(zeros)] = 0.0
            free = [i for i in range(len(mean)) if spread[i] > 0 and i not in zeros]
            coefficients = _newton(columns, leads, wins, start, mean, spread, free)
            if all(coefficients[i] >= 0 for i in shape.non_negative):
                value = _log_posterior(columns, leads, wins, coefficients, mean, spread)
                if value > best_value:
                    best, best_value = coefficients, value
    return best


def _log_posterior(
    columns: Floats, leads: Floats, wins: Floats, coefficients: Floats, mean: Floats, spread: Floats
) -> float:
    logits = columns @ coefficients
    loose = spread > 0
    prior = np.sum(((coefficients - mean)[loose] / spread[loose]) ** 2) / 2
    return float(wins @ logits - leads @ np.logaddexp(0, logits) - prior)


def _newton(
    columns: Floats, leads: Floats, wins: Floats, start: Floats, mean: Floats, spread: Floats, free: list[int]
) -> Floats:
    """Newton's method with step halving over the free coefficients; the others stay where they start."""
    coefficients = start
    if not free:
        return coefficients
    part, precision = columns[:, free], 1 / spread[free] ** 2
    value = _log_posterior(columns, leads, wins, coefficients, mean, spread)
    for _ in range(100):
        rate = expit(columns @ coefficients)
        slope = part.T @ (wins - leads * rate) - precision * (coefficients - mean)[free]
        curvature = (part * (leads * rate * (1 - rate))[:, None]).T @ part + np.diag(precision)
        step = np.zeros_like(coefficients)
        step[free] = np.linalg.solve(curvature, slope)
        moved = _log_posterior(columns, leads, wins, coefficients + step, mean, spread)
        while moved < value and np.max(np.abs(step)) > 1e-10:
            step /= 2
            moved = _log_posterior(columns, leads, wins, coefficients + step, mean, spread)
        if moved < value:
            break
        coefficients, value = coefficients + step, moved
        if np.max(np.abs(step)) < 1e-10:
            break
    return coefficients
