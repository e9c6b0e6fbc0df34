"""The workbook that comes back: a proposal, or every cell that cannot be read."""

import datetime
import io
import re
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.worksheet.formula import ArrayFormula

from leadqual.agreement import Edit, LeaveOut, MoveThreshold, PinBand, Proposal, SetCapacity
from leadqual.errors import ProposalError
from leadqual.review.returned_workbook import read_workbook
from leadqual.review.sheets import POINTS, points_rows, policy_rows
from leadqual.review.workbook import workbook

PROPOSED, LEAVE, REASON = 11, 12, 13


@pytest.fixture(scope="module")
def content(reviewed):
    file = io.BytesIO()
    workbook(reviewed.bundle, reviewed.weights, file)
    return file.getvalue()


@pytest.fixture
def book(content):
    return opened(content)


def opened(content):
    book = openpyxl.load_workbook(io.BytesIO(content))
    book["About"]["B4"], book["About"]["B5"] = "Ana 安娜", "sales"
    return book


def read(book, bundle):
    file = io.BytesIO()
    book.save(file)
    return read_workbook(file, bundle)


def row_of(book, field, band=None):
    """Return the number of the row of a band, or of the field itself."""
    (number,) = (c[0].row for c in book["Points"].iter_rows(min_row=2) if (c[0].value, c[1].value) == (field, band))
    return number


def write(cell, value):
    cell.value = value or None
    if value and isinstance(value, str):
        cell.data_type = "s"


def shuffle(sheet, random):
    """Sort the rows below the header anew, and leave a gap between two of them."""
    rows = [[cell.value for cell in cells] for cells in sheet.iter_rows(min_row=2)]
    sheet.delete_rows(2, sheet.max_row)
    random.shuffle(rows)
    rows.insert(1, [None] * len(POINTS))
    for number, row in enumerate(rows, 2):
        for column, value in enumerate(row, 1):
            sheet.cell(number, column).value = value
            if isinstance(value, str):
                sheet.cell(number, column).data_type = "s"


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_was_proposed_comes_back_in_the_order_of_the_bundle_however_it_was_sorted(reviewed, content, data):
    book, expected = opened(content), []

    def wanted(change, reason=""):
        expected.append(Edit(change, "Ana 安娜", "sales", reason))

    for field in reviewed.bundle.points_table.fields:
        if data.draw(st.booleans()):
            why, number = data.draw(st.sampled_from(["", "too many students", "=why"])), row_of(book, field.name)
            book["Points"].cell(number, LEAVE).value = "yes"
            write(book["Points"].cell(number, REASON), why)
            wanted(LeaveOut(field.name), why)
            continue
        for band in field.bands:
            points = data.draw(st.none() | st.integers(-1000, 1000))
            if points is not None:
                cell = book["Points"].cell(row_of(book, field.name, band.label), PROPOSED)
                cell.value = data.draw(st.sampled_from([points, float(points)]))
                wanted(PinBand(field.name, band.label, points))
    without = data.draw(st.sampled_from(["SQL", None]))
    for number, row in enumerate(policy_rows(reviewed.bundle), 2):
        if row.threshold != without:
            moved = 0.25 if row.threshold is None else 110 + number
            book["Policy"].cell(number, 4).value = moved
            wanted(SetCapacity(share=moved) if row.threshold is None else MoveThreshold(row.threshold, moved))
    shuffle(book["Points"], data.draw(st.randoms(use_true_random=False)))
    assert read(book, reviewed.bundle) == Proposal(reviewed.bundle.digest, tuple(expected))


WHOLE = "must be a whole number from -1000 to 1000"
LOCKED = "is locked and no longer says what the bundle says"
NAMELESS = "is locked and names nothing in the bundle"
SHARE = "must be a share of leads from 0% to 100%"


@pytest.mark.parametrize(
    ("cell", "value", "what"),
    [
        ("Points!K3", "12,5", f"{WHOLE}, not text"),
        ("Points!K3", "12", f"{WHOLE}, not text"),
        ("Points!K3", 12.5, f"{WHOLE}, not another number"),
        ("Points!K3", 1e9, f"{WHOLE}, not another number"),
        ("Points!K3", 1e300, f"{WHOLE}, not another number"),
        ("Points!K3", -1001, f"{WHOLE}, not another number"),
        ("Points!K3", True, f"{WHOLE}, not TRUE or FALSE"),
        ("Points!K3", datetime.date(2026, 5, 1), f"{WHOLE}, not a date"),
        ("Points!K3", "#REF!", f"{WHOLE}, not an error"),
        ("Points!K3", "=1+1", "must not be a formula"),
        ("Points!K3", ArrayFormula("K3", "=1+1"), "must not be a formula"),
        ("Points!D3", "=SUM(D4:D9)", "must not be a formula"),
        ("Points!K2", 5, "must be empty: points are proposed in the rows of bands"),
        ("Points!L3", "yes", "must be empty: a field is left out in its own row"),
        ("Points!L2", "ja", 'must be "yes" or empty'),
        ("Points!L2", True, 'must be "yes" or empty'),
        ("Points!M4", "why", "gives a reason for nothing: Points!K4 is empty"),
        ("Points!M3", 2024, "must be text of at most 1000 characters"),
        ("Points!M3", "x" * 1001, "must be text of at most 1000 characters"),
        ("Points!C3", 777, LOCKED),
        ("Points!C3", None, LOCKED),
        ("Points!C3", "12", LOCKED),
        ("Points!C2", 1, LOCKED),
        ("Points!B3", "other", NAMELESS),
        ("Points!A3", "other", NAMELESS),
        ("Points!A3", 5, NAMELESS),
        ("Points!N3", "my notes", "is beside the table and must be empty"),
        ("Points!C1", "Punkte", 'must be the heading "points"'),
        ("Points!M1", None, 'must be the heading "reason"'),
        ("Policy!D2", "120 points", f"{WHOLE}, not text"),
        ("Policy!D2", 120.5, f"{WHOLE}, not another number"),
        ("Policy!D7", 20, f"{SHARE}, not another number"),
        ("Policy!D7", -0.1, f"{SHARE}, not another number"),
        ("Policy!D7", "20 %", f"{SHARE}, not text"),
        ("Policy!B2", 1, LOCKED),
        ("Policy!B7", 0.21, LOCKED),
        ("Policy!B7", None, LOCKED),
        ("Policy!A2", "SAL", "is locked and names no threshold of the bundle"),
        ("Policy!A3", "SQL", "repeats a row above it"),
        ("Policy!A1", "what", 'must be the heading "threshold"'),
        ("About!B5", 7, "must be text of at most 1000 characters"),
        ("About!B4", None, "must say who proposes"),
        ("About!B5", "  ", "must say for which team"),
        ("About!A8", "Digest", "says the same as a row above it"),
    ],
)
def test_a_cell_that_cannot_be_read_is_named(reviewed, book, cell, value, what):
    book["Points"]["K3"] = 3
    sheet, where = cell.split("!")
    book[sheet][where] = value
    with pytest.raises(ProposalError) as refused:
        read(book, reviewed.bundle)
    faults = re.fullmatch(
        r"the workbook has \d+ cells? that cannot be read: (.*)\. Correct them, or .*", str(refused.value)
    )
    assert f"{cell} {what}" in faults[1].split("; ")


def test_all_cells_that_cannot_be_read_are_named_at_once_and_what_they_hold_is_not(reviewed, book):
    sheet = book["Points"]
    sheet["K3"], sheet["C4"], book["Policy"]["D2"] = "12,5 said Miller", 777, 1e9
    with pytest.raises(ProposalError) as refused:
        read(book, reviewed.bundle)
    assert str(refused.value) == (
        f"the workbook has 3 cells that cannot be read: Points!K3 {WHOLE}, not text; Points!C4 {LOCKED}; "
        f"Policy!D2 {WHOLE}, not another number. Correct them, or export the workbook again."
    )
    rows = len(points_rows(reviewed.bundle))
    for number in range(2, rows + 2):
        sheet.cell(number, 4).value = "=1+1"
    with pytest.raises(ProposalError, match=rf"has {rows + 3} cells .*; and {rows + 3 - 20} more\. Correct"):
        read(book, reviewed.bundle)


def test_a_row_that_is_there_twice_or_gone_is_refused(reviewed, book):
    sheet = book["Points"]
    field, band = sheet["A3"].value, sheet["B3"].value
    sheet.append([cell.value for cell in sheet[3]])
    last = sheet.max_row
    with pytest.raises(ProposalError, match=f"Points!A{last} repeats a row above it"):
        read(book, reviewed.bundle)
    sheet.delete_rows(last)
    sheet.delete_rows(3)
    book["Policy"].delete_rows(3)
    with pytest.raises(ProposalError) as refused:
        read(book, reviewed.bundle)
    assert f"Points: the row of {field}, {band} is missing; Policy: the row of MQL is missing" in str(refused.value)


def test_columns_that_moved_are_refused(reviewed, book):
    book["Points"].insert_cols(4)
    book["Policy"].delete_cols(3)
    with pytest.raises(ProposalError, match='Points!D1 must be the heading "leads"') as refused:
        read(book, reviewed.bundle)
    assert 'Policy!E1 must be the heading "reason"' in str(refused.value)


def test_proposals_that_contradict_each_other_are_refused(reviewed, content, book):
    book["Points"]["L2"], book["Points"]["K3"] = "yes", 5
    with pytest.raises(ProposalError, match="Points!K3 proposes points in a field that Points!L2 leaves out"):
        read(book, reviewed.bundle)
    other = opened(content)
    other["Policy"]["D2"], other["Policy"]["D7"] = 120, 0.1
    with pytest.raises(ProposalError, match="set SQL by capacity and by points"):
        read(other, reviewed.bundle)


def test_a_workbook_that_proposes_nothing_or_is_of_another_bundle_is_refused(reviewed, book):
    with pytest.raises(ProposalError, match="proposes nothing"):
        read(book, reviewed.bundle)
    book["Points"]["K3"] = 5
    other = replace(reviewed.bundle, base_rate=0.5)
    with pytest.raises(ProposalError, match=f"must be of {other.digest[:12]}"):
        read(book, other)
    book["About"]["B3"] = 2
    with pytest.raises(ProposalError, match="another format, this leadqual reads 1"):
        read(book, reviewed.bundle)
    book["About"]["A2"] = "Hash"
    with pytest.raises(ProposalError, match="About must say Bundle, Digest"):
        read(book, reviewed.bundle)


def test_a_capacity_that_is_not_known_can_be_proposed(reviewed):
    bundle = replace(reviewed.bundle, policy=replace(reviewed.bundle.policy, capacity_share=None))
    file = io.BytesIO()
    workbook(bundle, reviewed.weights, file)
    book = opened(file.getvalue())
    assert book["Policy"]["B7"].value is None
    book["Policy"]["D7"] = 0.15
    assert [edit.change for edit in read(book, bundle).edits] == [SetCapacity(share=0.15)]
