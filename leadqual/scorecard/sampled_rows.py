"""The leads of a long history in which fine bands are looked for: drawn ones, and those unlike any drawn one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle.field_points import FieldPoints
from leadqual.bundle.missing_codes import MissingCodes
from leadqual.bundle.points_table import PointsTable
from leadqual.leads.schema import Feature
from leadqual.scorecard.fine_bands import MIN_LEADS, read_numbers, seen_range
from leadqual.tables.distinct import distinct_values

__all__ = ["sampled_rows", "with_whole_range"]


def sampled_rows(
    table: pd.DataFrame, features: Sequence[Feature], missing_values: tuple[str, ...], *, most: int, seed: int | None
) -> NDArray[np.int64]:
    """Return the rows to look for bands in, in order.

    They are drawn at random. Where a field is empty in some lead, or has a value, that no drawn lead has, the first
    such leads are added, so that scores do not call something new that training has seen.

    Parameters
    ----------
    table
        Raw values of n leads, n above ``most``.
    features
        The fields to score.
    missing_values
        Texts that mean "no value".
    most
        How many leads are drawn.
    seed
        Of the draw.
    """
    drawn = np.random.default_rng(seed).choice(len(table), most, replace=False)
    nothing = MissingCodes.of(missing_values)
    added = [_unlike(table[feature.name], feature, nothing, drawn) for feature in features]
    return np.unique(np.concatenate([drawn, *added])).astype(np.int64)


def with_whole_range(
    points: PointsTable, table: pd.DataFrame, features: Sequence[Feature], missing_values: tuple[str, ...]
) -> PointsTable:
    """Return the points table with the range of numbers of all leads, not only of the sampled ones."""
    nothing, of_name = MissingCodes.of(missing_values), {feature.name: feature for feature in features}

    def whole(field: FieldPoints) -> FieldPoints:
        if field.kind != "numeric" or field.name not in of_name:
            return field
        numbers, _ = read_numbers(of_name[field.name], table[field.name], nothing)
        return replace(field, seen=seen_range(numbers))

    return replace(points, fields=tuple(map(whole, points.fields)))


def _unlike(column: pd.Series, feature: Feature, nothing: MissingCodes, drawn: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the first rows that say nothing, or something else than any drawn one."""
    if feature.kind == "numeric":
        _, missing = read_numbers(feature, column, nothing)
        return np.flatnonzero(missing)[:MIN_LEADS] if not missing[drawn].any() else np.empty(0, dtype=np.int64)
    found = distinct_values(column, nothing)
    # all missing values are one value, -1
    codes = np.append(np.where(found.missing, -1, np.arange(len(found.values))), -1)[found.codes]
    return np.flatnonzero(~np.isin(codes, codes[drawn]))[:MIN_LEADS]
