"""A change of one scored field: how it finds the field and its bands in a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from leadqual.agreement.edits.change import Change
from leadqual.agreement.edits.checks import check_names
from leadqual.bundle import Band, FieldPoints, PointsTable
from leadqual.errors import ProposalError

__all__ = ["FieldChange", "band_shares", "mean_points", "place_of"]


@dataclass(frozen=True, slots=True)
class FieldChange(Change):
    """A change of one field.

    Parameters
    ----------
    field
        Its name.
    """

    field: str

    @property
    def target(self) -> tuple[object, ...]:
        """The field."""
        return (self.field,)

    def check(self) -> None:
        """Refuse a field that is not named."""
        check_names(self.field)

    def about(self, field: str) -> bool:
        """Tell whether this is the field."""
        return field == self.field

    def apply(self, table: PointsTable, *, points: bool) -> PointsTable:
        """Return the table with the field changed."""
        own = self.scored(table)
        new = self.changed(own, points=points)
        return replace(table, fields=tuple(new if field is own else field for field in table.fields))

    def changed(self, field: FieldPoints, *, points: bool) -> FieldPoints:
        """Return the field with the change made; ``points`` as in `apply`."""
        return field

    def scored(self, table: PointsTable) -> FieldPoints:
        """Return the field as the table scores it; ProposalError where it does not."""
        if self.field not in table.names:
            raise ProposalError(
                f"{self.field} is not among the {len(table.fields)} scored fields; bring it back, or take the edit "
                "back."
            )
        return table.field(self.field)


def place_of(field: FieldPoints, label: str) -> int:
    """Return the place of the band with this label; ProposalError where the field has none."""
    for i, band in enumerate(field.bands):
        if band.label == label:
            return i
    names = ", ".join(f'"{band.label}"' for band in field.bands)
    raise ProposalError(f'{field.name} has no band "{label}", its bands are {names}; name one of them.')


def band_shares(bands: Sequence[Band]) -> NDArray[np.float64]:
    """Return the share of leads in each of k bands, (k,); none is 0, so that bands without leads have an average."""
    return np.array([band.share for band in bands]) + 1e-9


def mean_points(bands: Sequence[Band], group: NDArray[np.int64]) -> list[int]:
    """Return the average points of the leads in each of m groups of bands, whole.

    Parameters
    ----------
    bands
        The k bands.
    group
        The group of each band, 0 to m - 1, (k,).
    """
    share = band_shares(bands)
    worth = np.array([band.points for band in bands], dtype=np.float64)
    means: list[int] = np.rint(np.bincount(group, worth * share) / np.bincount(group, share)).astype(int).tolist()
    return means
