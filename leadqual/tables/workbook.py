"""Excel workbooks as tables: the sheet that holds the leads, its header, and its cells with their types."""

from __future__ import annotations

import datetime
import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, BinaryIO

import pandas as pd

from leadqual.errors import LeadError
from leadqual.tables.csv_text import CsvRows, Header, without_closing_lines

__all__ = ["Sheet", "is_workbook", "read_sheet"]

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_MAX_BYTES = 2 << 30  # unpacked; a sheet of a million rows and 30 columns has about a third of that
_MAX_EXPANSION, _FROM_BYTES = 200, 64 << 20  # real sheets shrink to a fifth or a twentieth
_HEAD = 50  # rows in which the header is looked for
_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA"})
_EMPTY_FORMULA = re.compile(rb"<f(?:\s[^>]*)?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>")
_WAY_OUT = "save the sheet as .xlsx or CSV UTF-8."

Row = Sequence[Any]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a workbook, some rows at a time.

    Parameters
    ----------
    chosen
        The name of the sheet where it was chosen among several, to keep in a schema; None where it is the only one.
    first
        The row below the header, as the spreadsheet counts.
    tables
        Its rows, with the row in the spreadsheet less 1 as their index; at least one table.
    notes
        What was left out or cannot be read.
    """

    chosen: str | None
    first: int
    tables: Iterator[CsvRows]
    notes: tuple[str, ...]


def is_workbook(sample: bytes) -> bool:
    """Tell by its first bytes whether a file is a workbook, or another archive, rather than text."""
    return sample.startswith((_ZIP, _OLE))


@contextmanager
def read_sheet(file: BinaryIO, *, sheet: str | None = None, rows: int | None = None) -> Iterator[Sheet]:
    """Open a workbook (.xlsx or .xlsm) and read one sheet of it; formulas give the values that Excel stored.

    Numbers stay numbers and dates become datetimes; an empty cell, and an error such as #N/A, is missing. Rows above
    the header (a title, when the report was made) are left out, and so are empty rows and columns.

    Parameters
    ----------
    file
        The workbook; it must be seekable.
    sheet
        The sheet's name; None: the only visible one that holds a table.
    rows
        Rows in a table at most; None takes all.

    Raises
    ------
    LeadError
        When it is no workbook of that kind, is locked by a password, is damaged or suspiciously large unpacked, has no
        such sheet, or has several sheets with a table and none is named.
    """
    _refuse_others(file)
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl warns about styles and extensions, which are not read
        try:
            book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
        except LeadError:
            raise
        except Exception:  # whatever a damaged archive or its XML may raise
            raise LeadError(f"the workbook is damaged and cannot be opened; open it in Excel and {_WAY_OUT}") from None
        try:
            found, chosen = _choose(book, sheet)
            yield _opened(file, found, chosen, rows)
        finally:
            book.close()


def _refuse_others(file: BinaryIO) -> None:
    head = file.read(4)
    file.seek(0)
    if head == _OLE:
        content = file.read(_FROM_BYTES)
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise LeadError("the workbook is locked by a password, it must be open; save it without a password.")
        raise LeadError(f"the file is an old workbook (.xls), it must be .xlsx or CSV; open it and {_WAY_OUT}")
    try:
        with zipfile.ZipFile(file) as archive:
            parts = archive.infolist()
    except zipfile.BadZipFile:
        raise LeadError(f"the workbook or zip archive is damaged; open it in Excel and {_WAY_OUT}") from None
    names = {part.filename for part in parts}
    if not {"xl/workbook.xml", "[Content_Types].xml"} <= names:
        kind = "a binary workbook (.xlsb)" if "xl/workbook.bin" in names else "a zip archive"
        kind = "an OpenDocument file" if "mimetype" in names else kind
        way_out = "unpack it, or give a workbook (.xlsx)." if kind == "a zip archive" else f"open it and {_WAY_OUT}"
        raise LeadError(f"the file is {kind}, it must be CSV, Parquet or an Excel workbook (.xlsx); {way_out}")
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    if unpacked > _MAX_BYTES or (unpacked > _FROM_BYTES and unpacked > _MAX_EXPANSION * max(packed, 1)):
        raise LeadError(
            f"the workbook is {unpacked >> 20:,} MB unpacked from {max(packed >> 20, 1):,}, which is more than leads "
            "need; save the sheet alone as CSV UTF-8."
        )


def _choose(book: Any, wanted: str | None) -> tuple[Any, str | None]:
    sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "iter_rows")]
    if wanted is not None:
        found = next((sheet for sheet in sheets if sheet.title == wanted), None)
        if found is None:
            raise LeadError(
                f"the workbook has no sheet {wanted!r}; it has {_listed(sheet.title for sheet in sheets)}: name one "
                "with --sheet or in [reading] sheet."
            )
        return found, wanted
    holding = [sheet for sheet in sheets if sheet.sheet_state == "visible" and _header_of(_head(sheet)) is not None]
    if len(holding) == 1:
        return holding[0], None
    if not holding:
        raise LeadError(
            f"none of the sheets {_listed(sheet.title for sheet in sheets)} holds a table with a header and leads; "
            "export it again."
        )
    raise LeadError(
        f"the sheets {_listed(sheet.title for sheet in holding)} hold a table each, one must be the leads; name it "
        "with --sheet or in [reading] sheet."
    )


def _listed(names: Iterator[str]) -> str:
    return ", ".join(map(repr, names))


def _rows_of(sheet: Any) -> Iterator[list[Any]]:
    sheet.reset_dimensions()  # the size that a file states is often wrong
    for cells in sheet.iter_rows(values_only=True):
        row = [_cell(value) for value in cells]
        while row and row[-1] is None:
            row.pop()
        yield row


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return None if not value.strip() or value in _ERRORS else value
    if isinstance(value, datetime.time):
        return value.isoformat()
    if isinstance(value, datetime.timedelta):
        return value.total_seconds() / 86_400
    return value


def _head(sheet: Any) -> list[list[Any]]:
    return list(islice(_rows_of(sheet), _HEAD))


def _header_of(head: Sequence[Row]) -> int | None:
    """Return the place of the header: the first row that names nearly as many columns as the rows below it fill."""
    widths = [sum(value is not None for value in row) for row in head]
    most = max(widths, default=0)
    for place, row in enumerate(head):
        below = widths[place + 1 :]
        if widths[place] and not any(below):
            return None
        named = sum(isinstance(value, str) for value in row)
        if widths[place] >= max(0.5 * most, min(2, most)) and named >= 0.6 * widths[place]:
            return place + _is_below(head[place + 1 :], widths[place])
    return None


def _is_below(rows: Sequence[Row], width: int) -> bool:
    """Tell whether the header is the first of these rows: wider than the one above, all text, above one that is not."""
    words = [[isinstance(value, str) for value in row if value is not None] for row in rows]
    return len(words) > 1 and len(words[0]) > width and all(words[0]) and not all(words[1])


def _opened(file: BinaryIO, sheet: Any, chosen: str | None, rows: int | None) -> Sheet:
    lines = enumerate(_rows_of(sheet))
    head = list(islice(lines, _HEAD))
    place = _header_of([row for _, row in head])
    if place is None:
        raise LeadError(
            f"the sheet {sheet.title!r} has no row in its first {_HEAD} that names the columns, or no leads below it; "
            "delete what stands above the header, or name another sheet with --sheet."
        )
    above = sum(any(value is not None for value in row) for _, row in head[:place])
    notes = [f"{above} rows above the header were left out."] if above else []
    empty = _empty_formulas(file, sheet)
    if empty:
        notes.append(
            f"{empty:,} formulas have no stored value and count as missing; open the workbook in Excel and save it."
        )
    body = _single_blanks(chain(head[place + 1 :], lines))
    return Sheet(chosen, place + 2, _tables(body, head[place][1], rows), tuple(notes))


def _single_blanks(lines: Iterator[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
    """Leave one of several empty rows: sheets may have a million of them below the table."""
    blank = False
    for number, row in lines:
        if row or not blank:
            yield number, row
        blank = not row


def _empty_formulas(file: BinaryIO, sheet: Any) -> int:
    """Count formulas without a stored result: programs write only the formula, and Excel computes it on saving."""
    count, rest = 0, b""
    with zipfile.ZipFile(file) as archive, archive.open(sheet._worksheet_path.lstrip("/")) as part:
        while block := part.read(1 << 20):
            text = rest + block
            end = 0
            for found in _EMPTY_FORMULA.finditer(text):
                count, end = count + 1, found.end()
            rest = text[max(end, len(text) - 4096) :]
    return count


def _tables(lines: Iterator[tuple[int, Row]], cells: Row, rows: int | None) -> Iterator[CsvRows]:
    header: Header | None = None
    closing = False
    while True:
        taken = list(islice(lines, rows))
        if header is not None and not taken:
            return
        table = _table(taken, len(cells) if header is None else max(header.kept, default=-1) + 1)
        if header is None:
            header = Header.read([*cells, *[None] * (table.shape[1] - len(cells))], table)
        named, notes, closing = without_closing_lines(header.name(table), closing)
        yield CsvRows(named, (*header.take_notes(), *notes))


def _table(lines: Sequence[tuple[int, Row]], least: int) -> pd.DataFrame:
    width = max([least, *(len(row) for _, row in lines)])
    index = [number for number, _ in lines]
    columns = [_column([row[place] if place < len(row) else None for _, row in lines], index) for place in range(width)]
    return pd.DataFrame(dict(enumerate(columns)), index=index)


def _column(values: list[Any], index: list[int]) -> pd.Series:
    """Return a column in the type that all its values have; objects where they differ."""
    types = {type(value) for value in values if value is not None}
    if types <= {datetime.datetime, datetime.date} and types:
        return pd.Series(pd.to_datetime(pd.Series(values, index=index, dtype=object)).astype("datetime64[us]"))
    if types == {int} and max(abs(value) for value in values if value is not None) < 1 << 63:
        return pd.Series(values, index=index, dtype="Int64" if None in values else "int64")
    if types and types <= {int, float}:
        return pd.Series([float("nan") if value is None else value for value in values], index=index, dtype="float64")
    return pd.Series(values, index=index, dtype="str" if types == {str} else object)
