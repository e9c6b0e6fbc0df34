"""The review workbook: weights in locked columns, proposals in open ones, for teams that live in spreadsheets."""

from __future__ import annotations

import io
import re
from pathlib import Path
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import openpyxl
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties

from leadqual.agreement import BandWeight, FieldWeight, Weights
from leadqual.agreement.edits.checks import MAX_POINTS
from leadqual.agreement.weights import lost_without
from leadqual.bundle import Bundle
from leadqual.errors import ProposalError
from leadqual.reports.language import Language
from leadqual.review.returned_workbook import read_workbook
from leadqual.review.sheets import (
    ABOUT,
    FORMAT,
    MAX_CHARACTERS,
    POINTS,
    POLICY,
    Column,
    plain,
    points_rows,
    policy_rows,
)

__all__ = ["read_workbook", "workbook"]

_HEAD = PatternFill("solid", fgColor="D9E8F2")
_FIELD = PatternFill("solid", fgColor="F1F1F1")
_OPEN = PatternFill("solid", fgColor="FFF8D6")
_A4 = "9"
_EPOCH = (1980, 1, 1, 0, 0, 0)
_HOW = (
    "Yellow cells are yours; all others are locked, as they say what is.",
    "Points: in the row of a band, write the points you propose; in the row of a field, write yes to leave it out.",
    "Policy: write where a threshold should begin, in points, or the share of leads that sales can work, such as 20%.",
    "Give a reason beside each proposal, and your name and role above.",
    "Then: leadqual review import WORKBOOK BUNDLE --out proposal.json; leadqual agreement price says what it costs.",
    "A lead has the points of its bands in all fields; {step} more points double its odds of winning.",
    "Low and high: the 95% interval of the win rate of a band, from the leads and wins beside it.",
)


def workbook(bundle: Bundle, weights: Weights, path_or_buffer: str | Path | BinaryIO) -> None:
    """Write a bundle and its explained weights as a workbook (.xlsx) in which both teams can propose points.

    The same bundle and weights give the same file, byte for byte. `read_workbook` makes a proposal of what comes back.

    Parameters
    ----------
    bundle
        What is reviewed.
    weights
        Its explained weights.
    path_or_buffer
        Where the workbook goes; a file that is there is replaced.

    Raises
    ------
    ProposalError
        When the weights are of another bundle, or fields or bands cannot be told apart in a spreadsheet.

    Examples
    --------
    >>> from leadqual.agreement import explain_weights, hold_later
    >>> from leadqual.leads import label_outcomes, read_leads
    >>> from leadqual.simulation import SampleSettings, simulate
    >>> from leadqual.training import train
    >>> sample = simulate(SampleSettings(leads=1500), seed=1)
    >>> leads = read_leads(sample.table, sample.schema)
    >>> bundle = train(leads, name="demo").bundle
    >>> weights = explain_weights(bundle, hold_later(bundle, leads, label_outcomes(leads)), repetitions=50)
    >>> file = io.BytesIO()
    >>> workbook(bundle, weights, file)
    >>> read_workbook(file, bundle)
    Traceback (most recent call last):
    leadqual.errors.ProposalError: the workbook proposes nothing, at least one open cell must be filled; fill it in.
    """
    known = {(row.field, row.band, row.points) for row in points_rows(bundle) if row.band is not None}
    if known != {(field.field, band.label, band.points) for field in weights.fields for band in field.bands}:
        raise ProposalError("the weights are of another bundle; explain the weights of this one.")
    book = openpyxl.Workbook()
    book.properties.creator = "leadqual"
    _points_sheet(book.active, weights)
    _policy_sheet(book.create_sheet(), bundle)
    _about_sheet(book.create_sheet(), bundle)
    file = io.BytesIO()
    book.save(file)
    content = _timeless(file.getvalue())
    if isinstance(path_or_buffer, str | Path):
        Path(path_or_buffer).write_bytes(content)
    else:
        path_or_buffer.write(content)


def _points_sheet(sheet: Any, weights: Weights) -> None:
    _prepare(sheet, "Points", POINTS, "C2")
    points = DataValidation("whole", formula1=str(-MAX_POINTS), formula2=str(MAX_POINTS), allow_blank=True)
    _explain(points, f"A whole number from -{MAX_POINTS} to {MAX_POINTS}.")
    leave = DataValidation("list", formula1='"yes"', allow_blank=True)
    _explain(leave, "yes, or nothing.")
    reason = _reasons()
    number = 1
    for field in weights.fields:
        number += 1
        leads, wins = sum(band.leads for band in field.bands), sum(band.wins for band in field.bands)
        told = _field_explanation(field, weights)
        adds = field.wins.difference
        _row(sheet, number, POINTS, [field.field, None, None, leads, wins, None, None, None, adds, told], bold=True)
        leave.add(_open(sheet, number, 12))
        reason.add(_open(sheet, number, 13))
        for band in field.bands:
            number += 1
            counted = [band.points, band.leads, band.wins, band.win_rate, band.low, band.high]
            told = _band_explanation(band, weights)
            _row(sheet, number, POINTS, [field.field, band.label, *counted, adds, told])
            points.add(_open(sheet, number, 11))
            reason.add(_open(sheet, number, 13))
    _finish(sheet, points, leave, reason)
    sheet.auto_filter.ref = f"A1:M{number}"


def _policy_sheet(sheet: Any, bundle: Bundle) -> None:
    _prepare(sheet, "Policy", POLICY, "B2")
    points = DataValidation("whole", formula1=str(-MAX_POINTS), formula2=str(MAX_POINTS), allow_blank=True)
    _explain(points, f"A whole number from -{MAX_POINTS} to {MAX_POINTS}.")
    share = DataValidation("decimal", formula1="0", formula2="1", allow_blank=True)
    _explain(share, "A share of leads from 0% to 100%.")
    reason = _reasons()
    for number, row in enumerate(policy_rows(bundle), 2):
        form = "0.0%" if row.threshold is None else "0"
        told = "The share of all leads that sales can work." if row.threshold is None else _threshold(row.name, bundle)
        _row(sheet, number, POLICY, [row.name, row.present, told])
        (share if row.threshold is None else points).add(_open(sheet, number, 4))
        reason.add(_open(sheet, number, 5))
        for column in (2, 4):
            sheet.cell(number, column).number_format = form
    _finish(sheet, points, share, reason)


def _about_sheet(sheet: Any, bundle: Bundle) -> None:
    sheet.title = "About"
    for number, (name, value) in enumerate(
        zip(ABOUT, (bundle.name, bundle.digest, FORMAT, None, None), strict=True), 1
    ):
        _write(sheet.cell(number, 1), name)
        sheet.cell(number, 1).font = Font(bold=True)
        _write(sheet.cell(number, 2), value)
        sheet.cell(number, 2).alignment = Alignment(horizontal="left")
    name = DataValidation("textLength", operator="between", formula1="1", formula2="200", allow_blank=True)
    _explain(name, "Who proposes.")
    role = DataValidation("list", formula1='"marketing,sales"', allow_blank=True, errorStyle="information")
    _explain(role, "Usually marketing or sales.")
    name.add(_open(sheet, 4, 2))
    role.add(_open(sheet, 5, 2))
    for number, text in enumerate(_HOW, len(ABOUT) + 2):
        cell = sheet.cell(number, 2)
        _write(cell, text.format(step=bundle.points_table.points_to_double_odds))
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    _write(sheet.cell(len(ABOUT) + 2, 1), "How to use it")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 16, 100
    _finish(sheet, name, role)


def _prepare(sheet: Any, title: str, columns: tuple[Column, ...], frozen: str) -> None:
    sheet.title, sheet.freeze_panes, sheet.print_title_rows = title, frozen, "1:1"
    for number, column in enumerate(columns, 1):
        cell = sheet.cell(1, number)
        _write(cell, column.heading)
        cell.font, cell.fill = Font(bold=True), _HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[cell.column_letter].width = column.width


def _row(sheet: Any, number: int, columns: tuple[Column, ...], values: list[Any], *, bold: bool = False) -> None:
    for place, (column, value) in enumerate(zip(columns, values, strict=False), 1):
        cell = sheet.cell(number, place)
        _write(cell, value)
        cell.number_format = column.form
        cell.alignment = Alignment(wrap_text=isinstance(value, str), vertical="top")
        if bold:
            cell.fill, cell.font = _FIELD, Font(bold=place == 1)


def _write(cell: Any, value: object) -> None:
    if not isinstance(value, str):
        cell.value = value
        return
    cell.value = plain(value)
    # openpyxl takes =1+1 for a formula and #N/A for an error; the prefix keeps spreadsheets from it when they edit
    cell.data_type, cell.quotePrefix = "s", value[:1] in ("=", "+", "-", "@")


def _open(sheet: Any, row: int, column: int) -> Any:
    cell = sheet.cell(row, column)
    cell.fill, cell.protection = _OPEN, Protection(locked=False)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell


def _reasons() -> DataValidation:
    checked = DataValidation(
        "textLength", operator="between", formula1="0", formula2=str(MAX_CHARACTERS), allow_blank=True
    )
    _explain(checked, f"At most {MAX_CHARACTERS} characters.")
    return checked


def _explain(checked: DataValidation, error: str) -> None:
    checked.error, checked.errorTitle, checked.showErrorMessage = error, "leadqual", True


def _finish(sheet: Any, *checked: DataValidation) -> None:
    for one in checked:
        sheet.add_data_validation(one)
    protection = sheet.protection
    protection.sheet = True
    # False is what people may do: look at things their way
    protection.formatColumns = protection.formatRows = protection.autoFilter = protection.sort = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.oddFooter.center.text = "&A, &P / &N"


def _field_explanation(field: FieldWeight, weights: Weights) -> str:
    english = Language("en")
    sentences = [english.say(lost_without(field, weights.wins_per))]
    if field.dimension:
        sentences.append(f"Evidence of {field.dimension}.")
    if field.actionable:
        sentences.append("It can be influenced.")
    sentences += [
        f"Audit: {one.code}, {one.severity}: {english.words[f'audit_check_{one.code}']}." for one in field.findings
    ]
    return " ".join(sentences)


def _band_explanation(band: BandWeight, weights: Weights) -> str:
    if band.win_rate is None:
        return "No lead with a known outcome fell in it."
    sentences = []
    if weights.wins:
        sentences.append(f"It won {band.win_rate * weights.leads / weights.wins:.2f} times as often as all leads.")
    if any(points is not None for points in band.by_block):
        blocks = " ".join("." if points is None else f"{points:+d}" for points in band.by_block)
        sentences.append(f"Points in fifths of time: {blocks}")
    return " ".join(sentences)


def _threshold(name: str, bundle: Bundle) -> str:
    policy = bundle.policy
    for grade in policy.grades:
        if name == f"grade {grade.name}":
            rate = "" if grade.win_rate is None else f", of whom {grade.win_rate:.1%} should win"
            share = "" if grade.share is None else f" Expected: {grade.share:.1%} of leads{rate}."
            return f"A lead with at least so many points is graded {grade.name}, or better.{share}"
    what = "sales" if name == "SQL" else "marketing"
    return f"A lead with at least so many points is a {what} qualified lead. {Language('en').joined(policy.chosen_by)}"


def _timeless(content: bytes) -> bytes:
    """Return the file without the time at which it was written."""
    file = io.BytesIO()
    with ZipFile(io.BytesIO(content)) as was, ZipFile(file, "w") as now:
        for name in was.namelist():
            part = was.read(name)
            if name == "docProps/core.xml":
                part = re.sub(rb"<dcterms:(created|modified)\b.*?</dcterms:\1>", b"", part)
            now.writestr(ZipInfo(name, _EPOCH), part, ZIP_DEFLATED)
    return file.getvalue()
