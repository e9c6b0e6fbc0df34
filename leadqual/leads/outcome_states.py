"""What the outcome column says about each lead: won, lost, or open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.errors import SchemaError

if TYPE_CHECKING:
    from leadqual.leads.schema import Schema

__all__ = ["LOST", "OPEN", "WON", "column_of", "read_states"]

WON, LOST, OPEN = 1, 0, -1

_UNLISTED = -2
_CODES: dict[str | None, int] = {"won": WON, "lost": LOST, "open": OPEN, None: _UNLISTED}
_ROWS_NAMED = 5


def read_states(table: pd.DataFrame, schema: Schema) -> NDArray[np.int8]:
    """Read the outcome column of n leads; what a value means is `Schema.outcome_of`.

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
    >>> from leadqual.leads import Schema
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
    meaning = [_CODES[schema.outcome_of(value)] for value in distinct]
    nothing = _CODES[schema.outcome_of(None)]
    states = np.array([*meaning, nothing], dtype=np.int8)[codes]  # code -1, an empty cell, takes the last one
    rows = np.flatnonzero(states == _UNLISTED) + 1
    if len(rows):
        named = ", ".join(str(row) for row in rows[:_ROWS_NAMED]) + (", ..." if len(rows) > _ROWS_NAMED else "")
        raise SchemaError(
            f"{schema.outcome} has {meaning.count(_UNLISTED)} distinct values that the schema does not list, in "
            f"{len(rows)} leads (rows {named}; the first lead is row 1); add each of them to won, lost or open in "
            "[outcome]."
        )
    return states


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
