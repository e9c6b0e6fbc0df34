"""Learns a probability curve: whole points to a calibrated probability of winning, with an interval."""

from __future__ import annotations

import math
from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit

from leadqual.bundle import ProbabilityCurve
from leadqual.calibration.account_effect import account_effect
from leadqual.calibration.candidates import Shape, beta, logistic, quadratic, unchanged
from leadqual.calibration.choice import choose
from leadqual.calibration.estimate import estimate
from leadqual.calibration.history import History, read_history
from leadqual.calibration.interval import describe_interval, win_rate_interval
from leadqual.errors import EvidenceError

__all__ = ["LEADS_TO_BEND", "WINS_TO_BEND", "Method", "fit_curve", "tabulate"]

Method = Literal["auto", "none", "logistic", "quadratic", "beta"]
Floats = NDArray[np.float64]

LEADS_TO_BEND = 1_000
WINS_TO_BEND = 100

_MIN_PROBABILITY = 1e-6
_BULK = (0.05, 0.95)
_LOOSE = 1.0
# The interval's windows need a guess of the win rates that does not come from the outcomes: points of unknown scale
# are given the spread of usual log-odds. A poor guess costs width, never coverage.
_USUAL_WIN_RATE = 0.2


def fit_curve(
    points: ArrayLike,
    won: ArrayLike,
    *,
    base_rate: float | None,
    points_to_double_odds: int = 20,
    time: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
    account: ArrayLike | None = None,
    coverage: float = 0.95,
    method: Method = "auto",
) -> ProbabilityCurve:
    """Learn what points mean from leads on which they were not fitted.

    The points' own log-odds are ``x = (points - 100) ln 2 / points_to_double_odds + logit(base_rate)``. The curve is
    one of ``"logistic"``, intercept and slope on x (Platt scaling on log-odds); ``"none"``, x itself; and, from 1,000
    leads with 100 wins and 100 losses, ``"quadratic"`` in x, and ``"beta"`` calibration (Kull et al. 2017). ``"auto"``
    walks forward through four blocks of time and takes the logistic, unless another had the lower log loss on later
    leads by more than one standard error. All are shrunk towards x by a prior worth a fixed, small number of leads, so
    that tiny or separable samples give sane curves, and none of them falls as points rise.

    Parameters
    ----------
    points, won
        Whole points and outcome (1 won, 0 not won) of n leads that were not used to fit the points: out of fold, in
        time.
    base_rate
        The win rate that 100 points stand for, in (0, 1). None for points of unknown scale, as of a hand-made rule:
        then ``"none"`` and ``"beta"`` do not apply, and the slope is shrunk towards a flat curve.
    points_to_double_odds
        How many points double the odds of winning, at least 1; of no effect where ``base_rate`` is None.
    time
        Orders the leads, (n,), any unit; None: the leads stand in time order, as blocks picked at random would look
        into the future.
    sample_weight
        Weight of each lead, 0 or more, (n,); the effective sample size is Kish's.
    account
        The account each lead belongs to, (n,): as far as outcomes are alike within accounts, their leads count less;
        see `leadqual.calibration.account_effect`. None: leads are independent.
    coverage
        What the interval promises at each number of points, in (0, 1).
    method
        ``"auto"``, or the curve to take, however many leads there are.

    Returns
    -------
    ProbabilityCurve
        One entry per whole point from the fewest to the most points seen, and one more on either side, which stands
        for all points beyond. Its interval is that of `leadqual.calibration.interval.win_rate_interval`, widened where
        needed to hold the probability; its promise is kept beyond the points seen too, where one end is 0 or 1.

    Raises
    ------
    EvidenceError
        With fewer than 20 leads, no win or no loss; when the method does not apply; when an argument is out of range.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> points = rng.integers(60, 141, 2_000)
    >>> won = rng.random(2_000) < expit((points - 100) * np.log(2) / 20)
    >>> curve = fit_curve(points, won, base_rate=0.5, method="none")
    >>> curve.at(100)[0], curve.at(120)[0]
    (0.5, 0.666667)
    """
    _check(base_rate, points_to_double_odds, coverage, method)
    history = read_history(points, won, time, sample_weight, account_effect(points, won, account, sample_weight))
    tally = history.tally()
    every = np.arange(tally.points[0] - 1, tally.points[-1] + 2)
    if base_rate is None:
        middle, spread = _middle(history)
        x = (every - middle) / spread + logit(_USUAL_WIN_RATE)
    else:
        x = (every - 100) * (math.log(2) / points_to_double_odds) + logit(base_rate)
    of_leads = x[history.points - every[0]]
    shapes = _shapes_without_scale(of_leads, history) if base_rate is None else _shapes(of_leads, history)
    shape = _pick(shapes, method, of_leads, history)
    seen = x[tally.points - every[0]]
    probability = expit(shape.basis(x) @ estimate(shape, seen, tally.leads, tally.wins))
    return tabulate(history, probability, expit(seen), int(every[0]), coverage, shape.name)


def tabulate(
    history: History, probability: Floats, planned: Floats, first_points: int, coverage: float, method: str
) -> ProbabilityCurve:
    """Return the curve as a table, with the interval learned from the history.

    Parameters
    ----------
    history
        The leads whose outcomes the interval rests on.
    probability
        Calibrated probability at each whole point from ``first_points``, which is below the fewest points seen, to
        above the most points seen.
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
    value = np.round(np.clip(probability, _MIN_PROBABILITY, 1 - _MIN_PROBABILITY), 6)
    return ProbabilityCurve(
        first_points=first_points,
        probability=tuple(value.tolist()),
        low=tuple(np.minimum(np.floor(low * 1e6) / 1e6, value).tolist()),
        high=tuple(np.maximum(np.ceil(high * 1e6) / 1e6, value).tolist()),
        coverage=coverage,
        method=method,
        interval_method=describe_interval(
            coverage, weighted=history.weighted, accounts=history.design_effect is not None
        ),
        leads=len(history.points),
        wins=history.wins,
    )


def _shapes(x: Floats, history: History) -> list[Shape]:
    """Return the default, then what must prove itself, given the log-odds of the leads."""
    centre = float(np.average(x, weights=history.weight))
    return [logistic(centre), unchanged(), quadratic(centre, *_bulk(x)), beta(centre)]


def _shapes_without_scale(x: Floats, history: History) -> list[Shape]:
    centre = float(np.average(x, weights=history.weight))
    flat = (float(logit(history.win_rate)), 0.0)
    return [
        logistic(centre, start=flat, spread=_LOOSE),
        quadratic(centre, *_bulk(x), start=flat, spread=_LOOSE),
    ]


def _pick(shapes: list[Shape], method: str, x: Floats, history: History) -> Shape:
    if method == "auto":
        rarer = history.effective * min(history.win_rate, 1 - history.win_rate)
        bends = history.effective >= LEADS_TO_BEND and rarer >= WINS_TO_BEND
        return choose([shape for shape in shapes if bends or shape.name in ("logistic", "none")], x, history)
    for shape in shapes:
        if shape.name == method:
            return shape
    names = ", ".join(f'"{shape.name}"' for shape in shapes)
    raise EvidenceError(
        f'method is "{method}" but base_rate is None, and points of unknown scale take {names} only; pass one of them, '
        "or the base_rate that 100 points stand for."
    )


def _middle(history: History) -> tuple[float, float]:
    """Mean and standard deviation of the points; 1 for the latter where all are equal."""
    mean = float(np.average(history.points, weights=history.weight))
    return mean, math.sqrt(float(np.average((history.points - mean) ** 2, weights=history.weight))) or 1.0


def _bulk(x: Floats) -> tuple[float, float]:
    lowest, highest = np.quantile(x, _BULK)
    return float(lowest), float(highest)


def _check(base_rate: float | None, points_to_double_odds: int, coverage: float, method: str) -> None:
    if base_rate is not None and not 0 < base_rate < 1:
        raise EvidenceError(
            f"base_rate is {base_rate}, it must be above 0 and below 1; pass the win rate that 100 points stand for."
        )
    if points_to_double_odds < 1:
        raise EvidenceError(
            f"points_to_double_odds is {points_to_double_odds}, it must be at least 1; the usual is 20."
        )
    if not 0 < coverage < 1:
        raise EvidenceError(f"coverage is {coverage}, it must be above 0 and below 1; the usual is 0.95.")
    if method not in get_args(Method):
        raise EvidenceError(
            f'method is "{method}", it must be one of {", ".join(get_args(Method))}; the usual is auto.'
        )
