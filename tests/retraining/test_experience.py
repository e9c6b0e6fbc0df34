from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from leadqual.feedback import Event, feedback_history
from leadqual.retraining import build_challengers, gather_experience
from leadqual.retraining.experience import unripe_segments
from leadqual.scorecard import lead_points

AS_OF = "2026-12-27"  # a day after the last lead of a world


def experience(made, as_of=AS_OF):
    history = feedback_history(made.events, as_of=as_of)
    return gather_experience(history, {made.champion.digest: made.champion}, window_days=90, as_of=as_of)


def test_young_leads_are_watched_and_neither_learned_from_nor_judged_on(world):
    made = world()
    found = experience(made)
    young = ~found.mature
    assert 900 < young.sum() < 1100
    assert (found.time[young] > found.until - 90).all()
    assert (found.time[~found.watch] > found.until - 5 / 24).all()  # all but those not taken up yet
    assert not (found.learn & young).any()
    assert not (found.judge & young).any()
    won = {event.lead for event in made.events if event.kind == "won" and event.known_at < AS_OF}
    history = feedback_history(made.events, as_of=AS_OF)
    known = [lead in won for lead in history["lead"]]
    assert (found.won == known).all()
    assert np.isnan(found.won_after).tolist() == [not one for one in known]
    assert found.won_after[found.won == 1] == pytest.approx(20.0)


def test_an_earlier_part_is_watched_through_its_window_alone(world):
    found = experience(world())
    before = found.before(100.0)
    assert before.time.max() < 100
    assert before.until == 190
    assert len(before.leads) == len(before.won) == len(before.watch)
    assert found.before(350.0).until == found.until


def turned_lately(world, seed):
    """Return a world whose win rate rose 240 days ago, so that half of the mature leads do not show it."""
    made = world(seed=seed)
    rng = np.random.default_rng(seed)
    scored = {event.lead: event for event in made.events if event.kind == "scored"}
    started = pd.Timestamp("2026-01-01") + pd.Timedelta(days=120)
    kept = [event for event in made.events if event.kind != "won"]
    for lead, event in scored.items():
        p = event.content["probability"]
        odds = p / (1 - p) * (np.exp(1.0) if pd.Timestamp(event.at).tz_localize(None) > started else 1.0)
        if rng.random() < odds / (1 + odds):
            at = (pd.Timestamp(event.at) + pd.Timedelta(days=20)).isoformat()
            kept.append(Event("won", lead, at, known_at=at))
    return replace(made, events=kept)


def test_probabilities_follow_young_leads_where_the_win_rate_is_moving(world):
    ratios = {"recalibrated": [], "intercept": []}
    for seed in range(3):
        made = turned_lately(world, seed)
        found = experience(made)
        for one in build_challengers(made.champion, found)[:2]:
            curve = one.bundle.curve
            points = lead_points(made.champion.points_table, found.recent)
            place = np.clip(points, curve.first_points, curve.last_points) - curve.first_points
            old = made.champion.curve
            was = np.array(old.probability)[np.clip(points, old.first_points, old.last_points) - old.first_points]
            truth = was / (1 - was) * np.exp(1.0)
            ratios[one.kind].append(np.array(curve.probability)[place].sum() / (truth / (1 + truth)).sum())
            assert bool(one.followed) == (one.kind == "recalibrated")
            assert curve.method.startswith("hazard, 30-day buckets") or one.kind == "intercept"
    # the shift is in four tenths of a year's mature leads, and in all young ones
    assert all(one > other + 0.03 for one, other in zip(*ratios.values(), strict=True))
    assert 0.8 < np.mean(ratios["recalibrated"]) < 1.1


def test_without_a_change_following_young_leads_costs_little(world):
    for seed in range(3):
        made = world(seed=seed)
        found = experience(made)
        one, old = build_challengers(made.champion, found)[0].bundle.curve, made.champion.curve
        points = lead_points(made.champion.points_table, found.recent)
        said, truth = (
            np.array(c.probability)[np.clip(points, c.first_points, c.last_points) - c.first_points].sum()
            for c in (one, old)
        )
        assert said / truth == pytest.approx(1.0, abs=0.2)


def test_recent_leads_unlike_all_that_matured_are_named_by_their_band(world):
    made = world()
    table = made.champion.points_table
    k = next(i for i, field in enumerate(table.fields) if field.kind == "category" and len(field.bands) > 2)
    field = table.fields[k]
    found = experience(made)
    assert unripe_segments(table, found) == ()

    def band_of(event):
        return event.content["codes"][k]

    limit = (pd.Timestamp(AS_OF) - pd.Timedelta(days=90)).isoformat()
    common = int(np.argmax([band.share for band in field.bands]))
    gone = {e.lead for e in made.events if e.kind == "scored" and band_of(e) == common and e.at < limit}
    fewer = replace(made, events=[event for event in made.events if event.lead not in gone])
    said = unripe_segments(table, experience(fewer))
    assert len(said) == 1
    assert said[0].figures["field"] == field.name
    assert said[0].figures["band"] == field.bands[common].label
