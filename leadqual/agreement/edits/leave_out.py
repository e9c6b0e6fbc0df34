"""Leave out: a field is no longer scored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from leadqual.agreement.edits.change import Change
from leadqual.agreement.edits.field_change import FieldChange
from leadqual.bundle import PointsTable
from leadqual.scorecard import Constraint, Exclude

__all__ = ["LeaveOut"]


@dataclass(frozen=True, slots=True)
class LeaveOut(FieldChange):
    """The field is no longer scored.

    Its average points are added to every lead, so that the average lead keeps its points.

    Parameters
    ----------
    field
        The field.

    Examples
    --------
    >>> print(LeaveOut("Region"))
    Region: not scored
    """

    kind: ClassVar[str] = "leave out"
    reshapes: ClassVar[bool] = True

    def __str__(self) -> str:
        return str(self.constraint)

    @property
    def constraint(self) -> Constraint:
        """The exclusion, as training takes it."""
        return Exclude(self.field)

    def conflict(self, other: Change, *, later: bool) -> str | None:
        """Refuse every other kind of change of the field."""
        if other.about(self.field) and not isinstance(other, LeaveOut):
            return f"score {self.field} and leave it out"
        return None

    def apply(self, table: PointsTable, *, points: bool) -> PointsTable:
        """Return the table without the field."""
        own = self.scored(table)
        fields = tuple(field for field in table.fields if field is not own)
        return replace(table, fields=fields, base_points=table.base_points + own.average_points)
