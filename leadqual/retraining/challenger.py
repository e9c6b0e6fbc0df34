"""Challengers: what the ledger would make of the deployed bundle, each judged on leads that it has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from leadqual.agreement.applied_edits import carried_edits, changes_in_force
from leadqual.agreement.demands import constraints_under
from leadqual.bundle import Bundle, PointsTable
from leadqual.bundle.evidence import Evidence
from leadqual.calibration import Following, fit_scale, recalibrate
from leadqual.errors import EvidenceError
from leadqual.evaluation import performance, probabilities, reliability
from leadqual.fact import Fact, fact
from leadqual.leads.accounts import draw_weights
from leadqual.retraining.experience import Experience
from leadqual.retraining.memory import chosen_memory
from leadqual.retraining.recipe import MIN_WINS, Recipe, chosen_recipe
from leadqual.scorecard import Constraint, lead_points, recency
from leadqual.scorecard.shares import with_shares
from leadqual.thresholds import renewed_policy

__all__ = ["Challenger", "Kind", "build_challengers"]

Floats = NDArray[np.float64]
Kind = Literal["recalibrated", "intercept", "refit"]
_EDGES = (0.4, 0.6, 0.8)
_MIN_LEADS = 100


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
    followed
        That probabilities follow young leads, and why; "" where they do not.
    """

    kind: Kind
    bundle: Bundle
    probability: Floats
    point_change: int
    half_life: float | None = None
    strength: float | None = None
    followed: Fact | None = None


def later_leads(experience: Experience) -> NDArray[np.bool_]:
    """Return which leads everything is judged on: all but the first 40 % in time, in three stretches, (n,)."""
    chosen = experience.time[experience.judge]
    if len(chosen) < _MIN_LEADS:
        raise EvidenceError(
            f"{len(chosen)} matured leads can be judged on, {_MIN_LEADS} must be; wait for about "
            f"{_MIN_LEADS - len(chosen)} more."
        )
    return np.asarray(experience.time >= np.quantile(chosen, _EDGES[0]))


def _steps(whole: Experience) -> list[tuple[Experience, Experience]]:
    """Return for each stretch of the later leads those before it, and those of it that are judged."""
    edges = [*np.quantile(whole.time[whole.judge], _EDGES), np.inf]
    return [
        (whole.before(start), whole.where((whole.time >= start) & (whole.time < end) & whole.judge))
        for start, end in pairwise(edges)
    ]


def build_challengers(
    champion: Bundle,
    experience: Experience,
    *,
    constraints: Sequence[Constraint] = (),
    max_change: int = 30,
    created_at: str = "",
    command: str = "",
) -> tuple[Challenger, ...]:
    """Build what may take the champion's place.

    Three compete: the champion recalibrated, the champion with all log-odds moved alike, and its points learned again
    in the agreed bands, under the constraints, starting from the agreed points and never further than ``max_change``
    from them; edits that both teams signed still hold. How strongly old leads count and how strongly the agreed points
    hold is chosen on earlier time.

    Parameters
    ----------
    champion
        What is deployed.
    experience
        See `gather_experience`.
    constraints
        What the agreement demands.
    max_change
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
    steps = _steps(experience)
    about = _About(champion, experience, created_at, command)
    found = [_recalibrated(about, steps, alone=alone) for alone in (False, True)]
    first = steps[0][0]
    if first.won[first.learn].sum() >= MIN_WINS:
        found.append(_refit(about, steps, tuple(constraints), max_change))
    return tuple(found)


_Steps = Sequence[tuple[Experience, Experience]]


@dataclass(frozen=True, slots=True)
class _About:
    champion: Bundle
    experience: Experience
    created_at: str
    command: str

    def bundle(self, kind: Kind, **changes: object) -> Bundle:
        champion, experience = self.champion, self.experience
        settings = dict(champion.provenance.settings)
        settings |= {"parent": champion.digest, "retrained": kind, "retrained on": experience.basis}
        settings.pop("accounts", None)
        if experience.account is not None:
            settings["accounts"] = str(len(np.unique(experience.account[experience.mature])))
        learn, account = experience.learn, experience.account
        settings["learned from"] = str(int(learn.sum()) if account is None else len(np.unique(account[learn])))
        if kind == "refit":
            settings |= {"base rate of": experience.basis, "base rate from": str(int(experience.judge.sum()))}
        mature, won = int(experience.mature.sum()), int(experience.won[experience.mature].sum())
        provenance = replace(
            champion.provenance,
            created_at=self.created_at,
            command=self.command,
            as_of=experience.as_of[:10],
            leads=len(experience.won),
            mature=mature,
            won=won,
            lost=mature - won,
            open=len(experience.won) - mature,
            settings=tuple(settings.items()),
        )
        return replace(champion, provenance=provenance, sign_offs=(), evidence=None, **changes)  # type: ignore[arg-type]  # fields of a bundle

    def challenger(
        self, kind: Kind, predicted: Floats, bundle: Bundle, change: int, recipe: Recipe | None, followed: Fact | None
    ) -> Challenger:
        """Return the challenger, its bundle with what was measured walking forward as its evidence."""
        experience = self.experience
        tested = later_leads(experience) & experience.judge
        won, policy = experience.won[tested], bundle.policy
        share = policy.capacity_share if policy.capacity_share is not None else 0.2
        evidence = Evidence(
            method=fact("evidence_ledger"),
            test_from=None,
            test_to=experience.as_of[:10],
            trained_on=int((experience.time < experience.time[tested].min()).sum()),
            tested_on=int(tested.sum()),
            wins=int(won.sum()),
            performances=(performance("scorecard", won, predicted, rank=predicted, capacity_share=share),),
            reliability=reliability(won, predicted),
        )
        return Challenger(
            kind,
            replace(bundle, evidence=evidence),
            predicted,
            change,
            half_life=None if recipe is None else recipe.half_life,
            strength=None if recipe is None else recipe.strength,
            followed=followed,
        )


def _recalibrated(about: _About, steps: _Steps, *, alone: bool) -> Challenger:
    champion = about.champion
    table = champion.points_table

    def curve(part: Experience) -> Following:
        points, judge = lead_points(table, part.leads), part.judge
        won, time = part.won[judge], part.time[judge]
        memory = chosen_memory(logit(probabilities(champion.curve, points[judge])), won, time)
        moved = recalibrate(
            champion.curve,
            points[judge],
            won,
            time=time,
            sample_weight=recency(time, memory),
            account=None if part.account is None else part.account[judge],
            intercept_alone=alone,
        )
        if alone:
            return Following(moved, False, ())
        return part.follow(
            moved,
            points,
            base_rate=champion.base_rate,
            points_to_double_odds=table.points_to_double_odds,
            memory=memory,
        )

    kind: Kind = "intercept" if alone else "recalibrated"
    predicted = np.concatenate(
        [probabilities(curve(before).curve, lead_points(table, tested.leads)) for before, tested in steps]
    )
    last = curve(about.experience)
    return about.challenger(kind, predicted, about.bundle(kind, curve=last.curve), 0, None, last.why)


def _refit(about: _About, steps: _Steps, constraints: tuple[Constraint, ...], max_change: int) -> Challenger:
    champion, whole = about.champion, about.experience
    signed = changes_in_force(champion.provenance.edits)
    demanded = constraints_under(signed, champion.points_table, constraints)
    recipe = Recipe(champion.points_table, demanded, max_change, signed)
    # chosen once, before any lead that it is judged on
    recipe = chosen_recipe(recipe, steps[0][0])
    predicted = np.concatenate(
        [
            probabilities(recipe.curve(before).curve, lead_points(recipe.table(before), tested.leads))
            for before, tested in steps
        ]
    )
    final = _reckoned(recipe.table(whole), whole)
    last = recipe.curve(whole)
    points = lead_points(final, whole.recent)
    policy = champion.policy
    if policy.capacity_share is not None:
        policy = renewed_policy(
            policy,
            points,
            curve=last.curve,
            base_rate=champion.base_rate,
            share=policy.capacity_share,
            reach=(final.lowest, final.highest),
        )
    bundle = about.bundle(
        "refit",
        points_table=final,
        curve=last.curve,
        scale=fit_scale(lead_points(final, whole.leads)),
        policy=policy,
        base_rate=float(whole.won[whole.judge].mean()),
    )
    edits = carried_edits(champion, signed)
    # its points were learned again: of earlier proposals it holds what `edits` says
    settings = dict(bundle.provenance.settings) | {"proposals": ""}
    provenance = replace(
        bundle.provenance, learned=final if edits else None, edits=edits, settings=tuple(settings.items())
    )
    bundle = replace(bundle, provenance=provenance)
    change = max(
        abs(band.points - champion.points_table.field(field.name).bands[k].points)
        for field in final.fields
        for k, band in enumerate(field.bands)
    )
    return about.challenger("refit", predicted, bundle, change, recipe, last.why)


def _reckoned(table: PointsTable, whole: Experience) -> PointsTable:
    """Return the table with the shares of all leads, not only of those that were worked."""
    once = np.ones(len(whole.won)) if whole.account is None else draw_weights(whole.account, whole.time)
    return with_shares(table, whole.leads, once)
