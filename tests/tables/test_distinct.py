"""The distinct values of a column, whatever its type."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadqual.bundle.values import is_missing
from leadqual.tables.distinct import distinct_values

CELL = st.none() | st.sampled_from(["a", " Select ", "N/A", "", "Ünknown", "-", "0"]) | st.text(max_size=3)


@settings(deadline=None, max_examples=60)
@given(st.lists(CELL, max_size=12), st.sampled_from(["str", object, "category"]))
def test_known_is_what_is_not_missing(values: list[str | None], dtype: object) -> None:
    column = pd.Series(values, dtype=object).astype(dtype)
    found = distinct_values(column)
    assert found.known.tolist() == [not is_missing(value) for value in values]
    rebuilt = [None if code < 0 else found.values[code] for code in found.codes]
    assert rebuilt == values


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([1.5, np.nan, 1.5]),
        pd.Series(pd.to_datetime(["2026-01-05", None, "2026-01-05"])),
        pd.Series([True, None, True], dtype="boolean"),
        pd.Series([3, None, 3], dtype="Int64"),
        pd.Series(["a", None, "a"], dtype="category"),
    ],
    ids=lambda column: str(column.dtype),
)
def test_every_type_of_column(column: pd.Series) -> None:
    found = distinct_values(column)
    assert found.codes.tolist() == [0, -1, 0]
    assert found.values == [column.iloc[0]]
    assert found.known.tolist() == [True, False, True]


def test_the_schema_says_what_is_missing() -> None:
    for dtype in ("str", object):
        found = distinct_values(pd.Series(["Unknown ", "a"], dtype=dtype), ("unknown",))
        assert found.known.tolist() == [False, True]
