"""Merge: several bands of a field become one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from leadqual.agreement.edits.checks import check_names
from leadqual.agreement.edits.field_change import mean_points, place_of
from leadqual.agreement.edits.reshape import Reshape
from leadqual.bundle import FieldPoints
from leadqual.errors import ProposalError
from leadqual.scorecard.merging import merged_field

__all__ = ["MergeBands"]


@dataclass(frozen=True, slots=True)
class MergeBands(Reshape):
    """Several bands of a field become one, worth the average of their leads.

    Parameters
    ----------
    field
        The field.
    bands
        Labels of the bands; of a number, neighbours only.

    Examples
    --------
    >>> print(MergeBands("Source", ("Fair", "Web")))
    Source: Fair with Web as one band
    """

    kind: ClassVar[str] = "merge"

    bands: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.field}: {' with '.join(self.bands)} as one band"

    @property
    def target(self) -> tuple[object, ...]:
        """The bands."""
        return self.field, self.bands

    def check(self) -> None:
        """Refuse fewer than two bands."""
        check_names(self.field, bands=self.bands)
        if len(set(self.bands)) < 2:
            raise ProposalError("a merge names fewer than two bands; name those that are to be one.")

    @property
    def reshaped_bands(self) -> frozenset[str]:
        """The bands."""
        return frozenset(self.bands)

    def changed(self, field: FieldPoints, *, points: bool) -> FieldPoints:
        """Return the field with the bands as one."""
        at = sorted(place_of(field, label) for label in dict.fromkeys(self.bands))
        numbers = [i for i in at if field.bands[i].interval is not None]
        if field.kind == "numeric" and numbers and numbers != list(range(numbers[0], numbers[-1] + 1)):
            raise ProposalError(
                f"the bands of {field.name} to be merged are no neighbours; name those between them too."
            )
        member = np.arange(len(field.bands))
        member[at] = at[0]
        member = np.unique(member, return_inverse=True)[1]
        return merged_field(field, member, mean_points(field.bands, member), field.average_points, in_order=False)
