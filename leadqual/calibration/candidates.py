"""The shapes a probability curve can take, fitted with a prior that changes nothing, and the choice among them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from leadqual.calibration.history import History

__all__ = ["Shape", "beta", "choose", "fit", "intercept_only", "logistic", "quadratic", "unchanged"]

Floats = NDArray[np.float64]

INTERCEPT_SPREAD = 0.5
SLOPE_SPREAD = 0.5
CURVATURE_SPREAD = 0.25


@dataclass(frozen=True, slots=True)
class Shape:
    """One way to turn log-odds x into calibrated log-odds: ``basis(x) @ coefficients``.

    Parameters
    ----------
    name
        ``"none"``, ``"intercept"``, ``"logistic"``, ``"quadratic"`` or ``"beta"``.
    basis
        From x, (m,), to the columns, (m, k).
    start
        The coefficients that mean "no change"; they are the mean of the prior.
    spread
        Standard deviation of each coefficient's normal prior; 0 fixes the coefficient.
    non_negative
        Which coefficients must not fall below 0.
    """

    name: str
    basis: Callable[[Floats], Floats]
    start: tuple[float, ...]
    spread: tuple[float, ...]
    non_negative: tuple[int, ...] = ()


def unchanged() -> Shape:
    """Return the shape that leaves the log-odds as they are."""
    return Shape("none", lambda x: x[:, None], (1.0,), (0.0,))


def intercept_only(centre: float) -> Shape:
    """Return the shape that moves all log-odds by the same amount: a changed base rate."""
    return Shape("intercept", lambda x: _columns(np.ones_like(x), x - centre), (centre, 1.0), (INTERCEPT_SPREAD, 0.0))


def logistic(centre: float, *, start: tuple[float, float] | None = None, spread: float = SLOPE_SPREAD) -> Shape:
    """Return Platt scaling on log-odds: an intercept and a slope that never is negative.

    Parameters
    ----------
    centre
        The x at which the intercept is measured, about the middle of the leads, so that intercept and slope can be
        shrunk separately.
    start
        Intercept and slope of the prior; None: no change, that is ``(centre, 1)``.
    spread
        Standard deviation of the prior of the slope.
    """
    return Shape(
        "logistic",
        lambda x: _columns(np.ones_like(x), x - centre),
        start or (centre, 1.0),
        (INTERCEPT_SPREAD, spread),
        (1,),
    )


def quadratic(centre: float, *, start: tuple[float, float] | None = None, spread: float = SLOPE_SPREAD) -> Shape:
    """Return Platt scaling with a squared term; it can fall, so whoever fits it must check that it does not."""
    return Shape(
        "quadratic",
        lambda x: _columns(np.ones_like(x), x - centre, (x - centre) ** 2),
        (*(start or (centre, 1.0)), 0.0),
        (INTERCEPT_SPREAD, spread, CURVATURE_SPREAD),
    )


def beta(centre: float) -> Shape:
    """Return beta calibration, ``a ln p - b ln(1 - p) + c`` with ``a, b >= 0`` and p the probability at x.

    Kull, Silva Filho and Flach (2017), "Beyond sigmoids", Electronic Journal of Statistics 11(2),
    doi:10.1214/17-EJS1338SI.
    """
    won, lost = float(-np.logaddexp(0, -centre)), float(np.logaddexp(0, centre))
    return Shape(
        "beta",
        lambda x: _columns(np.ones_like(x), -np.logaddexp(0, -x) - won, np.logaddexp(0, x) - lost),
        (centre, 1.0, 1.0),
        (INTERCEPT_SPREAD, SLOPE_SPREAD, SLOPE_SPREAD),
        (1, 2),
    )


def fit(shape: Shape, x: Floats, leads: Floats, wins: Floats) -> Floats:
    """Return the most probable coefficients: penalised maximum likelihood under the shape's prior and bounds.

    The prior weighs as much as a fixed number of leads, so it decides where there are few and vanishes where there
    are many; separable outcomes stay finite.

    Parameters
    ----------
    shape
        What to fit.
    x, leads, wins
        Log-odds, weight of the leads and weight of the wins at m places.

    Returns
    -------
    numpy.ndarray of float64, shape (k,)

    Examples
    --------
    >>> x = np.array([-1.0, 1.0])
    >>> fit(logistic(0.0), x, np.array([1e6, 1e6]), 1e6 * expit(2 * x)).round(3).tolist()
    [0.0, 2.0]
    """
    columns = shape.basis(x)
    mean, spread = np.asarray(shape.start), np.asarray(shape.spread)
    best, best_value = mean, -np.inf
    # The problem is concave, so the constrained optimum is the best feasible one among the sets of coefficients at 0.
    for zeros in _subsets(shape.non_negative):
        free = [i for i in range(len(mean)) if spread[i] > 0 and i not in zeros]
        start = mean.copy()
        start[list(zeros)] = 0.0
        coefficients = _newton(columns, leads, wins, start, mean, spread, free)
        if all(coefficients[i] >= 0 for i in shape.non_negative):
            value = _log_posterior(columns, leads, wins, coefficients, mean, spread)
            if value > best_value:
                best, best_value = coefficients, value
    return best


def choose(shapes: Sequence[Shape], x: Floats, history: History) -> Shape:
    """Return the first shape, or a later one that was better on later leads by more than one standard error.

    Every block of time after the first is predicted from all blocks before it. A shape replaces the one chosen so far
    when its log loss is lower by more than one standard error of the paired difference.

    Parameters
    ----------
    shapes
        From simple to complex.
    x
        Log-odds of each lead of the history, (n,).
    history
        Outcomes in time order, with their blocks.
    """
    best = shapes[0]
    if len(shapes) == 1 or history.block.max() == 0:
        return best
    weight = history.weight[history.block > 0]
    best_loss = _later_loss(best, x, history)
    for shape in shapes[1:]:
        loss = _later_loss(shape, x, history)
        gain = best_loss - loss
        mean = float(np.average(gain, weights=weight))
        error = float(np.sqrt(weight**2 @ (gain - mean) ** 2)) / float(weight.sum())
        if mean > error:
            best, best_loss = shape, loss
    return best


def _later_loss(shape: Shape, x: Floats, history: History) -> Floats:
    """Log loss of each lead after the first block, learned on the blocks before its own."""
    losses = []
    for block in np.unique(history.block[history.block > 0]):
        earlier, now = history.block < block, history.block == block
        distinct, place = np.unique(x[earlier], return_inverse=True)
        leads = np.bincount(place, history.weight[earlier], len(distinct))
        wins = np.bincount(place, (history.weight * history.won)[earlier], len(distinct))
        logits = shape.basis(x[now]) @ fit(shape, distinct, leads, wins)
        losses.append(np.logaddexp(0, logits) - history.won[now] * logits)
    return np.concatenate(losses)


def _columns(*columns: Floats) -> Floats:
    return np.stack(columns, axis=1)


def _subsets(indices: tuple[int, ...]) -> list[tuple[int, ...]]:
    return [chosen for size in range(len(indices) + 1) for chosen in combinations(indices, size)]


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
        length = 1.0
        while (
            moved := _log_posterior(columns, leads, wins, coefficients + length * step, mean, spread)
        ) < value and length > 1e-8:
            length /= 2
        if moved < value:
            break
        coefficients, value = coefficients + length * step, moved
        if np.max(np.abs(step)) < 1e-10:
            break
    return coefficients
