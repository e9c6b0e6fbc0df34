"""Refit: an edit becomes a constraint, and the rest of the scorecard adapts to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from leadqual.agreement.applied_edits import changes_held
from leadqual.agreement.edits import BringBack, CapBand, Change, ForceDirection, LeaveOut, PinBand
from leadqual.agreement.later_leads import LaterLeads
from leadqual.agreement.override import reshaped
from leadqual.bundle import FieldPoints, PointsTable
from leadqual.errors import EvidenceError, ProposalError
from leadqual.scorecard import Direction, ScorecardClassifier, refit_points

__all__ = ["limits_of", "refitted"]


def refitted(changes: Sequence[Change], held: LaterLeads) -> PointsTable:
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
        if isinstance(change, BringBack) and change.field not in table.names:
            table = replace(table, fields=(*table.fields, _brought_back(change.field, held)))
    table = reshaped(table, changes)
    left_out = {change.field for change in changes if isinstance(change, LeaveOut)}
    demanded = changes_held(held.signed, changes)
    directions = [
        Direction(c.field, c.direction) for c in demanded if isinstance(c, ForceDirection) and c.field in table.names
    ]
    mine = [c for c in held.constraints if c.field not in left_out]
    return refit_points(
        table,
        held.earlier,
        held.earlier_won,
        weight=held.weight,
        strength=held.strength,
        constraints=[*mine, *(d for d in directions if d not in mine)],
        limits=limits_of(demanded, table),
        prior=held.prior,
    )


def limits_of(changes: Sequence[Change], table: PointsTable) -> dict[tuple[str, str], tuple[int | None, int | None]]:
    """Return the fewest and most points that the changes leave each band of the table, by field and label."""
    bands = {(field.name, band.label) for field in table.fields for band in field.bands}
    limits: dict[tuple[str, str], tuple[int | None, int | None]] = {}
    for change in changes:
        if isinstance(change, PinBand):
            ends: tuple[int | None, int | None] = (change.points, change.points)
        elif isinstance(change, CapBand):
            ends = (change.at_least, change.at_most)
        else:
            continue
        if (change.field, change.band) not in bands:
            continue
        low, high = limits.get((change.field, change.band), (None, None))
        fewest = [end for end in (low, ends[0]) if end is not None]
        most = [end for end in (high, ends[1]) if end is not None]
        limits[change.field, change.band] = (max(fewest, default=None), min(most, default=None))
    return limits


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
