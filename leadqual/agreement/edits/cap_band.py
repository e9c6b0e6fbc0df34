"""Cap: a band is worth at most, or at least, so many points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from leadqual.agreement.edits.band_limit import BandLimit
from leadqual.agreement.edits.change import Limits
from leadqual.agreement.edits.checks import check_points
from leadqual.errors import ProposalError

__all__ = ["CapBand"]


@dataclass(frozen=True, slots=True)
class CapBand(BandLimit):
    """A band is worth at most, or at least, so many points.

    Parameters
    ----------
    field, band
        The field, and the label of its band.
    at_most, at_least
        The most and the fewest points; None leaves an end open.

    Examples
    --------
    >>> print(CapBand("Source", "Webinar", at_most=10))
    Source, Webinar: at most 10 points
    """

    kind: ClassVar[str] = "cap"

    at_most: int | None = None
    at_least: int | None = None

    def __str__(self) -> str:
        ends = [f"at least {self.at_least}"] if self.at_least is not None else []
        ends += [f"at most {self.at_most}"] if self.at_most is not None else []
        return f"{self.field}, {self.band}: {' and '.join(ends)} points"

    @property
    def ends(self) -> Limits:
        """The fewest and most points."""
        return self.at_least, self.at_most

    def check(self) -> None:
        """Refuse a cap without an end, or with ends that leave no points."""
        BandLimit.check(self)
        check_points(self.at_most, self.at_least)
        if self.at_most is None and self.at_least is None:
            raise ProposalError("a cap has no end; it must have at_most or at_least; give one.")
        if self.at_most is not None and self.at_least is not None and self.at_most < self.at_least:
            raise ProposalError("a cap has at_most below at_least, which leaves no points; exchange them.")
