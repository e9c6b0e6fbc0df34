import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from leadqual.bundle import Band, FieldPoints, PointsTable
from leadqual.bundle.encoding import FieldEncoder, encoders

VISITS = FieldPoints(
    "Visits",
    "numeric",
    (
        Band("under 3", -5, interval=(None, 3.0)),
        Band("3 and more", 9, interval=(3.0, None)),
        Band("no", 1, missing=True),
    ),
    average_points=2,
    seen=(0.0, 40.0),
)
SOURCE = FieldPoints("Source", "category", (Band("Web", 4, values=("Web", "3")), Band("Fair", 7, values=("Fair",))), 1)


def place(field, value):
    encoder = FieldEncoder(field)
    return encoder.places[encoder.encode(value)]


@pytest.mark.parametrize(
    ("value", "label", "note"),
    [
        (0, "under 3", None),
        (2.999, "under 3", None),
        (3, "3 and more", None),
        (np.float32(3), "3 and more", None),
        ("3", "3 and more", None),
        (True, "under 3", None),
        (40.0, "3 and more", None),
        (-1, "under 3", "below the range seen in training"),
        (40.1, "3 and more", "above the range seen in training"),
        (math.inf, "3 and more", "above the range seen in training"),
        (10**300, "3 and more", "above the range seen in training"),
        (None, "no", None),
        (math.nan, "no", None),
        ("Select", "no", None),
        ("many", "(average)", "cannot be read; counted as average"),
        ([3], "(average)", "cannot be read; counted as average"),
        (10**400, "(average)", "cannot be read; counted as average"),
    ],
)
def test_numbers_find_their_band(value, label, note):
    found = place(VISITS, value)
    assert (found.label, found.note) == (label, note)
    assert found.points == {band.label: band.points for band in VISITS.bands}.get(label, VISITS.average_points)


@pytest.mark.parametrize(
    ("value", "band", "note"),
    [
        ("Web", 0, None),
        (" Fair ", 1, None),
        (3, 0, None),
        (3.0, 0, None),
        ("fair", None, "new value; counted as average"),
        (None, None, "missing, never seen so in training; counted as average"),
        (" n/a", None, "missing, never seen so in training; counted as average"),
        ({"a": 1}, None, "cannot be read; counted as average"),
    ],
)
def test_categories_find_their_band(value, band, note):
    found = place(SOURCE, value)
    assert (found.band, found.note) == (band, note)
    assert found.points == (SOURCE.average_points if band is None else SOURCE.bands[band].points)


def test_new_values_fall_in_the_other_band_where_there_is_one():
    field = replace(SOURCE, bands=(*SOURCE.bands, Band("other", -3, other=True)))
    found = place(field, "Radio")
    assert (found.band, found.label, found.points, found.note) == (2, "other", -3, "rare or new value")


def test_booleans_find_their_band():
    field = FieldPoints("Opt out", "boolean", (Band("yes", -20, values=("yes",)), Band("no", 1, values=("no",))))
    assert [place(field, value).label for value in (True, "Y", 1, "TRUE", 0.0, "off", np.False_)] == [
        *["yes"] * 4,
        *["no"] * 3,
    ]
    assert place(field, "maybe").note == "cannot be read; counted as average"


@pytest.mark.parametrize("text", ["Yes", "yes", "YES", "yEs", " Yes ", "T", "y", "1"])
def test_what_is_missing_stays_missing_among_booleans(text):
    field = FieldPoints("Opt out", "boolean", (Band("yes", -20, values=("yes",)), Band("gone", 1, missing=True)))
    encoder = FieldEncoder(field, missing_values=(text.strip().lower(),))
    assert encoder.places[encoder.encode(text)].label == "gone"
    assert encoder.places[encoder.encode(True)].label == "yes"
    assert encoder.places[encoder.encode("No")].note == "new value; counted as average"


def test_a_listed_value_that_means_missing_is_missing_however_it_is_written():
    field = FieldPoints("Need", "category", (Band("Select", 5, values=("Select",)), Band("gone", -5, missing=True)))
    assert [place(field, value).label for value in ("Select", " select ")] == ["gone", "gone"]
    kept = FieldEncoder(field, missing_values=("",))
    assert kept.places[kept.encode("Select")].label == "Select"


def test_an_absent_field_counts_as_missing_and_says_so():
    encoder = FieldEncoder(VISITS)
    found = encoder.places[encoder.absent_code]
    assert (found.label, found.points, found.note) == ("no", 1, "not given; counted as missing")
    encoder = FieldEncoder(SOURCE)
    found = encoder.places[encoder.absent_code]
    assert (found.label, found.points, found.note) == ("(average)", 1, "not given; counted as average")


def test_what_has_no_text_cannot_be_read(strategies):
    for value in (strategies.Hostile(), 10**5000):
        assert place(SOURCE, value).note == "cannot be read; counted as average"


def test_every_field_of_a_table_has_its_encoder():
    found = encoders(PointsTable((VISITS, SOURCE), missing_values=("?",)))
    assert [encoder.field for encoder in found] == [VISITS, SOURCE]
    assert found[1].places[found[1].encode("?")].note.startswith("missing")


@given(st.data())
@settings(max_examples=80, deadline=None)
def test_any_value_has_a_place_and_regular_ones_no_note(strategies, data):
    field = data.draw(strategies.points_tables().filter(lambda table: table.fields)).fields[0]
    encoder = FieldEncoder(field)
    code = encoder.encode(data.draw(strategies.raw_values(field)))
    assert 0 <= code < len(encoder.places)
    assert code != encoder.absent_code
    assert (encoder.places[code].note is None) == (code < len(field.bands))
    for i, band in enumerate(field.bands):
        assert (encoder.places[i].label, encoder.places[i].points) == (band.label, band.points)


@given(st.sets(st.floats(-50, 50), min_size=1, max_size=5), st.one_of(st.floats(-60, 60), st.integers(-60, 60)))
@example({3.0}, 3)
@settings(deadline=None)
def test_a_number_is_inside_the_interval_of_its_band(edges, value):
    ends = [None, *sorted(edges), None]
    bands = tuple(Band(str(i), i, interval=(ends[i], ends[i + 1])) for i in range(len(ends) - 1))
    found = place(FieldPoints("x", "numeric", bands), value)
    low, high = bands[found.band].interval
    assert low is None or low <= value
    assert high is None or value < high


def test_a_number_out_of_range_has_the_band_that_holds_it():
    bands = (
        Band("low", -5, interval=(None, 10.0)),
        Band("middle", 0, interval=(10.0, 100.0)),
        Band("high", 40, interval=(100.0, None)),
    )
    encoder = FieldEncoder(FieldPoints("x", "numeric", bands, seen=(12.0, 49.0)))
    said = {number: encoder.places[encoder.encode(number)] for number in (5, 11, 12, 49, 60, 100, 500)}
    assert {number: place.label for number, place in said.items()} == {
        5: "low",
        11: "middle",
        12: "middle",
        49: "middle",
        60: "middle",
        100: "high",
        500: "high",
    }
    assert [number for number, place in said.items() if place.note is not None] == [5, 11, 60, 100, 500]
