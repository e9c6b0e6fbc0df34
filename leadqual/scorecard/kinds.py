"""What kind of field a column is, when nobody has said."""

from __future__ import annotations

import pandas as pd
from pandas.api import types

from leadqual.bundle.missing_codes import MissingCodes
from leadqual.bundle.points_table import Kind
from leadqual.bundle.values import is_missing
from leadqual.leads.schema import Feature

__all__ = ["guess_features"]


def guess_features(table: pd.DataFrame, missing_values: tuple[str, ...]) -> list[Feature]:
    """Return a feature for every column: booleans, numbers, and everything else as categories.

    Text is never read as numbers here: a postcode is no quantity. A schema says what is.

    Examples
    --------
    >>> table = pd.DataFrame({"visits": [1.0, None], "urgent": [True, False], "source": ["web", "fair"]})
    >>> [feature.kind for feature in guess_features(table, ())]
    ['numeric', 'boolean', 'category']
    """
    nothing = MissingCodes.of(missing_values)
    return [Feature(str(name), _kind(table[name], nothing)) for name in table.columns]


def _kind(column: pd.Series, nothing: MissingCodes) -> Kind:
    if types.is_bool_dtype(column.dtype):
        return "boolean"
    if types.is_numeric_dtype(column.dtype):
        return "numeric"
    if column.dtype == object:
        known = [value for value in column.unique() if not is_missing(value, nothing)]
        if known and all(isinstance(value, bool) for value in known):
            return "boolean"
        if known and all(types.is_number(value) for value in known):
            return "numeric"
    return "category"
