"""What the outcome column says, as the schema lists its values."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from leadqual.errors import EvidenceError, SchemaError
from leadqual.leads.outcomes import label_outcomes
from leadqual.leads.reading import Leads
from leadqual.leads.schema import Schema
from tests.leads.histories import day, schema, undated


@pytest.mark.parametrize(
    ("won", "lost", "values", "expected"),
    [
        (("1",), ("0",), ["1", "0", "", None], [1, 0, np.nan, np.nan]),
        (("1",), ("0",), [1, 0, 1, 0], [1, 0, 1, 0]),
        (("1",), ("0",), [1.0, 0.0, None, 0.0], [1, 0, np.nan, 0]),
        (("yes",), ("no",), [True, False, True, False], [1, 0, 1, 0]),
        (("TRUE",), ("FALSE",), [True, False, None, False], [1, 0, np.nan, 0]),
        (("Closed Won",), ("N/A",), [" closed won", "n/a", "CLOSED WON", "Select"], [1, 0, 1, np.nan]),
        (("Yes",), ("",), ["Yes", "", None, "yes"], [1, 0, 0, 1]),
    ],
    ids=[
        "text",
        "numbers",
        "floats",
        "booleans",
        "booleans and a gap",
        "case, space and missing texts",
        "empty is lost",
    ],
)
def test_outcome_values_are_read_as_the_schema_lists_them(
    won: tuple[str, ...], lost: tuple[str, ...], values: list[object], expected: list[float]
) -> None:
    roles = Schema((), outcome="stage", won=won, lost=lost)
    np.testing.assert_array_equal(label_outcomes(undated(values, roles)).label, expected)


def test_any_value_may_mean_won() -> None:
    """Olist: the outcome is the day of winning, and a lead without one is open."""
    roles = Schema((), outcome="won_on", won=("*",), created_at="created", closed_at="won_on")
    table = pd.DataFrame(
        {
            "created": pd.to_datetime(["2026-01-01", "2026-01-02", "2026-01-03", "2026-05-01"]).astype(
                "datetime64[us]"
            ),
            "won_on": pd.Series([day(31), pd.NaT, day(151), pd.NaT], dtype="datetime64[us]"),
        }
    )
    outcomes = label_outcomes(Leads(table, roles, ()), as_of="2026-06-01")
    np.testing.assert_array_equal(outcomes.label, [1, 0, 0, np.nan])
    no_dates = Schema((), outcome="won_on", won=("*",))
    with pytest.raises(EvidenceError, match="name created_at, so that a lead still open after the window counts"):
        label_outcomes(Leads(table, no_dates, ()))


def test_a_value_that_no_list_names_is_refused_without_showing_it() -> None:
    leads = undated(["Won", "Ask Jane", "Lost", "Ask Joe", "Ask Joe"], schema())
    with pytest.raises(SchemaError, match=r"stage has 2 distinct values .* in 3 leads, rows 2, 4, 5") as caught:
        label_outcomes(leads)
    assert "Jane" not in str(caught.value)


def test_the_outcome_column_must_be_named_and_be_there() -> None:
    table = pd.DataFrame({"stage": ["Won", "Lost"]})
    with pytest.raises(SchemaError, match="the schema names no outcome column"):
        label_outcomes(Leads(table, Schema(()), ()))
    with pytest.raises(SchemaError, match="the table has 0 columns named Stage"):
        label_outcomes(Leads(table, Schema((), outcome="Stage", won=("Won",)), ()))
    twice = pd.concat([table, table], axis=1)
    with pytest.raises(SchemaError, match="the table has 2 columns named stage"):
        label_outcomes(Leads(twice, schema(), ()))
    with pytest.raises(SchemaError, match="created_at column must be there exactly once"):
        label_outcomes(Leads(table, schema(created_at="created"), ()))
