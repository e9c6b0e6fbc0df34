"""A new kind of edit is one class and its place in the registry: everything else asks the edit."""

import ast
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

import pytest

import leadqual
from leadqual.agreement import CapBand, Edit, LeaveOut, Proposal, override
from leadqual.agreement.applied_edits import apply_record, changes_held
from leadqual.agreement.demands import constraints_under, limits_of
from leadqual.agreement.edits import KINDS
from leadqual.agreement.edits.field_change import FieldChange
from leadqual.bundle import Band, FieldPoints, Grade, PointsTable, Policy
from leadqual.errors import ProposalError
from leadqual.scorecard import Direction

BANDS = (Band("under 2", 30, 0.5, interval=(None, 2.0)), Band("2 and more", -10, 0.5, interval=(2.0, None)))
TABLE = PointsTable((FieldPoints("Visits", "numeric", BANDS),), base_points=100)


@dataclass(frozen=True, slots=True)
class FloorField(FieldChange):
    """A kind that leadqual does not have: no band of a field is worth less than so many points, and points rise."""

    kind: ClassVar[str] = "floor"
    least: int

    def __str__(self):
        return f"{self.field}: no band below {self.least} points"

    def check(self):
        if self.least > 0:
            raise ProposalError("a floor must be 0 points or less; lower it.")

    def conflict(self, other, *, later):
        low = [ends[1] for place, ends in other.limits.items() if place[0] == self.field and ends[1] is not None]
        return f"put {self.field} above and below a floor" if low and min(low) < self.least else None

    def changed(self, field, *, points):
        return replace(field, bands=tuple(replace(b, points=max(b.points, self.least)) for b in field.bands))

    def holds(self, table):
        return all(band.points >= self.least for band in table.field(self.field).bands)

    @property
    def constraint(self):
        return Direction(self.field, "up")

    @property
    def limits(self):
        return {(self.field, band.label): (self.least, None) for band in BANDS}


FLOOR = FloorField("Visits", -5)
WITH_FLOOR = {**KINDS, FloorField.kind: FloorField}


def test_it_passes_through_a_proposals_file_by_its_registry_alone():
    proposal = Proposal("0" * 64).with_edit(Edit(FLOOR, "Ana", "sales", "no lead is worth nothing"))
    text = proposal.to_json()
    assert json.loads(text)["edits"][0] == {
        "edit": "floor",
        "field": "Visits",
        "least": -5,
        "author": "Ana",
        "role": "sales",
        "reason": "no lead is worth nothing",
    }
    assert Proposal.from_json(text, kinds=WITH_FLOOR) == proposal
    with pytest.raises(ProposalError, match='edit 1 must say "edit" with one of pin, cap'):
        Proposal.from_json(text)
    assert "floor" not in KINDS


def test_it_is_checked_and_says_what_it_is():
    with pytest.raises(ProposalError, match="0 points or less"):
        Edit(FloorField("Visits", 5))
    with pytest.raises(ProposalError, match="edit 2: a floor must be"):
        Edit.from_dict({"edit": "floor", "field": "Visits", "least": 5}, "edit 2", kinds=WITH_FLOOR)
    with pytest.raises(ProposalError, match="edit 2 must have field, least and nothing else"):
        Edit.from_dict({"edit": "floor", "field": "Visits"}, "edit 2", kinds=WITH_FLOOR)
    record = apply_record(
        Proposal("", (Edit(FLOOR),)), by="refit", policy=Policy((Grade("D", None, None),), 100, 110, ())
    )
    assert record.edits == ('{"edit": "floor", "field": "Visits", "least": -5}',)


@pytest.mark.parametrize("floor_first", [True, False])
def test_it_conflicts_with_kinds_that_know_nothing_of_it(floor_first):
    def conflicts(other):
        pair = (FLOOR, other) if floor_first else (other, FLOOR)
        return [found.why for found in Proposal("", tuple(Edit(change, "Ana") for change in pair)).conflicts]

    # of two that disagree, the earlier one says why
    why = "put Visits above and below a floor"
    if not floor_first:
        why = 'leave the band "under 2" of Visits no points between their limits'
    assert conflicts(CapBand("Visits", "under 2", at_most=-8)) == [f"Ana and Ana {why}."]
    assert conflicts(LeaveOut("Visits")) == ["Ana and Ana score Visits and leave it out."]
    assert conflicts(CapBand("Visits", "under 2", at_most=8)) == []
    assert conflicts(LeaveOut("Source")) == []
    assert changes_held([FLOOR], [LeaveOut("Visits")]) == [LeaveOut("Visits")]


def test_it_changes_the_table_and_is_refused_where_it_does_not_hold():
    assert [band.points for band in override(TABLE, [FLOOR]).field("Visits").bands] == [30, -5]
    with pytest.raises(ProposalError, match=r"Visits: no band below -5 points does not hold"):
        override(TABLE, [FLOOR, CapBand("Visits", "2 and more", at_most=-8)])
    with pytest.raises(ProposalError, match="Pages is not among the 1 scored fields"):
        override(TABLE, [FloorField("Pages", -5)])


def test_a_refit_takes_its_constraint_and_limits():
    assert constraints_under([FLOOR], TABLE) == (Direction("Visits", "up"),)
    assert constraints_under([FLOOR], PointsTable(())) == ()
    changes = [FLOOR, CapBand("Visits", "under 2", at_most=9)]
    assert limits_of(changes, TABLE) == {("Visits", "under 2"): (-5, 9), ("Visits", "2 and more"): (-5, None)}


def test_every_kind_is_registered_under_its_own_name():
    assert all(kind.kind == name for name, kind in KINDS.items())
    package = Path(leadqual.__file__).parent / "agreement/edits"
    named = {
        node.name
        for file in package.glob("*.py")
        for node in ast.parse(file.read_text("utf-8")).body
        if isinstance(node, ast.ClassDef) and any(map(_kind_of, node.body))
    }
    assert named == {kind.__name__ for kind in KINDS.values()}


def _kind_of(node):
    return isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "kind" and node.value is not None


def asked_by_kind(text):
    """Return the lines of a source that ask with isinstance for a kind of change."""
    names = {kind.__name__ for kind in KINDS.values()}
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "isinstance"
        and names & {getattr(below, "id", getattr(below, "attr", "")) for below in ast.walk(node.args[1])}
    ]


def test_no_module_outside_edits_asks_for_a_kind():
    assert asked_by_kind("isinstance(change, PinBand)") == [1]
    assert asked_by_kind("isinstance(change, CapBand | edits.LeaveOut)") == [1]
    package = Path(leadqual.__file__).parent
    found = {
        str(file.relative_to(package)): lines
        for file in package.rglob("*.py")
        if package / "agreement/edits" not in file.parents and (lines := asked_by_kind(file.read_text("utf-8")))
    }
    assert found == {}
