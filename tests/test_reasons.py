import dataclasses
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadqual.bundle import Band, FieldPoints, Grade, PointsTable, Policy
from leadqual.bundle.encoding import encoders
from leadqual.reasons import (
    Change,
    NextGrade,
    Reason,
    fewest_changes,
    next_grade,
    points_by_dimension,
    reasons_by_code,
    reasons_for,
)


def category(name, points, *, actionable=True, average=0, extra=()):
    bands = tuple(Band(value.title(), worth, values=(value,)) for value, worth in points.items())
    return FieldPoints(name, "category", (*bands, *extra), average, actionable=actionable)


def coded(table, lead):
    found = encoders(table)
    codes = [
        encoder.encode(lead[encoder.field.name]) if encoder.field.name in lead else encoder.absent_code
        for encoder in found
    ]
    return found, codes


def test_reasons_are_sorted_by_strength_then_by_field():
    table = PointsTable(
        (
            category("Size", {"big": 5}, average=-2),
            category("Need", {"now": -31}, average=2),
            category("Source", {"web": 7}),
            category("Region", {"east": 3}, average=3),
        )
    )
    found = reasons_for(*coded(table, {"Size": "big", "Need": "now", "Source": "web", "Region": "east"}))
    assert [str(reason) for reason in found] == [
        "Need: Now (-33)",
        "Size: Big (+7)",
        "Source: Web (+7)",
        "Region: East (+0)",
    ]
    assert reasons_for([], []) == ()


def test_codes_must_be_one_per_field():
    found, codes = coded(PointsTable((category("Need", {"now": 1}),)), {"Need": "now"})
    with pytest.raises(ValueError, match="longer"):
        reasons_for(found, [*codes, 0])


def test_unusual_values_carry_their_note():
    table = PointsTable((category("Need", {"now": 5}, average=2),))
    (reason,) = reasons_for(*coded(table, {"Need": "never heard of"}))
    assert reason == Reason("Need", "(average)", 0, "new value; counted as average")


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_reasons_sum_exactly_to_the_points_above_the_average_lead(strategies, data):
    table = data.draw(strategies.points_tables())
    found, codes = coded(table, data.draw(strategies.leads(table)))
    points = table.base_points + sum(encoder.places[code].points for encoder, code in zip(found, codes, strict=True))
    reasons = reasons_for(found, codes)
    assert sum(reason.points for reason in reasons) == points - table.average_points
    assert sorted(reason.field for reason in reasons) == sorted(table.names)
    strength = [abs(reason.points) for reason in reasons]
    assert strength == sorted(strength, reverse=True)
    assert table.lowest <= points <= table.highest


@given(st.data())
@settings(max_examples=50, deadline=None)
def test_there_is_one_reason_per_code(strategies, data):
    for encoder in encoders(data.draw(strategies.points_tables())):
        for place, reason in zip(encoder.places, reasons_by_code(encoder), strict=True):
            assert (reason.band, reason.note) == (place.label, place.note)
            assert reason.points == place.points - encoder.field.average_points


GRADES = (Grade("A", 40, 4.0), Grade("B", 20, 24.0), Grade("C", 0, 72.0), Grade("D", None, None))
POLICY = Policy(GRADES, 0, 20, ())
REST = (Band("other", 40, other=True), Band("gone", 60, missing=True))
CALLS = (Band("under 2", 0, interval=(None, 2.0)), Band("more", 14, interval=(2.0, None)))
TABLE = PointsTable(
    (
        category("Need", {"now": 30, "soon": 20, "later": 5}),
        category("Budget", {"yes": 12, "no": -5}, extra=REST),
        category("Size", {"big": 100, "small": 0}, actionable=False),
        FieldPoints("Calls", "numeric", CALLS),
    )
)


def lift(**lead):
    return next_grade(TABLE, POLICY, *coded(TABLE, lead))


def test_smallest_change_per_actionable_field_that_is_enough_alone():
    # 5 - 5 + 0 + 0 = 0 points: C; B needs 20
    assert lift(Need="later", Budget="no", Size="small", Calls=1) == NextGrade("B", 20, (Change("Need", "Now", 25),))
    # 15 for Need to become "soon", 17 for Budget to become "yes": each enough for the 6 that are missing
    lead = {"Need": "later", "Budget": "no", "Size": "small"}
    found = next_grade(TABLE, POLICY, *coded(TABLE, lead | {"Calls": 5}))
    assert found == NextGrade("B", 6, (Change("Need", "Soon", 15), Change("Budget", "Yes", 17)))
    assert [str(change) for change in found.changes] == ["Need: Soon (+15)", "Budget: Yes (+17)"]


def test_a_grade_from_0_points_can_be_reached_from_below():
    table = PointsTable(TABLE.fields, base_points=-3)
    found = next_grade(table, POLICY, *coded(table, {"Need": "later", "Budget": "no", "Size": "small", "Calls": 1}))
    assert (found.grade, found.points_needed) == ("C", 3)


def test_no_single_change_may_be_enough():
    table = PointsTable(TABLE.fields[1:2], base_points=-90)
    assert next_grade(table, POLICY, *coded(table, {"Budget": "no"})) == NextGrade("C", 95, ())


def test_the_best_grade_has_no_next():
    assert lift(Need="now", Budget="yes", Size="small", Calls=1) is None
    only = Policy((Grade("D", None, None),), 0, 0, ())
    assert next_grade(TABLE, only, *coded(TABLE, {})) is None


def test_grades_that_start_together_are_skipped_together():
    together = Policy((Grade("A", 40, None), Grade("B", 40, None), Grade("D", None, None)), 0, 0, ())
    assert next_grade(TABLE, together, *coded(TABLE, {"Need": "later", "Budget": "no"})).grade == "A"


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_every_advised_change_reaches_the_grade_and_no_smaller_one_in_its_field_does(strategies, data):
    table, policy = data.draw(strategies.points_tables()), data.draw(strategies.policies())
    found, codes = coded(table, data.draw(strategies.leads(table)))
    points = table.base_points + sum(encoder.places[code].points for encoder, code in zip(found, codes, strict=True))
    advice = next_grade(table, policy, found, codes)
    if advice is None:
        assert policy.grade(points) == policy.grade(table.highest + 10**6)
        return
    target = points + advice.points_needed
    assert policy.grade(target).name == advice.grade
    assert policy.grade(target - 1) == policy.grade(points)
    assert len({change.field for change in advice.changes}) == len(advice.changes)
    for change in advice.changes:
        field = table.field(change.field)
        here = found[table.names.index(change.field)].places[codes[table.names.index(change.field)]].points
        gains = [band.points - here for band in field.bands if band.values or band.interval]
        assert field.actionable
        assert change.points == min(gain for gain in gains if gain >= advice.points_needed)
        assert change.band in [band.label for band in field.bands if band.points - here == change.points]


@pytest.mark.parametrize("kind", [Reason, Change, NextGrade])
def test_results_are_frozen(kind):
    assert kind.__dataclass_params__.frozen
    assert not hasattr(kind, "__weakref__")
    assert dataclasses.fields(kind)


DIMENSIONS = st.sampled_from(["need", "budget", None])


@given(st.lists(st.tuples(DIMENSIONS, st.integers(-50, 50), st.integers(-50, 50)), min_size=1, max_size=6))
def test_points_by_dimension_sum_to_the_reasons(said):
    fields = tuple(
        dataclasses.replace(category(f"f{i}", {"a": worth}, average=average), dimension=dimension)
        for i, (dimension, worth, average) in enumerate(said)
    )
    table = PointsTable(fields)
    reasons = reasons_for(*coded(table, {field.name: "a" for field in fields}))
    found = points_by_dimension(table, reasons)
    assert sum(found.values()) == sum(reason.points for reason in reasons)
    for dimension, points in found.items():
        assert points == sum(worth - average for other, worth, average in said if other == dimension)


@settings(max_examples=60)
@given(
    st.lists(st.lists(st.integers(-30, 30), min_size=2, max_size=3), min_size=1, max_size=4),
    st.integers(1, 60),
    st.data(),
)
def test_the_fewest_and_smallest_changes_are_those_that_trying_all_of_them_finds(worths, needed, data):
    fields = tuple(
        category(f"f{i}", {f"v{j}": worth for j, worth in enumerate(worth_of)}, actionable=data.draw(st.booleans()))
        for i, worth_of in enumerate(worths)
    )
    table = PointsTable(fields)
    readers, codes = coded(table, {field.name: "v0" for field in fields})
    now = sum(worth_of[0] for worth_of in worths)
    options = [
        [0, *(worth - worth_of[0] for worth in worth_of if worth > worth_of[0])] if field.actionable else [0]
        for field, worth_of in zip(fields, worths, strict=True)
    ]
    enough = [
        (sum(gain > 0 for gain in gains), sum(gains)) for gains in itertools.product(*options) if sum(gains) >= needed
    ]
    found = fewest_changes(table, readers, codes, at_least=now + needed)
    if not enough:
        assert found is None
    else:
        assert (len(found), sum(change.points for change in found)) == min(enough)
        assert len({change.field for change in found}) == len(found)
    assert fewest_changes(table, readers, codes, at_least=now) == ()
