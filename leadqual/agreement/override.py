"""Override: the points are just changed, and nothing else moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from leadqual.agreement.edits import (
    BringBack,
    CapBand,
    Change,
    ForceDirection,
    LeaveOut,
    MergeBands,
    PinBand,
    SplitBand,
)
from leadqual.bundle import Band, FieldPoints, PointsTable
from leadqual.bundle.labels import band_label
from leadqual.bundle.values import read_boolean, read_category
from leadqual.errors import ProposalError
from leadqual.scorecard.bounds import pooled
from leadqual.scorecard.merging import merged_field

__all__ = ["moved_alike", "overridden", "reshaped"]


def overridden(table: PointsTable, changes: Sequence[Change]) -> PointsTable:
    """Return the points table with the changes made, one after the other; changes of the policy do not touch it.

    Merged bands are worth the average of their leads; both parts of a split band are worth what it was, and have half
    its share until the leads are counted again. A field that is left out is replaced by its average points, so that the
    average lead keeps its points. A direction pools neighbouring bands that run against it, weighted by their leads.

    Parameters
    ----------
    table
        The points as they are.
    changes
        What is to change; each is applied to what the earlier ones left.

    Raises
    ------
    ProposalError
        When a change names a field or band that is not there, cannot be made by changing points, or a later change
        undid an earlier one.

    Examples
    --------
    >>> bands = (Band("Fair", 30, 0.25, values=("Fair",)), Band("Web", -10, 0.75, values=("Web",)))
    >>> table = PointsTable((FieldPoints("Source", "category", bands),), base_points=100)
    >>> [band.points for band in overridden(table, [CapBand("Source", "Fair", at_most=10)]).field("Source").bands]
    [10, -10]
    >>> overridden(table, [MergeBands("Source", ("Fair", "Web"))]).field("Source").bands[0].points
    0
    """
    for change in changes:
        table = _changed(table, change, points=True)
    _check_kept(table, changes)
    return table


def reshaped(table: PointsTable, changes: Sequence[Change]) -> PointsTable:
    """Return the table with the changes to its fields and bands alone, for points to be learned anew.

    Raises
    ------
    ProposalError
        As in `overridden`.
    """
    for change in changes:
        table = _changed(table, change, points=False)
    return table


def moved_alike(table: PointsTable, deployed: PointsTable, changes: Sequence[Change]) -> PointsTable:
    """Return another table of the same bands with its points moved by as much as the changes move the deployed ones.

    A price compares points learned from earlier leads alone; a band that goes from 37 to 36 points must cost what one
    point costs, whatever those earlier leads gave it. Bands that are merged or split are changed as in `overridden`.

    Parameters
    ----------
    table
        The points to move.
    deployed
        The points that the changes are about.
    changes
        What is to change.

    Raises
    ------
    ProposalError
        As in `overridden`, for the deployed points.
    """
    wanted = overridden(deployed, changes)
    reshapes = [change for change in changes if isinstance(change, MergeBands | SplitBand | LeaveOut)]
    moved = table
    for change in reshapes:
        moved = _changed(moved, change, points=True)
    fields = []
    for field in moved.fields:
        new = wanted.field(field.name)
        was = {band.label: band.points for band in deployed.field(field.name).bands}
        mine = [change for change in changes if getattr(change, "field", None) == field.name]
        if any(isinstance(change, MergeBands | SplitBand) for change in mine):
            field = _alone(field, [change for change in mine if not isinstance(change, MergeBands | SplitBand)])
        else:
            pairs = zip(field.bands, new.bands, strict=True)
            bands = tuple(replace(band, points=band.points + to.points - was[to.label]) for band, to in pairs)
            field = replace(field, bands=bands)
        fields.append(field)
    return replace(moved, fields=tuple(fields))


def _alone(field: FieldPoints, changes: Sequence[Change]) -> FieldPoints:
    table = PointsTable((field,))
    for change in changes:
        table = _changed(table, change, points=True)
    return table.fields[0]


def _changed(table: PointsTable, change: Change, *, points: bool) -> PointsTable:
    if isinstance(change, BringBack):
        if change.field in table.names:
            return table
        raise ProposalError(f"{change.field} has no points to bring back; only a refit learns them; choose refit.")
    if not isinstance(change, PinBand | CapBand | ForceDirection | LeaveOut | MergeBands | SplitBand):
        return table
    if change.field not in table.names:
        raise ProposalError(
            f"{change.field} is not among the {len(table.fields)} scored fields; bring it back, or take the edit back."
        )
    field = table.field(change.field)
    if isinstance(change, LeaveOut):
        fields = tuple(other for other in table.fields if other is not field)
        return replace(table, fields=fields, base_points=table.base_points + field.average_points)
    if isinstance(change, MergeBands):
        new = _merged(field, change)
    elif isinstance(change, SplitBand):
        new = _split(field, change)
    elif isinstance(change, ForceDirection):
        new = _directed(field, change, points=points)
    else:
        new = _pointed(field, change, points=points)
    return replace(table, fields=tuple(new if other is field else other for other in table.fields))


def _place(field: FieldPoints, label: str) -> int:
    for i, band in enumerate(field.bands):
        if band.label == label:
            return i
    names = ", ".join(f'"{band.label}"' for band in field.bands)
    raise ProposalError(f'{field.name} has no band "{label}", its bands are {names}; name one of them.')


def _pointed(field: FieldPoints, change: PinBand | CapBand, *, points: bool) -> FieldPoints:
    at = _place(field, change.band)
    if not points:
        return field
    worth = field.bands[at].points
    if isinstance(change, PinBand):
        worth = change.points
    else:
        worth = worth if change.at_least is None else max(worth, change.at_least)
        worth = worth if change.at_most is None else min(worth, change.at_most)
    bands = tuple(replace(band, points=worth) if i == at else band for i, band in enumerate(field.bands))
    return replace(field, bands=bands)


def _directed(field: FieldPoints, change: ForceDirection, *, points: bool) -> FieldPoints:
    order = [i for i, band in enumerate(field.bands) if band.interval is not None]
    if field.kind != "numeric":
        raise ProposalError(f"{field.name} is a {field.kind} field and has no direction; pin the points of its bands.")
    if not points or not order:
        return field
    sign = 1.0 if change.direction == "up" else -1.0
    worth = np.array([field.bands[i].points for i in order], dtype=np.float64)
    share = np.array([field.bands[i].share for i in order]) + 1e-9
    group = pooled(sign * worth, share)
    means = np.bincount(group, worth * share) / np.bincount(group, share)
    new = dict(zip(order, np.rint(means[group]).astype(int).tolist(), strict=True))
    return replace(
        field, bands=tuple(replace(band, points=new.get(i, band.points)) for i, band in enumerate(field.bands))
    )


def _merged(field: FieldPoints, change: MergeBands) -> FieldPoints:
    at = sorted(_place(field, label) for label in set(change.bands))
    numbers = [i for i in at if field.bands[i].interval is not None]
    if field.kind == "numeric" and numbers and numbers != list(range(numbers[0], numbers[-1] + 1)):
        raise ProposalError(f"the bands of {field.name} to be merged are no neighbours; name those between them too.")
    member = np.arange(len(field.bands))
    member[at] = at[0]
    member = np.unique(member, return_inverse=True)[1]
    share = np.array([band.share for band in field.bands]) + 1e-9
    worth = np.array([band.points for band in field.bands], dtype=np.float64)
    means = np.rint(np.bincount(member, worth * share) / np.bincount(member, share)).astype(int)
    return merged_field(field, member, means.tolist(), field.average_points, in_order=False)


def _split(field: FieldPoints, change: SplitBand) -> FieldPoints:
    at = _place(field, change.band)
    band = field.bands[at]
    parts = _numeric_parts(field, band, change) if change.at is not None else _listed_parts(field, band, change)
    return replace(field, bands=(*field.bands[:at], *parts, *field.bands[at + 1 :]))


def _numeric_parts(field: FieldPoints, band: Band, change: SplitBand) -> tuple[Band, Band]:
    low, high = band.interval or (None, None)
    at = float(change.at or 0.0)
    if band.interval is None or not (low is None or low < at) or not (high is None or at < high):
        raise ProposalError(
            f'the band "{band.label}" of {field.name} cannot be split at {at:g}; name a number inside it.'
        )
    return (
        _part(band, interval=(low, at), values=(), missing=False, other=False),
        _part(band, interval=(at, high), values=(), missing=band.missing, other=False),
    )


def _listed_parts(field: FieldPoints, band: Band, change: SplitBand) -> tuple[Band, Band]:
    read = [read_boolean(value) if field.kind == "boolean" else read_category(value) for value in change.values]
    apart = tuple(value for value in band.values if value in read)
    rest = tuple(value for value in band.values if value not in read)
    if len(apart) != len(set(read)) or not (rest or band.missing or band.other):
        raise ProposalError(
            f'the values to split off the band "{band.label}" of {field.name} must be some of its values, not all; '
            "correct them."
        )
    return (
        _part(band, interval=None, values=apart, missing=False, other=False),
        _part(band, interval=None, values=rest, missing=band.missing, other=band.other),
    )


def _part(
    band: Band,
    *,
    interval: tuple[float | None, float | None] | None,
    values: tuple[str, ...],
    missing: bool,
    other: bool,
) -> Band:
    label = band_label(interval, values, missing=missing, other=other)
    return Band(label, band.points, band.share / 2, values, interval, missing, other)


def _check_kept(table: PointsTable, changes: Sequence[Change]) -> None:
    """Refuse where a later change undid an earlier one, rather than let the last one win."""
    for change in changes:
        if isinstance(change, PinBand | CapBand) and change.field in table.names:
            kept = [band for band in table.field(change.field).bands if band.label == change.band]
            if kept and _pointed(table.field(change.field), change, points=True) != table.field(change.field):
                raise ProposalError(f"{change} does not hold after the edits that follow it; take one of them back.")
        if isinstance(change, ForceDirection) and change.field in table.names:
            field = table.field(change.field)
            if _directed(field, change, points=True) != field:
                raise ProposalError(f"{change} does not hold after the edits that follow it; take one of them back.")
