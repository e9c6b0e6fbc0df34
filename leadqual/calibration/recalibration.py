"""Moves a probability curve to new outcomes; points and their meaning relative to each other stay."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit, logit

from leadqual.bundle import ProbabilityCurve
from leadqual.calibration.account_effect import account_effect
from leadqual.calibration.candidates import intercept_only, logistic, unchanged
from leadqual.calibration.choice import choose
from leadqual.calibration.curve import tabulate
from leadqual.calibration.estimate import estimate
from leadqual.calibration.history import read_history

__all__ = ["recalibrate"]


def recalibrate(
    curve: ProbabilityCurve,
    points: ArrayLike,
    won: ArrayLike,
    *,
    time: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
    account: ArrayLike | None = None,
    intercept_alone: bool = False,
) -> ProbabilityCurve:
    """Learn from new outcomes what the same points mean now, without fitting the points again.

    With x the log-odds of the present curve, the new log-odds are ``"intercept"``, x moved by the same amount
    everywhere, as after a change of the win rate; ``"none"``, x; or ``"logistic"``, intercept and slope. The choice is
    made walking forward through the new outcomes, in this order: a later one must have the lower log loss on later
    leads by more than one standard error. All are shrunk towards x by a prior worth a fixed, small number of leads.

    Parameters
    ----------
    curve
        The curve in use.
    points, won
        Whole points and outcome (1 won, 0 not won) of n new leads, which the curve has not seen.
    time
        Orders the new leads, (n,), any unit; None: they stand in time order.
    sample_weight
        Weight of each new lead, 0 or more, (n,).
    account
        The account each new lead belongs to, as in `fit_curve`.
    intercept_alone
        Move all log-odds alike and try nothing else.

    Returns
    -------
    ProbabilityCurve
        Its interval rests on the new outcomes alone, and with few of them it is wide: what held before may hold no
        more. ``method`` says what was done, for example ``"logistic, recalibrated: intercept"``; ``leads`` and
        ``wins`` count the new leads. It has an entry for every point of the present curve, and of the new leads.

    Raises
    ------
    EvidenceError
        With fewer than 20 new leads, no win or no loss among them; when an argument is not what it must be.

    Examples
    --------
    >>> from leadqual.calibration import fit_curve
    >>> rng = np.random.default_rng(0)
    >>> points = rng.integers(60, 141, 4_000)
    >>> log_odds = (points - 100) * np.log(2) / 20
    >>> curve = fit_curve(points, rng.random(4_000) < expit(log_odds), base_rate=0.5)
    >>> later = recalibrate(curve, points, rng.random(4_000) < expit(log_odds - 1))
    >>> later.method, round(curve.at(100)[0], 1), round(later.at(100)[0], 1)
    ('none, recalibrated: intercept', 0.5, 0.3)
    """
    history = read_history(points, won, time, sample_weight, account_effect(points, won, account, sample_weight))
    tally = history.tally()
    first = min(curve.first_points, int(tally.points[0]) - 1)
    last = max(curve.last_points, int(tally.points[-1]) + 1)
    x = logit(np.array([curve.at(entry)[0] for entry in range(first, last + 1)]))
    of_leads, seen = x[history.points - first], x[tally.points - first]
    centre = float(np.average(of_leads, weights=history.weight))
    shapes = [intercept_only(centre), unchanged(), logistic(centre)]
    shape = shapes[0] if intercept_alone else choose(shapes, of_leads, history)
    probability = expit(shape.basis(x) @ estimate(shape, seen, tally.leads, tally.wins))
    method = f"{curve.method.split(', ')[0]}, recalibrated: {shape.name}"
    return tabulate(history, probability, expit(seen), first, curve.coverage, method)
