"""Where leads come from: CSV and Parquet files, workbooks, streams, a database query, or a DataFrame."""

from __future__ import annotations

import gzip
import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from os import PathLike
from pathlib import Path
from typing import Any, BinaryIO, TypeAlias

import numpy as np
import pandas as pd

from leadqual.bundle.values import is_single, read_reference
from leadqual.database import read_only
from leadqual.errors import LeadError
from leadqual.tables.continuations import join_chunks, join_continuations
from leadqual.tables.csv_text import csv_form, read_csv_rows, unique_names
from leadqual.tables.rows import RowNumbers
from leadqual.tables.text_encoding import SAMPLE_BYTES
from leadqual.tables.workbook import is_workbook, read_sheet

__all__ = ["Source", "SourceTable", "read_source", "read_source_chunks", "without_several"]


# A path, "-" (standard input), an open file, a SQLAlchemy URL, engine or connection, or a DataFrame.
Source: TypeAlias = Any

_PARQUET = b"PAR1"
_MIN_ROWS = 1_000  # read together, so that rows which continue a record are known as such
_GZIP = b"\x1f\x8b"


@dataclass(frozen=True, slots=True, eq=False)
class SourceTable:
    """A table as it came, before any schema.

    Parameters
    ----------
    table
        The leads, with a RangeIndex. CSV columns are text, where an empty cell is missing and nothing else is.
    rows
        The row number of each lead in its source.
    notes
        What was assumed or left out in reading it.
    encoding
        The encoding that was found out, to keep in a schema; None where the bytes say it or somebody said it.
    sheet
        The sheet that was named, of a workbook; None elsewhere.
    """

    table: pd.DataFrame
    rows: RowNumbers
    notes: tuple[str, ...] = ()
    encoding: str | None = None
    sheet: str | None = None


def read_source(
    source: Source, *, query: str | None = None, encoding: str | None = None, sheet: str | None = None
) -> SourceTable:
    """Read a whole table.

    Parameters
    ----------
    source
        A CSV file (any of the usual encodings and delimiters, gzipped or not), Parquet file or Excel workbook, ``"-"``
        or an open file with one of them, a SQLAlchemy URL, engine or connection, or a DataFrame.
    query
        The SQL query; needed with a database, refused with anything else.
    encoding
        The encoding of a CSV file; None: it is found out. Of no effect on anything else.
    sheet
        The sheet of a workbook; None: the only one with a table. Of no effect on anything else.

    Raises
    ------
    LeadError
        When the source is not there, is of another kind, is damaged, or has two columns of one name.
    """
    if _is_database(source):
        return _joined(_read_query(source, query))
    if query is not None:
        raise LeadError(
            "there is a query but no database; give a SQLAlchemy URL such as sqlite:///crm.db, or no query."
        )
    if isinstance(source, pd.DataFrame):
        return _joined(_framed(source))
    with _opened(source) as (file, whole):
        if whole is None:
            file = whole = io.BytesIO(file.read())
        sample = _peek(file)
        if sample.startswith(_PARQUET):
            return _joined(_framed(_read_parquet(file)))
        if is_workbook(sample):
            return _joined(_read_workbook(_seekable(file), sheet))
        form = csv_form(sample, whole=whole, encoding=encoding)
        whole.seek(0)
        (read,) = read_csv_rows(file, form)
    return _joined(_numbered(read.table, form.skipped + 2, (*form.notes, *read.notes), encoding=encoding or form.found))


def _numbered(
    table: pd.DataFrame, first: int, notes: tuple[str, ...], *, encoding: str | None = None, sheet: str | None = None
) -> SourceTable:
    """Return a table whose index is the row in its file, less 1, with these numbers beside it."""
    numbers = np.asarray(table.index, dtype=np.int64) + 1
    return SourceTable(table.reset_index(drop=True), RowNumbers(numbers, first), notes, encoding, sheet)


def _joined(found: SourceTable) -> SourceTable:
    joined = join_continuations(found.table)
    if not joined.notes:
        return found
    table, rows = joined.table.reset_index(drop=True), found.rows.keep(joined.kept)
    return SourceTable(table, rows, (*found.notes, *joined.notes), found.encoding, found.sheet)


def _read_workbook(file: BinaryIO, sheet: str | None) -> SourceTable:
    with read_sheet(file, sheet=sheet) as found:
        (read,) = found.tables
        return _numbered(read.table, found.first, (*found.notes, *read.notes), sheet=found.chosen)


def _seekable(file: BinaryIO) -> BinaryIO:
    """Return the file where one may jump in it, as an archive needs; a packed or piped one is read into memory."""
    return file if file.seekable() and not isinstance(file, gzip.GzipFile) else io.BytesIO(file.read())


def read_source_chunks(
    source: Source,
    rows: int,
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    note: Callable[[str], None] | None = None,
) -> Iterator[pd.DataFrame]:
    """Read a CSV or Parquet file, workbook, stream or DataFrame some rows at a time; see `read_source`.

    Parameters
    ----------
    source, encoding, sheet
        As for `read_source`.
    rows
        How many leads are in memory at a time; at least 1,000 are.
    note
        Called with each sentence on what was assumed or left out, as it is found.

    Yields
    ------
    pandas.DataFrame
        At most ``rows`` leads with a RangeIndex; at least one table, perhaps without leads.
    """
    if rows < 1:
        raise LeadError(f"rows is {rows}, it must be at least 1; leave it out for the default.")
    if _is_database(source):
        raise LeadError(
            "a database cannot be read in chunks; use read_table with a query, and LIMIT or a condition in it."
        )
    note = note or _unsaid
    for table in join_chunks(_chunks(source, max(rows, _MIN_ROWS), encoding, sheet, note), note=note):
        for start in range(0, max(len(table), 1), rows):
            yield table.iloc[start : start + rows].reset_index(drop=True)


def _unsaid(_: str) -> None:
    """Ignore a note."""


def _chunks(
    source: Source, rows: int, encoding: str | None, sheet: str | None, note: Callable[[str], None]
) -> Iterator[pd.DataFrame]:
    if isinstance(source, pd.DataFrame):
        table = _framed(source).table
        for start in range(0, max(len(table), 1), rows):
            yield table.iloc[start : start + rows].reset_index(drop=True)
        return
    with _opened(source) as (file, whole):
        sample = _peek(file)
        if sample.startswith(_PARQUET):
            yield from _parquet_chunks(file, rows)
            return
        if is_workbook(sample):
            with read_sheet(_seekable(file), sheet=sheet, rows=rows) as found:
                for sentence in found.notes:
                    note(sentence)
                for read in found.tables:
                    for sentence in read.notes:
                        note(sentence)
                    yield read.table.reset_index(drop=True)
            return
        form = csv_form(sample, whole=whole, encoding=encoding)
        if whole is not None:
            whole.seek(0)
        for sentence in form.notes:
            note(sentence)
        for read in read_csv_rows(file, form, rows=rows):
            for sentence in read.notes:
                note(sentence)
            yield read.table.reset_index(drop=True)


@contextmanager
def _opened(source: Source) -> Iterator[tuple[BinaryIO, BinaryIO | None]]:
    """Open a file; the second one returned is None where it cannot be read twice."""
    if isinstance(source, (str, PathLike)) and str(source) != "-":
        path = Path(source)
        try:
            file: Any = path.open("rb")
        except FileNotFoundError:
            raise LeadError(f"there is no file {path}; give the path of a CSV or Parquet file or a workbook.") from None
        except OSError as error:
            raise LeadError(
                f"{path} cannot be opened ({error.strerror}); give a CSV or Parquet file or a workbook."
            ) from None
        with file:
            if file.peek(2).startswith(_GZIP):
                file = gzip.GzipFile(fileobj=file)
            yield file, file
        return
    stream: Any = sys.stdin if isinstance(source, str) else source
    if not hasattr(stream, "read"):
        raise LeadError(
            f"leads cannot be read from a {type(source).__name__}; give a path, an open file, a database or a table."
        )
    binary = getattr(stream, "buffer", stream)
    if isinstance(binary.read(0), str):
        yield io.BytesIO(binary.read().encode("utf-8")), None
    else:
        yield (io.BufferedReader(_Stream(binary), SAMPLE_BYTES), None)


class _Stream(io.RawIOBase):
    """A readable stream that reads on until a request is filled, so that a sample can be peeked at."""

    def __init__(self, stream: Any) -> None:
        super().__init__()
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        filled = 0
        while filled < len(buffer):
            block = self._stream.read(len(buffer) - filled)
            if not block:
                break
            buffer[filled : filled + len(block)] = block
            filled += len(block)
        return filled


def _peek(file: BinaryIO) -> bytes:
    """Return the first bytes without consuming them."""
    if file.seekable():
        try:
            sample = file.read(SAMPLE_BYTES)
        except (gzip.BadGzipFile, EOFError):
            raise LeadError("the gzip archive is damaged; pack it again, or give the CSV file itself.") from None
        file.seek(0)
        return sample
    return file.peek(SAMPLE_BYTES)[:SAMPLE_BYTES]  # type: ignore[attr-defined,no-any-return]  # a BufferedReader


def _read_parquet(file: BinaryIO) -> pd.DataFrame:
    import pyarrow

    try:
        return pd.read_parquet(file if file.seekable() else io.BytesIO(file.read()))
    except (pyarrow.ArrowInvalid, OSError):
        raise LeadError("the Parquet file is damaged; write it again.") from None


def _parquet_chunks(file: BinaryIO, rows: int) -> Iterator[pd.DataFrame]:
    import pyarrow
    from pyarrow import parquet

    try:
        opened = parquet.ParquetFile(file if file.seekable() else io.BytesIO(file.read()))
        unique_names(list(opened.schema_arrow.names))
        found = False
        for batch in opened.iter_batches(batch_size=rows):
            found = True
            yield _framed(batch.to_pandas()).table
        if not found:
            yield _framed(opened.schema_arrow.empty_table().to_pandas()).table
    except (pyarrow.ArrowInvalid, OSError):
        raise LeadError("the Parquet file is damaged; write it again.") from None


def _framed(table: pd.DataFrame) -> SourceTable:
    names = [str(name) for name in table.columns]
    unique_names(names)
    notes = []
    if not isinstance(table.index, pd.RangeIndex) and table.index.name is not None and table.index.name not in names:
        table = table.reset_index()
        names = [str(name) for name in table.columns]
        notes.append(f"the index {names[0]!r} became a column.")
    table = table.reset_index(drop=True)
    table.columns = pd.Index(names)
    rows = RowNumbers.count(len(table))
    for place in range(len(names)):
        table, named = _with_names(table, place)
        table, emptied = without_several(table, place, rows)
        notes += [*named, *emptied]
    return SourceTable(table, rows, tuple(notes))


def _with_names(table: pd.DataFrame, place: int) -> tuple[pd.DataFrame, list[str]]:
    """Replace a reference by the name in it, such as ``[4, 'Won']``, as Odoo gives it through its interface."""
    column, name = table.iloc[:, place], table.columns[place]
    if column.dtype != object:
        return table, []
    names = [None if is_single(value) else read_reference(value) for value in column]
    referred = np.array([text is not None for text in names], dtype=np.bool_)
    if not referred.any():
        return table, []
    table[name] = column.where(~referred, pd.Series(names, dtype=object))
    return table, [f"{name} holds references such as [4, 'Name'] in {int(referred.sum()):,} rows; read by name."]


def without_several(
    table: pd.DataFrame, place: int, rows: RowNumbers, *, lists: bool = True
) -> tuple[pd.DataFrame, list[str]]:
    """Empty the cells of one column that hold several values, and say in which rows they were.

    Parameters
    ----------
    table
        n leads.
    place
        The column's place.
    rows
        Their row numbers.
    lists
        True to leave lists of single values, which may be choices; False to empty them with the rest: mappings, bytes,
        lists of lists.
    """
    column, name = table.iloc[:, place], table.columns[place]
    if column.dtype != object:
        return table, []
    several = np.fromiter(
        (not (is_single(value) or (lists and _is_list(value))) for value in column), np.bool_, len(column)
    )
    if not several.any():
        return table, []
    table[name] = column.where(~several, None)
    return table, [f"{name} holds several values in one cell in {rows.named(several)}; they count as missing."]


def _is_list(value: Any) -> bool:
    """Tell whether a cell is a list of single values, as JSON, Parquet or a database gives it."""
    flat = isinstance(value, list | tuple | set | frozenset) or (isinstance(value, np.ndarray) and value.ndim == 1)
    return flat and all(is_single(one) for one in value)


def _is_database(source: Source) -> bool:
    if isinstance(source, str):
        return "://" in source
    return type(source).__module__.split(".")[0] == "sqlalchemy"


def _read_query(source: Source, query: str | None) -> SourceTable:
    from sqlalchemy.exc import SQLAlchemyError

    if not query:
        raise LeadError("a database needs a query; give query='SELECT ... FROM ...' that returns one row per lead.")
    with read_only(source, refusal=LeadError) as opened:
        try:
            found = _framed(pd.read_sql_query(query, opened.connection))
        except (SQLAlchemyError, pd.errors.DatabaseError) as error:
            raise LeadError(_refusal(error)) from None
    return replace(found, notes=(*found.notes, *([opened.note] if opened.note else [])))


def _refusal(error: Exception) -> str:
    """Say why a database refused: what it says of tables and columns, not of values, which it may quote."""
    from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

    cause = error if isinstance(error, DBAPIError) else error.__cause__
    message = "the query failed"
    if isinstance(cause, DBAPIError) and not isinstance(cause, (DataError, IntegrityError)):
        message = str(cause.orig).splitlines()[0]
    return f"the database refused the query ({message}); try the query in a database client."
