"""Chooses between a curve learned from leads whose window has passed and one that follows recent, younger leads."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from scipy.stats import norm

from leadqual.bundle import ProbabilityCurve
from leadqual.calibration.follow_up import BUCKET_DAYS, Exposure, FollowUp
from leadqual.calibration.hazard import Hazard, fit_hazard
from leadqual.fact import Fact, fact
from leadqual.measures import log_odds_losses, mean_gain

__all__ = ["MEMORIES", "Following", "HazardTrial", "follow_recent"]

Floats = NDArray[np.float64]

MEMORIES: tuple[float | None, ...] = (None, 365.0, 180.0)
"""Days that a hazard looks back; None: over the whole history. Half a year at least: a quarter follows the season."""
_STEP_DAYS = 30
_MAX_STEPS = 12
_MIN_STEPS = 4
_MIN_WINS = 30
# Chosen on simulated shifts of the win rate, beside 150 days and none, and 2 errors: follows soonest. Without a shift
# it follows in 6 to 12 % of worlds of 900 days and in a third of those of 390, where the win rate errs by 4.4 % and
# not 4.1 %.
_HALF_LIFE_DAYS = 90
_ERRORS_BETTER = 1.5


@dataclass(frozen=True, slots=True)
class HazardTrial:
    """One way to learn from recent leads, and how it predicted the leads that came next.

    Parameters
    ----------
    memory_days
        How far back the hazard looks; None: over the whole history.
    log_loss
        Of winning in each bucket of age that ended in the next 30 days, mean over the leads watched, in nats.
    gain
        By how much that is lower than by a hazard of leads whose window had passed.
    error
        Standard error of the gain, over the steps in time.
    """

    memory_days: float | None
    log_loss: float
    gain: float
    error: float


@dataclass(frozen=True, slots=True)
class Following:
    """Whether probabilities follow recent leads, and why.

    Parameters
    ----------
    curve
        The curve to use.
    followed
        True where it is the hazard's.
    trials
        What was tried; empty where the history was too short to try.
    why
        What was tried and how much better it predicts; None where the curve stays as it was.
    """

    curve: ProbabilityCurve
    followed: bool
    trials: tuple[HazardTrial, ...]
    why: Fact | None = None


def follow_recent(
    curve: ProbabilityCurve,
    follow_up: FollowUp,
    *,
    base_rate: float,
    points_to_double_odds: int = 20,
    memories: Sequence[float | None] = MEMORIES,
) -> Following:
    """Take the hazard's probabilities where they predict later leads better than those of mature leads alone.

    After a change of the win rate, leads whose whole window has passed speak of the past. The hazard by bucket of age
    (`fit_hazard`) can learn its early buckets from young leads. To decide, hazards are walked forward: at twelve dates,
    30 days apart, one is learned from the leads whose window had passed, others from all that was known, over memories
    of several lengths, and each predicts which leads win in the buckets of age that end in the next 30 days. Recent
    steps count more, half as much 90 days back. The curve gives way to the one with the lowest log loss among those
    that were better than the first by more than 1.5 standard errors over these steps.

    Parameters
    ----------
    curve
        Learned from the leads whose window has passed.
    follow_up
        All leads, the young ones too.
    base_rate, points_to_double_odds
        The scale of the points, as in `fit_curve`.
    memories
        How far back hazards may look, in days; None for the whole history.

    Examples
    --------
    >>> from leadqual.calibration import fit_curve, read_follow_up
    >>> rng = np.random.default_rng(0)
    >>> created = np.sort(rng.integers(0, 900, 9_000))
    >>> rate = np.where(created < 660, 0.10, 0.25)  # the win rate rose 240 days ago
    >>> won_after = np.where(rng.random(9_000) < rate, rng.integers(0, 91, 9_000), np.nan)
    >>> seen = read_follow_up(rng.integers(99, 102, 9_000), created, won_after, until=900, window_days=90)
    >>> mature, won = seen.mature()
    >>> curve = fit_curve(seen.points[mature], won[mature], base_rate=0.1, time=seen.created[mature])
    >>> found = follow_recent(curve, seen, base_rate=0.1)
    >>> round(curve.at(100)[0], 2), round(found.curve.at(100)[0], 2)
    (0.13, 0.22)
    """
    scale = _Scale(float(logit(base_rate)), points_to_double_odds)
    steps = [step for day in _days(follow_up) if (step := _step(follow_up, day, scale)) is not None]
    if len(steps) < _MIN_STEPS:
        return Following(curve, False, ())
    span = float(np.ptp(steps[-1].known.created))
    trials = tuple(_trial(memory, steps, scale) for memory in memories if memory is None or memory < span)
    better = [trial for trial in trials if trial.gain > _ERRORS_BETTER * trial.error]
    if not better:
        return Following(curve, False, trials)
    best = min(better, key=lambda trial: trial.log_loss)
    return Following(_moved(curve, _hazard(follow_up, best.memory_days, scale), scale), True, trials, _why(best, steps))


@dataclass(frozen=True, slots=True)
class _Scale:
    """The scale of points: the log-odds at 100 points, and how many points double the odds."""

    middle: float
    points_to_double_odds: int

    @property
    def base_rate(self) -> float:
        return float(expit(self.middle))

    def x(self, points: NDArray[np.int64]) -> Floats:
        """Return log-odds."""
        return np.asarray((points - 100) * (math.log(2) / self.points_to_double_odds) + self.middle)


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """One date of the walk: what was known then, the wins of the next 30 days, and the log loss of the mature curve."""

    known: FollowUp
    later: Exposure
    loss: float


def _days(follow_up: FollowUp) -> list[float]:
    """Return the dates of the walk, the last of them 30 days ago."""
    return [follow_up.until - _STEP_DAYS * step for step in range(_MAX_STEPS, 0, -1)]


def _step(follow_up: FollowUp, day: float, scale: _Scale) -> _Step | None:
    known, later = follow_up.known_on(day), follow_up.known_on(day + _STEP_DAYS).exposure(_STEP_DAYS)
    mature, won = known.mature()
    wins = float(won[mature].sum())
    if min(wins, float(mature.sum()) - wins) < _MIN_WINS or not later.leads.any():
        return None
    past = known.only(mature).exposure()
    return _Step(known, later, _loss(fit_hazard(past, scale.x(past.points)), later, scale))


def _trial(memory: float | None, steps: Sequence[_Step], scale: _Scale) -> HazardTrial:
    losses = np.array([_loss(_hazard(step.known, memory, scale), step.later, scale) for step in steps])
    gains = np.array([step.loss for step in steps]) - losses
    weight = np.array([step.later.leads.sum() for step in steps])
    weight = weight * 0.5 ** (np.arange(len(steps))[::-1] * _STEP_DAYS / _HALF_LIFE_DAYS)
    mean, error = mean_gain(gains, weight)
    return HazardTrial(memory, float(np.average(losses, weights=weight)), mean, error)


def _hazard(follow_up: FollowUp, memory: float | None, scale: _Scale) -> Hazard:
    """Fit the hazard to everything; with a memory, refit it to recent outcomes with the first fit as prior."""
    every = follow_up.exposure()
    x = scale.x(every.points)
    hazard = fit_hazard(every, x)
    if memory is None or memory >= np.ptp(follow_up.created):
        return hazard
    return fit_hazard(follow_up.exposure(memory), x, around=hazard)


def _moved(curve: ProbabilityCurve, hazard: Hazard, scale: _Scale) -> ProbabilityCurve:
    """Return the hazard's probabilities; the interval moves with them and is widened by the error of the move."""
    x = scale.x(np.arange(curve.first_points, curve.last_points + 1))
    probability = np.round(np.clip(hazard.probability(x), 1e-6, 1 - 1e-6), 6)
    times = float(norm.ppf((1 + curve.coverage) / 2))
    move = logit(probability) - logit(np.array(curve.probability))
    low = expit(logit(np.array(curve.low)) + move - times * hazard.error(x))
    high = expit(logit(np.array(curve.high)) + move + times * hazard.error(x))
    return replace(
        curve,
        probability=tuple(probability.tolist()),
        low=tuple(np.minimum(np.floor(low * 1e6) / 1e6, probability).tolist()),
        high=tuple(np.maximum(np.ceil(high * 1e6) / 1e6, probability).tolist()),
        method=f"hazard, {BUCKET_DAYS}-day buckets",
        interval_method=fact("interval_moved", coverage=curve.coverage, times=float(times)),
    )


def _loss(hazard: Hazard, later: Exposure, scale: _Scale) -> float:
    """Return the mean log loss over the leads watched through each bucket."""
    loss = log_odds_losses(later.wins, hazard.log_odds(scale.x(later.points)), leads=later.leads)
    return float(loss.sum() / later.leads.sum())


def _why(best: HazardTrial, steps: Sequence[_Step]) -> Fact:
    figures = {"steps": len(steps), "gain": best.gain, "error": best.error}
    if best.memory_days is None:
        return fact("follows_young_leads", **figures)
    return fact("follows_young_leads_of_days", **figures, days=best.memory_days)
