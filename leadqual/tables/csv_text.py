"""CSV as CRMs, spreadsheets and databases really write it: encoding, delimiter, header, blank and closing lines."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import pandas as pd

from leadqual.errors import LeadError
from leadqual.tables.text_encoding import SAMPLE_BYTES, CheckedText, find_encoding

__all__ = ["CsvForm", "CsvRows", "Header", "csv_form", "read_csv_rows", "unique_names", "without_closing_lines"]

_DELIMITERS = (",", ";", "\t", "|")
_SAMPLED_RECORDS = 200
_BLANK_LINES = re.compile(r"\A(?:[ \t]*\r?\n)*")
_SEPARATOR_LINE = re.compile(r'"?sep=([,;\t|])"?\r?\n', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CsvForm:
    """How a CSV file is written.

    Parameters
    ----------
    encoding
        Python's name of its encoding.
    delimiter
        What separates its fields.
    skipped
        Lines before the header: blank ones, and Excel's ``sep=;``.
    notes
        What was assumed about it.
    found
        Its encoding, to keep in a schema; None where the bytes say it for certain, or somebody said it.
    """

    encoding: str
    delimiter: str
    skipped: int
    notes: tuple[str, ...] = ()
    found: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class CsvRows:
    """Some rows of a CSV file.

    Parameters
    ----------
    table
        Text columns; an empty cell is missing, nothing else is. Its index is the row in the file less 1, so the first
        lead has index 1 (the header is row 1 and has index 0).
    notes
        What was left out or renamed.
    """

    table: pd.DataFrame
    notes: tuple[str, ...]


def csv_form(sample: bytes, *, whole: BinaryIO | None = None, encoding: str | None = None) -> CsvForm:
    """Find out how a CSV file is written.

    The encoding is found by `text_encoding.find_encoding`. The delimiter is the one of ``, ; tab |`` that cuts most
    records of the sample into as many fields as the header has.

    Parameters
    ----------
    sample
        The first bytes of the file.
    whole
        The file, at its start, where it can be read twice: its encoding is then checked to the end. It is left at its
        end.
    encoding
        Its encoding, where somebody has said it.

    Raises
    ------
    LeadError
        When there is nothing in it, it is no text, or it is another kind of file.
    """
    _refuse_other_files(sample)
    found = find_encoding(sample, whole, stated=encoding)
    text = sample.decode(found.name, errors="ignore")
    if not text.strip():
        raise LeadError("the file is empty, it must hold a header and leads; export it again.")
    head = text[: len(text) - len(_BLANK_LINES.sub("", text, count=1))]
    separator = _SEPARATOR_LINE.match(text, len(head))
    if separator:
        return CsvForm(found.name, separator[1], head.count("\n") + 1, found.notes, found.found)
    delimiter = _delimiter(text[len(head) :], complete=len(sample) < SAMPLE_BYTES)
    return CsvForm(found.name, delimiter, head.count("\n"), found.notes, found.found)


def _refuse_other_files(sample: bytes) -> None:
    if sample.lstrip()[:5].lower() in (b"<html", b"<!doc", b"<?xml"):
        raise LeadError("the file is a web page or XML, it must be CSV or Parquet; export it as CSV.")


def _delimiter(text: str, *, complete: bool) -> str:
    """Return the delimiter that cuts the sampled records most evenly."""
    best, most = ",", (0, 0.0)
    for delimiter in _DELIMITERS:
        records = _sampled(text, delimiter, complete=complete)
        width = len(records[0]) if records else 1
        if width < 2:
            continue
        even = sum(len(record) == width for record in records) / len(records)
        # Whether most records are even counts first, then the number of fields: a comma inside prose is rarely even.
        rank = (int(even > 0.5) * width, even)
        if rank > most:
            best, most = delimiter, rank
    return best


def _sampled(text: str, delimiter: str, *, complete: bool) -> list[list[str]]:
    records: list[list[str]] = []
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if record:
                records.append(record)
            if len(records) > _SAMPLED_RECORDS:
                break
    except csv.Error:
        return records
    # The last record of a sample may have been cut off.
    return records if complete or len(records) < 2 else records[:-1]


def read_csv_rows(source: BinaryIO, form: CsvForm, *, rows: int | None = None) -> Iterator[CsvRows]:
    """Read a CSV file, all at once or some rows at a time.

    Blank lines are left out. So is what follows a blank line and fills the first field only: the closing lines of a
    report (its name, who made it, a copyright).

    Parameters
    ----------
    source
        The file, at its start.
    form
        How it is written.
    rows
        Rows to read at a time; None reads all.

    Yields
    ------
    CsvRows
        At least one, perhaps without rows.

    Raises
    ------
    LeadError
        When there is no header, two columns share a name, a row has more fields than the header, a quote is never
        closed, or the bytes are not in the encoding.
    """
    checked = _Checked(source, form.encoding)
    try:
        yield from _rows_of(io.BufferedReader(checked, SAMPLE_BYTES), form, rows)
    except UnicodeDecodeError:
        raise LeadError(
            f"the file begins as {form.encoding} but is not so throughout, line {checked.line} holds a byte that is no "
            "text in it; say its encoding with --encoding or in [reading] encoding, or save it as CSV UTF-8."
        ) from None
    except pd.errors.EmptyDataError:
        raise LeadError("the file is empty, it must hold a header and leads; export it again.") from None
    except pd.errors.ParserError as error:
        raise LeadError(_damage(str(error), form)) from None


class _Checked(io.RawIOBase):
    """A file that also decodes what is read from it, so that an error can name the line of an undecodable byte."""

    def __init__(self, source: BinaryIO, encoding: str) -> None:
        super().__init__()
        self._source, self._text = source, CheckedText(encoding)

    @property
    def line(self) -> int:
        return self._text.line

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        block = self._source.read(len(buffer))
        self._text.feed(block, final=not block)
        buffer[: len(block)] = block
        return len(block)


def _rows_of(source: BinaryIO, form: CsvForm, rows: int | None) -> Iterator[CsvRows]:
    header: Header | None = None
    closing, start = False, form.skipped
    for chunk in _chunks(source, form, rows):
        chunk.index = pd.RangeIndex(start, start + len(chunk))
        start += len(chunk)
        if header is None:
            header, chunk = _header(chunk)
        table, notes, closing = without_closing_lines(header.name(chunk), closing)
        yield CsvRows(table, (*header.take_notes(), *notes))


def _chunks(source: BinaryIO, form: CsvForm, rows: int | None) -> Iterator[pd.DataFrame]:
    # header=None keeps pandas from taking the first column for an index when rows end in a delimiter.
    options: dict[str, Any] = {
        "sep": form.delimiter,
        "encoding": form.encoding,
        "header": None,
        "dtype": str,
        "keep_default_na": False,
        "na_values": [""],
        "skip_blank_lines": False,
        "skiprows": form.skipped,
    }
    if rows is None:
        yield pd.read_csv(source, **options)
        return
    with pd.read_csv(source, iterator=True, **options) as chunks:
        size = rows + 1  # the header is a row too
        while True:
            try:
                yield chunks.get_chunk(size)
            except StopIteration:
                return
            size = rows


class Header:
    """The column names, and which columns have one."""

    def __init__(self, names: list[str], kept: list[int], notes: tuple[str, ...]) -> None:
        self.names, self.kept, self.notes = names, kept, notes

    @classmethod
    def read(cls, cells: Iterable[object], body: pd.DataFrame) -> Header:
        """Read the names of the columns of ``body``; a column without a name is left out where it is empty."""
        names: list[str] = []
        kept: list[int] = []
        notes: list[str] = []
        for place, value in enumerate(cells):
            name = "" if value is None or value != value else str(value).strip()
            if not name and body.iloc[:, place].isna().all():
                continue  # a delimiter at the end of each line makes an empty column
            if not name:
                name = f"column {place + 1}"
                notes.append(f"the {place + 1}. column has no name in the header and is called {name!r}.")
            names.append(name)
            kept.append(place)
        return cls(unique_names(names), kept, tuple(notes))

    def name(self, chunk: pd.DataFrame) -> pd.DataFrame:
        """Return the columns that have a name, under their names."""
        table = chunk.iloc[:, self.kept]
        table.columns = pd.Index(self.names)
        return table

    def take_notes(self) -> tuple[str, ...]:
        """Return what is to be said about the header, once."""
        notes, self.notes = self.notes, ()
        return notes


def _header(chunk: pd.DataFrame) -> tuple[Header, pd.DataFrame]:
    filled = chunk.notna().any(axis=1).to_numpy()
    if not filled.any():
        raise pd.errors.EmptyDataError
    first = int(filled.argmax())
    body = chunk.iloc[first + 1 :]
    return Header.read(chunk.iloc[first], body), body


def unique_names(names: list[str]) -> list[str]:
    """Return the column names; raises LeadError when two are the same."""
    places: dict[str, list[int]] = {}
    for place, name in enumerate(names, start=1):
        places.setdefault(name, []).append(place)
    twice = [f"{name!r} is columns {' and '.join(map(str, found))}" for name, found in places.items() if len(found) > 1]
    if twice:
        raise LeadError(f"column names must be unique, but {'; '.join(twice)}: rename or delete one of each.")
    return names


def without_closing_lines(table: pd.DataFrame, closing: bool) -> tuple[pd.DataFrame, tuple[str, ...], bool]:
    """Leave out blank lines, and the lines after a blank one that fill the first field only."""
    if table.empty:
        return table, (), closing
    filled = table.notna()
    blank = ~filled.any(axis=1)
    if not blank.any() and not closing:
        return table, (), False
    rest = filled.iloc[:, 1:].any(axis=1)
    last = int(rest.to_numpy().nonzero()[0][-1]) if rest.any() else -1
    behind = pd.Series(range(len(table)), index=table.index) > last
    if table.shape[1] < 2:
        behind[:] = False
    after_blank = (blank.cumsum() > 0) | (closing and last < 0)
    left_out = behind & after_blank & ~blank
    notes = []
    if left_out.any():
        notes.append(f"{int(left_out.sum())} closing lines below the table were left out.")
    if (blank & ~behind).any():
        notes.append(f"{int((blank & ~behind).sum())} blank lines were left out.")
    ends_blank = bool(after_blank.iloc[-1] and behind.iloc[-1])
    return table[~(blank | left_out)], tuple(notes), ends_blank


def _damage(message: str, form: CsvForm) -> str:
    too_long = re.search(r"Expected (\d+) fields in line (\d+), saw (\d+)", message)
    if too_long:
        expected, row, saw = too_long.groups()
        mark = "tab" if form.delimiter == "\t" else form.delimiter
        return (
            f"row {row} has {saw} fields where the first row has {expected}; each row must have as many as the "
            f"header (fields are separated by {mark!r}): put quotes around text that holds one, or delete what stands "
            "above the header."
        )
    quote = re.search(r"EOF inside string starting at row (\d+)", message)
    if quote:
        return (
            f"row {int(quote[1]) + 1 + form.skipped} opens a quote that is never closed; double the quotes inside the "
            "text, or delete that one."
        )
    return "the file is damaged: it cannot be cut into rows and fields; export it again as CSV UTF-8."
