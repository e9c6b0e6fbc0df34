"""A change of which bands a field has: the class that merging and splitting extend."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from leadqual.agreement.edits.change import Change
from leadqual.agreement.edits.field_change import FieldChange

__all__ = ["Reshape"]


@dataclass(frozen=True, slots=True)
class Reshape(FieldChange):
    """A change of the bands of a field; a kind overrides `reshaped_bands`.

    Parameters
    ----------
    field
        The field.
    """

    reshapes: ClassVar[bool] = True

    def conflict(self, other: Change, *, later: bool) -> str | None:
        """Refuse another change of the same bands."""
        if other.about(self.field) and other != self and self.reshaped_bands & other.reshaped_bands:
            return f"reshape the same bands of {self.field}"
        return None
