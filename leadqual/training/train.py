"""The whole way from leads to a bundle."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from leadqual.audit import Audit, audit_leads
from leadqual.bundle import Bundle, Evidence, PointsTable
from leadqual.calibration import fit_curve, fit_scale
from leadqual.errors import EvidenceError, SchemaError
from leadqual.evaluation import History, Signal, probabilities
from leadqual.fact import Fact
from leadqual.leads import Leads, Outcomes, Schema, TimeSplit, label_outcomes, last_part
from leadqual.leads.accounts import Dependence
from leadqual.leads.choices import expanded_leads, fields_of
from leadqual.leads.reading import as_leads
from leadqual.scorecard import Choice, Constraint, ScorecardClassifier, lead_points
from leadqual.scorecard.choices import constraints_on_choices
from leadqual.tables.sources import Source
from leadqual.thresholds import By, Capacity, LeadValue, PolicyChoice, Promise
from leadqual.training.belonging import belonging, repeating
from leadqual.training.doubts import (
    flat_curve,
    history_doubts,
    judged_latest,
    lost_signal,
    suspicions,
    undeclared,
    without_signal,
)
from leadqual.training.fields import chosen_fields, still_scored, untold, without_fields
from leadqual.training.held_out import HeldOut, describe_evidence
from leadqual.training.origin import describe_origin
from leadqual.training.outcome_check import inverted_outcomes
from leadqual.training.policy_choice import EXPLORE, PolicyAim, chosen_policy
from leadqual.training.supply import capacity_share

__all__ = ["Training", "recent_leads", "train"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Progress = Callable[[str, int, int], None]

_RECENT_DAYS = 91
_MIN_RECENT = 200
_STEPS = 5
_DEFAULT_SHARE = 0.2


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Training:
    """A trained bundle and what it rests on.

    Parameters
    ----------
    bundle
        What is deployed.
    outcomes
        The labels it was learned from.
    scorecard
        The fitted estimator behind the bundle's points.
    held_out
        The later leads on which the same settings were measured; None where the history was too small for that.
    audit
        What was found in the history before learning from it.
    signal
        Whether points, from scorecards of earlier leads, rank won leads higher.
    policy_choice
        The policy beside the other ways to choose one, and what it gives up against them.
    promise
        What can be promised about the win rate of SQLs; None where no promise was asked for.
    dependence
        How many accounts the leads belong to, and how many leads are worth one; None where the schema names no account.
    notes
        What reading the leads assumed or repaired, and which fields the audit left out.
    warnings
        What could not be checked, or holds only under a condition.
    """

    bundle: Bundle
    outcomes: Outcomes
    scorecard: ScorecardClassifier
    held_out: HeldOut | None
    audit: Audit
    signal: Signal
    policy_choice: PolicyChoice
    promise: Promise | None = None
    dependence: Dependence | None = None
    notes: tuple[Fact | str, ...] = ()
    warnings: tuple[Fact | str, ...] = ()

    def __repr__(self) -> str:
        measured = "not measured on later leads" if self.held_out is None else f"{len(self.held_out.won)} later leads"
        return f"Training({self.bundle!r}, {measured}, {len(self.notes)} notes, {len(self.warnings)} warnings)"

    def _repr_html_(self) -> str | None:
        return self.bundle._repr_html_()


def train(
    leads: Leads | Source,
    schema: Schema | None = None,
    *,
    name: str = "leads",
    window_days: int = 90,
    as_of: str | date | None = None,
    capacity: Capacity | None = None,
    value: LeadValue | None = None,
    promise: float | None = None,
    policy_by: By | None = None,
    explore: float = EXPLORE,
    prior: PointsTable | None = None,
    constraints: Sequence[Constraint] = (),
    keep: Collection[str] = (),
    drop: Collection[str] = (),
    force: bool = False,
    seed: int = 0,
    created_at: str = "",
    command: str = "",
    progress: Progress | None = None,
) -> Training:
    """Learn a bundle from won and lost leads, and measure it on the last quarter of them.

    Leads are labelled as of a date, and audited: fields that certainly or likely know the outcome, or name leads or
    people, are left out, and said. Fields under suspicion stay, and the evidence shows the scorecard without them too.
    A scorecard is fitted to the leads known before the last quarter began, its settings chosen by walking forward among
    them, and judged on that quarter. The deployed scorecard is then fitted to all mature leads with the same settings.
    Probabilities are calibrated on points that each block of leads got from a scorecard of earlier ones. Where these
    points rank won leads no higher than chance would, where the last quarter is surely ranked no better than chance, or
    where all points mean one probability, training refuses.

    Parameters
    ----------
    leads
        The history: what `leadqual.leads.read_leads` returned, or a DataFrame or file for it to read.
    schema
        What the columns are, where ``leads`` is a DataFrame or file; None where it was read, as its schema is known.
    name
        What people call the bundle.
    window_days
        Days a lead has to win.
    as_of
        The date as of which outcomes are known; None: the latest date in the data.
    capacity
        How many leads sales can work; None: 20 % of them.
    value, promise, policy_by
        What a win is worth and a contact costs, the win rate that is promised for SQLs, and which of them sets the
        policy; see `PolicyAim`.
    explore
        The share of what sales work that is drawn at random, 0 to 1; see `leadqual.bundle.Policy`.
    prior
        Today's hand-made rule, to compare with and to start from.
    constraints
        What the teams demand of the points.
    keep, drop
        Fields to learn from, or to leave out, whatever the audit says; a list of choices stands for all its choices.
    force
        Return a bundle also where its fields do not predict outcomes, or outcome words are counted as their opposite.
    seed
        Seed of whatever is random.
    created_at, command
        For the provenance; the same ones give the same bytes.
    progress
        Called with a step, what is done and what there is to do.

    Returns
    -------
    Training

    Raises
    ------
    EvidenceError
        When there is too little history to learn from, no field is left by the audit, or the fields do not predict
        outcomes and ``force`` is not set.
    SchemaError
        When a DataFrame or file comes without a schema, or leads that were read come with another one. When the schema
        has no field to score, or not the fields to keep or drop, or counts outcomes as the opposite of
        what their words say and ``force`` is not set.
    PolicyError
        When ``policy_by`` names what is not given, or the promise or ``explore`` is no share, or sales can work as many
        leads a week as come.

    Examples
    --------
    >>> from leadqual.simulation import SampleSettings, simulate
    >>> sample = simulate(SampleSettings(leads=2000), seed=1)
    >>> training = train(sample.table, sample.schema, name="demo")
    >>> training.bundle.curve.at(100)[0] > 0.02
    True
    """
    leads = as_leads(leads, schema)
    if not leads.schema.scored:
        raise SchemaError(
            "the schema has 0 features known at creation, it must have at least 1; add [[feature]] tables to it."
        )
    aim = PolicyAim(capacity or Capacity(share=_DEFAULT_SHARE), value, promise, policy_by, explore)
    _report(progress, "reading outcomes", 0)
    inverted = inverted_outcomes(leads, force=force)
    outcomes = label_outcomes(leads, window_days=window_days, as_of=as_of)
    named = {constraint.field for constraint in constraints}.union(prior.names if prior else (), keep, drop)
    leads = expanded_leads(leads, named=named)
    keep, drop = (fields_of(names, leads.schema.features) for names in (keep, drop))
    share, little_choice = capacity_share(aim.capacity, outcomes)
    audit = audit_leads(leads, outcomes)
    leads, decided = chosen_fields(leads, audit, keep=keep, drop=drop)
    constraints = constraints_on_choices(constraints, leads.schema.features)
    constraints, prior, dropped = still_scored(leads, constraints, prior)
    history = History(leads, outcomes, tuple(constraints), prior, seed, progress)
    mature = np.flatnonzero(outcomes.mature)
    mature = mature[np.argsort(outcomes.time[mature], kind="stable")]
    _report(progress, "fitting on the earlier leads", 1)
    choice, held_out, warnings = _measured(history)
    suspects = [name for name in audit.suspects if name in {feature.name for feature in leads.schema.scored}]
    without = _without(history, suspects, held_out)
    _report(progress, "fitting on all mature leads", 2)
    card = history.scorecard(mature, choice)
    _report(progress, "calibrating", 3)
    calibrated = history.calibrated(mature, card, until=_as_of_day(outcomes))
    curve = calibrated.curve
    followed = () if calibrated.following is None or calibrated.following.why is None else (calibrated.following.why,)
    latest = judged_latest(calibrated, held_out)
    doubts = (
        *calibrated.warnings,
        *without_signal(calibrated.signal, force=force),
        *lost_signal(latest, force=force),
        *flat_curve(curve, force=force),
    )
    points = lead_points(card.points_table_, leads.table)
    chosen, certified, uncertified = chosen_policy(
        aim, calibrated, points[recent_leads(outcomes)], leads_per_week=outcomes.leads_per_week
    )
    _report(progress, "measuring", 4)
    evidence: Evidence | None = None
    if held_out is not None:
        evidence = describe_evidence(held_out, capacity_share=share, without_suspects=without)
        warnings = evidence.warnings
    bundle = Bundle(
        name=name,
        window_days=outcomes.window_days,
        base_rate=round(card.base_rate_, 6),
        points_table=card.points_table_,
        curve=curve,
        scale=fit_scale(points[mature]),
        policy=chosen.chosen.policy,
        provenance=describe_origin(
            leads,
            outcomes,
            choice or card.choice_,
            fields=card.points_table_.names,
            seed=seed,
            created_at=created_at,
            command=command,
            dependence=card.dependence_,
        ),
        evidence=evidence,
        constraints=tuple(str(constraint) for constraint in constraints),
        id_field=leads.schema.id,
        account_field=leads.schema.account,
    )
    _report(progress, "done", _STEPS)
    unsure, history_said = (*undeclared(leads), *repeating(leads, outcomes)), history_doubts(audit, constraints)
    return Training(
        bundle=bundle,
        outcomes=outcomes,
        scorecard=card,
        held_out=held_out,
        audit=audit,
        signal=calibrated.signal,
        policy_choice=chosen,
        promise=certified,
        dependence=card.dependence_,
        notes=(
            *leads.notes,
            *decided,
            *dropped,
            *untold(leads, card.points_table_),
            *followed,
            *belonging(card.dependence_),
        ),
        warnings=(
            *inverted,
            *outcomes.warnings,
            *unsure,
            *suspicions(audit, suspects),
            *history_said,
            *warnings,
            *doubts,
            *little_choice,
            *uncertified,
        ),
    )


def _measured(history: History) -> tuple[Choice | None, HeldOut | None, tuple[Fact | str, ...]]:
    """Fit to the earlier leads and score the later ones; what is too small to be split is not measured, and says so."""
    try:
        split = last_part(history.outcomes)
        card = history.scorecard(split.train)
        before = float(np.floor(history.outcomes.time[split.test].min())) - 1
        curve = history.calibrated(split.train, card, until=before).curve
    except EvidenceError as error:
        return None, None, (f"Not measured on later leads: {error}",)
    label, table, account = history.outcomes.label, history.leads.table, history.account
    points = card.points(table.iloc[split.test])
    rule, rule_probability = _rule(history, split)
    held_out = HeldOut(
        split=split,
        won=label[split.test],
        points=points,
        probability=probabilities(curve, points),
        base_rate=card.base_rate_,
        prior_points=rule,
        prior_probability=rule_probability,
        new_account=None if account is None else ~np.isin(account[split.test], account[split.train]),
        account=None if account is None else account[split.test],
    )
    return card.choice_, held_out, split.warnings


def _without(history: History, suspects: Sequence[str], held_out: HeldOut | None) -> HeldOut | None:
    """Measure the scorecard without the fields under suspicion, where there are any and others remain."""
    if held_out is None or not suspects or len(suspects) == len(history.leads.schema.scored):
        return None
    leads = without_fields(history.leads, set(suspects))
    mine, prior, _ = still_scored(leads, history.constraints, history.prior)
    fewer = replace(history, leads=leads, constraints=tuple(mine), prior=prior)
    return _measured(fewer)[1]


def _rule(history: History, split: TimeSplit) -> tuple[Rows | None, Floats | None]:
    """Score the later leads by today's rule, its probabilities learned on the earlier ones as for any score."""
    if history.prior is None:
        return None, None
    points = lead_points(history.prior, history.leads.table)
    curve = fit_curve(
        points[split.train],
        history.outcomes.label[split.train],
        base_rate=None,
        points_to_double_odds=history.prior.points_to_double_odds,
        time=history.outcomes.time[split.train],
        account=None if (account := history.account) is None else account[split.train],
    )
    return points[split.test], probabilities(curve, points[split.test])


def recent_leads(outcomes: Outcomes) -> NDArray[np.bool_]:
    """Return the leads of the last 13 weeks, or all where these are few or have no dates: what sales will see next.

    Parameters
    ----------
    outcomes
        The labels of n leads.

    Returns
    -------
    numpy.ndarray of bool, shape (n,)

    Examples
    --------
    >>> from leadqual.leads import read_leads
    >>> from leadqual.simulation import SampleSettings, simulate
    >>> sample = simulate(SampleSettings(leads=1500), seed=1)
    >>> outcomes = label_outcomes(read_leads(sample.table, sample.schema))
    >>> recent = recent_leads(outcomes)
    >>> bool(200 < recent.sum() < 600), bool(outcomes.time[recent].min() > outcomes.time[~recent].max())
    (True, True)
    """
    placed = np.isfinite(outcomes.time)
    if outcomes.as_of is None or not placed.any():
        return np.ones(len(outcomes.time), dtype=bool)
    # leads created after as_of are excluded
    placed &= outcomes.time < (_as_of_day(outcomes) or 0.0) + 1
    recent = placed & (outcomes.time > float(outcomes.time[placed].max()) - _RECENT_DAYS)
    return np.asarray(recent if int(recent.sum()) >= _MIN_RECENT else placed)


def _as_of_day(outcomes: Outcomes) -> float | None:
    """Return the last day that is known, since 1970-01-01; None without dates."""
    return None if outcomes.as_of is None else float(np.datetime64(outcomes.as_of, "D").astype(np.int64))


def _report(progress: Progress | None, step: str, done: int) -> None:
    if progress is not None:
        progress(step, done, _STEPS)
