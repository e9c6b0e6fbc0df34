"""Cells as Odoo's interface gives them: False for an empty field, and [4, 'Won'] for a reference to a record."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle.values import FALSE_VALUES, TRUE_VALUES, read_reference
from leadqual.tables.distinct import Distinct, distinct_values

__all__ = ["FALSE", "empty_by_false", "name_references", "without_false"]

FALSE = "false"  # among missing values: an empty field


def name_references(table: pd.DataFrame, *, leave: Collection[str] = ()) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Replace a reference by the name in it, such as ``[4, 'Won']``; everything else stays.

    Parameters
    ----------
    table
        n leads.
    leave
        Columns to leave as they are.

    Returns
    -------
    DataFrame, and a note for each column that holds references.

    Examples
    --------
    >>> table, notes = name_references(pd.DataFrame({"stage": ["[4, 'Won']", "New"]}))
    >>> table["stage"].tolist(), notes
    (['Won', 'New'], ("stage holds references such as [4, 'Name'] in 1 rows; read by name.",))
    """
    named: dict[str, pd.Series] = {}
    notes = []
    for name in table.columns:
        column = table[name]
        if name in leave or not _may_hold(column, "["):
            continue
        found = distinct_values(column)
        names = [read_reference(value) for value in found.values]
        referring = np.array([text is not None for text in names], dtype=np.bool_)
        if not referring.any():
            continue
        pairs = zip(names, found.values, strict=True)
        values = np.array([*(value if text is None else text for text, value in pairs), None], dtype=object)
        named[name] = pd.Series(values[found.codes], index=column.index, dtype=column.dtype)
        count = int(found.spread(referring).sum())
        notes.append(f"{name} holds references such as [4, 'Name'] in {count:,} rows; read by name.")
    return (table.assign(**named) if named else table), tuple(notes)


def empty_by_false(table: pd.DataFrame) -> dict[str, int]:
    """Return the columns in which False stands for an empty cell, with how many cells that are.

    It does where a column holds it, but never True, beside values that are no Yes or No.

    Examples
    --------
    >>> empty_by_false(pd.DataFrame({"source": ["Web", "False"], "active": ["True", "False"]}))
    {'source': 1}
    """
    found = {}
    for name in table.columns:
        column = table[name]
        if not _may_hold(column, "f", "F"):
            continue
        count = _false_cells(distinct_values(column))
        if count:
            found[str(name)] = count
    return found


def without_false(column: pd.Series) -> pd.Series:
    """Return a column (n,) with None in the place of False, however that is spelled.

    Examples
    --------
    >>> without_false(pd.Series(["Web", " FALSE ", "Fair"], dtype=object)).tolist()
    ['Web', None, 'Fair']
    """
    found = distinct_values(column)
    return column.mask(found.spread(_are_false(found)), None)


def _may_hold(column: pd.Series, *beginnings: str) -> bool:
    """Tell quickly whether a column may hold text that begins so; one of several types may hold anything."""
    if not isinstance(column.dtype, pd.StringDtype):
        return bool(column.dtype == object)
    return bool(column.str.lstrip().str.startswith(beginnings).any())


def _false_cells(distinct: Distinct) -> int:
    texts = _texts(distinct)
    if FALSE not in texts or "true" in texts or all(text in TRUE_VALUES | FALSE_VALUES for text in texts):
        return 0
    return int(distinct.spread(_are_false(distinct)).sum())


def _are_false(distinct: Distinct) -> NDArray[np.bool_]:
    return np.array([text == FALSE for text in _texts(distinct)], dtype=np.bool_)


def _texts(distinct: Distinct) -> list[str]:
    return [str(value).strip().lower() for value in distinct.values]
