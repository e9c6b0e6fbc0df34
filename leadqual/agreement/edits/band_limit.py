"""The limits of one band's points: the class that pins and caps extend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from leadqual.agreement.edits.change import Change, Limits, narrowed
from leadqual.agreement.edits.checks import check_names
from leadqual.agreement.edits.field_change import FieldChange, place_of
from leadqual.bundle import FieldPoints, PointsTable

__all__ = ["BandLimit"]


@dataclass(frozen=True, slots=True)
class BandLimit(FieldChange):
    """A limit to the points of one band; a kind overrides `ends`.

    It limits points as they are deployed. The scorecard's `Pin` counts from the average of the other bands and its
    `Cap` is one of a whole field, so that a refit takes this one as limits of the band.

    Parameters
    ----------
    field, band
        The field, and the label of its band.
    """

    band: str

    @property
    def ends(self) -> Limits:
        """The fewest and most points; None leaves an end open."""
        return None, None

    @property
    def target(self) -> tuple[object, ...]:
        """The band."""
        return self.field, self.band

    def check(self) -> None:
        """Refuse a field or band that is not named."""
        check_names(self.field, self.band)

    @property
    def limits(self) -> Mapping[tuple[str, str], Limits]:
        """The ends, for this band."""
        return {(self.field, self.band): self.ends}

    def conflict(self, other: Change, *, later: bool) -> str | None:
        """Refuse limits that leave no points, and a band that is merged or split after it was limited."""
        theirs = other.limits.get((self.field, self.band))
        if theirs is not None:
            low, high = narrowed(self.ends, theirs)
            if low is not None and high is not None and low > high:
                return f'leave the band "{self.band}" of {self.field} no points between their limits'
        if later and other.about(self.field) and self.band in other.reshaped_bands:
            return f"set the points of a band of {self.field} and reshape it"
        return None

    def changed(self, field: FieldPoints, *, points: bool) -> FieldPoints:
        """Return the field with the band's points within the limits."""
        at = place_of(field, self.band)
        if not points:
            return field
        low, high = self.ends
        worth = field.bands[at].points
        worth = worth if low is None else max(worth, low)
        worth = worth if high is None else min(worth, high)
        bands = tuple(replace(band, points=worth) if i == at else band for i, band in enumerate(field.bands))
        return replace(field, bands=bands)

    def holds(self, table: PointsTable) -> bool:
        """Tell whether the band, where it is still there, is within the limits."""
        if self.field not in table.names or self.band not in (band.label for band in self.scored(table).bands):
            return True
        return self.apply(table, points=True) == table
