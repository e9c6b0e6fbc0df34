"""Constraints are read from TOML, and contradictions are named."""

import pytest

from leadqual.errors import ConstraintError
from leadqual.scorecard import Cap, Direction, Exclude, Pin, read_constraints
from leadqual.scorecard.constraints import check_constraints

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
        ('[[constraint]]\nfield = "Visits"\npoints = 3', "without saying one band"),
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
