from dataclasses import replace

import numpy as np
import pytest

from leadqual.agreement import Edit, PinBand, Proposal
from leadqual.agreement.applied_edits import apply_record, changes_in_force, unknown_edits
from leadqual.errors import EvidenceError
from leadqual.fact import fact
from leadqual.feedback import feedback_history
from leadqual.monitoring import held_ranking
from leadqual.retraining import gather_experience, retrain
from leadqual.retraining.challenger import build_challengers
from leadqual.scorecard import Direction, lead_points

AS_OF = "2027-04-01"


def experience(world, **more):
    history = feedback_history(world.events, as_of=AS_OF)
    return gather_experience(history, {world.champion.digest: world.champion}, window_days=90, as_of=AS_OF, **more)


def test_leads_are_seen_as_they_were_when_scored(world):
    made = world()
    found = experience(made)
    points = {event.lead: event.content["points"] for event in made.events if event.kind == "scored"}
    history = feedback_history(made.events, as_of=AS_OF)
    assert lead_points(made.champion.points_table, found.leads).tolist() == [points[lead] for lead in history["lead"]]
    assert (found.basis, len(found.won), found.won.sum()) == ("random", 4000, (history["outcome"] == "won").sum())


def test_raw_fields_are_used_where_they_are_given(world, sample):
    made = world(leads=500)
    raw = sample.table.head(500).set_index(sample.schema.id)
    raw.index = raw.index.astype(str)
    found, banded = experience(made, leads=raw), experience(made)
    table = made.champion.points_table
    assert lead_points(table, found.leads).tolist() == lead_points(table, banded.leads).tolist()
    with pytest.raises(EvidenceError, match="500 scored leads have no fields"):
        experience(made, leads=raw.iloc[:0])


def test_unworked_leads_are_not_learned_from(world):
    made = world(picked="rank")
    worked = {event.lead for i, event in enumerate(made.events) if event.kind == "worked" and i % 2}
    events = [event for event in made.events if event.kind == "scored" or event.lead in worked]
    history = feedback_history(events, as_of=AS_OF)
    found = gather_experience(history, {made.champion.digest: made.champion}, window_days=90, as_of=AS_OF)
    assert found.basis == "worked"
    assert found.learn.sum() == len(worked)
    assert found.left_out == ()


def test_wins_without_a_record_of_follow_up_are_left_out_and_said(world):
    made = world(picked="rank")
    recorded = {event.lead for i, event in enumerate(made.events) if event.kind == "worked" and i % 2}
    events = [event for event in made.events if event.kind != "worked" or event.lead in recorded]
    history = feedback_history(events, as_of=AS_OF)
    found = gather_experience(history, {made.champion.digest: made.champion}, window_days=90, as_of=AS_OF)
    missing = sum(event.kind == "won" and event.lead not in recorded for event in events)
    assert found.learn.sum() == len(recorded)
    assert found.left_out[0] == fact("unrecorded_wins", wins=missing)
    assert retrain(made.champion, found).warnings[0] == found.left_out[0]


def test_what_cannot_be_learned_from_is_refused(world):
    made = world(leads=50)
    history = feedback_history(made.events, as_of=AS_OF)
    with pytest.raises(EvidenceError, match="1 bundles that were not given"):
        gather_experience(history, {}, window_days=90, as_of=AS_OF)
    with pytest.raises(EvidenceError, match="50 matured leads"):
        build_challengers(made.champion, experience(made))
    early = feedback_history(made.events, as_of="2026-01-20")
    with pytest.raises(EvidenceError, match="no scored lead has had its 90 days"):
        gather_experience(early, {made.champion.digest: made.champion}, window_days=90, as_of="2026-01-20")


def test_a_shift_of_all_leads_is_mended_by_recalibration(world):
    made = world(lambda z, _: z - 1.0, seed=2)
    found = retrain(made.champion, experience(made))
    kinds = [one.kind for one in found.challengers]
    assert kinds == ["recalibrated", "intercept", "refit"]
    for one, evidence in zip(found.challengers, found.evidence, strict=True):
        assert evidence.high < 0, one.kind
        assert evidence.ratio_low < 1 < evidence.ratio_high or 0.8 < evidence.ratio < 1.25
    intercept = found.challengers[1].bundle
    assert intercept.points_table == made.champion.points_table
    assert intercept.policy == made.champion.policy
    middle = made.champion.curve.first_points + len(made.champion.curve.probability) // 2
    odds = [np.log(p / (1 - p)) for p in (bundle.curve.at(middle)[0] for bundle in (made.champion, intercept))]
    assert odds[1] - odds[0] == pytest.approx(-1.0, abs=0.3)


def test_a_field_that_has_turned_is_learned_again_within_the_cap(world):
    table = world().champion.points_table
    k = max(range(len(table.fields)), key=lambda i: np.ptp([band.points for band in table.fields[i].bands]))
    worth = np.array([*(band.points for band in table.fields[k].bands), table.fields[k].average_points])

    def turned(z, codes):
        return z - 1.6 * worth[codes[:, k]] * np.log(2) / 20

    made = world(turned)
    found = retrain(made.champion, experience(made))
    refit = found.challengers[2]
    assert found.best == 2
    assert found.evidence[2].high < 0
    assert 10 < refit.point_change <= 30
    assert refit.bundle.policy.explore == made.champion.policy.explore == 0.1
    before, after = (np.array([b.points for b in one.fields[k].bands]) for one in (table, refit.bundle.points_table))
    assert np.ptp(after) < np.ptp(before)


def test_constraints_of_the_agreement_hold(world):
    made = world(lambda z, _: -z - 4)
    field = next(f for f in made.champion.points_table.fields if f.kind == "numeric")
    refit = build_challengers(made.champion, experience(made), constraints=[Direction(field.name, "up")])[2]
    points = [band.points for band in refit.bundle.points_table.field(field.name).bands if band.interval is not None]
    assert points == sorted(points)


def test_nobody_has_signed_a_challenger_and_it_says_where_it_comes_from(world):
    made = world()
    for one in build_challengers(made.champion, experience(made), created_at="2027-02-25"):
        settings = dict(one.bundle.provenance.settings)
        assert one.bundle.sign_offs == ()
        assert one.bundle.evidence.tested_on == len(one.probability)
        assert held_ranking(one.bundle) > 0.6
        assert (settings["parent"], settings["retrained"]) == (made.champion.digest, one.kind)
        assert len({bundle.digest for bundle in (made.champion, one.bundle)}) == 2


def test_edits_of_before_files_named_them_are_still_counted_where_the_points_stay(world):
    """Else the review of a recalibrated bundle would compare with points without them, and not say so."""
    made = world()
    provenance = made.champion.provenance
    settings = (*provenance.settings, ("proposals", f"{'a' * 64} {'b' * 64}"))
    champion = replace(made.champion, provenance=replace(provenance, settings=settings))
    counted = {one.kind: unknown_edits(one.bundle) for one in build_challengers(champion, experience(made))}
    assert counted == {"recalibrated": 2, "intercept": 2, "refit": 0}


def test_worlds_without_change_give_no_challenger_that_is_surely_better(world):
    better = 0
    for seed in range(12):
        made = world(seed=seed, leads=2000)
        better += any(evidence.high < 0 for evidence in retrain(made.champion, experience(made)).evidence)
    assert better <= 2


def test_edits_that_were_signed_still_hold(world):
    """The leads say that a pinned band is worth much more; the refit moves the others and leaves it."""
    made = world(lambda z, _: z - 1.0, seed=2)
    champion = made.champion
    field = champion.points_table.fields[0]
    band = field.bands[0]
    pin = Proposal(champion.digest).with_edit(Edit(PinBand(field.name, band.label, band.points)))
    record = apply_record(pin, by="override", policy=champion.policy)
    signed = replace(champion, provenance=replace(champion.provenance, learned=champion.points_table, edits=(record,)))
    free, bound = (build_challengers(one, experience(made))[2].bundle for one in (champion, signed))
    assert next(b.points for b in free.points_table.field(field.name).bands if b.label == band.label) != band.points
    assert next(b.points for b in bound.points_table.field(field.name).bands if b.label == band.label) == band.points
    assert bound.provenance.learned == bound.points_table
    assert changes_in_force(bound.provenance.edits) == (PinBand(field.name, band.label, band.points),)
