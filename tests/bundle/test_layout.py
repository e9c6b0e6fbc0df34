import json
from dataclasses import fields, is_dataclass
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadqual.bundle import Bundle
from leadqual.bundle.layout import LINE_LENGTH, plain, read_bundle, render
from leadqual.errors import BundleError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=40) | st.dictionaries(st.text(max_size=9), inner, max_size=9),
    max_leaves=60,
)


@given(JSON)
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_is_rendered_is_json_that_says_the_same(value):
    text = render(value)
    assert json.loads(text) == value
    assert "  \n" not in text


@given(st.lists(st.integers(0, 10**6)))
def test_numbers_fill_lines_up_to_their_length(numbers):
    lines = render(numbers).splitlines()
    assert max(map(len, lines)) <= LINE_LENGTH
    for line, after in pairwise(lines[1:-1]):
        assert len(line) + len(after.split(",")[0].strip()) + 2 > LINE_LENGTH - 2


def test_lists_of_objects_take_a_line_each_once_they_do_not_fit_together():
    value = {"grades": [{"name": "x" * 90, "points": i} for i in range(3)]}
    assert render(value).splitlines()[2:5] == [
        f'    {{"name": "{"x" * 90}", "points": {i}}}{"," * (i < 2)}' for i in range(3)
    ]


def test_no_number_that_is_not_finite_is_written():
    with pytest.raises(ValueError, match="not JSON compliant"):
        render([float("nan")])


@given(st.data())
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_plain_data_is_read_back_as_the_bundle(strategies, data):
    bundle = data.draw(strategies.bundles())
    assert read_bundle(plain(bundle), Bundle) == bundle
    assert json.loads(json.dumps(plain(bundle))) == plain(bundle)


def test_every_field_of_every_type_is_written(bundle):
    def check(value, written):
        if is_dataclass(value):
            for field in fields(value):
                check(getattr(value, field.name), written[field.name])
        elif isinstance(value, tuple):
            for one, other in zip(value, written, strict=True):
                check(one, other)
        else:
            assert value == written

    written = plain(bundle)
    entries = written["curve"].pop("entries")
    written["curve"] |= {"first_points": entries[0][0]}
    written["curve"] |= {name: [row[i] for row in entries] for i, name in enumerate(("probability", "low", "high"), 1)}
    check(bundle, written)


def test_numbers_of_numpy_become_pythons():
    found = plain((np.int64(3), np.float32(0.5), np.bool_(True), "a", None))
    assert found == [3, 0.5, True, "a", None]
    assert [type(value) for value in found[:3]] == [int, float, bool]


def test_a_curve_whose_columns_differ_in_length_cannot_be_written(strategies):
    curve = strategies.ProbabilityCurve(0, (0.2, 0.3), (0.1,), (0.4, 0.5), 0.95, "none", "", 0, 0)
    with pytest.raises(BundleError, match="different number of probabilities, lows and highs"):
        plain(curve)
