"""Challengers: what the ledger would make of the deployed bundle, each judged on leads that it has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle import Bundle, PointsTable, ProbabilityCurve
from leadqual.bundle.evidence import Evidence
from leadqual.calibration import fit_curve, fit_scale, recalibrate
from leadqual.errors import EvidenceError
from leadqual.evaluation import performance, reliability
from leadqual.retraining.experience import Experience
from leadqual.scorecard import Constraint, Strength, lead_points, recency, refit_points
from leadqual.thresholds import Capacity, policy_from_capacity

__all__ = ["Challenger", "Kind", "build_challengers"]

Floats = NDArray[np.float64]
Kind = Literal["recalibrated", "intercept", "refit"]
_EDGES = (0.4, 0.6, 0.8)
_FEWEST = 100
_FEWEST_WINS = 20
_HALF_LIVES = (None, 365.0, 180.0, 90.0)
# the strongest first: agreed points stay unless outcomes speak against them
_STRENGTHS = (100.0, 30.0, 10.0, 3.0)


@dataclass(frozen=True, slots=True, eq=False)
class Challenger:
    """A bundle that may take the place of the champion.

    Parameters
    ----------
    kind
        ``"recalibrated"``: the same points mean something else now; ``"intercept"``: all log-odds moved alike;
        ``"refit"``: the points were learned again, in the agreed bands.
    bundle
        What would be deployed; it has learned from all matured leads.
    probability
        What the same recipe says of the m later leads that both are judged on, walking forward: each is predicted by
        what was learned from leads before its stretch of time, (m,).
    point_change
        Most points by which a band differs from the champion's.
    half_life, strength
        How the points were learned, chosen on earlier time; None where they were not.
    """

    kind: Kind
    bundle: Bundle
    probability: Floats
    point_change: int
    half_life: float | None = None
    strength: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Some leads of the experience, in time order."""

    leads: pd.DataFrame
    won: Floats
    time: Floats
    learn: NDArray[np.bool_]
    judge: NDArray[np.bool_]

    def where(self, chosen: NDArray[np.bool_]) -> _Part:
        rows = np.flatnonzero(chosen)
        return _Part(
            self.leads.iloc[rows].reset_index(drop=True),
            self.won[rows],
            self.time[rows],
            self.learn[rows],
            self.judge[rows],
        )


def later_leads(experience: Experience) -> NDArray[np.bool_]:
    """Return which leads everything is judged on: all but the first 40 % in time, in three stretches, (n,)."""
    chosen = experience.time[experience.judge]
    if len(chosen) < _FEWEST:
        raise EvidenceError(
            f"{len(chosen)} matured leads can be judged on, {_FEWEST} must be; wait for about "
            f"{_FEWEST - len(chosen)} more."
        )
    return np.asarray(experience.time >= np.quantile(chosen, _EDGES[0]))


def _steps(experience: Experience, whole: _Part) -> list[tuple[_Part, _Part]]:
    """Return for each stretch of the later leads those before it, and those of it that are judged."""
    edges = [*np.quantile(experience.time[experience.judge], _EDGES), np.inf]
    return [
        (whole.where(whole.time < start), whole.where((whole.time >= start) & (whole.time < end) & whole.judge))
        for start, end in pairwise(edges)
    ]


def build_challengers(
    champion: Bundle,
    experience: Experience,
    *,
    constraints: Sequence[Constraint] = (),
    most_change: int = 30,
    created_at: str = "",
    command: str = "",
) -> tuple[Challenger, ...]:
    """Build what may take the champion's place.

    Three compete: the champion recalibrated, the champion with all log-odds moved alike, and its points learned again
    in the agreed bands, under the constraints, starting from the agreed points and never further than ``most_change``
    from them. How strongly old leads count and how strongly the agreed points hold is chosen on earlier time.

    Parameters
    ----------
    champion
        What is deployed.
    experience
        See `gather_experience`.
    constraints
        What the agreement demands.
    most_change
        Most points by which a band may move.
    created_at, command
        For the provenance.

    Returns
    -------
    tuple of Challenger
        The refit only where at least 20 earlier leads won.

    Raises
    ------
    EvidenceError
        When too few leads can be judged on, or none of the earlier ones won.

    Examples
    --------
    ``notebooks/03_feedback_and_retraining`` builds and compares them over a year.
    """
    later_leads(experience)  # refuses where there are too few
    whole = _Part(experience.leads, experience.won, experience.time, experience.learn, experience.judge)
    steps = _steps(experience, whole)
    about = _About(champion, experience, created_at, command)
    found = [_recalibrated(about, steps, whole, alone=alone) for alone in (False, True)]
    first = steps[0][0]
    if first.won[first.learn].sum() >= _FEWEST_WINS:
        found.append(_refit(about, steps, whole, tuple(constraints), most_change))
    return tuple(found)


_Steps = Sequence[tuple[_Part, _Part]]


@dataclass(frozen=True, slots=True)
class _About:
    champion: Bundle
    experience: Experience
    created_at: str
    command: str

    def bundle(self, kind: Kind, **changes: object) -> Bundle:
        champion, experience = self.champion, self.experience
        settings = dict(champion.provenance.settings)
        settings |= {"parent": champion.digest, "proposals": "", "retrained": kind, "retrained on": experience.basis}
        provenance = replace(
            champion.provenance,
            created_at=self.created_at,
            command=self.command,
            as_of=experience.as_of[:10],
            leads=len(experience.won),
            mature=len(experience.won),
            won=int(experience.won.sum()),
            lost=len(experience.won) - int(experience.won.sum()),
            open=0,
            settings=tuple(settings.items()),
        )
        return replace(champion, provenance=provenance, sign_offs=(), evidence=None, **changes)  # type: ignore[arg-type]  # fields of a bundle

    def challenger(self, kind: Kind, said: Floats, bundle: Bundle, change: int, recipe: _Recipe | None) -> Challenger:
        """Return the challenger, its bundle with what was measured walking forward as its evidence."""
        experience = self.experience
        tested = later_leads(experience) & experience.judge
        won, policy = experience.won[tested], bundle.policy
        share = policy.capacity_share if policy.capacity_share is not None else 0.2
        evidence = Evidence(
            method="Walking forward through the feedback ledger: each stretch predicted by what was known before it.",
            test_from=None,
            test_to=experience.as_of[:10],
            trained_on=int((experience.time < experience.time[tested].min()).sum()),
            tested_on=int(tested.sum()),
            wins=int(won.sum()),
            performances=(performance("scorecard", won, said, rank=said, capacity_share=share),),
            reliability=reliability(won, said),
        )
        settings = (None, None) if recipe is None else (recipe.half_life, recipe.strength)
        return Challenger(kind, replace(bundle, evidence=evidence), said, change, *settings)


def _recalibrated(about: _About, steps: _Steps, whole: _Part, *, alone: bool) -> Challenger:
    champion = about.champion

    def curve(part: _Part) -> ProbabilityCurve:
        judged = part.where(part.judge)
        points = lead_points(champion.points_table, judged.leads)
        return recalibrate(champion.curve, points, judged.won, time=judged.time, intercept_alone=alone)

    kind: Kind = "intercept" if alone else "recalibrated"
    said = np.concatenate(
        [_said(curve(before), lead_points(champion.points_table, tested.leads)) for before, tested in steps]
    )
    return about.challenger(kind, said, about.bundle(kind, curve=curve(whole)), 0, None)


def _refit(
    about: _About, steps: _Steps, whole: _Part, constraints: tuple[Constraint, ...], most_change: int
) -> Challenger:
    champion = about.champion
    recipe = _Recipe(champion.points_table, constraints, most_change)
    # chosen once, before any lead that it is judged on
    recipe = _chosen(recipe, steps[0][0])
    said = np.concatenate(
        [_said(recipe.curve(before), lead_points(recipe.table(before), tested.leads)) for before, tested in steps]
    )
    final = _reckoned(recipe.table(whole), whole)
    final_curve = recipe.curve(whole)
    points = lead_points(final, about.experience.recent)
    policy = champion.policy
    if policy.capacity_share is not None:
        policy = policy_from_capacity(
            points,
            curve=final_curve,
            base_rate=champion.base_rate,
            capacity=Capacity(share=policy.capacity_share),
            follow_up_hours=tuple(grade.follow_up_hours for grade in policy.grades),
        )
    bundle = about.bundle(
        "refit",
        points_table=final,
        curve=final_curve,
        scale=fit_scale(lead_points(final, whole.leads)),
        policy=policy,
        base_rate=float(whole.won[whole.judge].mean()),
    )
    change = max(
        abs(band.points - champion.points_table.field(field.name).bands[k].points)
        for field in final.fields
        for k, band in enumerate(field.bands)
    )
    return about.challenger("refit", said, bundle, change, recipe)


@dataclass(frozen=True, slots=True)
class _Recipe:
    """How points and curve are learned from some leads."""

    agreed: PointsTable
    constraints: tuple[Constraint, ...]
    most_change: int
    half_life: float | None = None
    strength: float = _STRENGTHS[0]

    def table(self, part: _Part) -> PointsTable:
        learned = part.where(part.learn)
        limits = {
            (field.name, band.label): (band.points - self.most_change, band.points + self.most_change)
            for field in self.agreed.fields
            for band in field.bands
        }
        return refit_points(
            self.agreed,
            learned.leads,
            learned.won,
            weight=recency(learned.time, self.half_life),
            strength=Strength(self.strength),
            constraints=self.constraints,
            limits=limits,
            prior=self.agreed,
        )

    def curve(self, part: _Part) -> ProbabilityCurve:
        """Learn the curve of the later half, whose points come from the earlier half alone."""
        half = part.time >= np.median(part.time[part.judge])
        first, second = part.where(~half), part.where(half & part.judge)
        table = self.table(first if first.won[first.learn].sum() >= 1 else part)
        return fit_curve(
            lead_points(table, second.leads),
            second.won,
            base_rate=float(first.won[first.learn].mean()) if len(first.won[first.learn]) else None,
            time=second.time,
            points_to_double_odds=table.points_to_double_odds,
        )


def _chosen(recipe: _Recipe, earlier: _Part) -> _Recipe:
    """Choose memory and strength by log loss on the later part of the earlier leads; the first wins a near tie."""
    cut = np.quantile(earlier.time, 0.7)
    before, after = earlier.where(earlier.time < cut), earlier.where((earlier.time >= cut) & earlier.judge)
    if before.won[before.learn].sum() < _FEWEST_WINS or len(after.won) < 50:
        return recipe
    rate = float(before.won[before.learn].mean())
    base = np.log(rate / (1 - rate))
    losses: dict[_Recipe, Floats] = {}

    def loss(tried: _Recipe) -> Floats:
        if tried not in losses:
            points = lead_points(tried.table(before), after.leads)
            z = base + (points - 100) * np.log(2) / tried.agreed.points_to_double_odds
            losses[tried] = np.where(after.won == 1, np.logaddexp(0, -z), np.logaddexp(0, z))
        return losses[tried]

    best = recipe
    others = [replace(recipe, strength=strength) for strength in _STRENGTHS[1:]]
    for other in others:
        best = other if _better(loss(other), loss(best), errors=1.0) else best
    for half_life in _HALF_LIVES[1:]:
        other = replace(best, half_life=half_life)
        best = other if _better(loss(other), loss(best)) else best
    return best


def _better(one: Floats, other: Floats, *, errors: float = 2.0) -> bool:
    """Tell whether one loss is lower by more than so many standard errors of the difference."""
    gain = other - one
    return bool(gain.mean() > errors * gain.std(ddof=1) / np.sqrt(len(gain)))


def _said(curve: ProbabilityCurve, points: NDArray[np.int64]) -> Floats:
    first, last = curve.first_points, curve.last_points
    return np.array(curve.probability)[np.clip(points, first, last) - first]


def _reckoned(table: PointsTable, whole: _Part) -> PointsTable:
    """Return the table with the shares of all leads, not only of those that were worked."""
    from leadqual.scorecard.fine_bands import band_codes

    fields = []
    for field in table.fields:
        code = band_codes(field, whole.leads[field.name], table.missing_values)
        counts = np.bincount(code[code < len(field.bands)], minlength=len(field.bands))
        bands = tuple(
            replace(band, share=round(float(n) / len(code), 6)) for band, n in zip(field.bands, counts, strict=True)
        )
        fields.append(replace(field, bands=bands))
    return replace(table, fields=tuple(fields))
