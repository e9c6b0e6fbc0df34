"""Refit: an edit becomes a constraint, and the rest of the scorecard adapts to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from leadqual.agreement.applied_edits import changes_held
from leadqual.agreement.demands import constraints_under, limits_of
from leadqual.agreement.edits import Change
from leadqual.agreement.later_leads import LaterLeads
from leadqual.agreement.override import reshape
from leadqual.bundle import FieldPoints, PointsTable
from leadqual.errors import EvidenceError, ProposalError
from leadqual.scorecard import Exclude, ScorecardClassifier, refit_points

__all__ = ["refit"]


def refit(changes: Sequence[Change], held: LaterLeads) -> PointsTable:
    """Return the points that the earlier leads give the bands under the changes.

    Edits that were applied to the bundle before still hold, unless a change replaces them. Pins and caps are bounds of
    the fit, a direction pools the bands that run against it, merged and split bands get
    points of their own, and a field that is brought back gets bands as training would have made them.

    Parameters
    ----------
    changes
        What is to change; those of the policy do not touch the points.
    held
        The leads; points are learned from the earlier ones alone.

    Raises
    ------
    ProposalError
        When a change names a field or band that is not there.
    ConstraintError
        When what is demanded leaves a band no points.

    Examples
    --------
    See `leadqual.agreement.price`.
    """
    table = held.table
    for change in changes:
        name = change.added_field
        if name is not None and name not in table.names:
            table = replace(table, fields=(*table.fields, _brought_back(name, held)))
    table = reshape(table, changes)
    excluded = {change.constraint for change in changes}
    demanded = changes_held(held.signed, changes)
    return refit_points(
        table,
        held.earlier,
        held.earlier_won,
        weight=held.weight,
        strength=held.strength,
        constraints=constraints_under(
            demanded, table, [one for one in held.constraints if Exclude(one.field) not in excluded]
        ),
        limits=limits_of(demanded, table),
        prior=held.prior,
    )


def _brought_back(name: str, held: LaterLeads) -> FieldPoints:
    for feature in held.features:
        if feature.name == name:
            break
    else:
        raise ProposalError(
            f"{name} is not a feature of the schema that is known when a lead is created, as a scored field must be; "
            "correct the schema, or take the edit back."
        )
    nothing = f"{name} tells no earlier leads apart and says nothing; take the edit back."
    card = ScorecardClassifier(
        [feature],
        strength=held.strength.common,
        half_life=held.half_life,
        missing_values=held.table.missing_values,
    )
    try:
        card.fit(held.earlier, held.earlier_won, created_at=held.earlier_time)
    except EvidenceError:
        raise ProposalError(nothing) from None
    if name not in card.points_table_.names:
        raise ProposalError(nothing)
    return card.points_table_.field(name)
