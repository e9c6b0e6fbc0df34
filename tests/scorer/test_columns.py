import datetime
from decimal import Decimal

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadqual.bundle import Band, FieldPoints
from leadqual.bundle.encoding import FieldEncoder
from leadqual.scorer.columns import encode_column

NUMERIC = FieldPoints(
    "x",
    "numeric",
    (Band("low", -5, interval=(None, 1.0)), Band("high", 9, interval=(1.0, None)), Band("none", 1, missing=True)),
    seen=(0.0, 50.0),
)
CATEGORY = FieldPoints(
    "x",
    "category",
    tuple(Band(value, 1, values=(value,)) for value in ("1", "yes", "1.5", "a", "b", "2026-05-01 00:00:00", "1.50")),
)
BOOLEAN = FieldPoints("x", "boolean", (Band("yes", -20, values=("yes",)), Band("no", 1, values=("no",))))
FIELDS = {"numeric": NUMERIC, "category": CATEGORY, "boolean": BOOLEAN}


def objects(values):
    """Return an array of the very objects, as NumPy would else unpack lists and join types."""
    array = np.empty(len(values), dtype=object)
    for i, value in enumerate(values):
        array[i] = value
    return array


def plain(values):
    return pd.Series(objects(values), dtype=object)


def assert_as_single(encoder, column):
    """Each code must be that of the value as pandas gives it, both as a scalar of its own and as Python's."""
    codes = encode_column(encoder, column)
    assert codes.dtype == np.int64
    assert codes.tolist() == [encoder.encode(value) for value in column]
    assert codes.tolist() == [encoder.encode(row["x"]) for row in pd.DataFrame({"x": column}).to_dict("records")]


NUMBERS = [0, 1, 2, 50, 51, 100]
DAYS = [datetime.datetime(2026, 5, 1), datetime.datetime(2026, 5, 2), None]
COLUMNS = {
    "int64": pd.Series(NUMBERS),
    "uint8": pd.Series(NUMBERS, dtype="uint8"),
    "int64, large": pd.Series([2**53 + 1, -(2**62), 0]),
    "uint64, large": pd.Series([2**64 - 1, 1], dtype="uint64"),
    "float64": pd.Series([0.5, 1.0, 1.5, np.nan, np.inf, -np.inf, -0.0]),
    "float32": pd.Series([0.5, 1.0, 1.5, np.nan, 0.1], dtype="float32"),
    "float16": pd.Series([0.5, 1.0, np.nan], dtype="float16"),
    "longdouble": pd.Series(np.array([1, 1.5], dtype=np.longdouble)),
    "complex": pd.Series([1 + 0j, complex("nan")]),
    "bool": pd.Series([True, False]),
    "Int64": pd.Series([0, 1, 60, None], dtype="Int64"),
    "UInt8": pd.Series([0, 1, 60, None], dtype="UInt8"),
    "Float64": pd.Series([0.0, 1.0, 1.5, None], dtype="Float64"),
    "boolean": pd.Series([True, False, None], dtype="boolean"),
    "str": pd.Series(["a", "1", None, "Select", " a ", "1,000", "yes", ""], dtype="str"),
    "string, Python": pd.Series(["a", "1", None], dtype="string[python]"),
    "string, Arrow": pd.Series(["a", "1", None], dtype="string[pyarrow]"),
    "text of Arrow": pd.Series(["a", "1", None], dtype=pd.ArrowDtype(pa.string())),
    "int64 of Arrow": pd.Series([0, 1, 60, None], dtype=pd.ArrowDtype(pa.int64())),
    "double of Arrow": pd.Series([0.0, 1.0, 1.5, None], dtype=pd.ArrowDtype(pa.float64())),
    "bool of Arrow": pd.Series([True, False, None], dtype=pd.ArrowDtype(pa.bool_())),
    "decimal of Arrow": pd.Series([Decimal("1.50"), Decimal(1), None], dtype=pd.ArrowDtype(pa.decimal128(9, 2))),
    "timestamp of Arrow": pd.Series(DAYS, dtype=pd.ArrowDtype(pa.timestamp("us"))),
    "date of Arrow": pd.Series([datetime.date(2026, 5, 1), None], dtype=pd.ArrowDtype(pa.date32())),
    "list of Arrow": pd.Series([[1], [2, 3], None], dtype=pd.ArrowDtype(pa.list_(pa.int64()))),
    "struct of Arrow": pd.Series([{"a": 1}, None], dtype=pd.ArrowDtype(pa.struct([("a", pa.int64())]))),
    "bytes of Arrow": pd.Series([b"a", None], dtype=pd.ArrowDtype(pa.binary())),
    "dictionary of Arrow": pd.Series(["a", "b", "a"]).astype(pd.ArrowDtype(pa.dictionary(pa.int32(), pa.string()))),
    "categories of text": pd.Series(["a", "1", None, "Select"], dtype="category"),
    "categories, one unused": pd.Series(["a", "1"], dtype=pd.CategoricalDtype(["z", "1", "a"])),
    "categories of numbers": pd.Series([1.0, 1.5, None], dtype="category"),
    "categories of objects": pd.Series(pd.Categorical(objects(["a", 1, 1.5, Decimal("2.0")]))),
    "datetime": pd.Series(DAYS),
    "datetime in a zone": pd.Series(DAYS).dt.tz_localize("Europe/Berlin"),
    "duration": pd.to_timedelta(pd.Series([1, None]), unit="D"),
    "period": pd.Series(pd.period_range("2026-05", periods=2, freq="M")),
    "interval": pd.Series(pd.interval_range(0, 2)),
    "sparse": pd.Series([0.0, 1.0, np.nan], dtype="Sparse[float]"),
    "nothing": pd.Series([None, None], dtype=object),
    "empty": pd.Series([], dtype=object),
    "empty numbers": pd.Series([], dtype="float64"),
    "empty text": pd.Series([], dtype="str"),
    "objects, all text": plain(["a", "1", "Select", None, np.nan, np.str_("a"), "\ud800"]),
    "objects that are equal": pd.Series(
        objects([True, 1, 1.0, "1", np.int64(1), np.True_, Decimal("1"), Decimal("1.0")])
    ),
    "objects that are equal, reversed": plain([Decimal("1.50"), Decimal("1.5"), 1.5, 1, True]),
    "objects without hash": plain([[1], {"a": 1}, "a", {1}, np.array([1, 2]), pd.Series([1])]),
}


@pytest.mark.parametrize("kind", FIELDS)
@pytest.mark.parametrize("name", COLUMNS)
def test_columns_of_any_type_are_read_as_their_values_are(kind, name):
    assert_as_single(FieldEncoder(FIELDS[kind]), COLUMNS[name])


@pytest.mark.parametrize("kind", FIELDS)
@given(data=st.data())
@settings(max_examples=100, deadline=None)
def test_columns_of_odd_objects_are_read_as_their_values_are(strategies, kind, data):
    encoder = FieldEncoder(FIELDS[kind])
    values = data.draw(st.lists(strategies.raw_values(encoder.field), max_size=12))
    column = plain(values)
    assert encode_column(encoder, column).tolist() == [encoder.encode(value) for value in values]
    if not any(isinstance(value, pd.Series) for value in values):
        assert_as_single(encoder, column)


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_numbers_are_read_as_they_are_alone(strategies, data):
    encoder = FieldEncoder(data.draw(strategies.numeric_fields()))
    usual = st.sampled_from(encoder.edges) if encoder.edges else st.nothing()
    numbers = np.array(data.draw(st.lists(st.one_of(usual, st.floats()), max_size=20)), dtype=np.float64)
    for column in (numbers, pd.Series(numbers), pd.Series(numbers, dtype="Float64"), numbers.tolist()):
        assert encode_column(encoder, column).tolist() == [encoder.encode(number) for number in numbers.tolist()]


def test_arrays_and_sequences_are_columns_too():
    encoder = FieldEncoder(CATEGORY)
    expected = [encoder.encode(value) for value in ("a", "1", "z")]
    for column in (["a", "1", "z"], np.array(["a", "1", "z"]), objects(["a", "1", "z"]), pd.Index(["a", "1", "z"])):
        assert encode_column(encoder, column).tolist() == expected


def test_each_distinct_text_is_read_once(monkeypatch):
    encoder = FieldEncoder(CATEGORY)
    seen = []
    monkeypatch.setattr(encoder, "encode", lambda value: seen.append(value) or 0)
    encode_column(encoder, pd.Series(["a", "b"] * 500))
    encode_column(encoder, pd.Series(["a", "b"] * 500, dtype=object))
    encode_column(encoder, pd.Series([1.0, 2.0] * 500))
    assert len(seen) == 6
