"""Constraints are read from TOML, and contradictions are named."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import log_loss

from leadqual.bundle.encoding import FieldEncoder
from leadqual.errors import ConstraintError
from leadqual.leads import Feature
from leadqual.scorecard import Cap, Direction, Exclude, Pin, ScorecardClassifier, read_constraints
from leadqual.scorecard.constraints import check_constraints, settled_constraints

KINDS = {"Visits": "numeric", "Source": "category", "Call": "boolean"}


def test_reads_every_kind(tmp_path):
    path = tmp_path / "constraints.toml"
    path.write_text(
        """
        [[constraint]]
        field = "Visits"
        direction = "up"
        [[constraint]]
        field = "Source"
        at_most = 20
        at_least_points = -5
        [[constraint]]
        field = "Source"
        is = "Webinar"
        points = 10
        [[constraint]]
        field = "Source"
        in = ["Fair", "Web"]
        points = 4
        [[constraint]]
        field = "Visits"
        at_least = 3
        below = 5
        points = 2
        [[constraint]]
        field = "Visits"
        missing = true
        points = -3
        [[constraint]]
        field = "Call"
        exclude = true
        """
    )
    found = read_constraints(path)
    assert found == (
        Direction("Visits", "up"),
        Cap("Source", 20, -5),
        Pin("Source", 10, ("Webinar",)),
        Pin("Source", 4, ("Fair", "Web")),
        Pin("Visits", 2, interval=(3, 5)),
        Pin("Visits", -3, missing=True),
        Exclude("Call"),
    )
    check_constraints(found, KINDS)
    assert [str(c) for c in found] == [
        "Visits: points only go up as the number rises",
        "Source: at most 20 and at least -5 points",
        "Source: Webinar is worth 10 points",
        "Source: Fair or Web is worth 4 points",
        "Visits: at least 3 and below 5 is worth 2 points",
        "Visits: missing is worth -3 points",
        "Call: not scored",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense", "cannot be read"),
        ("other = 1", "nothing else"),
        ('[[constraint]]\ndirection = "up"', "names no field"),
        ('[[constraint]]\nfield = "Visits"\nsideways = 1', "unknown keys sideways"),
        ('[[constraint]]\nfield = "Visits"', "says 0 things"),
        ('[[constraint]]\nfield = "Visits"\nexclude = true\ndirection = "up"', "says 2 things"),
        ('[[constraint]]\nfield = "Visits"\npoints = 3', "with 0 bands"),
        ('[[constraint]]\nfield = "V"\nat_most = 20\nat_least = -10', "has at_least, which must not stand beside cap"),
        ('[[constraint]]\nfield = "V"\nexclude = false', "must say exclude = true"),
        ('[[constraint]]\nfield = "V"\npoints = 3\nin = "abc"', "must give in a list"),
        ('[[constraint]]\nfield = "V"\npoints = 3\nis = "x"\nin = ["y"]', "with 2 bands"),
        ('[[constraint]]\nfield = "V"\ndirection = "up"\nat_least = 3', "has at_least, which must not stand beside"),
        ('[[constraint]]\nfield = "V"\npoints = 3\nat_least = "3"', "must give at_least and below a number"),
        ('[[constraint]]\nfield = "V"\npoints = 3\nbelow = nan', "must give at_least and below a number"),
        ('[[constraint]]\nfield = "V"\npoints = 3\nmissing = false', "must say missing = true"),
        ("constraint = [1]", "is no table"),
    ],
)
def test_refuses_what_it_cannot_read(tmp_path, text, said):
    path = tmp_path / "constraints.toml"
    path.write_text(text)
    with pytest.raises(ConstraintError, match=said):
        read_constraints(path)


@pytest.mark.parametrize(
    ("constraints", "said"),
    [
        ([Exclude("Region")], "not among the 3 fields"),
        ([Direction("Visits", "sideways")], "up"),
        ([Direction("Source", "up")], "no direction"),
        ([Cap("Source")], "no end"),
        ([Cap("Source", at_most=-1)], "leaves out 0"),
        ([Cap("Source", at_most=2.5)], "whole numbers"),
        ([Pin("Source", 3, interval=(0, 1))], "category field"),
        ([Pin("Visits", 3, ("x",))], "numeric field"),
        ([Pin("Visits", 3, interval=(5, 5))], "empty"),
        ([Pin("Source", 99999, ("x",))], "whole numbers"),
        ([Exclude("Source"), Cap("Source", 3)], "excluded and constrained"),
        ([Cap("Source", 3), Cap("Source", 4)], "several cap"),
        ([Cap("Source", 3), Pin("Source", 4, ("x",))], "outside its cap"),
        ([Pin("Source", 4, ("x",)), Pin("Source", 5, ("x", "y"))], "overlap"),
        ([Pin("Visits", 4, interval=(None, 3)), Pin("Visits", 5, interval=(2, None))], "overlap"),
        ([Pin("Visits", 4, missing=True), Pin("Visits", 5, missing=True)], "overlap"),
        (
            [Direction("Visits", "up"), Pin("Visits", 4, interval=(None, 3)), Pin("Visits", 1, interval=(3, None))],
            "against its direction",
        ),
    ],
)
def test_names_contradictions(constraints, said):
    with pytest.raises(ConstraintError, match=said):
        check_constraints(constraints, KINDS)


@pytest.mark.parametrize(
    ("kind", "values", "read"),
    [
        ("boolean", ("True", "y"), ("yes",)),
        ("boolean", ("0",), ("no",)),
        ("category", (" a ", "a"), ("a",)),
        ("category", (3.0,), ("3",)),
    ],
)
def test_pinned_values_are_spelt_as_leads_values_are_read(kind, values, read):
    (pin,) = settled_constraints([Pin("f", 5, values)], {"f": kind}, ("select",))
    assert pin.values == read


@pytest.mark.parametrize(("kind", "value"), [("category", "Select"), ("boolean", "maybe")])
def test_a_pin_on_what_no_lead_can_say_is_refused(kind, value):
    with pytest.raises(ConstraintError, match="names a value that is"):
        settled_constraints([Pin("f", 5, (value,))], {"f": kind}, ("select",))


def test_a_pin_on_what_most_leads_have_leaves_the_others_where_they_are():
    rng = np.random.default_rng(0)
    source = rng.choice(["web", "fair", "ref"], 4000, p=[0.9, 0.05, 0.05])
    visits = rng.normal(size=4000)
    won = rng.random(4000) < 1 / (1 + np.exp(1.5 - visits))
    table = pd.DataFrame({"source": source, "visits": visits})
    card = ScorecardClassifier(constraints=[Pin("source", 10, ("web",))]).fit(table, won)
    points = {value: band.points for band in card.points_table_.field("source").bands for value in band.values}
    assert points["web"] == 10
    # truly no better or worse than web, and counted from their own average
    assert all(-5 <= points[value] <= 10 for value in ("fair", "ref"))
    free = ScorecardClassifier().fit(table, won)
    assert log_loss(won, card.predict_proba(table)) < log_loss(won, free.predict_proba(table)) + 0.004


def test_a_pin_on_numbers_no_lead_has_had_is_there_when_one_has():
    rng = np.random.default_rng(1)
    table = pd.DataFrame({"visits": rng.integers(0, 50, 600), "other": rng.normal(size=600), "empty": [None] * 600})
    won = rng.random(600) < 0.3
    pins = [Pin("visits", 40, interval=(100, None)), Pin("empty", 10, interval=(3, None))]
    features = [Feature(name, "numeric") for name in table]
    card = ScorecardClassifier(features, constraints=pins).fit(table, won)
    table_ = card.points_table_
    encoder = FieldEncoder(table_.field("visits"))
    places = {visits: encoder.places[encoder.encode(visits)] for visits in (60, 100, 500)}
    assert places[100].points == places[500].points == 40
    assert places[60].label != places[100].label
    assert all(place.note == "above the range seen in training" for place in places.values())
    assert any(band.points == 10 and band.interval == (3.0, None) for band in table_.field("empty").bands)
