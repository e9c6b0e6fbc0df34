"""Who competes on later leads: the scorecard, today's rule, the base rate, and the yardsticks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from leadqual.calibration import fit_curve
from leadqual.errors import EvidenceError
from leadqual.evaluation.history import History, probabilities
from leadqual.learners.yardsticks import YARDSTICKS
from leadqual.scorecard import lead_points

__all__ = ["Contestant", "Prediction", "contestants"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """What was said about later leads.

    Parameters
    ----------
    probability
        Of winning within the window, (m,).
    rank
        Orders the leads, higher is better, also across periods, (m,).
    """

    probability: Floats
    rank: Floats


Contestant = Callable[[History, Rows, Rows], Prediction]
"""Learns from the rows given first, and predicts the rows given second."""


def contestants(history: History, *, yardsticks: bool = True) -> Mapping[str, Contestant]:
    """Return who can compete on this history, the scorecard first.

    Parameters
    ----------
    history
        The leads; the prior rule competes where there is one.
    yardsticks
        Also the learners of `leadqual.learners.yardsticks` whose packages are installed.

    Examples
    --------
    >>> from leadqual.leads import label_outcomes, read_leads
    >>> from leadqual.simulation import SampleSettings, simulate
    >>> sample = simulate(SampleSettings(leads=300))
    >>> leads = read_leads(sample.table, sample.schema)
    >>> list(contestants(History(leads, label_outcomes(leads)), yardsticks=False))
    ['scorecard', 'base rate']
    """
    who: dict[str, Contestant] = {"scorecard": _scorecard, "base rate": _base_rate}
    if history.prior is not None:
        who["prior rule"] = _prior_rule
    if yardsticks:
        who |= {name: partial(_yardstick, name) for name, one in YARDSTICKS.items() if one.available}
    return who


def _scorecard(history: History, earlier: Rows, later: Rows) -> Prediction:
    card = history.scorecard(earlier)
    before = float(np.floor(history.outcomes.time[later].min())) - 1
    curve = history.calibrated(earlier, card, until=before).curve
    table = history.leads.table.iloc[later]
    return Prediction(probabilities(curve, card.points(table)), card.log_odds(table))


def _base_rate(history: History, earlier: Rows, later: Rows) -> Prediction:
    rate = float(history.outcomes.label[earlier].mean())
    return Prediction(np.full(len(later), rate), np.zeros(len(later)))


def _prior_rule(history: History, earlier: Rows, later: Rows) -> Prediction:
    """Score by today's rule, its probabilities learned on the earlier leads as for any score."""
    rule = history.prior
    if rule is None:
        raise EvidenceError("the history has no prior rule, there must be one to compete; pass prior to History.")
    points = lead_points(rule, history.leads.table.iloc[np.concatenate((earlier, later))])
    before, after = points[: len(earlier)], points[len(earlier) :]
    curve = fit_curve(
        before,
        history.outcomes.label[earlier],
        base_rate=None,
        points_to_double_odds=rule.points_to_double_odds,
        time=history.outcomes.time[earlier],
        account=None if (account := history.account) is None else account[earlier],
    )
    return Prediction(probabilities(curve, after), after.astype(np.float64))


def _yardstick(name: str, history: History, earlier: Rows, later: Rows) -> Prediction:
    table, schema = history.leads.table, history.leads.schema
    predict = YARDSTICKS[name].fit(
        table.iloc[earlier],
        history.outcomes.label[earlier],
        schema.scored,
        schema.missing_values,
        seed=history.seed,
    )
    probability = predict(table.iloc[later])
    return Prediction(probability, probability)
