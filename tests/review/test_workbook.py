"""The workbook that goes out: what it shows, what is open, and that no name in it is ever a formula."""

import io
import re
import zipfile
from dataclasses import replace

import openpyxl
import pytest

from leadqual.agreement import LeaveOut, PinBand
from leadqual.agreement.weights import lost_without
from leadqual.errors import ProposalError
from leadqual.reports.language import Language
from leadqual.review.sheets import ABOUT, POINTS, place, plain, points_rows, policy_rows
from leadqual.review.workbook import read_workbook, workbook


def written(bundle, weights):
    file = io.BytesIO()
    workbook(bundle, weights, file)
    return file.getvalue()


@pytest.fixture(scope="module")
def content(reviewed):
    return written(reviewed.bundle, reviewed.weights)


@pytest.fixture
def book(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def test_every_band_and_threshold_is_in_it(reviewed, book):
    header, *rows = book["Points"].iter_rows(values_only=True)
    assert header == tuple(column.heading for column in POINTS)
    shown = {row[:2]: row for row in rows}
    assert len(shown) == len(rows) == len(points_rows(reviewed.bundle))
    for field in reviewed.weights.fields:
        for band in field.bands:
            points, leads, wins, *rates, adds = shown[field.field, band.label][2:9]
            assert (points, leads, wins) == (band.points, band.leads, band.wins)
            assert rates == pytest.approx([band.win_rate, band.low, band.high], rel=1e-12)
            assert adds == pytest.approx(field.wins.difference, rel=1e-12)
        told = shown[field.field, None][9]
        assert told.startswith(Language("en").say(lost_without(field, reviewed.weights.wins_per)))
    assert [row[0] for row in rows if row[1] is None] == [field.field for field in reviewed.weights.fields]
    policy = reviewed.bundle.policy
    grades = {f"grade {grade.name}": grade.minimum_points for grade in policy.grades[:3]}
    expected = {"SQL": policy.sql_points, "MQL": policy.mql_points, **grades, "capacity share": policy.capacity_share}
    assert {row[0]: row[1] for row in book["Policy"].iter_rows(min_row=2, values_only=True)} == expected
    about = dict(row[:2] for row in book["About"].iter_rows(max_row=5, values_only=True))
    assert about == dict(zip(ABOUT, ("demo", reviewed.bundle.digest, 1, None, None), strict=True))


def test_a_band_says_what_its_points_rest_on(reviewed, book):
    field = reviewed.weights.fields[0]
    band = field.bands[0]
    times = band.win_rate / (reviewed.weights.wins / reviewed.weights.leads)
    assert book["Points"]["J3"].value == (
        f"It won {times:.2f} times as often as all leads. Points in fifths of time: "
        + " ".join(f"{points:+d}" for points in band.by_block)
    )
    empty = replace(band, leads=0, wins=0, win_rate=None, low=None, high=None)
    fields = (replace(field, bands=(empty, *field.bands[1:])), *reviewed.weights.fields[1:])
    again = openpyxl.load_workbook(io.BytesIO(written(reviewed.bundle, replace(reviewed.weights, fields=fields))))
    cells = [again["Points"].cell(3, column).value for column in range(4, 9)]
    assert (cells, again["Points"]["J3"].value) == (
        [0, 0, None, None, None],
        "No lead with a known outcome fell in it.",
    )


def test_only_what_may_be_proposed_is_open_and_it_is_checked(reviewed, book):
    expected = {"About!B4", "About!B5"}
    for number in range(2, book["Points"].max_row + 1):
        of_field = book["Points"].cell(number, 2).value is None
        expected |= {f"Points!{'L' if of_field else 'K'}{number}", f"Points!M{number}"}
    for number in range(2, 2 + len(policy_rows(reviewed.bundle))):
        expected |= {f"Policy!D{number}", f"Policy!E{number}"}
    opened, checked = set(), {}
    for sheet in book:
        cells = [cell for row in sheet.iter_rows() for cell in row if not cell.protection.locked]
        opened |= {f"{sheet.title}!{cell.coordinate}" for cell in cells}
        for one in sheet.data_validations.dataValidation:
            assert one.showErrorMessage
            for group in one.sqref.ranges:
                checked |= {place(sheet.title, row, column): one for row, column in group.cells}
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert opened == set(checked) == expected
    for where in ("Points!K3", "Policy!D2"):
        assert (checked[where].type, checked[where].formula1, checked[where].formula2) == ("whole", "-1000", "1000")
    assert (checked["Points!L2"].type, checked["Points!L2"].formula1) == ("list", '"yes"')
    assert (book["Points"].freeze_panes, book["Points"].print_title_rows) == ("C2", "$1:$1")


HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "-2",
    "@SUM(A1)",
    "#N/A",
    "2024",
    "TRUE",
    "a\x00\rb\n_x0041_c",
    "名称",
    "x" * 40_000,
]


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_is_ever_a_formula_and_each_comes_back_to_its_band(reviewed, name):
    weight = reviewed.weights.fields[0]
    renamed = replace(weight, field=name, bands=(replace(weight.bands[0], label=name), *weight.bands[1:]))
    table = reviewed.bundle.points_table
    fields = tuple(
        replace(field, name=name, bands=(replace(field.bands[0], label=name), *field.bands[1:]))
        if field.name == weight.field
        else field
        for field in table.fields
    )
    bundle = replace(reviewed.bundle, name=name, points_table=replace(table, fields=fields))
    content = written(bundle, replace(reviewed.weights, fields=(renamed, *reviewed.weights.fields[1:])))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheets = [archive.read(part) for part in archive.namelist() if part.startswith("xl/worksheets/")]
    assert len(sheets) == 3
    assert not any(re.search(rb"<f[ />]", sheet) for sheet in sheets)
    book = openpyxl.load_workbook(io.BytesIO(content))
    cell = book["Points"]["B3"]
    assert (cell.data_type, cell.value) == ("s", plain(name))
    assert cell.quotePrefix == (name[0] in "=+-@")
    book["Points"]["K3"], book["About"]["B4"], book["About"]["B5"] = 7, "Ana", "sales"
    for cells in book["Points"].iter_rows(min_row=2, max_col=2):
        for one in cells:
            one.data_type = "s"  # stays text, as in a spreadsheet; openpyxl would make it a formula again
    file = io.BytesIO()
    book.save(file)
    assert [edit.change for edit in read_workbook(file, bundle).edits] == [PinBand(name, name, 7)]


def test_the_same_weights_give_the_same_file_and_a_path_will_do(reviewed, content, tmp_path):
    assert written(reviewed.bundle, reviewed.weights) == content
    path = tmp_path / "review.xlsx"
    workbook(reviewed.bundle, reviewed.weights, path)
    assert path.read_bytes() == content
    book = openpyxl.load_workbook(path)
    book["Points"]["L2"], book["About"]["B4"], book["About"]["B5"] = "Yes ", "Ana", "sales"
    book.save(path)
    edits = read_workbook(path, reviewed.bundle).edits
    assert [edit.change for edit in edits] == [LeaveOut(reviewed.weights.fields[0].field)]


def test_weights_of_another_bundle_are_refused(reviewed):
    with pytest.raises(ProposalError, match="the weights are of another bundle"):
        written(reviewed.bundle, replace(reviewed.weights, fields=reviewed.weights.fields[1:]))


@pytest.mark.parametrize("label", ["{} ", "\n"])
def test_names_that_read_the_same_in_a_spreadsheet_are_refused(reviewed, label):
    field, *others = reviewed.bundle.points_table.fields
    bands = (replace(field.bands[0], label=label.format(field.bands[1].label)), *field.bands[1:])
    table = replace(reviewed.bundle.points_table, fields=(replace(field, bands=bands), *others))
    with pytest.raises(ProposalError, match="1 fields or bands read the same"):
        written(replace(reviewed.bundle, points_table=table), reviewed.weights)
