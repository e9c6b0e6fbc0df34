"""Leads without dates stand in time by a column that orders them, or by their rows alone."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from leadqual.errors import LeadError
from leadqual.leads.outcomes import label_outcomes
from tests.leads.histories import said, schema, undated


@pytest.mark.parametrize(
    "numbers",
    [
        [660737, 660728, 660727, 660719, 9999],
        ["660737", "660,728", " 660727", "660719.0", "9999"],  # as text, "9999" would come last
        ["2026-05-05", "2026-05-04T10:00:00", "2026-05-04 09:00", "2026-05-03", "2025-12-31"],
        pd.to_datetime(["2026-05-05", "2026-05-04", "2026-05-03", "2026-05-02", "2025-12-31"]).tolist(),
    ],
    ids=["numbers", "text", "text dates", "dates"],
)
def test_an_order_column_ranks_the_leads(numbers: list[object]) -> None:
    outcomes = label_outcomes(undated(["Won", "Lost", "Won", "New", "Lost"], schema(order="number"), number=numbers))
    assert outcomes.time.tolist() == [4, 3, 2, 1, 0]
    np.testing.assert_array_equal(outcomes.label, [1, 0, 1, np.nan, 0])
    np.testing.assert_array_equal(outcomes.known_at, outcomes.time)
    assert outcomes.mature.tolist() == [True, True, True, False, True]
    assert (outcomes.won, outcomes.lost, outcomes.open) == (2, 2, 1)
    assert outcomes.basis == "order"
    assert (outcomes.as_of, outcomes.window_days, outcomes.leads_per_week) == (None, None, None)
    assert (outcomes.first_lead, outcomes.last_lead) == (None, None)
    assert len(outcomes.warnings) == 1
    assert said(outcomes, "only their order by number")
    assert said(outcomes, "To fix this, name created_at")


def test_equal_order_values_share_a_rank_and_missing_ones_do_not_count() -> None:
    leads = undated(["Won", "Lost", "Won", "Lost"], schema(order="number"), number=["7", "7.0", "N/A", "3"])
    outcomes = label_outcomes(leads)
    np.testing.assert_array_equal(outcomes.time, [1, 1, np.nan, 0])
    assert outcomes.mature.tolist() == [True, True, False, True]
    assert said(outcomes, "number is empty in 1 of 4 leads")


def test_an_order_of_mixed_values_is_refused_without_showing_them() -> None:
    leads = undated(["Won", "Lost", "Won"], schema(order="number"), number=["12", "Jane Doe", "2026-05-01"])
    with pytest.raises(
        LeadError, match=r"number has 2 values that are no numbers and 2 that are no dates, rows 1, 2"
    ) as caught:
        label_outcomes(leads)
    assert "Jane" not in str(caught.value)


@pytest.mark.parametrize("numbers", [["", "N/A"], [None, None], [pd.NaT, pd.NaT]])
def test_an_empty_order_column_is_refused(numbers: list[object]) -> None:
    with pytest.raises(LeadError, match="number is empty in all 2 leads"):
        label_outcomes(undated(["Won", "Lost"], schema(order="number"), number=numbers))


def test_without_any_order_the_rows_are_taken_in_turn() -> None:
    outcomes = label_outcomes(undated(["Won", "Lost", None], schema()))
    assert outcomes.basis == "none"
    assert outcomes.time.tolist() == [0, 1, 2]
    assert outcomes.mature.tolist() == [True, True, False]
    assert said(outcomes, "no dates and no order: the rows are taken to be in time order, which cannot be checked")


def test_a_closing_date_alone_does_not_order_the_leads() -> None:
    leads = undated(
        ["Won", "Lost"], schema(closed_at="closed"), closed=list(pd.to_datetime(["2026-01-02", "2026-01-01"]))
    )
    outcomes = label_outcomes(leads)
    assert outcomes.basis == "none"
    assert said(outcomes, "closed alone does not help")


def test_as_of_without_dates_has_no_effect_and_says_so() -> None:
    assert said(label_outcomes(undated(["Won", "Lost"], schema()), as_of="2026-01-01"), "as_of has no effect")
