"""What the outcome column says about each lead: won, lost, or open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle.missing_codes import MissingCodes
from leadqual.bundle.values import FALSE_VALUES, TRUE_VALUES, is_missing, read_category
from leadqual.errors import SchemaError
from leadqual.leads.schema import ANY_VALUE
from leadqual.tables.rows import RowNumbers

if TYPE_CHECKING:
    from leadqual.leads.schema import Schema

__all__ = ["LOST", "OPEN", "WON", "column_of", "read_states"]

WON, LOST, OPEN = 1, 0, -1

_UNLISTED = -2


def read_states(table: pd.DataFrame, schema: Schema) -> NDArray[np.int8]:
    """Read the outcome column of n leads.

    A value is compared with the schema's lists as text, without case and surrounding space; a boolean matches any
    listed way of writing it (True: "true", "yes", "1"). A value that says nothing is open, unless a list names it or,
    for all of them, the empty text. ``won = ["*"]`` takes every other value.

    Parameters
    ----------
    table
        The leads, n rows.
    schema
        Names the outcome column and lists the values that mean won, lost and open.

    Returns
    -------
    int8 (n,): `WON`, `LOST` or `OPEN`.

    Raises
    ------
    SchemaError
        When the schema names no outcome column, the table lacks it, or it holds a value that the schema does not list.

    Examples
    --------
    >>> from leadqual.leads.schema import Schema
    >>> schema = Schema((), outcome="stage", won=("Won",), lost=("Lost", "Junk"))
    >>> read_states(pd.DataFrame({"stage": ["won", "Junk", None]}), schema).tolist()
    [1, 0, -1]
    """
    if schema.outcome is None:
        raise SchemaError(
            "the schema names no outcome column, it must name one to learn from; set column = ... in [outcome], "
            "together with the values that mean won and lost."
        )
    codes, distinct = pd.factorize(column_of(table, schema.outcome, "outcome"), use_na_sentinel=True)
    listed = {
        read_category(value).casefold(): state
        for state, values in ((WON, schema.won), (LOST, schema.lost), (OPEN, schema.open))
        for value in values
    }
    nothing = listed.get("", OPEN)
    missing_values = MissingCodes.of(schema.missing_values)
    meaning = [_meaning(value, listed, missing_values) for value in distinct]
    states = np.array([*meaning, nothing], dtype=np.int8)[codes]  # code -1, an empty cell, takes the last one
    unlisted = states == _UNLISTED
    if unlisted.any():
        raise SchemaError(
            f"{schema.outcome} has {meaning.count(_UNLISTED)} distinct values that the schema does not list, in "
            f"{int(unlisted.sum())} leads, {RowNumbers.count(len(states)).named(unlisted)}; add each of them to won, "
            "lost or open in [outcome]."
        )
    return states


def _meaning(value: object, listed: Mapping[str, int], missing_values: MissingCodes) -> int:
    for text in _spellings(value):
        if text in listed:
            return listed[text]
    if is_missing(value, missing_values):
        return listed.get("", OPEN)
    return WON if ANY_VALUE in listed else _UNLISTED


def _spellings(value: object) -> tuple[str, ...]:
    if isinstance(value, (bool, np.bool_)):
        return tuple(sorted(TRUE_VALUES if value else FALSE_VALUES))
    return (read_category(value).casefold(),)


def column_of(table: pd.DataFrame, name: str, role: str) -> pd.Series:
    """Return the column that plays a role; raises SchemaError when the table does not have it exactly once."""
    found = int(np.sum(table.columns == name))
    if found != 1:
        raise SchemaError(
            f"the table has {found} columns named {name}, the schema's {role} column must be there exactly once; "
            "correct the schema or the export."
        )
    column: pd.Series = table[name]
    return column
