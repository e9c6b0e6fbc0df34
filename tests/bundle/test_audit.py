from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadqual.bundle import Band, Choice, FieldPoints, PointsTable
from leadqual.bundle.audit import audit
from leadqual.errors import BundleError


@given(st.data())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_what_holds_together_passes(strategies, data):
    audit(data.draw(strategies.bundles()))


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=4), st.booleans(), st.booleans())
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_intervals_must_cover_every_number_once(bundle, edges, open_below, open_above):
    ends = [None if open_below else -6.0, *edges, None if open_above else 6.0]
    bands = tuple(Band(str(i), i, interval=(ends[i], ends[i + 1])) for i in range(len(ends) - 1))
    made = replace(bundle, points_table=PointsTable((FieldPoints("x", "numeric", bands),)))
    covers = [
        sum((low is None or low <= x) and (high is None or x < high) for low, high in (b.interval for b in bands))
        for x in (-1e9, 1e9, *edges, *(edge - 1e-9 for edge in edges))
    ]
    if set(covers) == {1} and edges == sorted(set(edges)):
        audit(made)
    else:
        with pytest.raises(BundleError, match=r"points_table.fields\[1\].bands\[\d\] (leaves a gap|ends before)"):
            audit(made)


def test_messages_never_repeat_a_value(bundle):
    bands = (Band("a", 1, values=("Kim Example", "Kim Example")),)
    made = replace(bundle, points_table=PointsTable((FieldPoints("x", "category", bands),)))
    with pytest.raises(BundleError) as caught:
        audit(made)
    assert "Kim" not in str(caught.value)


YES_NO = (Band("yes", 1, values=("yes",)), Band("no", 0, values=("no",)))
EVERY = (Band("any", 1, interval=(None, None)),)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ([FieldPoints("x", "numeric", EVERY, decimal=",", thousands=",")], "thousands is its decimal mark too"),
        ([FieldPoints("P: A", "numeric", EVERY, choice=Choice("P", "A", ";"))], "must be null in a field that is not"),
        (
            [FieldPoints(name, "boolean", YES_NO, choice=Choice("P", "A", mark)) for name, mark in ("a;", "b|")],
            "a choice of one column twice",
        ),
    ],
)
def test_keys_of_the_third_format_must_hold_together(bundle, fields, words):
    with pytest.raises(BundleError, match=words):
        audit(replace(bundle, points_table=PointsTable(tuple(fields))))
