"""A review workbook that came back: the proposal in its open cells, or every cell that cannot be read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from leadqual.agreement import Edit, LeaveOut, MoveThreshold, PinBand, Proposal, SetCapacity
from leadqual.agreement.edits import Change
from leadqual.bundle import Bundle
from leadqual.errors import ProposalError
from leadqual.review.cells import (
    Cell,
    Faults,
    Sheet,
    must_be_empty,
    read_sheets,
    share_of,
    text_of,
    whole_number,
    yes,
)
from leadqual.review.sheets import (
    ABOUT,
    FORMAT,
    POINTS,
    POLICY,
    Column,
    PointsRow,
    PolicyRow,
    place,
    plain,
    points_rows,
    policy_rows,
)

__all__ = ["read_workbook"]

_SHEETS = ("Points", "Policy", "About")
_SHARES_ALIKE = 1e-9


@dataclass(frozen=True, slots=True)
class _Wish:
    """A change, the cell that wants it, and why."""

    change: Change
    cell: Cell
    reason: str


def read_workbook(path: str | Path | BinaryIO, bundle: Bundle) -> Proposal:
    """Return what the open cells of a review workbook propose.

    Rows are found by their field and band, wherever they were sorted to. Nothing is guessed: a number that was typed as
    text, a date or a formula is refused, and so is a locked cell that no longer says what the bundle says. The edits
    come in the order of the bundle.

    Parameters
    ----------
    path
        The workbook, or an open file with it.
    bundle
        The bundle that it was exported from.

    Raises
    ------
    ProposalError
        When it is no workbook or has macros, is of another bundle, lacks a sheet or proposes nothing, when proposals
        contradict each other, or naming every cell that cannot be read.

    Examples
    --------
    See `leadqual.review.workbook.workbook`.
    """
    sheets = read_sheets(path, _SHEETS)
    faults = Faults()
    about = _about(sheets["About"], bundle, faults)
    wishes = _points(sheets["Points"], bundle, faults) + _policy(sheets["Policy"], bundle, faults)
    author, role = (text_of(cell, faults) for cell in about)
    if wishes:
        for cell, given, what in zip(about, (author, role), ("who proposes", "for which team"), strict=True):
            if not given:
                faults.add(cell, f"must say {what}")
    faults.refuse()
    if not wishes:
        raise ProposalError("the workbook proposes nothing, at least one open cell must be filled; fill it in.")
    proposal = Proposal(bundle.digest, tuple(Edit(wish.change, author, role, wish.reason) for wish in wishes))
    proposal.check()
    return proposal


def _about(sheet: Sheet, bundle: Bundle, faults: Faults) -> tuple[Cell, Cell]:
    """Return the cells of the author's name and role, once it is sure whose workbook it is."""
    found: dict[str, Cell] = {}
    for number, row in sheet.rows.items():
        if row[0].value in ABOUT and row[0].kind == "text":
            name = str(row[0].value)
            if name in found:
                faults.add(row[0], "says the same as a row above it")
            found.setdefault(name, row[1] if len(row) > 1 else Cell(place(sheet.name, number, 2)))
    if set(found) != set(ABOUT):
        raise ProposalError(f"the sheet About must say {', '.join(ABOUT)} in its first column; export it again.")
    if found["Format"].value != FORMAT:
        raise ProposalError(f"the workbook has another format, this leadqual reads {FORMAT}; export it again.")
    if found["Digest"].value != bundle.digest:
        raise ProposalError(
            f"the workbook is of another bundle, must be of {bundle.digest[:12]}; name its own bundle, or export it "
            "again."
        )
    return found["Your name"], found["Your role"]


def _points(sheet: Sheet, bundle: Bundle, faults: Faults) -> list[_Wish]:
    expected = {row.key: row for row in points_rows(bundle)}
    if not _has_headings(sheet, POINTS, faults):
        return []
    found: dict[tuple[str, str], _Wish | None] = {}
    for row in _rows(sheet, POINTS, faults):
        key = (_name(row[0]), _name(row[1]))
        if key not in expected:
            known = any(key[0] == field for field, _ in expected)
            faults.add(row[1] if known else row[0], "is locked and names nothing in the bundle")
        elif key in found:
            faults.add(row[0], "repeats a row above it")
        else:
            found[key] = _points_wish(row, expected[key], faults)
    for key, one in expected.items():
        if key not in found:
            what = one.field if one.band is None else f"{one.field}, {one.band}"
            faults.add(Cell(f"{sheet.name}: the row of {plain(what)}"), "is missing")
    wishes = [wish for wish in (found.get(key) for key in expected) if wish is not None]
    for field, band in expected:
        wish, left_out = found.get((field, band)), found.get((field, ""))
        if band and wish is not None and left_out is not None:
            faults.add(wish.cell, f"proposes points in a field that {left_out.cell.place} leaves out")
    return wishes


def _points_wish(row: Sequence[Cell], expected: PointsRow, faults: Faults) -> _Wish | None:
    present, points, leave = row[2], row[10], row[11]
    if _present(present) != expected.points:
        faults.add(present, "is locked and no longer says what the bundle says")
    if expected.band is None:
        must_be_empty(points, "points are proposed in the rows of bands", faults)
        change = LeaveOut(expected.field) if yes(leave, faults) else None
        return _wish(change, leave, row[12], faults)
    must_be_empty(leave, "a field is left out in its own row", faults)
    number = whole_number(points, faults)
    return _wish(None if number is None else PinBand(expected.field, expected.band, number), points, row[12], faults)


def _policy(sheet: Sheet, bundle: Bundle, faults: Faults) -> list[_Wish]:
    expected = {row.name: row for row in policy_rows(bundle)}
    if not _has_headings(sheet, POLICY, faults):
        return []
    found: dict[str, _Wish | None] = {}
    for row in _rows(sheet, POLICY, faults):
        name = _name(row[0])
        if name not in expected:
            faults.add(row[0], "is locked and names no threshold of the bundle")
        elif name in found:
            faults.add(row[0], "repeats a row above it")
        else:
            found[name] = _policy_wish(row, expected[name], faults)
    for name in expected:
        if name not in found:
            faults.add(Cell(f"{sheet.name}: the row of {name}"), "is missing")
    return [wish for wish in (found.get(name) for name in expected) if wish is not None]


def _policy_wish(row: Sequence[Cell], expected: PolicyRow, faults: Faults) -> _Wish | None:
    present, proposed = row[1], row[3]
    now, was = _present(present), expected.present
    if now != was and (now is None or was is None or not math.isclose(now, was, abs_tol=_SHARES_ALIKE)):
        faults.add(present, "is locked and no longer says what the bundle says")
    change: Change | None = None
    if expected.threshold is None:
        share = share_of(proposed, faults)
        change = None if share is None else SetCapacity(share=share)
    else:
        points = whole_number(proposed, faults)
        change = None if points is None else MoveThreshold(expected.threshold, points)
    return _wish(change, proposed, row[4], faults)


def _has_headings(sheet: Sheet, columns: tuple[Column, ...], faults: Faults) -> bool:
    row = sheet.rows.get(1, [])
    fine = True
    for number, column in enumerate(columns, 1):
        cell = row[number - 1] if number <= len(row) else Cell(place(sheet.name, 1, number))
        if cell.value != column.heading:
            faults.add(cell, f'must be the heading "{column.heading}"')
            fine = False
    return fine


def _rows(sheet: Sheet, columns: tuple[Column, ...], faults: Faults) -> list[list[Cell]]:
    """Return the rows below the headings, each as wide as the table; formulas and what is beside it are faults."""
    found = []
    for number, cells in sheet.rows.items():
        for cell in cells:
            if cell.kind == "a formula":
                faults.add(cell, "must not be a formula")
        for cell in cells[len(columns) :]:
            if cell.kind != "nothing":
                faults.add(cell, "is beside the table and must be empty")
        inside = cells[: len(columns)]
        inside += [Cell(place(sheet.name, number, column)) for column in range(len(inside) + 1, len(columns) + 1)]
        if number > 1 and any(cell.kind != "nothing" for cell in inside):
            found.append(inside)
    return found


def _wish(change: Change | None, cell: Cell, why: Cell, faults: Faults) -> _Wish | None:
    reason = text_of(why, faults)
    if change is not None:
        return _Wish(change, cell, reason)
    if reason and cell.kind == "nothing":
        faults.add(why, f"gives a reason for nothing: {cell.place} is empty")
    return None


def _present(cell: Cell) -> float | None:
    """Return the number in a locked cell; None where it is empty, not a number where it holds anything else."""
    if cell.kind == "nothing":
        return None
    return cell.value if isinstance(cell.value, int | float) else math.nan


def _name(cell: Cell) -> str:
    """Return what a row is found by; what is no text finds nothing."""
    return str(cell.value) if cell.kind in ("text", "nothing") else "\0"
