"""Merging: the fine bands of a field into the few that people read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from leadqual.bundle.field_points import Band, FieldPoints
from leadqual.bundle.labels import band_label
from leadqual.scorecard.segmentation import segment

__all__ = ["few_bands", "merged_field"]

Floats = NDArray[np.float64]


def few_bands(
    field: FieldPoints, effects: Floats, weight: Floats, most: int, *, held: Sequence[int | None] = ()
) -> NDArray[np.int64]:
    """Return the merged band of each fine band, (k,), so that the fitted curve changes least.

    Parameters
    ----------
    field
        The fine bands.
    effects
        Their fitted effects, (k,).
    weight
        How much is known about each, (k,).
    most
        At most so many bands, the one of missing values included.
    held
        For each fine band the number of the pin that holds it, or None; a pinned band is not merged with others.

    Returns
    -------
    numpy.ndarray of int64, shape (k,)
        Numeric: intervals from low to high, then missing. Others: from the most points to the fewest.
    """
    held = held or [None] * len(field.bands)
    if field.kind == "numeric":
        order = [i for i, band in enumerate(field.bands) if band.interval is not None]
        alone = [i for i, band in enumerate(field.bands) if band.interval is None]
        borders = [j for j in range(1, len(order)) if held[order[j]] != held[order[j - 1]]]
    else:
        free = [i for i in range(len(field.bands)) if held[i] is None]
        pinned = [i for i in range(len(field.bands)) if held[i] is not None]
        order = sorted(free, key=lambda i: (-effects[i], field.bands[i].label))
        alone, borders = pinned, []
    groups = len({held[i] if held[i] is not None else -1 - i for i in alone})
    pieces = max(most - groups, len(borders) + 1, 1)
    member = np.zeros(len(field.bands), dtype=np.int64)
    if order:
        member[order] = segment(effects[order], weight[order], pieces, borders=borders)
    following = int(member[order].max()) + 1 if order else 0
    number: dict[int, int] = {}
    for i in alone:
        pin = held[i]
        key = -1 - i if pin is None else pin
        member[i] = number.setdefault(key, following + len(number))
    return member


def merged_field(
    field: FieldPoints, member: NDArray[np.int64], points: Sequence[int], average: int, *, in_order: bool = True
) -> FieldPoints:
    """Return the field with its fine bands merged, labelled for people, and worth ``points``.

    Parameters
    ----------
    field
        The fine bands.
    member
        The merged band of each fine band, (k,).
    points
        Whole points of each merged band.
    average
        The field's average points.
    in_order
        True: bands of categories go from the most points to the fewest. False: they keep the numbers of ``member``.
    """
    bands = []
    for number, worth in enumerate(points):
        parts = [band for band, at in zip(field.bands, member, strict=True) if at == number]
        bands.append(_merged_band(parts, int(worth)))
    if in_order and field.kind != "numeric":
        bands.sort(key=lambda band: (-band.points, band.label))
    return replace(field, bands=tuple(bands), average_points=average)


def _merged_band(parts: Sequence[Band], points: int) -> Band:
    intervals = [part.interval for part in parts if part.interval is not None]
    interval = (intervals[0][0], intervals[-1][1]) if intervals else None
    # The most frequent values first: those are the ones that people know.
    listed = sorted((part for part in parts if part.values), key=lambda part: (-part.share, part.label))
    values = tuple(value for part in listed for value in part.values)
    missing, other = any(part.missing for part in parts), any(part.other for part in parts)
    share = min(float(np.round(sum(part.share for part in parts), 6)), 1.0)
    label = band_label(interval, values, missing=missing, other=other)
    return Band(label, points, share, values, interval, missing, other)
