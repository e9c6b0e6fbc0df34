import math
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadqual.bundle.values import MISSING_VALUES, is_missing, is_single, read_boolean, read_category, read_number


@pytest.mark.parametrize("value", [None, math.nan, np.nan, np.float32("nan"), pd.NA, pd.NaT, np.datetime64("NaT")])
def test_nothing_is_missing(value):
    assert is_missing(value)


@pytest.mark.parametrize("text", MISSING_VALUES)
def test_ways_to_say_nothing_in_text(text):
    assert is_missing(f" {text.upper()} ")
    assert is_missing(np.str_(text))
    assert is_missing(text, ()) is False


@pytest.mark.parametrize(
    "value", [0, False, "0", "no", 0.0, [], {}, b"", (), np.array([]), pd.Series([None]), Decimal(0)]
)
def test_something_is_not_missing(value):
    assert not is_missing(value)


def test_missing_values_are_lower_case_as_they_are_compared():
    assert all(text == text.lower().strip() for text in MISSING_VALUES)


def test_foreign_objects_break_nothing(strategies):
    hostile = strategies.Hostile()
    assert is_single(hostile)
    assert not is_missing(hostile)
    assert read_number(hostile) is None
    assert read_boolean(hostile) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("3", 3),
        (" 3.50 ", 3.5),
        ("+3", 3),
        ("-3", -3),
        ("\u22123", -3),
        (".5", 0.5),
        ("5.", 5),
        ("1e3", 1000),
        ("1,234", 1234),
        ("1,234.5", 1234.5),
        ("12,34,567", 1234567),
        ("1 234", 1234),
        ("1\u202f234,000", 1234000),
        ("1'234.5", 1234.5),
        ("$1,200", 1200),
        ("-$5", -5),
        ("$ -5", -5),
        ("R$ 10", 10),
        ("10 EUR", 10),
        ("EUR 10", 10),
        ("15 %", 15),
        ("15%", 15),
        ("12,50", None),
        ("1,2", None),
        ("1,2345", None),
        ("1.2.3", None),
        ("", None),
        ("-", None),
        ("--5", None),
        ("a", None),
        ("3a", None),
        ("0x10", None),
        ("1_000", None),
        ("inf", None),
        ("nan", None),
        ("1e999", None),
        ("9" * 101, None),
    ],
)
def test_numbers_in_text(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234,5", 1234.5),
        ("12,50", 12.5),
        ("1.234", 1234),
        ("12.50", None),
        ("1,234.5", None),
        (",5", 0.5),
        ("€ 9,-", None),
    ],
)
def test_numbers_in_text_with_decimal_commas(text, number):
    assert read_number(text, ",") == number


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (3, 3),
        (True, 1),
        (np.int8(3), 3),
        (np.float32(0.5), 0.5),
        (Decimal("1.5"), 1.5),
        (math.inf, math.inf),
        (math.nan, None),
        (10**400, None),
        ([3], None),
        (np.array([3.0]), None),
        (b"3", None),
        (pd.Timestamp("2026-05-01"), None),
        (np.datetime64("2026-05-01"), None),
        (np.timedelta64(3, "D"), None),
        (np.complex128(3), None),
        (3 + 0j, None),
        (object(), None),
    ],
)
def test_numbers_in_other_values(value, number):
    assert read_number(value) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_written_numbers_are_read_back_exactly(number):
    assert read_number(repr(number)) == number
    assert read_number(repr(number).replace(".", ","), ",") == number


@given(st.integers(-(10**15), 10**15))
def test_grouped_whole_numbers_are_read_back(number):
    assert read_number(f"{number:,}") == number
    assert read_number(f"{number:,}".replace(",", "."), ",") == number


@given(st.text())
def test_text_is_a_number_or_not_but_never_an_error(text):
    number = read_number(text)
    assert number is None or math.isfinite(number)
    assert read_boolean(text) in ("yes", "no", None)
    assert read_category(text) == text.strip()


@pytest.mark.parametrize(
    ("value", "found"),
    [
        *[(value, "yes") for value in ("Yes", " y ", "TRUE", "t", "1", "on", True, 1, 1.0, np.True_, Decimal(1))],
        *[(value, "no") for value in ("No", "N", "false", "f", "0", "off", False, 0, 0.0, np.False_)],
        *[(value, None) for value in ("maybe", "", 2, None, [], {}, math.nan, object(), "2")],
    ],
)
def test_booleans(value, found):
    assert read_boolean(value) == found


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("  a b ", "a b"),
        (3, "3"),
        (3.0, "3"),
        (-0.0, "0"),
        (3.5, "3.5"),
        (np.float32(3), "3"),
        (np.float32(0.5), "0.5"),
        (np.float64(0.1), "0.1"),
        (np.longdouble(3), "3"),
        (np.int64(3), "3"),
        (True, "yes"),
        (np.False_, "no"),
        (Decimal("3.0"), "3"),
        (math.inf, "inf"),
        (pd.Timestamp("2026-05-01"), "2026-05-01 00:00:00"),
        (np.datetime64("2026-05-01"), "2026-05-01 00:00:00"),
        (np.datetime64("2026-05-01T08:30:00.5"), "2026-05-01 08:30:00.500000"),
        (np.datetime64("2026-05-01T00:00:00.000000001"), "2026-05-01T00:00:00.000000001"),
    ],
)
def test_categories(value, found):
    assert read_category(value) == found
