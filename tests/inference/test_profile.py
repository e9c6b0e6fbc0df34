"""What a column holds."""

import numpy as np
import pandas as pd
import pytest

from leadqual.inference.profile import ColumnProfile, profile_column


def profile(values: object, name: str = "x") -> ColumnProfile:
    return profile_column(name, pd.Series(values))


def test_counts_leave_out_what_says_nothing() -> None:
    found = profile(["a", "b", "a", "Select", "n/a", None, " "])
    assert found.filled.tolist() == [True, True, True, False, False, False, False]
    assert (found.count, found.distinct, found.values) == (3, 2, ("a", "b"))
    assert found.share == pytest.approx(3 / 7)
    assert not found.unique


def test_numbers_and_their_decimal_mark() -> None:
    assert (profile(["1.5", "2"]).numbers, profile(["1.5", "2"]).decimal) == (1, ".")
    assert (profile(["1,5", "1.234,5"]).numbers, profile(["1,5", "1.234,5"]).decimal) == (1, ",")
    assert profile(["1"] * 19 + ["ten"]).is_number
    assert profile(["1"] * 18 + ["ten"] * 2).numbers == pytest.approx(0.9)
    assert profile(["1", "2.0"]).whole
    assert not profile(["1", "2.5"]).whole
    assert profile([1, 2, np.nan]).is_number


def test_booleans_are_yes_and_no_in_any_spelling() -> None:
    assert profile(["Yes", "no"]).boolean
    assert profile([True, False]).boolean
    assert profile(["1", "0", None]).boolean
    assert not profile(["1", "0", "2"]).boolean
    assert not profile([None, None]).boolean


def test_dates() -> None:
    assert profile(["2026-01-05", "3/4/2026", None]).is_date
    assert not profile(["2026-01-05", "soon"]).is_date
    assert profile(pd.to_datetime(["2026-01-05"])).is_date
    assert not profile([None], "date").is_date


def test_numbers_are_dates_only_where_the_name_says_so() -> None:
    moments = ["1767600000", "1767700000"]
    assert not profile(moments, "Phone").is_date
    assert profile(moments, "created_at").is_date
    assert profile(["20260105"], "Close Date").is_date
    assert profile(["1767600000000"], "createdate").is_date


def test_values_about_people_are_told_by_what_they_look_like() -> None:
    assert profile(["a@b.example", "c@d.example", "none given"]).personal == "e-mail addresses"
    assert profile(["王伟", "李娜", "张强"]).personal == "names of people"
    assert profile(["Web", "Fair"]).personal is None


def test_values_are_counted() -> None:
    found = profile(["Ja", "Nein", "Nein"])
    assert (found.values, found.counts, found.yes, found.no) == (("Nein", "Ja"), (2, 1), "Ja", "Nein")


def test_many_values_are_looked_at_in_part() -> None:
    found = profile([str(number) for number in range(20_000)])
    assert found.unique
    assert found.is_number
    assert found.values == ()


def test_an_empty_column_is_nothing() -> None:
    found = profile(pd.Series([None, None], dtype="str"))
    assert (found.count, found.distinct, found.is_number, found.is_date, found.length) == (0, 0, False, False, 0)
    assert profile(pd.Series([], dtype="str")).share == 0
