"""What was signed is what later proposals are compared with."""

from dataclasses import replace

import numpy as np
import pytest

from leadqual.agreement import (
    CapBand,
    Edit,
    ForceDirection,
    LeaveOut,
    MergeBands,
    MoveThreshold,
    PinBand,
    Proposal,
    SetCapacity,
    amend,
    hold_later,
    price,
    refit,
)
from leadqual.agreement.applied_edits import changes_in_force
from leadqual.bundle import Bundle
from leadqual.errors import EvidenceError, ProposalError


def proposed(bundle, *changes):
    return Proposal(bundle.digest, tuple(Edit(change, "Ana", "sales", "why") for change in changes))


def strongest(bundle):
    field = max(bundle.points_table.fields, key=lambda f: max(b.points for b in f.bands))
    return field, max(field.bands, key=lambda band: band.points)


def settle(company, *changes, by="override", bundle=None, held=None):
    """Return the amended bundle, its later leads, and the price it was settled at."""
    bundle, held = bundle or company.bundle, held or company.held
    proposal = proposed(bundle, *changes)
    new = amend(bundle, proposal, held, by=by)
    return new, hold_later(new, company.leads, company.outcomes), price(proposal, held, by=by)


def figures(measures):
    return [(one.name, one.before, one.after, one.difference) for one in measures]


def reverse(measures):
    return [(one.name, one.after, one.before, None if one.difference is None else -one.difference) for one in measures]


def test_the_price_of_taking_a_signed_edit_back_is_the_reverse_of_its_price(company):
    field, band = strongest(company.bundle)
    new, held, was = settle(company, PinBand(field.name, band.label, band.points - 30))
    back = price(proposed(new, PinBand(field.name, band.label, band.points)), held)
    assert was.measure("log_loss").difference > 0
    assert figures(back.measures) == [pytest.approx(one, abs=1e-12) for one in reverse(was.measures)]
    assert {(b, a): n for (a, b), n in back.moves.items()} == dict(was.moves)
    assert back.before.points.tolist() == was.after.points.tolist()


@pytest.mark.parametrize(
    "change",
    [
        lambda bundle: CapBand(strongest(bundle)[0].name, strongest(bundle)[1].label, at_most=3),
        lambda bundle: LeaveOut(strongest(bundle)[0].name),
        lambda bundle: ForceDirection(next(f.name for f in bundle.points_table.fields if f.kind == "numeric"), "down"),
        lambda bundle: MergeBands(
            strongest(bundle)[0].name, tuple(band.label for band in strongest(bundle)[0].bands[:2])
        ),
        lambda bundle: MoveThreshold("SQL", bundle.policy.sql_points + 9),
        lambda _: SetCapacity(share=0.1),
    ],
)
def test_now_is_what_was_settled(company, change):
    new, held, was = settle(company, change(company.bundle))
    now = price(proposed(new), held)
    assert now.before.points.tolist() == was.after.points.tolist()
    assert now.before.policy == was.after.policy
    assert now.before.probability == pytest.approx(was.after.probability)
    assert [band.label for field in held.table.fields for band in field.bands] == [
        band.label for field in new.points_table.fields for band in field.bands
    ]


def test_edits_that_follow_each_other_add_up(company):
    field, band = strongest(company.bundle)
    other = next(one for one in company.bundle.points_table.fields if one.name != field.name)
    first, held, _ = settle(company, PinBand(field.name, band.label, 0))
    second, later, was = settle(company, PinBand(other.name, other.bands[0].label, 25), bundle=first, held=held)
    assert price(proposed(second), later).before.points.tolist() == was.after.points.tolist()
    both = price(
        proposed(company.bundle, PinBand(field.name, band.label, 0), PinBand(other.name, other.bands[0].label, 25)),
        company.held,
    )
    assert both.after.points.tolist() == was.after.points.tolist()
    assert [str(one) for one in later.signed] == [
        f"{field.name}, {band.label}: 0 points",
        f"{other.name}, {other.bands[0].label}: 25 points",
    ]


def test_a_refit_is_carried_by_its_limits_and_a_later_refit_holds_what_was_signed(company):
    field, band = strongest(company.bundle)
    _, held, was = settle(company, PinBand(field.name, band.label, 5), by="refit")
    assert next(b.points for b in held.table.field(field.name).bands if b.label == band.label) == 5
    assert held.later_points.tolist() == was.after.points.tolist()
    other = next(one for one in company.bundle.points_table.fields if one.name != field.name)
    again = refit([LeaveOut(other.name)], held)
    assert next(b.points for b in again.field(field.name).bands if b.label == band.label) == 5
    freed = refit([PinBand(field.name, band.label, 7)], held)
    assert next(b.points for b in freed.field(field.name).bands if b.label == band.label) == 7


def test_a_later_edit_replaces_the_one_it_disagrees_with(company):
    field, band = strongest(company.bundle)
    first, held, _ = settle(company, PinBand(field.name, band.label, 0), SetCapacity(share=0.1))
    second, later, _ = settle(company, PinBand(field.name, band.label, 9), bundle=first, held=held)
    assert changes_in_force(second.provenance.edits) == (SetCapacity(share=0.1), PinBand(field.name, band.label, 9))
    assert later.signed == changes_in_force(second.provenance.edits)


def test_the_file_keeps_the_edits_without_who_made_them(company, tmp_path):
    field, band = strongest(company.bundle)
    new, _, _ = settle(company, PinBand(field.name, band.label, 0))
    assert Bundle.load(new.save(tmp_path / "new.json")) == new
    assert new.provenance.learned == company.bundle.points_table
    assert "Ana" not in (tmp_path / "new.json").read_text()
    assert replace(new, provenance=replace(new.provenance, learned=None, edits=())).digest == new.digest


def test_edits_of_earlier_formats_are_counted_as_unknown(company):
    field, band = strongest(company.bundle)
    new, _, _ = settle(company, PinBand(field.name, band.label, 0))
    old = replace(new, provenance=replace(new.provenance, learned=None, edits=()))
    held = hold_later(old, company.leads, company.outcomes)
    assert (held.unknown_edits, hold_later(new, company.leads, company.outcomes).unknown_edits) == (1, 0)


def test_a_file_with_edits_that_are_none_is_refused(company):
    field, band = strongest(company.bundle)
    new, _, _ = settle(company, PinBand(field.name, band.label, 0))
    for text in ("nothing", "{}", '{"edit": "pin", "field": "x", "band": "y", "points": null}'):
        steps = (replace(new.provenance.edits[0], edits=(text,)),)
        bad = replace(new, provenance=replace(new.provenance, edits=steps))
        with pytest.raises(ProposalError, match="edit 1 in the bundle's provenance"):
            hold_later(bad, company.leads, company.outcomes)


def test_results_are_never_broken_down_by_the_outcome_or_what_is_known_later(company):
    schema = company.leads.schema
    later = {feature.name for feature in schema.features if feature.known == "later"}
    assert not {schema.outcome, *later} & set(company.held.segments)
    assert company.held.segments


def test_thresholds_and_grades_that_move_are_named_with_their_leads(company):
    policy = company.bundle.policy
    found = price(proposed(company.bundle, MoveThreshold("MQL", policy.mql_points - 9)), company.held)
    moved = {one.name: one for one in found.thresholds}
    assert (moved["MQL"].before, moved["MQL"].after) == (policy.mql_points, policy.mql_points - 9)
    share = float(np.mean(found.after.points >= found.after.policy.mql_points))
    assert moved["MQL"].share_after == pytest.approx(share)
    assert "SQL" not in moved
    grades = {one.name: one for one in found.thresholds if one.before is None or one.name in "ABCD"}
    assert sum(one.share_after - one.share_before for one in grades.values()) == pytest.approx(0, abs=1e-12)


def test_a_grade_that_loses_all_its_leads_is_said(company):
    highest = int(company.held.later_points.max())
    here = price(proposed(company.bundle), company.held).before.policy
    top = highest + 1 + company.bundle.policy.sql_points - here.sql_points
    found = price(proposed(company.bundle, MoveThreshold("SQL", top)), company.held)
    emptied = {one.name for one in found.thresholds if one.share_after == 0 < one.share_before}
    assert {"SQL", "A", "B"} <= emptied
    assert "no lead is left as SQL" in str(found)


def test_leads_without_a_field_that_was_left_out_later_are_refused_in_a_sentence(company):
    field, _ = strongest(company.bundle)
    new, _, _ = settle(company, LeaveOut(field.name))
    features = tuple(one for one in company.leads.schema.features if one.name != field.name)
    leads = replace(
        company.leads,
        table=company.leads.table.drop(columns=field.name),
        schema=replace(company.leads.schema, features=features),
    )
    with pytest.raises(EvidenceError, match=f"lack {field.name}, with which the points were learned before"):
        hold_later(new, leads, company.outcomes)
    again, _, _ = settle(company, LeaveOut(field.name), by="refit")
    assert field.name not in hold_later(again, leads, company.outcomes).table.names
