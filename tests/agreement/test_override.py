from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadqual.agreement import (
    BringBack,
    CapBand,
    ForceDirection,
    LeaveOut,
    MergeBands,
    MoveThreshold,
    PinBand,
    SplitBand,
    override,
)
from leadqual.agreement.override import move_alike
from leadqual.bundle import Band, FieldPoints, PointsTable
from leadqual.errors import ProposalError

VISITS = FieldPoints(
    "Visits",
    "numeric",
    (
        Band("under 2", -8, 0.5, interval=(None, 2.0)),
        Band("2 to under 5", 12, 0.2, interval=(2.0, 5.0)),
        Band("5 and more", 4, 0.2, interval=(5.0, None)),
        Band("missing", -20, 0.1, missing=True),
    ),
    average_points=-3,
)
SOURCE = FieldPoints(
    "Source",
    "category",
    (
        Band("Fair, Webinar", 30, 0.4, values=("Fair", "Webinar")),
        Band("Web", -10, 0.5, values=("Web",)),
        Band("rare or new values, missing", 2, 0.1, missing=True, other=True),
    ),
    average_points=7,
)
TABLE = PointsTable((VISITS, SOURCE), base_points=90)


def points(table, name):
    return {band.label: band.points for band in table.field(name).bands}


def test_a_pin_and_a_cap_change_their_band_alone():
    table = override(TABLE, [PinBand("Source", "Web", 3), CapBand("Visits", "2 to under 5", at_most=5)])
    assert points(table, "Source") == {"Fair, Webinar": 30, "Web": 3, "rare or new values, missing": 2}
    assert points(table, "Visits") == {"under 2": -8, "2 to under 5": 5, "5 and more": 4, "missing": -20}
    assert table.base_points == 90
    assert override(TABLE, [CapBand("Source", "Web", at_least=-20, at_most=20)]) == TABLE
    assert override(TABLE, [CapBand("Source", "Web", at_least=0)]).field("Source").bands[1].points == 0


def test_leaving_a_field_out_keeps_the_average_lead():
    table = override(TABLE, [LeaveOut("Source")])
    assert table.names == ("Visits",)
    assert table.average_points == TABLE.average_points


def test_merged_bands_are_worth_the_average_of_their_leads():
    table = override(TABLE, [MergeBands("Visits", ("2 to under 5", "5 and more"))])
    merged = table.field("Visits").bands[1]
    assert (merged.label, merged.points, merged.interval) == ("2 and more", 8, (2.0, None))
    assert merged.share == pytest.approx(0.4)
    with_missing = override(TABLE, [MergeBands("Visits", ("5 and more", "missing"))]).field("Visits").bands[-1]
    assert with_missing.missing
    assert with_missing.points == round((4 * 0.2 - 20 * 0.1) / 0.3)
    with pytest.raises(ProposalError, match="no neighbours"):
        override(TABLE, [MergeBands("Visits", ("under 2", "5 and more"))])


def test_both_parts_of_a_split_band_keep_its_points():
    table = override(TABLE, [SplitBand("Visits", "5 and more", at=10)])
    assert points(table, "Visits") == {
        "under 2": -8, "2 to under 5": 12, "5 to under 10": 4, "10 and more": 4, "missing": -20
    }  # fmt: skip
    table = override(TABLE, [SplitBand("Source", "Fair, Webinar", values=("Fair",)), PinBand("Source", "Fair", 40)])
    assert points(table, "Source") == {"Fair": 40, "Webinar": 30, "Web": -10, "rare or new values, missing": 2}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (SplitBand("Visits", "2 to under 5", at=5), "name a number inside"),
        (SplitBand("Visits", "missing", at=5), "name a number inside"),
        (SplitBand("Source", "Web", values=("Web",)), "not all"),
        (SplitBand("Source", "Web", values=("Fair",)), "some of its values"),
        (PinBand("Source", "Phone", 1), 'has no band "Phone", its bands are "Fair, Webinar"'),
        (PinBand("Age", "x", 1), "Age is not among the 2 scored fields"),
        (BringBack("Age"), "only a refit"),
        (ForceDirection("Source", "up"), "is a category field and has no direction"),
    ],
)
def test_what_cannot_be_done_says_what_can(change, said):
    with pytest.raises(ProposalError, match=said):
        override(TABLE, [change])


def test_a_direction_pools_what_runs_against_it():
    up = points(override(TABLE, [ForceDirection("Visits", "up")]), "Visits")
    assert up == {"under 2": -8, "2 to under 5": 8, "5 and more": 8, "missing": -20}
    down = points(override(TABLE, [ForceDirection("Visits", "down")]), "Visits")
    # every step is pooled: (-8 * .5 + 12 * .2 + 4 * .2) / .9 = -.89
    assert down == {"under 2": -1, "2 to under 5": -1, "5 and more": -1, "missing": -20}


def test_a_later_edit_that_undoes_an_earlier_one_is_refused():
    with pytest.raises(ProposalError, match="does not hold after the edits that follow"):
        override(TABLE, [ForceDirection("Visits", "up"), PinBand("Visits", "under 2", 50)])
    with pytest.raises(ProposalError, match="does not hold after the edits that follow"):
        override(TABLE, [PinBand("Visits", "2 to under 5", 50), ForceDirection("Visits", "up")])


def test_changes_of_the_policy_and_of_nothing_leave_the_points():
    assert override(TABLE, [MoveThreshold("SQL", 120), BringBack("Source")]) == TABLE
    assert override(TABLE, []) == TABLE


def test_a_price_moves_other_points_by_as_much():
    earlier = replace(
        TABLE, fields=(replace(VISITS, bands=tuple(replace(b, points=b.points + 3) for b in VISITS.bands)), SOURCE)
    )
    moved = move_alike(earlier, TABLE, [PinBand("Visits", "2 to under 5", 11), CapBand("Source", "Web", at_least=0)])
    assert points(moved, "Visits") == {"under 2": -5, "2 to under 5": 14, "5 and more": 7, "missing": -17}
    assert points(moved, "Source")["Web"] == 0
    merged = move_alike(earlier, TABLE, [MergeBands("Visits", ("2 to under 5", "5 and more"))])
    assert points(merged, "Visits")["2 and more"] == 11
    assert move_alike(earlier, TABLE, [LeaveOut("Source")]).names == ("Visits",)
    assert move_alike(earlier, TABLE, []) == earlier


@given(st.lists(st.integers(-50, 50), min_size=2, max_size=6), st.sampled_from(["up", "down"]))
def test_a_direction_holds_whatever_the_points_were(worth, direction):
    ends = [None, *range(1, len(worth)), None]
    bands = tuple(Band(f"band {i}", p, 1 / len(worth), interval=(ends[i], ends[i + 1])) for i, p in enumerate(worth))
    table = PointsTable((FieldPoints("x", "numeric", bands),))
    change = ForceDirection("x", direction)
    after = override(table, [change])
    steps = np.diff([band.points for band in after.field("x").bands])
    assert (steps >= 0).all() if direction == "up" else (steps <= 0).all()
    assert override(after, [change]) == after
