"""Bring back: a field of the schema that is not scored is scored again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from leadqual.agreement.edits.field_change import FieldChange
from leadqual.bundle import PointsTable
from leadqual.errors import ProposalError

__all__ = ["BringBack"]


@dataclass(frozen=True, slots=True)
class BringBack(FieldChange):
    """A field of the schema that is not scored is scored again; only a refit can learn its points.

    Parameters
    ----------
    field
        The field.

    Examples
    --------
    >>> print(BringBack("Region"))
    Region: scored again
    """

    kind: ClassVar[str] = "bring back"

    def __str__(self) -> str:
        return f"{self.field}: scored again"

    @property
    def added_field(self) -> str:
        """The field."""
        return self.field

    def apply(self, table: PointsTable, *, points: bool) -> PointsTable:
        """Return the table, which must score the field already."""
        if self.field in table.names:
            return table
        raise ProposalError(f"{self.field} has no points to bring back; only a refit learns them; choose refit.")
