"""Raw fields as other learners take them: numbers as floats, the rest as text; missing values stay missing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from leadqual.bundle.missing_codes import MissingCodes
from leadqual.bundle.values import missing_of_kind, read_boolean, read_category, read_number
from leadqual.leads.schema import Feature
from leadqual.scorer.columns import read_column
from leadqual.tables.distinct import distinct_values

__all__ = ["field_values"]


def field_values(table: pd.DataFrame, features: Sequence[Feature], missing_values: tuple[str, ...]) -> pd.DataFrame:
    """Read each field as the scorecard reads it, so that a comparison is one of learners and not of reading.

    Parameters
    ----------
    table
        Raw values of n leads, a column for each feature.
    features
        The fields and their kinds.
    missing_values
        Texts that mean "no value".

    Returns
    -------
    pandas.DataFrame of n rows
        float64 for numeric fields, NaN where there is no number; objects for the others, text or None.

    Examples
    --------
    >>> inputs = field_values(pd.DataFrame({"a": ["1,000", "-"]}), [Feature("a", "numeric")], ("-",))
    >>> inputs["a"].tolist()
    [1000.0, nan]
    """
    return pd.DataFrame({feature.name: _column(table[feature.name], feature, missing_values) for feature in features})


def _column(column: pd.Series, feature: Feature, missing_values: tuple[str, ...]) -> pd.Series:
    nothing = MissingCodes.of(missing_of_kind(feature.kind, missing_values))
    if feature.kind == "numeric" and column.dtype.kind in "fiu":
        return pd.Series(read_column(column, nothing))
    found = distinct_values(column, nothing)
    positions = found.codes
    pairs = zip(found.values, found.missing, strict=True)
    read = [None if empty else _read(value, feature, nothing) for value, empty in pairs]
    if feature.kind == "numeric":
        return pd.Series(np.append(np.array(read, dtype=np.float64), np.nan)[positions])
    values = np.empty(len(read) + 1, dtype=object)
    values[:-1] = read
    return pd.Series(values[positions], dtype=object)


def _read(value: object, feature: Feature, nothing: MissingCodes) -> float | str | None:
    if feature.kind == "numeric":
        number = read_number(value, feature.decimal or ".", feature.thousands)
        coded = isinstance(value, str) and number in nothing.numbers
        return number if number is not None and np.isfinite(number) and not coded else None
    return read_boolean(value) if feature.kind == "boolean" else read_category(value)
