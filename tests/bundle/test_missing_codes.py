import copy
import pickle
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadqual.bundle import Band, FieldPoints
from leadqual.bundle.encoding import FieldEncoder
from leadqual.bundle.missing_codes import MissingCodes, whole_text
from leadqual.bundle.values import is_missing

CODES = MissingCodes.of(["", "n/a", "-999"])
SAME = [
    *("-999", " -999 ", "-999.0", -999, -999.0, Decimal("-999"), Decimal("-999.0"), Fraction(-999)),
    *(np.int16(-999), np.int64(-999), np.float16(-999), np.float32(-999), np.float64(-999), np.longdouble(-999)),
]


@pytest.mark.parametrize("value", SAME, ids=repr)
def test_a_code_is_missing_whatever_its_type(value):
    assert is_missing(value, CODES)


@pytest.mark.parametrize("value", [-998, "-9990", "-999.5", True, False, np.True_, "L-999", [-999], -999 + 0j, 10**400])
def test_other_values_are_not(value):
    assert not is_missing(value, CODES)


def test_yes_and_no_are_no_numbers():
    codes = MissingCodes.of(["0", "1"])
    assert [is_missing(value, codes) for value in (0, 1.0, "0", "1.0", False, True)] == [True] * 4 + [False] * 2


def test_the_first_rule_knows_texts_alone():
    codes = MissingCodes.of(["-999"], reading=1)
    assert [is_missing(value, codes) for value in ("-999", "-999.0", -999, -999.0)] == [True, False, False, False]


@pytest.mark.parametrize(
    ("text", "number"),
    [("-999", -999.0), ("99999.0", 99999.0), ("-99.9", -99.9), ("9e9", 9e9), ("-999,0", -999.0), ("-99,9", -99.9)],
)
def test_texts_that_write_numbers(text, number):
    assert number in MissingCodes.of([text]).numbers
    assert {round(code, 5) for code in MissingCodes.of([text]).numbers} == {number}


@pytest.mark.parametrize("text", ["1,234", "n/a", "nan", "inf", "1e999", "1 000", "0x10", "-", ""])
def test_texts_that_write_none_for_certain(text):
    assert not MissingCodes.of([text]).numbers


def test_codes_can_be_copied():
    back = copy.deepcopy(CODES)
    assert back == CODES
    assert back.numbers == CODES.numbers


@given(st.floats(allow_nan=False, allow_infinity=False))
@settings(deadline=None)
def test_whole_text_is_what_a_float_writes(number):
    written = repr(number)
    plain = str(int(number)) if number.is_integer() and "e" not in written else written
    assert whole_text(written) == plain


@pytest.mark.parametrize(
    "text", ["007", "007.0", "3.00", "3,0", "3.", ".0", "3.0.0", "v3.0", "+3.0", "\u0661.0", "1e3"]
)
def test_other_texts_stay(text):
    assert whole_text(text) == text


def test_the_amount_of_minus_999_has_the_points_of_missing():
    amount = FieldPoints(
        "Amount", "numeric", (Band("low", -50, interval=(None, 5.0)), Band("high", 30, interval=(5.0, None)),
                              Band("missing", 2, missing=True)), seen=(0.0, 10.0)
    )  # fmt: skip
    encoder = FieldEncoder(amount, ("-999",))
    assert {encoder.places[encoder.encode(value)].label for value in SAME} == {"missing"}
    assert encoder.places[encoder.encode("-999.00")].label == "missing"
    assert encoder.places[encoder.encode("€ -999")].label == "missing"
    old = FieldEncoder(amount, ("-999",), reading=1)
    assert [old.places[old.encode(value)].label for value in ("-999", -999, -999.0, "-999.0")] == ["missing"] + [
        "low"
    ] * 3


def test_a_code_among_categories_is_missing_too():
    need = FieldPoints("Need", "category", (Band("3", 5, values=("3",)), Band("missing", -5, missing=True)))
    encoder = FieldEncoder(need, ("-1",))
    for value in (-1, -1.0, "-1", "-1.0", np.float32(-1), pd.Series([-1]).iloc[0]):
        assert encoder.places[encoder.encode(value)].label == "missing"


def test_the_boolean_false_is_missing_where_false_is_a_code_but_not_under_the_first_rule():
    assert [is_missing(False, MissingCodes.of(["false"], reading)) for reading in (1, 2)] == [False, True]
    assert not is_missing(False, MissingCodes.of(["-999"]))
    assert pickle.loads(pickle.dumps(MissingCodes.of(["false"]))).takes_false  # noqa: S301  # made here
