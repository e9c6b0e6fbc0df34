"""The points table: every field in a few bands, each worth a whole number of points."""

from dataclasses import dataclass
from typing import Annotated

from leadqual.bundle.declared import MAX_POINTS, Points, Since, Words, whole_from
from leadqual.bundle.field_points import FieldPoints
from leadqual.bundle.values import MISSING_VALUES

__all__ = ["PointsTable"]


@dataclass(frozen=True, slots=True)
class PointsTable:
    """All fields with their bands: a lead's points are ``base_points`` plus the points of its band in each field.

    Parameters
    ----------
    fields
        One entry for each field that is scored.
    base_points
        What every lead starts with. A fitted table sets it so that 100 points are the odds of the base rate.
    points_to_double_odds
        How many points double the odds of winning; 20 for a fitted table.
    missing_values
        Texts that mean "no value", compared without case and surrounding space.
    reading
        The rule by which values are read: 1 in bundles of the formats 1 and 2, 2 since format 3. A signed table keeps
        its rule, so that it scores as it was signed.
    """

    fields: tuple[FieldPoints, ...]
    base_points: Points = 0
    points_to_double_odds: Annotated[int, whole_from(1, MAX_POINTS)] = 20
    missing_values: tuple[Words, ...] = MISSING_VALUES
    reading: Annotated[int, whole_from(1, 2), Since(3, 1)] = 2

    @property
    def names(self) -> tuple[str, ...]:
        """The fields' columns, in order."""
        return tuple(field.name for field in self.fields)

    @property
    def average_points(self) -> int:
        """The points of the average lead: base points plus each field's rounded average."""
        return self.base_points + sum(field.average_points for field in self.fields)

    @property
    def lowest(self) -> int:
        """The fewest points a lead can have."""
        return self.base_points + sum(min(_possible(field)) for field in self.fields)

    @property
    def highest(self) -> int:
        """The most points a lead can have."""
        return self.base_points + sum(max(_possible(field)) for field in self.fields)

    def field(self, name: str) -> FieldPoints:
        """Return the field of that name; raises KeyError when the table does not score it."""
        for field in self.fields:
            if field.name == name:
                return field
        raise KeyError(name)

    def __repr__(self) -> str:
        return f"PointsTable({len(self.fields)} fields, {self.lowest} to {self.highest} points)"

    def _repr_html_(self) -> str | None:
        from leadqual.bundle.shown import shown_as_html

        return shown_as_html("points_table_html", self)


def _possible(field: FieldPoints) -> list[int]:
    return [field.average_points, *(band.points for band in field.bands)]
