"""The points table as it is shown: each field with its bands, and how far it moves leads."""

from __future__ import annotations

from dataclasses import dataclass

from leadqual.bundle import FieldPoints

__all__ = ["BandLine", "FieldLine", "field_line"]


@dataclass(frozen=True, slots=True)
class BandLine:
    """One band as it is shown.

    Parameters
    ----------
    label
        What people read.
    points
        Whole points of a lead in this band.
    share
        Share of the training leads in it, 0 to 1; 0 where the table was not learned.
    """

    label: str
    points: int
    share: float


@dataclass(frozen=True, slots=True)
class FieldLine:
    """One field as it is shown.

    Parameters
    ----------
    name
        The column of the lead.
    kind
        ``"numeric"``, ``"category"`` or ``"boolean"``.
    dimension
        What it is evidence of; None where the schema does not say.
    spread
        Points between its best and its worst band.
    weight
        How far it moves the usual lead: the standard deviation of its points over the training leads. Over the bands,
        where the table was not learned.
    bands
        Numeric fields from low to high, others from most to fewest points; missing last.
    """

    name: str
    kind: str
    dimension: str | None
    spread: int
    weight: float
    bands: tuple[BandLine, ...]


def field_line(field: FieldPoints) -> FieldLine:
    """Return one field as it is shown."""
    bands = [BandLine(band.label, band.points, band.share) for band in field.bands if not band.missing]
    if field.kind != "numeric":
        bands.sort(key=lambda band: -band.points)
    bands += [BandLine(band.label, band.points, band.share) for band in field.bands if band.missing]
    points = [band.points for band in bands] or [0]
    shares = [band.share for band in bands]
    if not any(shares):
        shares = [1.0] * len(bands)
    total = sum(shares) or 1.0
    mean = sum(band.points * share for band, share in zip(bands, shares, strict=True)) / total
    square = sum(share * (band.points - mean) ** 2 for band, share in zip(bands, shares, strict=True)) / total
    return FieldLine(
        field.name, field.kind, field.dimension, max(points) - min(points), round(square**0.5, 3), tuple(bands)
    )
