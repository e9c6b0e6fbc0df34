"""Learns a probability curve: whole points to a calibrated probability of winning, with an interval."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from leadqual.bundle import ProbabilityCurve
from leadqual.calibration.candidates import Shape, beta, choose, fit, logistic, quadratic, unchanged
from leadqual.calibration.history import History, read_history
from leadqual.calibration.interval import describe_interval, win_rate_interval
from leadqual.errors import EvidenceError

__all__ = ["Method", "fit_curve", "tabulate"]

Method = Literal["auto", "none", "logistic", "quadratic", "beta"]
Floats = NDArray[np.float64]

LEADS_TO_CHOOSE = 500
LEADS_TO_BEND = 1_000
WINS_TO_BEND = 100

_SMALLEST = 1e-6
# Hand-made points have no known scale. The windows of the interval must not be chosen by the outcomes, so a usual
# win rate and spread of log-odds stand in; they matter for the width only.
_USUAL_WIN_RATE = 0.2


def fit_curve(
    points: ArrayLike,
    won: ArrayLike,
    *,
    base_rate: float | None,
    points_to_double_odds: int = 20,
    time: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
    coverage: float = 0.95,
    method: Method = "auto",
) -> ProbabilityCurve:
    """Learn what points mean from leads on which they were not fitted.

    The points' own log-odds are ``x = (points - 100) ln 2 / points_to_double_odds + logit(base_rate)``. The curve is
    one of: ``"none"``, x itself; ``"logistic"``, intercept and slope on x (Platt scaling on log-odds); and, from
    1,000 leads with 100 wins and 100 losses, ``"quadratic"`` in x where it does not fall, and ``"beta"`` calibration
    (Kull et al. 2017). Below 500 leads ``"auto"`` takes the first that applies, as no method is reliably better
    there; otherwise it walks forward through four blocks of time and keeps the simpler curve unless a more complex one
    has the lower log loss by more than one standard error. All fits are shrunk towards x by a prior worth a fixed,
    small number of leads, so tiny or separable samples give sane curves.

    Parameters
    ----------
    points, won
        Whole points and outcome (1 won, 0 not won) of n leads that were not used to fit the points: out of fold, in
        time.
    base_rate
        The win rate that 100 points stand for, 0 to 1. None for points of unknown scale, as of a hand-made rule:
        then ``"none"`` and ``"beta"`` do not apply, and the slope is shrunk towards a flat curve.
    points_to_double_odds
        How many points double the odds of winning.
    time
        Orders the leads, (n,), any unit; None: the leads stand in time order, as blocks picked at random would look
        into the future.
    sample_weight
        Weight of each lead, 0 or more, (n,); the effective sample size is Kish's.
    coverage
        What the interval promises at each number of points, in (0, 1).
    method
        ``"auto"``, or the curve to take.

    Returns
    -------
    ProbabilityCurve
        One entry per whole point from the fewest to the most points seen. Its interval is `win_rate_interval`'s,
        widened where needed to hold the probability.

    Raises
    ------
    EvidenceError
        With fewer than 20 leads, no win or no loss; when the chosen method does not apply or falls; when an argument
        is out of range.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> points = rng.integers(60, 141, 400)
    >>> won = rng.random(400) < expit((points - 100) * np.log(2) / 20)
    >>> curve = fit_curve(points, won, base_rate=0.5)
    >>> curve.method, curve.at(100)
    ('none', (0.5, 0.346333, 0.648868))
    """
    _check(base_rate, points_to_double_odds, coverage, method)
    history = read_history(points, won, time, sample_weight)
    tally = history.tally()
    scaled = (tally.points - 100) * (math.log(2) / points_to_double_odds)
    centre = float(np.average(scaled, weights=tally.leads))
    if base_rate is None:
        deviation = math.sqrt(float(np.average((scaled - centre) ** 2, weights=tally.leads))) or 1.0
        shift, scale = centre, deviation
        planned = expit((scaled - centre) / deviation + _logit(_USUAL_WIN_RATE))
        shapes = _shapes_without_scale(history)
    else:
        shift, scale = -_logit(base_rate), 1.0
        planned = expit(scaled - shift)
        shapes = _shapes(history, centre - shift)
    every = np.arange(tally.points[0], tally.points[-1] + 1)
    x = ((every - 100) * (math.log(2) / points_to_double_odds) - shift) / scale
    chosen = _pick(shapes, method, x, history)
    seen = tally.points - tally.points[0]
    logits = chosen.basis(x) @ fit(chosen, x[seen], tally.leads, tally.wins)
    return tabulate(history, expit(logits), planned, int(every[0]), coverage, chosen.name)


def tabulate(
    history: History, probability: Floats, planned: Floats, first_points: int, coverage: float, method: str
) -> ProbabilityCurve:
    """Return the curve as a table, with the interval learned from the history.

    Parameters
    ----------
    history
        The leads whose outcomes the interval rests on.
    probability
        Calibrated probability at each whole point from ``first_points``, at least to the most points seen.
    planned
        Presumed win rate at each distinct number of points of the history, known without its outcomes.
    first_points, coverage, method
        As in `ProbabilityCurve`.
    """
    tally = history.tally()
    low, high = win_rate_interval(tally, planned, coverage)
    before = int(tally.points[0]) - first_points
    after = len(probability) - before - len(low)
    # Below the fewest points seen no lead bounds the rate from below, above the most none from above.
    low = np.concatenate((np.zeros(before), low, np.full(after, low[-1])))
    high = np.concatenate((np.full(before, high[0]), high, np.ones(after)))
    value = np.round(np.clip(probability, _SMALLEST, 1 - _SMALLEST), 6)
    return ProbabilityCurve(
        first_points=first_points,
        probability=tuple(value.tolist()),
        low=tuple(np.minimum(np.floor(low * 1e6) / 1e6, value).tolist()),
        high=tuple(np.maximum(np.ceil(high * 1e6) / 1e6, value).tolist()),
        coverage=coverage,
        method=method,
        interval_method=describe_interval(coverage, weighted=history.weighted),
        leads=len(history.points),
        wins=history.wins,
    )


def _shapes(history: History, centre: float) -> list[Shape]:
    shapes = [unchanged(), logistic(centre), quadratic(centre), beta(centre)]
    return shapes


def _shapes_without_scale(history: History) -> list[Shape]:
    flat = (_logit(history.win_rate), 0.0)
    return [logistic(0.0, start=flat, spread=1.0), quadratic(0.0, start=flat, spread=1.0)]
