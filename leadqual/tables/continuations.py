"""Continuation rows: the lines that an export writes below a record for the second and each further tag or line."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["Joined", "join_chunks", "join_continuations"]

_MAX_FILLED = 1 / 3  # share of the columns that a continuation fills
_NEARLY_ALL = 0.98
_FEW = 9  # records; among so few, values of their own may be chance
_MIN_ROWS = 2  # one such row alone may be a total below the table
_SEPARATORS = (";", "|", ",")


@dataclass(frozen=True, slots=True, eq=False)
class Joined:
    """A table whose continuation rows were joined to their records.

    Parameters
    ----------
    table
        The records, with the index that they had.
    kept
        Which rows of the table as it came are records, bool (n,).
    columns
        The columns in which rows were joined.
    notes
        How many rows were joined, and in which columns; empty where there are none.
    """

    table: pd.DataFrame
    kept: NDArray[np.bool_]
    columns: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def join_continuations(table: pd.DataFrame, *, known: Collection[str] = ()) -> Joined:
    """Join continuation rows to the record above them, their values separated by ``;``.

    Odoo writes a record with three tags as three rows: the first holds everything and the first tag, the others a tag
    each and nothing else. Such rows are told by that: they fill few columns, always the same ones; the record above
    them has a value there too; and there are columns that every record fills and no such row does.

    Parameters
    ----------
    table
        n rows; an empty cell is missing.
    known
        Columns that are known to be continued, from an earlier part of the table.

    Examples
    --------
    >>> rows = {"id": ["a", None, None, "b"], "stage": ["Won", None, None, "New"],
    ...         "source": ["Web", None, None, "Ad"], "tags": ["X", "Y", "Z", "X"]}
    >>> joined = join_continuations(pd.DataFrame(rows))
    >>> joined.table["tags"].tolist(), joined.notes
    (['X;Y;Z', 'X'], ('2 rows that continue the record above them were joined to it, in tags.',))
    """
    filled = table.notna().to_numpy()
    continues = _continuations(filled, table) if not known else _continued(filled, table, known)
    if continues is None:
        return Joined(table, np.ones(len(table), dtype=np.bool_))
    record: NDArray[np.int64] = np.cumsum(~continues) - 1
    places = np.flatnonzero(filled[continues].any(axis=0)).tolist()
    columns = tuple(str(table.columns[place]) for place in places)
    kept = table[~continues].copy()
    for name in columns:
        kept[name] = pd.Series(_joined(table[name], continues, record), index=kept.index, dtype=object)
    return Joined(kept, ~continues, columns, (_note(int(continues.sum()), columns),))


def _few_filled(filled: NDArray[np.bool_]) -> NDArray[np.bool_]:
    count = filled.sum(axis=1)
    few: NDArray[np.bool_] = (count > 0) & (count <= max(1, int(filled.shape[1] * _MAX_FILLED)))
    return few


def _continued(filled: NDArray[np.bool_], table: pd.DataFrame, known: Collection[str]) -> NDArray[np.bool_] | None:
    """Return the rows that fill nothing but columns that are known to be continued."""
    others = ~table.columns.isin(list(known))
    continues = _few_filled(filled) & ~filled[:, others].any(axis=1)
    return continues if len(continues) and continues.any() and not continues[0] else None


def _continuations(filled: NDArray[np.bool_], table: pd.DataFrame) -> NDArray[np.bool_] | None:
    rows, width = filled.shape
    continues = _few_filled(filled)
    if rows < 3 or width < 4 or continues[0] or continues.sum() < _MIN_ROWS:
        return None
    tail = filled[continues].any(axis=0)
    records = filled[~continues]
    always = records.mean(axis=0) >= _NEARLY_ALL
    if tail.sum() > max(1, int(width * _MAX_FILLED)) or (always & ~tail).sum() < 2:
        return None
    above = filled[np.maximum.accumulate(np.where(continues, 0, np.arange(rows)))]
    begun = (above[continues] | ~filled[continues]).all(axis=1)
    if begun.mean() < _NEARLY_ALL:
        return None
    named = table.iloc[:, np.flatnonzero(tail).tolist()][~continues]
    values = [column.dropna() for _, column in named.items()] if len(named) > _FEW else []
    if any(len(column) > _MIN_ROWS and column.is_unique for column in values):
        return None  # a column with a different value in each record is an id, not a continued field
    return continues


def _joined(column: pd.Series, continues: NDArray[np.bool_], record: NDArray[np.int64]) -> list[object]:
    values = column.tolist()
    several: dict[int, list[str]] = {}
    for row in np.flatnonzero(continues & column.notna().to_numpy()).tolist():
        several.setdefault(int(record[row]), []).append(str(values[row]))
    texts = [str(value) for value in column.dropna()]
    separator = next((mark for mark in _SEPARATORS if not any(mark in text for text in texts)), _SEPARATORS[0])
    first = [value for value, more in zip(values, continues, strict=True) if not more]
    return [
        separator.join([str(value), *several[place]]) if place in several else value
        for place, value in enumerate(first)
    ]


def join_chunks(chunks: Iterator[pd.DataFrame], *, note: Callable[[str], None] | None = None) -> Iterator[pd.DataFrame]:
    """Join the continuation rows of a table that comes in chunks, also where a record and its rows are in two of them.

    Parameters
    ----------
    chunks
        The table; an empty cell is missing.
    note
        Called at the end with how many rows were joined, where there were any.

    Yields
    ------
    pandas.DataFrame
        The records of each chunk, with a RangeIndex.
    """
    held: pd.DataFrame | None = None
    known: tuple[str, ...] = ()
    count = 0
    for chunk in chunks:
        following = chunk
        if held is not None and not len(chunk):
            continue
        if held is not None:
            begins = int(np.append(_few_filled(chunk.notna().to_numpy()), False).argmin())
            if begins:
                together = pd.concat([held, chunk.iloc[:begins]], ignore_index=True)
                if not join_continuations(together, known=known).kept[len(held) :].any():
                    held, following = together, chunk.iloc[begins:].reset_index(drop=True)
            if len(following):
                joined = join_continuations(held, known=known)
                known, count = known or joined.columns, count + int((~joined.kept).sum())
                yield joined.table.reset_index(drop=True)
        if held is None or len(following):
            held = following
    if held is not None:
        joined = join_continuations(held, known=known)
        known, count = known or joined.columns, count + int((~joined.kept).sum())
        yield joined.table.reset_index(drop=True)
    if count and note is not None:
        note(_note(count, known))


def _note(count: int, columns: Collection[str]) -> str:
    return f"{count:,} rows that continue the record above them were joined to it, in {', '.join(columns)}."
