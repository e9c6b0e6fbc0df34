"""Fine bands: the many small bins of a field between which the fit may place its few."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle.encoding import FieldEncoder
from leadqual.bundle.field_points import Band, FieldPoints, Kind
from leadqual.bundle.missing_codes import MissingCodes
from leadqual.bundle.values import missing_of_kind, read_boolean, read_category, read_number
from leadqual.errors import SchemaError
from leadqual.leads.schema import Feature
from leadqual.scorer.columns import encode_column, read_column
from leadqual.tables.distinct import distinct_values

__all__ = ["MIN_LEADS", "MAX_FINE_BANDS", "band_codes", "fine_bands", "fine_count", "read_numbers", "seen_range"]

MAX_FINE_BANDS = 64
MIN_LEADS = 10
"""A category value with fewer leads is pooled with other rare ones, and is not named in the bundle."""

Floats = NDArray[np.float64]


def fine_count(leads: float) -> int:
    """Return how many fine bands a numeric field gets: 8 to 64, growing with the root of the number of leads.

    More bands than the data can tell apart cost time and add nothing, as neighbours are tied to each other anyway.
    """
    return int(np.clip(round(leads**0.5 / 2), 8, MAX_FINE_BANDS))


def fine_bands(
    feature: Feature,
    column: pd.Series,
    weight: Floats,
    missing_values: tuple[str, ...],
    *,
    breaks: Sequence[float] = (),
    apart: Sequence[str] = (),
) -> FieldPoints:
    """Return the fine bands of one field; their points are 0.

    Parameters
    ----------
    feature
        Name, kind and decimal mark.
    column
        Raw values of n leads.
    weight
        Weight of each lead, (n,); a lead of weight 2 counts as two.
    missing_values
        Texts that mean "no value".
    breaks
        Numbers at which a numeric field must have a border (a rule's or a constraint's).
    apart
        Category values that keep a band of their own however rare they are.

    Returns
    -------
    FieldPoints
        Numeric: up to 64 intervals of about equal weight. Category: one band a value, the rare ones pooled in a band
        marked ``other``. Last, where there are such leads, the band of missing values.

    Examples
    --------
    >>> visits = pd.Series([1, 2, 3, 4, None] * 20)
    >>> field = fine_bands(Feature("visits", "numeric"), visits, np.ones(100), ())
    >>> [(band.interval, band.missing) for band in field.bands][-2:]
    [((4.0, None), False), (None, True)]
    """
    nothing = MissingCodes.of(missing_of_kind(feature.kind, missing_values))
    if feature.kind == "numeric" and column.dtype.kind in "fiu":
        values = read_column(column, nothing)
        known = ~np.isnan(values)
        bands, seen = _intervals(values[known], weight[known], breaks)
        missing = float(weight[~known].sum())
    else:
        bands, seen, missing = _from_raw(feature, column, weight, nothing, breaks, apart)
    if missing > 0:
        bands.append(Band("missing", 0, missing / float(weight.sum()), missing=True))
    return FieldPoints(
        feature.name,
        _kind(feature),
        tuple(bands),
        decimal=feature.decimal or ".",
        seen=seen,
        dimension=feature.dimension,
        actionable=feature.actionable,
        thousands=feature.thousands,
        choice=feature.choice,
        aliases=feature.aliases,
    )


def _kind(feature: Feature) -> Kind:
    if feature.kind == "choices":
        raise SchemaError(
            f"{feature.name} is a list of choices, which has no bands of its own; split it into its choices first."
        )
    return feature.kind


def band_codes(
    field: FieldPoints, column: Any, missing_values: tuple[str, ...], *, reading: int = 2
) -> NDArray[np.int64]:
    """Return each lead's band, (n,): an index into ``field.bands``, or ``len(field.bands)`` where no band takes it.

    ``reading`` is the rule by which values are read; of a points table that is there already, the table's.
    """
    encoder = FieldEncoder(field, missing_values, reading=reading)
    bands = np.array([len(field.bands) if place.band is None else place.band for place in encoder.places])
    return np.asarray(bands[encode_column(encoder, column)], dtype=np.int64)


def read_numbers(feature: Feature, column: pd.Series, nothing: MissingCodes) -> tuple[Floats, NDArray[np.bool_]]:
    """Return the number of each lead of a numeric field, (n,), and which leads have no value, (n,).

    The number is NaN where there is no value, or where it cannot be read as a number.
    """
    if column.dtype.kind in "fiu":
        numbers = read_column(column, nothing)
        return numbers, np.isnan(numbers)
    found = distinct_values(column, nothing)
    read = [read_number(value, feature.decimal or ".", feature.thousands) for value in found.values]
    found = found.without(nothing.numbers, read)
    worth = np.array([np.nan if number is None else number for number in read] + [np.nan])[found.codes]
    return np.where(found.known, worth, np.nan), ~found.known


def seen_range(numbers: Floats) -> tuple[float, float] | None:
    """Return the lowest and highest number, NaN aside; None where none is finite.

    Infinity is kept as the greatest float, as JSON has no infinity.
    """
    finite = numbers[np.isfinite(numbers)]
    if len(finite) == 0:
        return None
    return (
        -sys.float_info.max if np.isneginf(numbers).any() else float(finite.min()),
        sys.float_info.max if np.isposinf(numbers).any() else float(finite.max()),
    )


def _from_raw(
    feature: Feature,
    column: pd.Series,
    weight: Floats,
    nothing: MissingCodes,
    breaks: Sequence[float],
    apart: Sequence[str],
) -> tuple[list[Band], tuple[float, float] | None, float]:
    """Return bands, range and missing weight of a column whose distinct values are read one by one."""
    found = distinct_values(column, nothing)
    read = []
    if feature.kind == "numeric":
        read = [read_number(value, feature.decimal or ".", feature.thousands) for value in found.values]
        found = found.without(nothing.numbers, read)
    held = found.codes >= 0
    weights = np.bincount(found.codes[held], weight[held], len(found.values))
    counts = np.bincount(found.codes[held], (weight[held] > 0).astype(np.float64), len(found.values))
    missing = float(weight[~held].sum() + weights[found.missing].sum())
    known = [value for value, empty in zip(found.values, found.missing, strict=True) if not empty]
    known_weights = weights[~found.missing]
    if feature.kind != "numeric":
        return _listed(known, known_weights, counts[~found.missing], feature.kind, apart), None, missing
    read = [number for number, empty in zip(read, found.missing, strict=True) if not empty]
    readable = np.array([number is not None for number in read], dtype=bool)
    numbers = np.array([number for number in read if number is not None], dtype=np.float64)
    return *_intervals(numbers, known_weights[readable], breaks), missing


def _intervals(
    numbers: Floats, weights: Floats, breaks: Sequence[float]
) -> tuple[list[Band], tuple[float, float] | None]:
    finite = numbers[np.isfinite(numbers)]
    if len(finite) == 0:
        # a pin or rule may name numbers beyond those of the leads
        borders: list[float | None] = [None, *sorted({float(b) for b in breaks}), None] if breaks else []
        return [Band(str(i), 0, 0.0, interval=pair) for i, pair in enumerate(pairwise(borders))], None
    lowest, highest = float(finite.min()), float(finite.max())
    # An infinite number belongs to the first or last band, and is no border that people could read.
    seen = seen_range(numbers)
    numbers = np.clip(numbers, lowest, highest)
    order = np.argsort(numbers, kind="stable")
    numbers, weights = numbers[order], weights[order]
    first = np.flatnonzero(np.concatenate(([True], numbers[1:] != numbers[:-1])))
    distinct = numbers[first]
    mass = np.add.reduceat(weights, first)
    edges = sorted({*_cuts(distinct, mass), *(float(b) for b in breaks)})
    ends: list[float | None] = [None, *edges, None]
    share = np.bincount(np.searchsorted(edges, distinct, side="right"), mass, len(edges) + 1) / mass.sum()
    bands = [Band(str(i), 0, float(share[i]), interval=(ends[i], ends[i + 1])) for i in range(len(edges) + 1)]
    return bands, seen


def _cuts(distinct: Floats, mass: Floats) -> list[float]:
    """Borders between distinct numbers so that the bands between them hold about equal weight."""
    count = fine_count(float(mass.sum()))
    if len(distinct) <= count:
        return [float(value) for value in distinct[1:]]
    # A band starts at the first number at which the weight so far has passed another quantile.
    before = np.concatenate(([0.0], np.cumsum(mass)[:-1]))
    quantile = np.floor(np.nextafter(before * count / mass.sum(), np.inf)).astype(int)
    starts = np.flatnonzero(np.diff(quantile) > 0) + 1
    return [_short(float(distinct[i - 1]), float(distinct[i])) for i in starts]


def _short(low: float, high: float) -> float:
    """Return the number with the fewest digits above ``low`` and at most ``high``: people read these borders."""
    for digits in range(1, 17):
        for candidate in (float(f"{high:.{digits}g}"), float(f"{(low + high) / 2:.{digits}g}")):
            if low < candidate <= high:
                return candidate
    return high


def _listed(values: Sequence[Any], weights: Any, counts: Any, kind: str, apart: Sequence[str]) -> list[Band]:
    total: dict[str, float] = {}
    leads: dict[str, float] = {}
    for value, mass, count in zip(values, weights, counts, strict=True):
        text = read_boolean(value) if kind == "boolean" else read_category(value)
        if text is not None:
            total[text] = total.get(text, 0.0) + float(mass)
            leads[text] = leads.get(text, 0.0) + float(count)
    everything = sum(total.values()) or 1.0
    # A value is named only where several leads have it, whatever they weigh: leads are people.
    many = {text for text, mass in total.items() if min(mass, leads[text]) >= MIN_LEADS}
    keep = sorted(text for text in total if kind == "boolean" or text in many or text in apart)
    keep += sorted(set(apart) - set(keep))
    bands = [Band(text, 0, total.get(text, 0.0) / everything, values=(text,)) for text in keep]
    rare = sum(mass for text, mass in total.items() if text not in set(keep))
    if rare > 0:
        bands.append(Band("other", 0, rare / everything, other=True))
    return bands
