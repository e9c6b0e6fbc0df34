"""CSV in the encodings, delimiters and states of repair in which it comes."""

import csv
import io

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadqual.errors import LeadError
from leadqual.tables import csv_text
from leadqual.tables.csv_text import csv_form, read_csv_rows
from leadqual.tables.sources import SourceTable, read_source

CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=8)


def read(content: bytes) -> SourceTable:
    return read_source(io.BytesIO(content))


def rows(content: bytes) -> list[list[object]]:
    return read(content).table.fillna("").to_numpy().tolist()


@settings(deadline=None, max_examples=100)
@given(
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]),
    delimiter=st.sampled_from(",;\t|"),
    table=st.lists(st.tuples(CELL, CELL, CELL), min_size=1, max_size=6),
)
def test_what_is_written_is_read(encoding: str, delimiter: str, table: list[tuple[str, ...]]) -> None:
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([("name", "größe", "x")] + [(f"a{cell}", *rest) for cell, *rest in table])
    found = read(text.getvalue().encode(encoding)).table
    assert list(found.columns) == ["name", "größe", "x"]
    assert found.fillna("").to_numpy().tolist() == [[f"a{cell}", *rest] for cell, *rest in table]


def test_an_empty_cell_is_missing_and_nothing_else_is() -> None:
    table = read(b"a,b\nNA,\nnull,nan\n007,  \n").table
    assert table["a"].tolist() == ["NA", "null", "007"]
    assert table["b"].isna().tolist() == [True, False, False]


def test_windows_1252_is_noted() -> None:
    found = read("name;ort\nMüller €;Köln\n".encode("cp1252"))
    assert found.table.to_numpy().tolist() == [["Müller €", "Köln"]]
    assert "Windows-1252" in found.notes[0]


def test_a_late_byte_decides_the_encoding() -> None:
    lines = b"name,ort\n" + b"abc,def\n" * 200_000
    assert rows(lines + "Müller,Köln\n".encode("cp1252"))[-1] == ["Müller", "Köln"]
    assert rows(lines + "Müller,Köln\n".encode())[-1] == ["Müller", "Köln"]


def test_utf_16_without_a_mark_is_noted() -> None:
    assert "byte order mark" in read("a,b\n1,2\n".encode("utf-16-le")).notes[0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b" \n\n", "the file is empty"),
        (b",,\n,,\n", "the file is empty"),
        (b"\n<html><body>", "web page"),
        (b"a,b\n1,2\n" * 50 + b"\0", "zero bytes"),
        (b"a,b\n1,2\n3,4,5\n", "row 3 has 3 fields where the first row has 2"),
        (b'a,b\n"x\ny",2\n3,4,5\n', "row 3 has 3 fields"),
        (b"a;b\n1;2\n3;4;5\n", "separated by ';'"),
        (b"a\tb\n1\t2\n3\t4\t5\n", "separated by 'tab'"),
        (b'a,b\n1,2\n3,"4\n5,6\n', "row 3 opens a quote that is never closed"),
        (b"a,b,a\n1,2,3\n", "'a' is columns 1 and 3"),
    ],
)
def test_damage_is_named(content: bytes, message: str) -> None:
    with pytest.raises(LeadError, match=message):
        read(content)


def test_no_value_of_a_lead_is_in_a_message() -> None:
    with pytest.raises(LeadError) as caught:
        read(b"name,mail\nAnn,ann@example.com\nBob,bob@example.com,secret\n")
    assert not any(word in str(caught.value) for word in ("Ann", "Bob", "example", "secret"))


def test_blank_lines_are_left_out_and_rows_keep_their_numbers() -> None:
    found = read(b"\na,b\n1,2\n\n,\n3,4\n\n")
    assert found.table.to_numpy().tolist() == [["1", "2"], ["3", "4"]]
    assert found.rows.numbers.tolist() == [3, 6]
    assert found.notes == ("2 blank lines were left out.",)


def test_closing_lines_of_a_report_are_left_out() -> None:
    found = read(b'"A","B"\n"1","2"\n"3",""\n\n\n"My report"\n"Copyright (c)"\n')
    assert found.table.fillna("").to_numpy().tolist() == [["1", "2"], ["3", ""]]
    assert found.notes == ("2 closing lines below the table were left out.",)


def test_closing_lines_are_left_out_of_later_chunks() -> None:
    content = b"A,B\n1,2\n3,4\n\nreport\nmade by\n"
    chunks = list(read_csv_rows(io.BytesIO(content), csv_form(content), rows=2))
    assert [chunk.table["A"].tolist() for chunk in chunks] == [["1", "3"], [], []]


def test_one_column_may_hold_blanks_and_texts() -> None:
    assert rows(b"a\nx\n\ny\n") == [["x"], ["y"]]


def test_excel_says_which_delimiter() -> None:
    found = read(b"sep=;\r\na,x;b\r\n1,5;2\r\n")
    assert found.table.to_dict("list") == {"a,x": ["1,5"], "b": ["2"]}
    assert found.rows.numbers.tolist() == [3]


def test_the_most_even_delimiter_wins() -> None:
    content = b"name;note\nA;one, two\nB;x\nC;three, four, five\n"
    assert rows(content)[0] == ["A", "one, two"]


def test_an_end_delimiter_makes_no_column_and_a_nameless_column_gets_a_name() -> None:
    assert list(read(b"a,b,\n1,2,\n").table.columns) == ["a", "b"]
    found = read(b",b\n1,2\n")
    assert list(found.table.columns) == ["column 1", "b"]
    assert "column 1" in found.notes[0]


def test_names_lose_surrounding_space_only() -> None:
    assert list(read(b' a ,"b\nc"\n1,2\n').table.columns) == ["a", "b\nc"]


def test_a_stream_that_stops_being_utf_8_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_text, "SAMPLE_BYTES", 8)
    content = b"a,b\n1,2\n" + "ü,ö\n".encode("cp1252")
    form = csv_form(content[:8])
    with pytest.raises(LeadError, match="not so throughout"):
        list(read_csv_rows(io.BytesIO(content), form))


def test_a_header_alone_is_a_table_without_leads() -> None:
    assert read(b"a,b\n").table.shape == (0, 2)


def test_text_stays_text() -> None:
    assert isinstance(read(b"a,b\n1,2026-01-05\n").table.dtypes["a"], pd.StringDtype)


def test_a_very_long_text_does_not_hide_the_delimiter() -> None:
    content = b"a;b\n1;" + b"x" * 200_000 + b"\n2;y\n"
    assert read(content).table["a"].tolist() == ["1", "2"]
