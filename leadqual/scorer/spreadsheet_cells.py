"""Cells of a CSV file that a spreadsheet would run as a formula: written with an apostrophe in front, and read back."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["raw_cell", "safe_cell", "safe_table"]

# The full-width signs start a formula where Chinese or Japanese is typed.
_RUN = re.compile(r"'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_QUOTED = re.compile(r"'+[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
_NUMBER = re.compile(r"[+-]?(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?|[+-]")


def safe_cell(text: str) -> str:
    """Return a text as a cell that no spreadsheet runs; `raw_cell` gives the text again, whatever it is.

    Text with ``=``, ``+``, ``-``, ``@``, a tab or a line break in front gets an apostrophe in front of that. Numbers
    and a lone sign stay as they are: they run nothing.

    Parameters
    ----------
    text
        A cell's text.

    Examples
    --------
    >>> safe_cell("=1+1"), safe_cell("-3.5"), safe_cell("+ Fair"), safe_cell("Web"), safe_cell("'=1")
    ("'=1+1", '-3.5', "'+ Fair", 'Web', "''=1")
    """
    return f"'{text}" if _RUN.match(text) and not _NUMBER.fullmatch(text) else text


def raw_cell(text: str) -> str:
    """Return the text of a cell that `safe_cell` wrote.

    Examples
    --------
    >>> raw_cell("'=1+1"), raw_cell("-3.5"), raw_cell("'tis"), raw_cell("''=1")
    ('=1+1', '-3.5', "'tis", "'=1")
    """
    return text[1:] if _QUOTED.match(text) else text


def safe_table(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose text, the names of its columns included, no spreadsheet runs; numbers stay as they are.

    Parameters
    ----------
    table
        What is to be written as CSV.

    Returns
    -------
    pandas.DataFrame
        A copy with the same index. Columns of numbers, booleans and dates are those of ``table``.

    Examples
    --------
    >>> import pandas as pd
    >>> safe_table(pd.DataFrame({"id": ["L-7", "-L7", None], "points": [-3, 0, 4]})).to_csv(index=False).split()
    ['id,points', 'L-7,-3', "'-L7,0", ',4']
    """
    import pandas as pd

    columns = [_safe_column(table.iloc[:, place]) for place in range(table.shape[1])]
    names = [safe_cell(name) if isinstance(name, str) else name for name in table.columns]
    safe = table.copy(deep=False) if not columns else pd.concat(columns, axis=1)
    safe.columns = pd.Index(names, name=table.columns.name)
    return safe


def _safe_column(column: pd.Series) -> pd.Series:
    import numpy as np
    import pandas as pd

    if isinstance(column.dtype, np.dtype) and column.dtype != object:
        return column
    values = column.to_numpy(dtype=object)
    changed = np.fromiter((isinstance(value, str) and safe_cell(value) != value for value in values), bool, len(values))
    if not changed.any():
        return column
    safe = values.copy()
    safe[changed] = [safe_cell(value) for value in values[changed]]
    return pd.Series(safe, column.index, dtype=object, name=column.name)
