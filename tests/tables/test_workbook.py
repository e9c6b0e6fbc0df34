"""Excel workbooks as tables of leads."""

import datetime
import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest

openpyxl = pytest.importorskip("openpyxl")

from leadqual.errors import LeadError  # noqa: E402
from leadqual.tables.sources import read_source, read_source_chunks  # noqa: E402

DAY = datetime.datetime(2026, 3, 4, 10, 30)
ROWS: list[list[object]] = [["Id", "Created", "Employees", "Budget", "Source"]] + [
    [f"L{row}", DAY + datetime.timedelta(days=row), row, row / 4, "Web"] for row in range(30)
]


def workbook(
    *sheets: list[list[object]], names: tuple[str, ...] = ("Leads", "Other", "Third"), hidden: str = ""
) -> io.BytesIO:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in zip(names, sheets, strict=False):
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name == hidden:
            sheet.sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def test_cells_keep_their_types() -> None:
    found = read_source(workbook(ROWS))
    assert found.notes == ()
    assert found.table.dtypes.astype(str).tolist() == ["str", "datetime64[us]", "int64", "float64", "str"]
    assert found.table["Created"][1] == pd.Timestamp(DAY) + pd.Timedelta(days=1)
    assert found.rows.named([True] + [False] * 29) == "row 2 (the first lead is row 2)"


def test_chunks_are_the_whole() -> None:
    chunks = list(read_source_chunks(workbook(ROWS), 7))
    assert [len(chunk) for chunk in chunks] == [7, 7, 7, 7, 2]
    pd.testing.assert_frame_equal(pd.concat(chunks, ignore_index=True), read_source(workbook(ROWS)).table)


def test_it_is_known_by_its_content_not_its_name(tmp_path: Path) -> None:
    path = tmp_path / "leads.csv"
    path.write_bytes(workbook(ROWS).getvalue())
    assert len(read_source(path).table) == 30


def test_the_sheet_with_the_table_is_taken_and_several_are_asked_for() -> None:
    assert len(read_source(workbook(ROWS, [["made on Monday"]])).table) == 30
    assert read_source(workbook(ROWS, ROWS, hidden="Other")).sheet is None
    with pytest.raises(LeadError, match=r"the sheets 'Leads', 'Other' hold a table each.*--sheet"):
        read_source(workbook(ROWS, ROWS[:5]))
    named = read_source(workbook(ROWS, ROWS[:5]), sheet="Other")
    assert (len(named.table), named.sheet) == (4, "Other")
    with pytest.raises(LeadError, match=r"no sheet 'Nothing'; it has 'Leads'"):
        read_source(workbook(ROWS), sheet="Nothing")
    with pytest.raises(LeadError, match=r"none of the sheets 'Leads' holds a table"):
        read_source(workbook([["only a title"]]))


def test_rows_above_the_header_empty_rows_and_columns_and_a_footer_are_left_out() -> None:
    rows: list[list[object]] = [
        ["Lead report"],
        [],
        *[[*row, None, None] for row in ROWS],
        [],
        ["Made by Excel"],
        [None] * 9,
    ]
    found = read_source(workbook(rows))
    assert found.table.shape == (30, 5)
    assert found.notes == ("1 rows above the header were left out.", "1 closing lines below the table were left out.")
    assert found.rows.first == 4


def test_a_column_without_a_name_gets_one() -> None:
    rows = [["Id", None, "Source", None], *[[f"L{row}", row, "Web", "x"] for row in range(5)]]
    found = read_source(workbook(rows))
    assert found.table.columns.tolist() == ["Id", "column 2", "Source", "column 4"]
    assert len(found.notes) == 2


def test_gaps_and_errors_are_missing_and_whole_numbers_stay_whole() -> None:
    rows = [["Id", "Employees", "Score"], ["a", 7, "#N/A"], ["b", None, 3], ["c", 9, 4]]
    found = read_source(workbook(rows)).table
    assert found["Employees"].tolist() == [7, pd.NA, 9]
    assert found["Score"].isna().tolist() == [True, False, False]


def test_formulas_without_a_stored_value_are_counted() -> None:
    rows = [["Id", "Twice"], *[[f"L{row}", f"=A{row}&A{row}"] for row in range(2, 6)], ["x", "y"]]
    found = read_source(workbook(rows))
    assert "4 formulas have no stored value" in found.notes[0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xd0\xcf\x11\xe0" + b"\0" * 64, "an old workbook"),
        (b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "locked by a password"),
        (b"PK\x03\x04rest", "damaged"),
    ],
)
def test_what_is_no_workbook_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(LeadError, match=message):
        read_source(io.BytesIO(content))


def archive(**parts: bytes) -> io.BytesIO:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), content)
    file.seek(0)
    return file


def test_other_archives_are_named() -> None:
    for file, message in (
        (archive(leads=b"a,b\n"), "a zip archive.*unpack it"),
        (archive(mimetype=b"application"), "an OpenDocument file"),
        (archive(xl__workbook_bin=b""), "a binary workbook"),
    ):
        with pytest.raises(LeadError, match=message):
            read_source(file)


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    file = archive(xl__workbook_xml=b"<x/>", xl__worksheets__sheet1_xml=b" " * (80 << 20))
    with zipfile.ZipFile(file, "a") as packed:
        packed.writestr("[Content_Types].xml", "<x/>")
    file.seek(0)
    with pytest.raises(LeadError, match=r"80 MB unpacked"):
        read_source(file)


def test_a_damaged_workbook_is_refused() -> None:
    file = archive(xl__workbook_xml=b"<broken")
    with zipfile.ZipFile(file, "a") as packed:
        packed.writestr("[Content_Types].xml", "<broken")
    file.seek(0)
    with pytest.raises(LeadError, match=r"damaged and cannot be opened"):
        read_source(file)
