"""Files that come back: what kind of thing each cell holds, and files that are no plain workbook."""

import io
import re
import zipfile

import openpyxl
import pytest

from leadqual.errors import ProposalError
from leadqual.review.cells import read_sheets

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture(scope="module")
def content():
    book, file = openpyxl.Workbook(), io.BytesIO()
    book.active.append(["=text", 12, -0.5, None, " space "])
    book.active["A1"].data_type = "s"
    book.active["C9"] = "last & <least>"
    book.save(file)
    return file.getvalue()


HELD = {
    "Sheet!A1": ("text", "=text"),
    "Sheet!B1": ("another number", 12),
    "Sheet!C1": ("another number", -0.5),
    "Sheet!E1": ("text", "space"),
    "Sheet!C9": ("text", "last & <least>"),
}


def held(file):
    rows = read_sheets(file, ["Sheet"])["Sheet"].rows
    return {cell.place: (cell.kind, cell.value) for row in rows.values() for cell in row if cell.kind != "nothing"}


def changed(content, name, before, after):
    """Return the file with a text in one of its parts replaced."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as was, zipfile.ZipFile(file, "w") as now:
        for part in was.namelist():
            text = was.read(part)
            assert part != name or re.search(before, text)
            now.writestr(part, re.sub(before, after, text) if part == name else text)
    return file


def with_part(content, name, text):
    file = io.BytesIO(content)
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return file


def test_every_cell_says_where_it_is_and_what_it_holds(content, tmp_path):
    assert held(io.BytesIO(content)) == HELD
    path = tmp_path / "review.XLSX"
    path.write_bytes(content)
    assert held(path) == HELD


def test_what_a_file_says_of_its_own_size_is_not_believed(content):
    assert held(changed(content, SHEET, rb'<dimension ref="[^"]*"', b'<dimension ref="A1:A1"')) == HELD


def test_what_other_spreadsheets_write_is_read(content):
    """Strings kept apart from the cells, and no types on numbers, as LibreOffice and Excel write them."""
    strings = []

    def shared(match):
        strings.append(match[2])
        return b'<c%s t="s"><v>%d</v></c>' % (match[1], len(strings) - 1)

    cell = rb'<c([^>]*?) t="inlineStr"><is><t[^>]*>(.*?)</t></is></c>'
    file = changed(changed(content, SHEET, cell, shared).getvalue(), SHEET, b' t="n"', b"")
    assert len(strings) == 3
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    items = b"".join(b'<si><t xml:space="preserve">%s</t></si>' % text for text in strings)
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    known = b'<Override PartName="/xl/sharedStrings.xml" ContentType="%s"/></Types>' % kind
    file = changed(file.getvalue(), "[Content_Types].xml", b"</Types>", known)
    assert (
        held(with_part(file.getvalue(), "xl/sharedStrings.xml", b'<sst xmlns="%s">%s</sst>' % (space, items))) == HELD
    )


def test_macros_are_refused(content, tmp_path):
    path = tmp_path / "review.xlsm"
    path.write_bytes(content)
    with pytest.raises(ProposalError, match=r"is not named \.xlsx"):
        held(path)
    for name in ("xl/vbaProject.bin", "xl/macrosheets/sheet1.xml"):
        with pytest.raises(ProposalError, match="has macros, must have none"):
            held(with_part(content, name, b"<x/>"))
    plain, macro = rb"openxmlformats-officedocument\.spreadsheetml\.sheet\.main", b"ms-excel.sheet.macroEnabled.main"
    with pytest.raises(ProposalError, match="has macros, must have none"):
        held(changed(content, "[Content_Types].xml", plain, macro))


def test_what_is_no_workbook_is_refused(content, tmp_path):
    with pytest.raises(ProposalError, match="more than 50,000,000 bytes"):
        held(with_part(content, "xl/big.xml", bytes(50_000_001)))
    with pytest.raises(ProposalError, match=r"cannot be read \(FileNotFoundError\)"):
        held(tmp_path / "none.xlsx")
    for damaged in (b"", b"no zip", content[: len(content) // 2]):
        with pytest.raises(ProposalError, match=r"cannot be read \(BadZipFile\)"):
            held(io.BytesIO(damaged))
    with pytest.raises(ProposalError, match=r"cannot be read \(ParseError\)"):
        held(changed(content, SHEET, b"<row", b"<no"))
    with pytest.raises(ProposalError, match="no sheet Points and About;"):
        read_sheets(io.BytesIO(content), ["Sheet", "Points", "About"])


def test_entities_that_grow_without_end_are_refused(content):
    grow = b'<!DOCTYPE x [<!ENTITY a "%s">' % (b"a" * 1000)
    for before, after in zip(b"abcdefg", b"bcdefgh", strict=True):
        grow += b'<!ENTITY %c "%s">' % (after, b"&%c;" % before * 10)
    with pytest.raises(ProposalError, match="cannot be read"):
        held(changed(changed(content, SHEET, b"last", b"&h;").getvalue(), SHEET, b"<worksheet", grow + b"]><worksheet"))


def test_what_a_cell_links_to_is_a_formula_and_no_more(content):
    book, file = openpyxl.load_workbook(io.BytesIO(content)), io.BytesIO()
    book.active["A1"] = "='https://example.com/[a.xlsx]b'!A1"
    book.save(file)
    assert held(file)["Sheet!A1"] == ("a formula", "")
