import json
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from leadqual.bundle import Band, FieldPoints
from leadqual.bundle.encoding import FieldEncoder
from leadqual.bundle.missing_codes import MissingCodes
from leadqual.bundle.precision import as_written, is_narrow, widened
from leadqual.scorer.columns import encode_column, read_column

TYPES = {np.float16: 16, np.float32: 32}
tidy = st.builds(lambda whole, places: whole / 10**places, st.integers(-10_000, 10_000), st.integers(0, 6))


def field(edges, seen=None):
    ends = [None, *edges, None]
    bands = [Band(f"{i}", i, interval=(ends[i], ends[i + 1])) for i in range(len(edges) + 1)]
    return FieldPoints("x", "numeric", (*bands, Band("missing", 99, missing=True)), seen=seen)


def narrow(kind):
    return st.floats(width=TYPES[kind]).map(kind) | tidy.map(kind)


@pytest.mark.parametrize("kind", TYPES)
@given(data=st.data())
@settings(deadline=None, max_examples=300)
def test_numbers_of_few_bits_score_as_their_shortest_decimal_alone_and_in_columns(kind, data):
    """Edges lie on, beside and between the numbers of the type, also where two of them round to the same one."""
    near = data.draw(st.lists(narrow(kind), max_size=8))
    written = [float(str(value)) for value in near if np.isfinite(value)]
    beside = [float(np.nextafter(value, way)) for value in written for way in (-np.inf, np.inf)]
    wide = [float(value) for value in near if np.isfinite(value)]
    choices = st.sampled_from([*written, *beside, *wide]) if written else st.nothing()
    finite = st.floats(allow_nan=False, allow_infinity=False)
    edges = sorted(data.draw(st.sets(choices | tidy | finite, max_size=6)))
    seen = data.draw(st.none() | st.tuples(choices | tidy, choices | tidy).map(sorted).map(tuple))
    codes = tuple(map(repr, data.draw(st.lists(choices | tidy, max_size=2))))
    encoder = FieldEncoder(field(edges, seen), codes)
    expected = [encoder.encode(float(str(value))) for value in near]
    assert [encoder.encode(value) for value in near] == expected
    column = pd.Series(np.array(near, dtype=kind))
    assert encode_column(encoder, column).tolist() == expected
    if kind is np.float32:
        assert encode_column(encoder, column.astype("category")).tolist() == expected
        assert encode_column(encoder, column.astype("Float32")).tolist() == expected
        assert encode_column(encoder, column.astype(pd.ArrowDtype(pa.float32()))).tolist() == expected
        assert encode_column(encoder, column.astype(pd.SparseDtype("float32"))).tolist() == expected
    read = read_column(column, MissingCodes.of(()))
    assert read.tolist() == pytest.approx([float(str(value)) for value in near], rel=0, abs=0, nan_ok=True)


@pytest.mark.parametrize("kind", TYPES)
@given(data=st.data())
@settings(deadline=None)
def test_json_and_a_column_of_few_bits_give_the_same(kind, data):
    values = data.draw(st.lists(tidy.map(kind).filter(np.isfinite), max_size=6))
    edges = sorted({float(str(value)) for value in data.draw(st.lists(st.sampled_from(values)))} if values else set())
    encoder = FieldEncoder(field(edges))
    sent = json.loads("[" + ", ".join(map(str, values)) + "]")
    assert encode_column(encoder, np.array(values, dtype=kind)).tolist() == [encoder.encode(value) for value in sent]


@given(st.floats(width=32, allow_nan=False) | tidy)
@settings(deadline=None)
@example(0.7)
def test_categories_of_few_bits_are_their_shortest_decimal(number):
    value = np.float32(number)
    read = FieldEncoder(FieldPoints("x", "category", (Band("a", 1, values=(_text(value),)),)), ())
    assert read.encode(value) == 0
    assert encode_column(read, pd.Series([value], dtype="float32")).tolist() == [0]
    assert encode_column(read, pd.Series([value], dtype="Float32")).tolist() == [0]


def _text(value):
    number = float(str(value))
    return str(int(number)) if number.is_integer() else str(number)


def test_a_border_at_seven_tenths():
    encoder = FieldEncoder(field([0.7]))
    for value in (0.7, np.float16(0.7), np.float32(0.7), np.float64(0.7), np.longdouble("0.7"), Decimal("0.7"), "0.7"):
        assert encoder.encode(value) == 1
    old = FieldEncoder(field([0.7]), reading=1)
    assert [old.encode(value) for value in (0.7, np.float32(0.7), np.float16(0.7))] == [1, 0, 1]
    assert encode_column(old, pd.Series([0.7, 0.6], dtype="float32")).tolist() == [0, 0]


def test_what_is_narrow():
    assert is_narrow(np.float16(1))
    assert is_narrow(np.float32(1))
    assert not any(map(is_narrow, (1.0, np.float64(1), np.longdouble(1), np.array([1], dtype=np.float32), "1", None)))
    assert as_written(np.float32(16777217)) == 16777216


@given(data=st.data())
@settings(deadline=None)
def test_the_doubles_that_pandas_makes_of_float32_score_as_they_do(data):
    """Row by row, as dicts and as JSON; wherever the number lies on a border or at an end of the range."""
    values = data.draw(st.lists(tidy.map(np.float32), min_size=1, max_size=6))
    column = pd.Series(np.array(values, dtype=np.float32))
    edges = sorted({float(str(value)) for value in data.draw(st.lists(st.sampled_from(values)))})
    encoder = FieldEncoder(field(edges, (min(edges), max(edges)) if edges else None))
    on = [i for i, value in enumerate(values) if float(str(value)) in edges]
    expected = encode_column(encoder, column)[on].tolist()
    records = column.to_frame("x").to_dict("records")
    sent = json.loads(column.to_frame("x").to_json(orient="records"))
    for rows in (records, sent):
        assert [encoder.encode(rows[i]["x"]) for i in on] == expected
        assert encode_column(encoder, pd.Series([row["x"] for row in rows], dtype="float64"))[on].tolist() == expected


def test_doubles_beside_a_border_stay_where_they_are():
    encoder = FieldEncoder(field([0.7], (0.3, 0.7)))
    low, high = 0.699999988079071, 0.30000001192092896
    assert widened([0.7])[low] == 0.7
    around = [np.nextafter(low, 0), low, np.nextafter(low, 1), np.nextafter(0.7, 0), 0.7]
    assert [encoder.encode(float(value)) for value in around] == [0, 1, 0, 0, 1]
    assert encode_column(encoder, pd.Series(around)).tolist() == [0, 1, 0, 0, 1]
    assert encoder.encode(high) == 0
    old = FieldEncoder(field([0.7]), reading=1)
    assert old.encode(low) == 0
    assert encode_column(old, pd.Series([low])).tolist() == [0]
    both = FieldEncoder(field([low, 0.7]))
    assert [both.encode(value) for value in (low, 0.7)] == [1, 2]


@given(st.floats(allow_nan=False, allow_infinity=False) | tidy)
@settings(deadline=None)
def test_what_a_double_stands_for_is_what_numpy_writes(number):
    for double, stands_for in widened([number]).items():
        assert stands_for == number
        assert number == float(str(np.float32(number)))
        assert double in (float(np.float32(number)), round(float(np.float32(number)), 10))


@pytest.mark.parametrize("border", [99.9, 9e9, 1234567.1, 100000.7, 7.12345e-7, 3.0, 0.5, 1e300])
def test_doubles_that_people_may_have_meant_are_left_alone(border):
    for kind in TYPES:
        with np.errstate(over="ignore"):
            double = float(kind(border))
        if len(repr(double)) < 13:
            assert double not in widened([border])
