"""Direction: the points of a numeric field only rise, or only fall, with the number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np

from leadqual.agreement.edits.change import Change
from leadqual.agreement.edits.field_change import FieldChange, band_shares, mean_points
from leadqual.bundle import FieldPoints, PointsTable
from leadqual.errors import ProposalError
from leadqual.scorecard import Constraint, Direction
from leadqual.scorecard.bounds import pooled

__all__ = ["ForceDirection"]


@dataclass(frozen=True, slots=True)
class ForceDirection(FieldChange):
    """More of a numeric field is never worth less, or never worth more.

    Neighbouring bands that run against the direction are pooled, weighted by their leads.

    Parameters
    ----------
    field
        The numeric field.
    direction
        ``"up"``: never worth less; ``"down"``: never worth more.

    Examples
    --------
    >>> print(ForceDirection("Visits", "up"))
    Visits: points only go up as the number rises
    """

    kind: ClassVar[str] = "direction"

    direction: Literal["up", "down"]

    def __str__(self) -> str:
        return str(self.constraint)

    @property
    def constraint(self) -> Constraint:
        """The direction, as training takes it."""
        return Direction(self.field, self.direction)

    def check(self) -> None:
        """Refuse another direction than up or down."""
        FieldChange.check(self)
        if self.direction not in ("up", "down"):
            raise ProposalError('a direction must be "up" or "down"; correct the edit.')

    def conflict(self, other: Change, *, later: bool) -> str | None:
        """Refuse the opposite direction."""
        if isinstance(other, ForceDirection) and other.field == self.field and other != self:
            return f"give {self.field} opposite directions"
        return None

    def changed(self, field: FieldPoints, *, points: bool) -> FieldPoints:
        """Return the field with bands that run against the direction pooled."""
        order = [i for i, band in enumerate(field.bands) if band.interval is not None]
        if field.kind != "numeric":
            raise ProposalError(
                f"{field.name} is a {field.kind} field and has no direction; pin the points of its bands."
            )
        if not points or not order:
            return field
        sign = 1.0 if self.direction == "up" else -1.0
        bands = [field.bands[i] for i in order]
        worth = np.array([band.points for band in bands], dtype=np.float64)
        group = pooled(sign * worth, band_shares(bands))
        means = mean_points(bands, group)
        new = {i: means[one] for i, one in zip(order, group.tolist(), strict=True)}
        return replace(
            field, bands=tuple(replace(band, points=new.get(i, band.points)) for i, band in enumerate(field.bands))
        )

    def holds(self, table: PointsTable) -> bool:
        """Tell whether no bands run against the direction."""
        return self.field not in table.names or self.apply(table, points=True) == table
