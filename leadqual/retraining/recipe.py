"""The recipe of a refit: how agreed points are learned again from the ledger, its settings chosen on earlier time."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from leadqual.agreement.demands import limits_of
from leadqual.agreement.edits import Change
from leadqual.bundle import PointsTable, ProbabilityCurve
from leadqual.calibration import Following, fit_curve
from leadqual.measures import log_odds_losses
from leadqual.retraining.experience import Experience
from leadqual.retraining.memory import HALF_LIVES, chosen_memory
from leadqual.scorecard import Constraint, Strength, lead_points, recency, refit_points

__all__ = ["MIN_WINS", "Recipe", "chosen_recipe"]

Floats = NDArray[np.float64]
MIN_WINS = 20
"""Wins without which points are not learned again."""
# the strongest first: agreed points stay unless outcomes speak against them
_STRENGTHS = (100.0, 30.0, 10.0, 3.0)
_CUTS = np.linspace(0, 1, 11)[1:-1]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How points and curve are learned from some leads."""

    agreed: PointsTable
    constraints: tuple[Constraint, ...]
    max_change: int
    signed: tuple[Change, ...] = ()
    half_life: float | None = None
    strength: float = _STRENGTHS[0]

    def table(self, part: Experience) -> PointsTable:
        """Learn the points of the agreed bands from the leads of ``learn``."""
        learned = part.where(part.learn)
        worth = None if learned.account is None else learned.worth(lead_points(self.agreed, learned.leads))
        limits = {
            (field.name, band.label): (band.points - self.max_change, band.points + self.max_change)
            for field in self.agreed.fields
            for band in field.bands
        }
        for place, (low, high) in limits_of(self.signed, self.agreed).items():
            least, most = limits[place]
            limits[place] = (least if low is None else max(least, low), most if high is None else min(most, high))
        return refit_points(
            self.agreed,
            learned.leads,
            learned.won,
            weight=recency(learned.time, self.half_life) * (1.0 if worth is None else worth),
            strength=Strength(self.strength),
            constraints=self.constraints,
            limits=limits,
            prior=self.agreed,
        )

    def curve(self, part: Experience) -> Following:
        """Learn the curve of all leads, the points of each taken from a table that has not seen its stretch of time.

        How strongly old leads count is chosen by walking forward; see `chosen_memory`.

        Cross-fitting in two (Chernozhukov et al. 2018, doi:10.1111/ectj.12097), here by stretches of time in turn, so
        that both tables know of every season and of what changed.
        """
        turn = np.searchsorted(np.quantile(part.time[part.judge], _CUTS), part.time, side="right") % 2 == 0
        sides = [part.where(turn), part.where(~turn)]
        if not all(0 < side.won[side.learn].sum() < side.learn.sum() for side in sides):
            points = lead_points(self.table(part), part.leads)
            return Following(self._fitted(part, points, None, self._memory(part, points)), False, ())
        points = np.zeros(len(part.won), dtype=np.int64)
        for mine, other in ((turn, sides[1]), (~turn, sides[0])):
            points[mine] = lead_points(self.table(other), part.leads[mine])
        base_rate = float(part.won[part.learn].mean())
        memory = self._memory(part, points)
        return part.follow(
            self._fitted(part, points, base_rate, memory),
            points,
            base_rate=base_rate,
            points_to_double_odds=self.agreed.points_to_double_odds,
            memory=memory,
        )

    def _memory(self, part: Experience, points: NDArray[np.int64]) -> float | None:
        z = (points[part.judge] - 100) * np.log(2) / self.agreed.points_to_double_odds
        return chosen_memory(z, part.won[part.judge], part.time[part.judge])

    def _fitted(
        self, part: Experience, points: NDArray[np.int64], base_rate: float | None, memory: float | None
    ) -> ProbabilityCurve:
        time = part.time[part.judge]
        return fit_curve(
            points[part.judge],
            part.won[part.judge],
            base_rate=base_rate,
            time=time,
            sample_weight=recency(time, memory),
            account=None if part.account is None else part.account[part.judge],
            points_to_double_odds=self.agreed.points_to_double_odds,
        )


def chosen_recipe(recipe: Recipe, earlier: Experience) -> Recipe:
    """Choose memory and strength by log loss on the later part of the earlier leads; the first wins a near tie."""
    cut = np.quantile(earlier.time, 0.7)
    before, after = earlier.where(earlier.time < cut), earlier.where((earlier.time >= cut) & earlier.judge)
    if before.won[before.learn].sum() < MIN_WINS or len(after.won) < 50:
        return recipe
    rate = float(before.won[before.learn].mean())
    base = np.log(rate / (1 - rate))
    losses: dict[Recipe, Floats] = {}

    def loss(tried: Recipe) -> Floats:
        if tried not in losses:
            points = lead_points(tried.table(before), after.leads)
            z = base + (points - 100) * np.log(2) / tried.agreed.points_to_double_odds
            losses[tried] = log_odds_losses(after.won, z)
        return losses[tried]

    best = recipe
    others = [replace(recipe, strength=strength) for strength in _STRENGTHS[1:]]
    for other in others:
        best = other if _better(loss(other), loss(best), errors=1.0) else best
    for half_life in HALF_LIVES[1:]:
        other = replace(best, half_life=half_life)
        best = other if _better(loss(other), loss(best)) else best
    return best


def _better(one: Floats, other: Floats, *, errors: float = 2.0) -> bool:
    """Tell whether one loss is lower by more than so many standard errors of the difference."""
    gain = other - one
    return bool(gain.mean() > errors * gain.std(ddof=1) / np.sqrt(len(gain)))
