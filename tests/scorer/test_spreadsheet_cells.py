import csv
import io

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadqual.scorer.spreadsheet_cells import raw_cell, safe_cell, safe_table

STARTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"


@pytest.mark.parametrize(
    "text", ['=HYPERLINK("x")', "+49 30 1234", "-L7", "@SUM(1)", "\tx", "\r=1", "- Fair", "\uff1d1+1"]
)
def test_text_that_would_run_gets_an_apostrophe_in_front(text):
    assert safe_cell(text) == "'" + text


@pytest.mark.parametrize(
    "text", ["", "Web", "-3", "+3", "-3.5", "-3,5", "1e-5", "-1E+5", "-", "+", "a=b", "1-2", "'tis", "L-7"]
)
def test_numbers_and_plain_text_stay(text):
    assert safe_cell(text) == raw_cell(text) == text


@given(st.text(alphabet=STARTS + "'a1 .,eE") | st.text())
@settings(deadline=None)
def test_every_text_is_read_back_and_none_runs(text):
    written = safe_cell(text)
    assert raw_cell(written) == text
    if written[:1] and written[0] in STARTS:
        assert text in ("+", "-") or float(text.replace(",", ".")) is not None


def test_a_table_keeps_its_numbers_index_and_rows():
    table = pd.DataFrame(
        {"=id": ["=1", None, "b"], "points": [-3, 2, 0], "p": [-0.5, None, 0.25], "mixed": [-4, "-x", None]},
        index=[5, 3, 3],
    )
    safe = safe_table(table)
    assert list(safe) == ["'=id", "points", "p", "mixed"]
    assert safe.index.tolist() == [5, 3, 3]
    assert safe["'=id"].fillna("").tolist() == ["'=1", "", "b"]
    assert safe["points"].tolist() == [-3, 2, 0]
    assert safe["mixed"].tolist() == [-4, "'-x", None]
    rows = list(csv.reader(io.StringIO(safe.to_csv(index=False))))
    assert rows[1] == ["'=1", "-3", "-0.5", "-4"]
    assert list(table) == ["=id", "points", "p", "mixed"]
    assert table["=id"].fillna("").tolist() == ["=1", "", "b"]


@pytest.mark.parametrize("dtype", ["str", "category", "string[python]", object])
def test_text_of_any_type_is_made_safe(dtype):
    assert safe_table(pd.DataFrame({"a": pd.Series(["-x", "y"], dtype=dtype)}))["a"].tolist() == ["'-x", "y"]


def test_a_table_without_rows_or_columns_is_one():
    assert safe_table(pd.DataFrame({"a": []})).shape == (0, 1)
    assert safe_table(pd.DataFrame(index=[1, 2])).shape == (2, 0)
