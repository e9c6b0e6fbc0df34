"""Fine bands hold every lead once, and a column's kind is guessed from its values."""

import sys
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadqual.bundle.encoding import FieldEncoder
from leadqual.leads import Feature
from leadqual.scorecard.fine_bands import MIN_LEADS, band_codes, fine_bands, fine_count
from leadqual.scorecard.kinds import guess_features
from leadqual.scorecard.rows import banded_rows

NUMBERS = st.one_of(st.none(), st.floats(-1e6, 1e6), st.integers(-5, 5).map(float))


@given(st.lists(NUMBERS, min_size=1, max_size=120))
def test_intervals_have_no_gaps_and_hold_every_number_once(values):
    column = pd.Series(values, dtype=float)
    field = fine_bands(Feature("x", "numeric"), column, np.ones(len(values)), ())
    intervals = [band.interval for band in field.bands if band.interval]
    if intervals:
        assert intervals[0][0] is None
        assert intervals[-1][1] is None
        assert all(a[1] == b[0] for a, b in pairwise(intervals))
        assert len(intervals) <= fine_count(len(values))
    codes = band_codes(field, column, ())
    for value, code in zip(values, codes, strict=True):
        band = field.bands[code]
        if value is None:
            assert band.missing
        else:
            low, high = band.interval
            assert low is None or value >= low
            assert high is None or value < high


def test_bands_hold_about_equal_weight_and_obey_breaks():
    column = pd.Series(np.random.default_rng(0).normal(size=10_000))
    field = fine_bands(Feature("x", "numeric"), column, np.ones(10_000), (), breaks=[0.123456])
    shares = np.array([band.share for band in field.bands])
    assert len(shares) >= 50
    assert np.median(shares) == pytest.approx(1 / fine_count(10_000), rel=0.25)
    assert 0.123456 in [band.interval[0] for band in field.bands]
    assert fine_count(10_000) == 50
    assert (fine_count(10), fine_count(1e6)) == (8, 64)


def test_borders_have_few_digits():
    column = pd.Series(np.random.default_rng(0).exponential(1000, 400))
    field = fine_bands(Feature("x", "numeric"), column, np.ones(400), ())
    digits = [len(f"{band.interval[0]:.10g}".replace(".", "").strip("0")) for band in field.bands if band.interval[0]]
    assert np.mean(digits) < 4


def test_infinite_numbers_and_text_among_numbers():
    column = pd.Series([np.inf, -np.inf, 1.0, 2.0, 3.0, "some", "Select", "1,000"], dtype=object)
    field = fine_bands(Feature("x", "numeric"), column, np.ones(8), ("select",))
    assert field.seen == (-sys.float_info.max, sys.float_info.max)
    encoder = FieldEncoder(field, ("select",))
    for value in (np.inf, -np.inf, 1e300):  # infinite numbers were seen: nothing is out of their range
        assert encoder.places[encoder.encode(value)].note is None
    codes = band_codes(field, column, ("select",))
    assert codes[5] == len(field.bands)
    assert field.bands[codes[6]].missing
    assert field.bands[codes[7]].interval[1] is None


def test_rare_values_are_pooled_by_weight():
    column = pd.Series(["a"] * 20 + ["b"] * MIN_LEADS + ["c"] * 3 + ["e"])
    # enough leads count for b; c weighs enough, but is too few leads; e weighs everything and is one lead
    weight = np.r_[np.ones(20), np.ones(MIN_LEADS), np.full(3, MIN_LEADS), 1000.0]
    field = fine_bands(Feature("x", "category"), column, weight, ())
    assert [band.values for band in field.bands] == [("a",), ("b",), ()]
    assert field.bands[2].other
    kept = fine_bands(Feature("x", "category"), column, weight, (), apart=["c", "d"])
    assert [band.values for band in kept.bands] == [("a",), ("b",), ("c",), ("d",), ()]


def test_a_column_of_nothing_readable_has_no_interval():
    field = fine_bands(Feature("x", "numeric"), pd.Series(["?", "?"]), np.ones(2), ())
    assert field.bands == ()
    assert field.seen is None


def test_kinds_are_guessed_from_dtype_and_values():
    table = pd.DataFrame(
        {
            "b": [True, False, True],
            "f": [1.5, None, 2],
            "ob": pd.Series([True, None, False], dtype=object),
            "on": pd.Series([1, None, 2.5], dtype=object),
            "mix": pd.Series([1, "x", None], dtype=object),
            "text": ["1", "2", "3"],
            "cat": pd.Categorical(["x", "y", "x"]),
            "none": pd.Series([None] * 3, dtype=object),
        }
    )
    kinds = {feature.name: feature.kind for feature in guess_features(table, ())}
    assert kinds == {
        "b": "boolean",
        "f": "numeric",
        "ob": "boolean",
        "on": "numeric",
        "mix": "category",
        "text": "category",
        "cat": "category",
        "none": "category",
    }


def test_other_leads_in_the_same_bands_may_hold_what_no_band_takes():
    features = [Feature("x", "numeric"), Feature("y", "category")]
    table = pd.DataFrame({"x": ["1", "2", "3", "4"] * 5, "y": ["a", "b"] * 10})
    won = np.tile([0.0, 1.0], 10)
    rows = banded_rows(table, won, np.ones(20), features, ())
    odd = pd.DataFrame({"x": ["?", "2"], "y": ["a", "new"]})
    moved = rows.encoded(odd, won[:2], np.ones(2), ())
    assert moved.sizes == [rows.sizes[0] + 1, rows.sizes[1] + 1]
    assert [block.matrix.shape[0] for block in moved.blocks] == [moved.sizes[block.field] for block in moved.blocks]
    assert np.isclose(sum(share.sum() for share in moved.shares), 2)


@pytest.mark.parametrize("kind", [np.float16, np.float32])
def test_numbers_of_few_bits_have_the_bands_of_their_shortest_decimals(kind):
    values = np.round(np.random.default_rng(3).random(500) * 20).astype(kind) / kind(10)
    column = pd.Series(values.astype(kind))
    written = pd.Series([float(str(value)) for value in column.to_numpy()])
    feature, ones = Feature("x", "numeric"), np.ones(len(column))
    assert fine_bands(feature, column, ones, ()) == fine_bands(feature, written, ones, ())
    field = fine_bands(feature, column, ones, ())
    assert band_codes(field, column, ()).tolist() == band_codes(field, written, ()).tolist()
    category = Feature("x", "category")
    assert fine_bands(category, column, ones, ()) == fine_bands(category, written, ones, ())


@pytest.mark.parametrize("dtype", ["int64", "float64", "float32", "Int64", object, "str"])
@pytest.mark.parametrize("kind", ["numeric", "category"])
def test_a_declared_code_is_missing_whatever_the_type_of_the_column(dtype, kind):
    column = pd.Series([-999, 1, 2, 3] * 25).astype(dtype)
    field = fine_bands(Feature("x", kind), column, np.ones(100), ("-999",))
    (missing,) = [band for band in field.bands if band.missing]
    assert missing.share == 0.25
    assert field.seen in (None, (1.0, 3.0))
    codes = band_codes(field, column, ("-999",))
    assert np.mean(codes == field.bands.index(missing)) == 0.25


def test_whole_numbers_as_text_of_floats_are_one_category():
    column = pd.Series(["3.0", "3", "4.0", "4", "007"] * 20)
    field = fine_bands(Feature("x", "category"), column, np.ones(100), ())
    assert [band.values for band in field.bands] == [("007",), ("3",), ("4",)]
