"""What changes demand of points that are learned again: constraints on whole fields, limits of single bands."""

from __future__ import annotations

from collections.abc import Sequence

from leadqual.agreement.edits import Change
from leadqual.agreement.edits.change import Limits, narrowed
from leadqual.bundle import PointsTable
from leadqual.scorecard import Constraint

__all__ = ["constraints_under", "limits_of"]


def constraints_under(
    changes: Sequence[Change], table: PointsTable, constraints: Sequence[Constraint] = ()
) -> tuple[Constraint, ...]:
    """Return the constraints, then those that the changes add on fields of the table, each once.

    Parameters
    ----------
    changes
        What is to change.
    table
        The fields whose points are learned.
    constraints
        What is demanded already.

    Examples
    --------
    >>> from leadqual.agreement import ForceDirection
    >>> from leadqual.bundle import Band, FieldPoints
    >>> table = PointsTable((FieldPoints("Visits", "numeric", (Band("all", 0, interval=(None, None)),)),))
    >>> constraints_under([ForceDirection("Visits", "up"), ForceDirection("Pages", "up")], table)
    (Direction(field='Visits', direction='up'),)
    """
    added = [change.constraint for change in changes]
    scored = [one for one in added if one is not None and one.field in table.names]
    return tuple(dict.fromkeys((*constraints, *scored)))


def limits_of(changes: Sequence[Change], table: PointsTable) -> dict[tuple[str, str], Limits]:
    """Return the fewest and most points that the changes leave each band of the table, by field and label."""
    bands = {(field.name, band.label) for field in table.fields for band in field.bands}
    limits: dict[tuple[str, str], Limits] = {}
    for place, ends in (item for change in changes for item in change.limits.items()):
        if place in bands:
            limits[place] = narrowed(limits.get(place, (None, None)), ends)
    return limits
