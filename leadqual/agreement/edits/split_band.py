"""Split: a band becomes two."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from leadqual.agreement.edits.checks import check_names, is_number
from leadqual.agreement.edits.field_change import place_of
from leadqual.agreement.edits.reshape import Reshape
from leadqual.bundle import Band, FieldPoints
from leadqual.bundle.labels import band_label
from leadqual.bundle.values import read_boolean, read_category
from leadqual.errors import ProposalError

__all__ = ["SplitBand"]


@dataclass(frozen=True, slots=True)
class SplitBand(Reshape):
    """A band becomes two, both worth what it was, each with half its share until the leads are counted again.

    Parameters
    ----------
    field, band
        The field, and the label of its band.
    at
        Where a number is split: below it and from it on; None where values are split off.
    values
        The values that are split off from the rest; empty where a number is split.

    Examples
    --------
    >>> print(SplitBand("Visits", "5 and more", at=10))
    Visits, 5 and more: split at 10
    """

    kind: ClassVar[str] = "split"

    band: str
    at: float | None = None
    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = f"at {self.at:g}" if self.at is not None else f"with {', '.join(self.values)} apart"
        return f"{self.field}, {self.band}: split {where}"

    @property
    def target(self) -> tuple[object, ...]:
        """The band."""
        return self.field, self.band

    def check(self) -> None:
        """Refuse a split that says neither or both of where and what."""
        check_names(self.field, self.band, values=self.values)
        if (self.at is None) == (not self.values):
            raise ProposalError("a split must have either at or values; give one of the two.")
        if self.at is not None and not is_number(self.at):
            raise ProposalError("a split must be at a finite number; correct the edit.")

    @property
    def reshaped_bands(self) -> frozenset[str]:
        """The band."""
        return frozenset((self.band,))

    def changed(self, field: FieldPoints, *, points: bool) -> FieldPoints:
        """Return the field with two bands in place of the one."""
        at = place_of(field, self.band)
        band = field.bands[at]
        parts = self._parts_of_values(field, band) if self.at is None else self._parts_of_number(field, band, self.at)
        return replace(field, bands=(*field.bands[:at], *parts, *field.bands[at + 1 :]))

    def _parts_of_number(self, field: FieldPoints, band: Band, number: float) -> tuple[Band, Band]:
        low, high = band.interval or (None, None)
        at = float(number)
        if band.interval is None or not (low is None or low < at) or not (high is None or at < high):
            raise ProposalError(
                f'the band "{band.label}" of {field.name} cannot be split at {at:g}; name a number inside it.'
            )
        below = replace(band, interval=(low, at), values=(), missing=False, other=False)
        return _half(below), _half(replace(band, interval=(at, high), values=(), other=False))

    def _parts_of_values(self, field: FieldPoints, band: Band) -> tuple[Band, Band]:
        read = [read_boolean(value) if field.kind == "boolean" else read_category(value) for value in self.values]
        apart = tuple(value for value in band.values if value in read)
        rest = tuple(value for value in band.values if value not in read)
        if len(apart) != len(set(read)) or not (rest or band.missing or band.other):
            raise ProposalError(
                f'the values to split off the band "{band.label}" of {field.name} must be some of its values, not all; '
                "correct them."
            )
        off = replace(band, interval=None, values=apart, missing=False, other=False)
        return _half(off), _half(replace(band, interval=None, values=rest))


def _half(band: Band) -> Band:
    label = band_label(band.interval, band.values, missing=band.missing, other=band.other)
    return replace(band, label=label, share=band.share / 2)
