"""Override: the points are just changed, and nothing else moves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from leadqual.agreement.edits import Change
from leadqual.bundle import PointsTable
from leadqual.errors import ProposalError

__all__ = ["move_alike", "override", "reshape"]


def override(table: PointsTable, changes: Sequence[Change]) -> PointsTable:
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
    >>> from leadqual.agreement import CapBand, MergeBands
    >>> from leadqual.bundle import Band, FieldPoints
    >>> bands = (Band("Fair", 30, 0.25, values=("Fair",)), Band("Web", -10, 0.75, values=("Web",)))
    >>> table = PointsTable((FieldPoints("Source", "category", bands),), base_points=100)
    >>> [band.points for band in override(table, [CapBand("Source", "Fair", at_most=10)]).field("Source").bands]
    [10, -10]
    >>> override(table, [MergeBands("Source", ("Fair", "Web"))]).field("Source").bands[0].points
    0
    """
    table = _applied(table, changes, points=True)
    for change in changes:
        if not change.holds(table):
            raise ProposalError(f"{change} does not hold after the edits that follow it; take one of them back.")
    return table


def reshape(table: PointsTable, changes: Sequence[Change]) -> PointsTable:
    """Return the table with the changes to its fields and bands alone, for points to be learned anew.

    Raises
    ------
    ProposalError
        As in `override`.
    """
    return _applied(table, changes, points=False)


def move_alike(table: PointsTable, deployed: PointsTable, changes: Sequence[Change]) -> PointsTable:
    """Return another table of the same bands with its points moved by as much as the changes move the deployed ones.

    A price compares points learned from earlier leads alone; a band that goes from 37 to 36 points must cost what one
    point costs, whatever those earlier leads gave it. Bands that are merged or split are changed as in `override`.

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
        As in `override`, for the deployed points.
    """
    wanted = override(deployed, changes)
    moved = _applied(table, [change for change in changes if change.reshapes], points=True)
    fields = []
    for field in moved.fields:
        new = wanted.field(field.name)
        was = {band.label: band.points for band in deployed.field(field.name).bands}
        mine = [change for change in changes if change.about(field.name)]
        if any(change.reshapes for change in mine):
            own = PointsTable((field,))
            field = _applied(own, [change for change in mine if not change.reshapes], points=True).fields[0]
        else:
            pairs = zip(field.bands, new.bands, strict=True)
            bands = tuple(replace(band, points=band.points + to.points - was[to.label]) for band, to in pairs)
            field = replace(field, bands=bands)
        fields.append(field)
    return replace(moved, fields=tuple(fields))


def _applied(table: PointsTable, changes: Sequence[Change], *, points: bool) -> PointsTable:
    for change in changes:
        table = change.apply(table, points=points)
    return table
