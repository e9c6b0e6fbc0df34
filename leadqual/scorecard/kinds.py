"""What kind of field a column is, when nobody has said."""

from __future__ import annotations

import numpy as np
import pandas as pd
from pandas.api import types

from leadqual.bundle.field_points import Kind
from leadqual.bundle.missing_codes import MissingCodes
from leadqual.bundle.values import is_missing
from leadqual.leads.schema import Feature

__all__ = ["guess_features"]


def guess_features(table: pd.DataFrame, missing_values: tuple[str, ...]) -> list[Feature]:
    """Return a feature for every column: booleans, numbers, and everything else as categories.

    Text is never read as numbers or as lists here: a postcode is no quantity, and a comma is no separator. A schema
    says what is. Columns of lists are lists of choices.

    Examples
    --------
    >>> table = pd.DataFrame({"visits": [1.0, None], "urgent": [True, False], "source": ["web", "fair"]})
    >>> [feature.kind for feature in guess_features(table, ())]
    ['numeric', 'boolean', 'category']
    """
    nothing = MissingCodes.of(missing_values)
    return [
        Feature(str(name), "choices", separator="json")
        if _holds_lists(table[name])
        else Feature(str(name), _kind(table[name], nothing))
        for name in table.columns
    ]


def _holds_lists(column: pd.Series) -> bool:
    """Tell whether all cells that are not empty are lists, as JSON or Parquet gives them."""
    if column.dtype != object:
        return False
    known = [value for value in column if not is_missing(value)]
    return bool(known) and all(isinstance(value, list | tuple | set | frozenset | np.ndarray) for value in known)


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
