from dataclasses import replace

import numpy as np
import pytest

from leadqual.agreement import (
    Edit,
    LeaveOut,
    MergeBands,
    MoveThreshold,
    PinBand,
    Proposal,
    amend,
)
from leadqual.agreement.difference import BandChange, difference
from leadqual.errors import LeadError
from leadqual.scorecard import lead_points
from leadqual.scorer import Scorer


def changed(company, *changes):
    proposal = Proposal(company.bundle.digest, tuple(Edit(change) for change in changes))
    return amend(company.bundle, proposal, company.held)


def test_the_same_bundle_differs_in_nothing(company):
    same = difference(company.bundle, company.bundle, company.held.later)
    assert same.nothing
    assert (same.fields, same.thresholds, same.calibration, same.moves) == ((), (), None, {})
    assert (same.leads, same.regraded) == (len(company.held.later), 0)
    assert difference(company.bundle, company.bundle).regraded is None


def test_leads_are_read_as_the_scorer_reads_them(company):
    field = company.bundle.points_table.fields[0]
    new = changed(company, PinBand(field.name, field.bands[0].label, field.bands[0].points + 60))
    leads = company.held.later
    renamed = leads.rename(columns={field.name: field.name.upper()})
    assert difference(company.bundle, new, renamed).moves == difference(company.bundle, new, leads).moves != {}
    absent = leads.drop(columns=field.name)
    graded = [Scorer(bundle).score(absent, reasons=0)["grade"] for bundle in (company.bundle, new)]
    assert difference(company.bundle, new, absent).regraded == int((graded[0] != graded[1]).sum())
    with pytest.raises(LeadError, match="they must have most of them"):
        difference(company.bundle, new, leads[[field.name]])


def test_points_bands_and_fields_are_told_apart(company):
    first, second, third = company.bundle.points_table.fields[:3]
    number = next(f for f in company.bundle.points_table.fields[3:] if f.kind == "numeric")
    new = changed(
        company,
        PinBand(first.name, first.bands[0].label, 55),
        LeaveOut(second.name),
        MergeBands(number.name, (number.bands[0].label, number.bands[1].label)),
    )
    found = {change.field: change for change in difference(company.bundle, new).fields}
    assert set(found) == {first.name, second.name, number.name}
    assert found[first.name].what == "points"
    assert found[first.name].bands == (BandChange(first.bands[0].label, first.bands[0].points, 55),)
    assert found[second.name].what == "removed"
    assert [band.after for band in found[second.name].bands] == [None] * len(second.bands)
    assert found[number.name].what == "bands"
    assert {band.label for band in found[number.name].bands if band.after is None} == {
        number.bands[0].label,
        number.bands[1].label,
    }
    back = {change.field: change.what for change in difference(new, company.bundle).fields}
    assert back[second.name] == "added"
    assert third.name not in back


def test_thresholds_and_moves_are_counted(company):
    new = changed(company, MoveThreshold("SQL", 130))
    found = difference(company.bundle, new, company.held.later)
    said = {one.name: (one.before, one.after) for one in found.thresholds}
    assert said["SQL"] == (f"{company.bundle.policy.sql_points} points", "130 points")
    points = lead_points(company.bundle.points_table, company.held.later)
    counted = 0
    for value in np.unique(points):
        a, b = (bundle.policy.grade(int(value)).name for bundle in (company.bundle, new))
        counted += int((points == value).sum()) * (a != b)
    assert found.regraded == counted > 0


def test_a_moved_curve_is_shown_where_it_moved_most(company):
    curve = company.bundle.curve
    # the best leads, and nobody else, are all but certain
    higher = replace(curve, probability=(*curve.probability[:-1], 0.99), high=(*curve.high[:-1], 1.0))
    points, before, after = difference(company.bundle, replace(company.bundle, curve=higher)).calibration
    assert points == curve.last_points
    assert (before, after) == (curve.probability[-1], 0.99)
