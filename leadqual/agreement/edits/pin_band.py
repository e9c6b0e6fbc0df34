"""Pin: a band is worth exactly so many points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from leadqual.agreement.edits.band_limit import BandLimit
from leadqual.agreement.edits.change import Change, Limits
from leadqual.agreement.edits.checks import check_points
from leadqual.errors import ProposalError

__all__ = ["PinBand"]


@dataclass(frozen=True, slots=True)
class PinBand(BandLimit):
    """A band is worth exactly so many points.

    Parameters
    ----------
    field, band
        The field, and the label of its band.
    points
        What the band is worth.

    Examples
    --------
    >>> print(PinBand("Source", "Webinar", 10))
    Source, Webinar: 10 points
    """

    kind: ClassVar[str] = "pin"

    points: int

    def __str__(self) -> str:
        return f"{self.field}, {self.band}: {self.points} points"

    @property
    def ends(self) -> Limits:
        """The points, at both ends."""
        return self.points, self.points

    def check(self) -> None:
        """Refuse a pin without points."""
        BandLimit.check(self)
        if self.points is None:
            raise ProposalError("a pin must say how many points the band is worth; correct the edit.")
        check_points(self.points)

    def conflict(self, other: Change, *, later: bool) -> str | None:
        """Refuse other points for the same band, beside what conflicts with every limit."""
        if isinstance(other, PinBand) and other.target == self.target:
            if other.points == self.points:
                return None
            return f'give the band "{self.band}" of {self.field} {self.points} and {other.points} points'
        return BandLimit.conflict(self, other, later=later)
