"""The history a bundle's edits are priced on: later leads kept apart, and points that carry what was signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from leadqual.agreement.applied_edits import applied_changes, changes_in_force, unknown_edits
from leadqual.agreement.appraisal import appraise, thresholds_moved_alike
from leadqual.agreement.demands import constraints_under, limits_of
from leadqual.agreement.later_leads import LaterLeads, Segments, counted_beside, with_table
from leadqual.agreement.override import move_alike, override
from leadqual.bundle import AppliedEdits, Bundle, PointsTable
from leadqual.errors import EvidenceError
from leadqual.evaluation import time_blocks
from leadqual.leads import Feature, Leads, Outcomes, last_part
from leadqual.leads.accounts import account_numbers
from leadqual.leads.choices import expanded_leads
from leadqual.scorecard import Constraint, Exclude, Strength, recency, refit_points
from leadqual.scorecard.choices import constraints_on_choices
from leadqual.scorer.choice_columns import with_choices
from leadqual.training.train import recent_leads

__all__ = ["hold_later"]

_MIN_IN_SEGMENT = 10
_MAX_VALUES = 12
_REST = "(others)"
_GAP = "(missing)"


def hold_later(
    bundle: Bundle,
    leads: Leads,
    outcomes: Outcomes,
    *,
    constraints: Sequence[Constraint] = (),
    prior: PointsTable | None = None,
) -> LaterLeads:
    """Split a history in time as training does, and learn the bundle's points again from the earlier part.

    The bundle's own points have seen every mature lead; judged on those, whatever else is proposed would look worse
    than it is. Its bands stay; its points are learned again, with its strength and half-life, from what was known when
    the last quarter began. Edits that were applied to the bundle are applied to those points as well, so that what
    they are compared with is what was signed.

    Parameters
    ----------
    bundle
        What edits are about.
    leads, outcomes
        The history and its labels.
    constraints, prior
        What the bundle was trained with.

    Raises
    ------
    EvidenceError
        When the history is too small to keep a part of it apart, or lacks a field that the bundle scores.

    Examples
    --------
    >>> from leadqual.leads import label_outcomes, read_leads
    >>> from leadqual.simulation import SampleSettings, simulate
    >>> from leadqual.training import train
    >>> sample = simulate(SampleSettings(leads=1500), seed=1)
    >>> leads = read_leads(sample.table, sample.schema)
    >>> bundle = train(leads, name="demo").bundle
    >>> later = hold_later(bundle, leads, label_outcomes(leads))
    >>> later.table.names == bundle.points_table.names, len(later.later) > 200
    (True, True)
    """
    learned = bundle.provenance.learned or bundle.points_table
    known = tuple(dict.fromkeys((*bundle.points_table.names, *learned.names)))
    leads = expanded_leads(leads, named=known)
    for table in (bundle.points_table, learned):
        leads = replace(leads, table=with_choices(leads.table, table))
    _check_fields(leads, bundle.points_table, known)
    split = last_part(outcomes)
    strength, half_life = _settings(bundle)
    earlier, later = (leads.table.iloc[rows].reset_index(drop=True) for rows in (split.train, split.test))
    won = outcomes.label[split.train]
    account = None
    if leads.schema.account is not None and leads.schema.account in leads.table:
        account = account_numbers(leads.table[leads.schema.account], leads.schema.missing_values)
    within = float(dict(bundle.provenance.settings).get("account correlation", 0.0))
    earlier_account, later_account = (None if account is None else account[rows] for rows in (split.train, split.test))
    weight = recency(outcomes.time[split.train], half_life) * counted_beside(earlier_account, within)
    steps, overrides = _since_learned(bundle.provenance.edits)
    demanded = changes_in_force(steps)
    constraints = constraints_on_choices(constraints, leads.schema.features)
    mine = tuple(c for c in constraints if not isinstance(c, Exclude) and c.field in known)
    table = refit_points(
        learned,
        earlier,
        won,
        weight=weight,
        strength=strength,
        constraints=constraints_under(demanded, learned, [c for c in mine if c.field in learned.names]),
        limits=limits_of(demanded, learned),
        prior=prior,
    )
    held = LaterLeads(
        bundle=bundle.digest,
        table=table,
        deployed=learned,
        policy=bundle.policy,
        policy_here=bundle.policy,
        # what is known only later must not be brought back either: it would seem to gain much, and cannot be scored
        features=leads.schema.scored,
        earlier=earlier,
        later=later,
        earlier_won=won,
        later_won=outcomes.label[split.test],
        weight=weight,
        earlier_time=outcomes.time[split.train],
        later_time=outcomes.time[split.test],
        half_life=half_life,
        recent=leads.table[recent_leads(outcomes)].reset_index(drop=True),
        block=time_blocks(outcomes.time[split.test], dated=outcomes.as_of is not None, account=later_account),
        earlier_codes=(),
        later_codes=(),
        earlier_points=np.empty(0, dtype=np.int64),
        later_points=np.empty(0, dtype=np.int64),
        segments={feature.name: _segments(later[feature.name]) for feature in _segment_fields(leads)},
        leads_per_week=outcomes.leads_per_week,
        strength=strength,
        constraints=mine,
        prior=prior,
        signed=changes_in_force(bundle.provenance.edits),
        unknown_edits=unknown_edits(bundle),
        earlier_account=earlier_account,
        later_account=later_account,
        account_correlation=within,
    )
    return _replayed(with_table(held, table), steps, overrides, bundle)


def _check_fields(leads: Leads, scored: PointsTable, known: Sequence[str]) -> None:
    """Refuse leads without a field that is scored, or that was when the other points were learned."""
    lacking = [name for name in known if name not in leads.table.columns]
    now = [name for name in lacking if name in scored.names]
    if now:
        raise EvidenceError(
            f"the leads lack {len(now)} of the bundle's {len(scored.fields)} fields ({', '.join(now)}); read the "
            "history that the bundle was trained on, or a later one."
        )
    if lacking:
        raise EvidenceError(
            f"the leads lack {', '.join(lacking)}, with which the points were learned before an edit left it out; read "
            "the history that the bundle was trained on, or train again without it."
        )


def _since_learned(edits: Sequence[AppliedEdits]) -> tuple[Sequence[AppliedEdits], Sequence[AppliedEdits]]:
    """Return the proposals that the points were last learned under, and the overrides since."""
    last = max((i for i, step in enumerate(edits, 1) if step.by == "refit"), default=0)
    return edits[:last], edits[last:]


def _replayed(
    held: LaterLeads, steps: Sequence[AppliedEdits], overrides: Sequence[AppliedEdits], bundle: Bundle
) -> LaterLeads:
    """Apply to the points learned from the earlier leads, one after the other, what was applied to the bundle's own."""
    whole = (*steps, *overrides)
    if whole:
        held = replace(held, policy_here=whole[0].policy)
    for number, step in enumerate(whole):
        changes = applied_changes(step)
        held = replace(held, policy=step.policy)
        before = appraise(held.table, held, ())
        table, deployed = held.table, held.deployed
        if number >= len(steps):
            table, deployed = move_alike(table, deployed, changes), override(deployed, changes)
        after = appraise(table, held, thresholds_moved_alike(changes, held.policy, before.policy))
        held = replace(with_table(held, table), deployed=deployed, policy_here=after.policy)
    named = _named_as(held.table, bundle.points_table)
    return replace(held, table=named, deployed=bundle.points_table, policy=bundle.policy)


def _named_as(table: PointsTable, deployed: PointsTable) -> PointsTable:
    """Return the table with the labels that its bands have where they are deployed: edits name bands by those."""
    fields = []
    for field in table.fields:
        pairs = zip(field.bands, deployed.field(field.name).bands, strict=True)
        fields.append(replace(field, bands=tuple(replace(band, label=own.label) for band, own in pairs)))
    return replace(table, fields=tuple(fields))


def _segment_fields(leads: Leads) -> list[Feature]:
    """Return the fields by which results are broken down: never the outcome, nor what is known only later."""
    schema = leads.schema
    roles = {schema.outcome, schema.id, schema.created_at, schema.closed_at, schema.order, schema.deleted}
    return [
        feature for feature in schema.scored if feature.kind in ("category", "boolean") and feature.name not in roles
    ]


def _settings(bundle: Bundle) -> tuple[Strength, float | None]:
    settings = dict(bundle.provenance.settings)
    default = Strength()
    strength = Strength(
        float(settings.get("strength", default.common)), float(settings.get("prior_weight", default.prior_weight))
    )
    half_life = settings.get("half_life", "none")
    return strength, None if half_life == "none" else float(half_life)


def _segments(column: pd.Series) -> Segments:
    text = column.astype("str").str.strip().where(column.notna(), _GAP).replace("", _GAP)
    counts = text.value_counts()
    named = [str(value) for value in counts.index[counts >= _MIN_IN_SEGMENT][:_MAX_VALUES]]
    values = (*named, _REST)
    places = {value: i for i, value in enumerate(named)}
    place = text.map(places).fillna(len(named)).to_numpy()
    return Segments(values, np.asarray(place, dtype=np.int64))
