"""The cells of a workbook that came back: what each holds, and what is wrong with it."""

from __future__ import annotations

import io
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Literal
from zipfile import ZipFile

import openpyxl

from leadqual.agreement.edits.checks import MAX_POINTS
from leadqual.errors import ProposalError
from leadqual.review.sheets import MAX_CHARACTERS, place

__all__ = ["Cell", "Faults", "Sheet", "must_be_empty", "read_sheets", "share_of", "text_of", "whole_number", "yes"]

Kind = Literal["nothing", "text", "another number", "a formula", "a date", "TRUE or FALSE", "an error"]

_MAX_BYTES = 50_000_000
_MAX_ROWS = 1_048_576
_MAX_NAMED = 20
_KINDS: dict[str, Kind] = {"s": "text", "n": "another number", "f": "a formula", "d": "a date", "b": "TRUE or FALSE"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Parameters
    ----------
    place
        Its name, such as ``"Points!K7"``.
    kind
        What kind of thing it holds, as a refusal calls it.
    value
        Its text without space around it, or its number; "" for everything else.
    """

    place: str
    kind: Kind = "nothing"
    value: str | float = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet.

    Parameters
    ----------
    name
        Its name.
    rows
        The cells of each row that holds anything, from the first column on, by the number of the row.
    """

    name: str
    rows: dict[int, list[Cell]]


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong, in the order in which it was found.

    Parameters
    ----------
    found
        What must be, by the name of the cell.
    """

    found: dict[str, str] = field(default_factory=dict)

    def add(self, cell: Cell, what: str) -> None:
        """Note a fault; the first of a cell stands for all."""
        self.found.setdefault(cell.place, what)

    def refuse(self) -> None:
        """Raise ProposalError where anything was wrong."""
        if not self.found:
            return
        named = [f"{where} {what}" for where, what in self.found.items()]
        more = f"; and {len(named) - _MAX_NAMED} more" if len(named) > _MAX_NAMED else ""
        cells = "1 cell" if len(named) == 1 else f"{len(named)} cells"
        raise ProposalError(
            f"the workbook has {cells} that cannot be read: {'; '.join(named[:_MAX_NAMED])}{more}. "
            "Correct them, or export the workbook again."
        )


def read_sheets(path: str | Path | BinaryIO, names: Sequence[str]) -> dict[str, Sheet]:
    """Return the sheets of those names, all that is in them, and nothing that they link to.

    Parameters
    ----------
    path
        The workbook, or an open file with it.
    names
        The sheets that it must have; it may have others.

    Raises
    ------
    ProposalError
        When the file is no workbook, is not named .xlsx, has macros or lacks a sheet.

    Examples
    --------
    >>> file, book = io.BytesIO(), openpyxl.Workbook()
    >>> book.active.append(["points", 12, None, "=1+1"])
    >>> book.save(file)
    >>> [(cell.place, cell.kind, cell.value) for cell in read_sheets(file, ["Sheet"])["Sheet"].rows[1][1:]]
    [('Sheet!B1', 'another number', 12), ('Sheet!C1', 'nothing', ''), ('Sheet!D1', 'a formula', '')]
    """
    if isinstance(path, str | Path) and Path(path).suffix.lower() != ".xlsx":
        raise ProposalError(f"{path} is not named .xlsx; save the workbook without macros, as Excel workbook (.xlsx).")
    try:
        content = _content(path)
        _check_parts(content)
        with warnings.catch_warnings():
            # about formats and extensions that are not read here
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(content, read_only=True, keep_links=False)
            missing = [name for name in names if name not in book.sheetnames]
            if missing:
                raise ProposalError(f"the workbook has no sheet {' and '.join(missing)}; export it again.")
            return {name: _sheet(book[name]) for name in names}
    except ProposalError:
        raise
    except Exception as error:
        # a damaged file makes openpyxl, zipfile and the XML parser raise nearly anything
        raise ProposalError(
            f"the workbook cannot be read ({type(error).__name__}), it must be an .xlsx file without a password; "
            "save it again."
        ) from None


def _content(path: str | Path | BinaryIO) -> BinaryIO:
    if isinstance(path, str | Path):
        return io.BytesIO(Path(path).read_bytes())
    path.seek(0)
    return io.BytesIO(path.read())


def _check_parts(content: BinaryIO) -> None:
    with ZipFile(content) as archive:
        if sum(part.file_size for part in archive.infolist()) > _MAX_BYTES:
            raise ProposalError(
                f"the workbook holds more than {_MAX_BYTES:,} bytes, must hold points only; export it again."
            )
        macros = any("vbaproject" in name.lower() or "macrosheets" in name.lower() for name in archive.namelist())
        if macros or b"macroenabled" in archive.read("[Content_Types].xml").lower():
            raise ProposalError("the workbook has macros, must have none; save it as Excel workbook (.xlsx).")


def _sheet(found: Any) -> Sheet:
    # what the file says of its own size may be wrong
    found.reset_dimensions()
    rows = {}
    for number, row in enumerate(found.iter_rows(max_row=_MAX_ROWS), 1):
        cells = [_cell(place(found.title, number, column), one) for column, one in enumerate(row, 1)]
        if any(cell.kind != "nothing" for cell in cells):
            rows[number] = cells
    return Sheet(found.title, rows)


def _cell(where: str, found: Any) -> Cell:
    value, kind = found.value, found.data_type
    if kind != "f" and (value is None or (isinstance(value, str) and not value.strip())):
        return Cell(where)
    if kind == "s":
        return Cell(where, "text", str(value).strip())
    if kind == "n" and isinstance(value, int | float) and not isinstance(value, bool):
        return Cell(where, "another number", value)
    return Cell(where, _KINDS.get(kind, "an error"))


def must_be_empty(cell: Cell, why: str, faults: Faults) -> None:
    """Note a fault where a cell holds anything."""
    if cell.kind != "nothing":
        faults.add(cell, f"must be empty: {why}")


def whole_number(cell: Cell, faults: Faults) -> int | None:
    """Return the points in a cell; None where it is empty, or holds anything but whole points, which is a fault."""
    number = _number(cell, lambda value: abs(value) <= MAX_POINTS and float(value).is_integer())
    if number is None and cell.kind != "nothing":
        faults.add(cell, f"must be a whole number from -{MAX_POINTS} to {MAX_POINTS}, not {cell.kind}")
    return None if number is None else int(number)


def share_of(cell: Cell, faults: Faults) -> float | None:
    """Return the share in a cell, from 0 to 1; None where it is empty, or holds anything else, which is a fault."""
    number = _number(cell, lambda value: 0 <= value <= 1)
    if number is None and cell.kind != "nothing":
        faults.add(cell, f"must be a share of leads from 0% to 100%, not {cell.kind}")
    return number


def _number(cell: Cell, fits: Callable[[float], bool]) -> float | None:
    if cell.kind == "another number" and isinstance(cell.value, int | float) and fits(cell.value):
        return cell.value
    return None


def yes(cell: Cell, faults: Faults) -> bool:
    """Tell whether a cell says yes; anything else but nothing is a fault."""
    confirmed = cell.kind == "text" and str(cell.value).casefold() == "yes"
    if not confirmed and cell.kind != "nothing":
        faults.add(cell, 'must be "yes" or empty')
    return confirmed


def text_of(cell: Cell, faults: Faults) -> str:
    """Return the text in a cell; "" where it is empty, or holds anything else, which is a fault."""
    if cell.kind == "nothing":
        return ""
    if cell.kind != "text" or len(str(cell.value)) > MAX_CHARACTERS:
        faults.add(cell, f"must be text of at most {MAX_CHARACTERS} characters")
        return ""
    return str(cell.value)
