from dataclasses import replace

import pytest

from leadqual.agreement import (
    CapBand,
    Edit,
    LeaveOut,
    MoveThreshold,
    PinBand,
    Proposal,
    SetCapacity,
    amend,
    price,
    signed,
)
from leadqual.bundle import Bundle
from leadqual.errors import ProposalError
from leadqual.scorecard import lead_points


def proposed(company, *changes):
    return Proposal(company.bundle.digest, tuple(Edit(change, "Ana", "sales") for change in changes))


@pytest.mark.parametrize("by", ["override", "refit"])
def test_the_new_bundle_holds_what_was_proposed_and_is_a_whole_bundle(company, tmp_path, by):
    field = company.bundle.points_table.fields[1]
    band = max(field.bands, key=lambda band: band.points)
    proposal = proposed(company, CapBand(field.name, band.label, at_most=3), SetCapacity(share=0.15))
    new = amend(company.bundle, proposal, company.held, by=by, created_at="2026-05-01T09:00:00Z", command="apply")
    assert next(b for b in new.points_table.field(field.name).bands if b.label == band.label).points <= 3
    assert new.policy.capacity_share == 0.15
    assert new.policy.explore == company.bundle.policy.explore == 0.1
    assert [grade.follow_up_hours for grade in new.policy.grades] == [
        grade.follow_up_hours for grade in company.bundle.policy.grades
    ]
    assert new.digest != company.bundle.digest
    settings = dict(new.provenance.settings)
    assert (settings["parent"], settings["proposals"]) == (company.bundle.digest, proposal.digest)
    assert str(proposal.edits[0].change) in new.constraints
    assert Bundle.load(new.save(tmp_path / "new.json")) == new
    found = price(proposal, company.held, by=by)
    assert new.evidence.performance("scorecard").value("log_loss") == pytest.approx(
        found.measure("log_loss").after, abs=1e-6
    )
    assert new.curve.leads == len(company.held.later)


def test_an_override_leaves_all_other_points(company):
    field = company.bundle.points_table.fields[0]
    new = amend(company.bundle, proposed(company, PinBand(field.name, field.bands[0].label, 1)), company.held)
    for other in company.bundle.points_table.fields[1:]:
        assert [b.points for b in new.points_table.field(other.name).bands] == [b.points for b in other.bands]


def test_shares_and_averages_are_those_of_the_leads(company):
    field = company.bundle.points_table.fields[2]
    new = amend(company.bundle, proposed(company, PinBand(field.name, field.bands[0].label, 40)), company.held)
    table = new.points_table
    mine = table.field(field.name)
    assert sum(band.share for band in mine.bands) == pytest.approx(1, abs=1e-4)
    average = sum(band.share * band.points for band in mine.bands)
    assert mine.average_points == pytest.approx(average, abs=0.51)
    assert abs(lead_points(table, company.held.later).mean() - table.average_points) < 12


def test_signatures_do_not_carry_over(company):
    one = signed(company.bundle, name="Ana", role="sales", signed_at="2026-05-01T09:00:00Z")
    assert amend(one, proposed(company, SetCapacity(share=0.1)), company.held).sign_offs == ()


def test_a_change_of_the_policy_alone_leaves_points_and_probabilities(company):
    new = amend(company.bundle, proposed(company, SetCapacity(share=0.1)), company.held)
    assert new.points_table == company.bundle.points_table
    assert (new.curve, new.scale) == (company.bundle.curve, company.bundle.scale)
    assert new.policy.sql_points > company.bundle.policy.sql_points
    assert new.digest != company.bundle.digest


def test_the_same_capacity_on_the_same_points_gives_the_policy_of_training(company):
    was = company.bundle.policy
    new = amend(company.bundle, proposed(company, SetCapacity(share=was.capacity_share)), company.held).policy
    assert (new.sql_points, new.capacity_share) == (was.sql_points, was.capacity_share)
    assert [grade.minimum_points for grade in new.grades][:2] == [grade.minimum_points for grade in was.grades][:2]


def test_thresholds_are_those_that_were_moved(company):
    new = amend(company.bundle, proposed(company, MoveThreshold("SQL", 130)), company.held)
    assert new.policy.sql_points == 130
    assert next(grade for grade in new.policy.grades if grade.name == "B").minimum_points == 130


def test_amending_twice_names_both_proposals(company):
    first = amend(company.bundle, proposed(company, SetCapacity(share=0.1)), company.held)
    held = replace(company.held, bundle=first.digest)
    again = Proposal(first.digest).with_edit(Edit(LeaveOut(first.points_table.fields[0].name)))
    second = amend(first, again, held)
    settings = dict(second.provenance.settings)
    assert settings["parent"] == first.digest
    assert len(settings["proposals"].split()) == 2
    with pytest.raises(ProposalError, match="held for another bundle"):
        amend(first, again, company.held)
