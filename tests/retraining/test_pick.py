"""A pick hands out open leads only, and what it draws at random stands for all leads that come."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from leadqual.bundle import (
    Band,
    FieldPoints,
    Grade,
    PointsTable,
    Policy,
    ProbabilityCurve,
)
from leadqual.errors import FeedbackError, PolicyError
from leadqual.feedback import Event, FeedbackStore, feedback_history, merge_ids
from leadqual.leads import Schema
from leadqual.retraining import pick_leads

SCHEMA = Schema((), outcome="Status", won=("Won",), lost=("Lost",), open=("New",), created_at="Created", id="Id")


@pytest.fixture
def book(tmp_path):
    with FeedbackStore(tmp_path / "f.db") as opened:
        yield opened


@pytest.fixture(scope="module")
def simple(training):
    """Return a bundle whose one field is worth points, with a policy by which sales work a fifth of all leads."""
    bands = tuple(Band(f"{k}", 20 * k, interval=(None if k == 0 else k, k + 1.0 if k < 4 else None)) for k in range(5))
    table = PointsTable((FieldPoints("Visits", "numeric", bands),), base_points=60)
    bundle = training.bundle
    low, high = 60, 140
    span = high - low + 1
    curve = ProbabilityCurve(
        low, tuple(np.linspace(0.01, 0.5, span)), tuple(np.zeros(span)), tuple(np.ones(span)), 0.95, "none", "", 100, 20
    )
    grades = (Grade("A", 140, 4.0), Grade("B", 120, 24.0), Grade("C", 100, None), Grade("D", None, None))
    policy = Policy(grades, 100, 120, (), capacity_share=0.2, explore=0.25)
    return replace(bundle, points_table=table, curve=curve, policy=policy, evidence=None, id_field="Id", window_days=90)


def leads(count, *, first=0, day="2026-05-01", seed=0, **more):
    visits = np.random.default_rng(seed).integers(0, 5, count)
    ids = [f"L-{first + k}" for k in range(count)]
    table = pd.DataFrame({"Id": ids, "Visits": visits.astype(str), "Status": "New", "Created": day})
    return table.assign(**more)


def pick(bundle, table, store, *, at="2026-05-01", **more):
    found = pick_leads(bundle, table, store, **({"at": at, "seed": 1, "schema": SCHEMA, "aged_at": at} | more))
    store.append(found.events, known_at=at)
    return found


def test_what_has_ended_was_handed_out_or_is_past_its_window_is_left_out(simple, book):
    table = leads(10)
    table.loc[0, "Status"], table.loc[1, "Status"], table.loc[2, "Created"] = "Won", "Lost", "2026-01-31"
    score = {"bundle": "b", "points": 1, "probability": 0.2, "grade": "A"}
    book.append(
        [
            Event("scored", "L-3", "2026-04-01", score | {"picked": "rank"}),
            Event("worked", "L-4", "2026-04-02"),
            Event("lost", "L-5", "2026-04-02"),
            Event("lost", "L-6", "2026-04-02"),
            Event("reopened", "L-6", "2026-04-03"),
            Event("worked", "L-7", "2026-04-02"),
            Event("recycled", "L-7", "2026-04-05"),
        ],
        known_at="2026-04-10",
    )
    book.forget("L-8", at="2026-04-11", unseen=True)
    found = pick_leads(simple, table, book, at="2026-05-01", seed=1, schema=SCHEMA, capacity=50)
    assert set(found.leads["id"]) == {"L-6", "L-9"}
    assert found.left_out == {
        "closed in the file": 2, "whose window has passed": 1, "handed out before": 2,
        "that ended, as the ledger knows": 1,
        "that sales gave back": 1, "of people who were forgotten": 1,
    }  # fmt: skip
    again = pick_leads(simple, table, book, at="2026-05-01", seed=1, schema=SCHEMA, capacity=50, recycled=True)
    assert set(again.leads["id"]) == {"L-6", "L-7", "L-9"}
    without = pick_leads(simple, table, book, at="2026-05-01", seed=1, capacity=50)
    assert set(without.leads["id"]) == {"L-0", "L-1", "L-2", "L-6", "L-9"}
    assert "closed in the file cannot be told" in without.notes[0]


def test_a_lead_is_handed_out_once_also_under_the_id_that_it_goes_by_now(simple, book):
    first = pick(simple, leads(5), book, capacity=5)
    assert len(first.leads) == 5
    assert pick(simple, leads(5), book, at="2026-05-08", capacity=5).leads.empty
    changed = pd.DataFrame({"was": ["L-0"], "is": ["M-0"]})
    merge_ids(book, changed, was="was", into="is", known_at="2026-05-09")
    renamed = leads(5, Id=["M-0", *(f"N-{k}" for k in range(4))])
    found = pick(simple, renamed, book, at="2026-05-10", capacity=5)
    assert "M-0" not in set(found.leads["id"])
    assert found.left_out == {"handed out before": 1}


def test_an_id_in_several_rows_is_one_lead(simple, book):
    table = pd.concat([leads(3), leads(1, Visits="4")], ignore_index=True)
    found = pick(simple, table, book, capacity=10)
    assert sorted(found.leads["id"]) == ["L-0", "L-1", "L-2"]
    assert found.left_out == {"that repeat an id; the first row of each counts": 1}


def test_only_leads_that_just_came_enter_the_draw_and_each_has_its_chance_recorded(simple, book):
    old, new = leads(40), leads(10, first=40, day="2026-05-08", seed=2)
    first = pick(simple, old, book)
    assert (first.fresh, first.capacity, first.propensity) == (40, 8.0, pytest.approx(0.25 * 8 / 40))
    assert {event.content["propensity"] for event in first.events} == {first.propensity}
    second = pick(simple, pd.concat([old, new], ignore_index=True), book, at="2026-05-08")
    assert (second.fresh, second.capacity, second.propensity) == (10, 2.0, first.propensity)
    said = {event.lead: event.content for event in second.events}
    assert {lead for lead, one in said.items() if one.get("propensity") is not None} == set(new["Id"])
    assert all(one["picked"] == "rank" for lead, one in said.items() if lead not in set(new["Id"]))
    third = pick(simple, pd.concat([old, new], ignore_index=True), book, at="2026-05-15", capacity=3)
    assert (third.fresh, third.random, third.rank, third.propensity) == (0, 0, 3, 0.0)
    assert third.notes[0].startswith("No lead came since the last pick")


def test_a_pick_that_draws_none_still_uses_up_the_chance(simple, book):
    table = leads(10)
    pick(simple, table, book, explore=0.0)
    assert pick(simple, table, book, at="2026-05-08").fresh == 0


def test_fractions_of_a_lead_are_kept_by_chance(simple, tmp_path):
    picked = []
    for seed in range(200):
        with FeedbackStore(tmp_path / f"{seed % 2}.db") as book:
            found = pick_leads(simple, leads(7), book, at="2026-05-01", seed=seed, schema=SCHEMA)
        assert found.capacity == pytest.approx(1.4)
        picked.append(len(found.leads))
    assert set(picked) == {1, 2}
    assert np.mean(picked) == pytest.approx(1.4, abs=0.12)  # 3.5 standard errors


def test_the_list_does_not_tell_who_was_drawn(simple, book):
    found = pick(simple, leads(60), book, capacity=20, explore=0.4, carry=["Visits"])
    assert list(found.leads.columns) == ["id", "deadline", "follow_up_hours", "reasons_for", "Visits"]
    drawn = {event.lead for event in found.events if event.content["picked"] == "random"}
    mine = found.leads.set_index("id")
    assert len(drawn) == 8
    assert set(mine.loc[sorted(drawn), "follow_up_hours"]) <= set(mine.drop(index=sorted(drawn))["follow_up_hours"])
    assert mine["follow_up_hours"].notna().all()
    at = pd.to_datetime(mine["deadline"]) - pd.Timestamp("2026-05-01", tz="UTC")
    assert (at.dt.total_seconds() / 3600).tolist() == mine["follow_up_hours"].tolist()
    assert not mine["reasons_for"].str.contains(r"[+-]\d").any()
    shown = pick_leads(simple, leads(60), book, at="2026-05-01", seed=1, capacity=20, show_scores=True)
    assert list(shown.leads.columns)[-3:] == ["grade", "points", "probability"]


def test_deadlines_are_in_the_zone_of_the_pick(simple, book):
    found = pick(simple, leads(3, Visits="4"), book, at="2026-05-01T09:00+02:00", capacity=3, explore=0.0)
    assert set(found.leads["deadline"]) == {"2026-05-01T13:00+02:00"}


def test_what_cannot_be_is_refused(simple, book):
    for wrong in (["Nobody"], ["Visits", "Visits"]):
        with pytest.raises(FeedbackError, match=r"exactly once|already"):
            pick(simple, leads(3), book, carry=wrong)
    with pytest.raises(FeedbackError, match="a column id already"):
        pick(simple, leads(3, id="x"), book, carry=["id"])
    nothing = replace(simple, policy=replace(simple.policy, capacity_share=None))
    with pytest.raises(PolicyError, match="names no capacity"):
        pick(nothing, leads(3), book)
    with pytest.raises(PolicyError, match="does not say what is drawn"):
        pick(replace(simple, policy=replace(simple.policy, explore=None)), leads(3), book)


def year(bundle, store, *, seed, capacity=None):
    """Return the points of all leads that came in a year of weekly picks, and of those that were drawn."""
    rng = np.random.default_rng(seed)
    pool, came, drawn, chances = leads(0), [], [], []
    for week in range(52):
        day = f"{pd.Timestamp('2026-01-05') + pd.Timedelta(weeks=week):%Y-%m-%d}"
        # volume and quality move together: campaigns bring many poor leads
        busy = week % 4 == 0
        count = 120 if busy else 40
        visits = rng.choice(5, count, p=(0.6, 0.2, 0.1, 0.05, 0.05) if busy else (0.2, 0.2, 0.2, 0.2, 0.2))
        new = leads(count, first=week * 1000, day=day, Visits=visits.astype(str))
        came += visits.tolist()
        pool = pd.concat([pool, new], ignore_index=True)
        found = pick(bundle, pool, store, at=day, seed=1000 * seed + week, capacity=capacity)
        random = {
            event.lead: event.content["propensity"] for event in found.events if event.content["picked"] == "random"
        }
        mine = pool[pool["Id"].isin(random)]
        drawn += mine["Visits"].astype(int).tolist()
        chances += [random[lead] for lead in mine["Id"]]
        # what was handed out leaves the pool, and of what waits a tenth goes each week
        gone = pool["Id"].isin(found.leads["id"]) | (rng.random(len(pool)) < 0.1)
        pool = pool[~gone].reset_index(drop=True)
    return np.array(came), np.array(drawn), np.array(chances)


def test_leads_drawn_weekly_through_a_year_stand_for_all_that_came(simple, tmp_path):
    """The mean of 4 years' drawn leads is that of all leads, within what chance allows, though old ones wait."""
    all_mean, drawn, chances = [], [], []
    for seed in range(4):
        with FeedbackStore(tmp_path / f"{seed}.db") as store:
            came, mine, chance = year(simple, store, seed=seed)
            history = feedback_history(store.events(), as_of="2027-06-01")
        all_mean.append(came.mean())
        drawn += mine.tolist()
        chances += chance.tolist()
        assert int((history["picked"] == "random").sum()) == len(mine)
    assert np.ptp(chances) < 1e-12  # the policy's share: one chance for all, in every week
    error = np.std(drawn) / np.sqrt(len(drawn))
    assert len(drawn) > 500
    assert abs(np.mean(drawn) - np.mean(all_mean)) < 3 * error


def test_where_the_chance_differs_from_week_to_week_it_is_what_drawn_leads_are_weighed_by(simple, tmp_path):
    drawn, weight, came = [], [], []
    for seed in range(4):
        with FeedbackStore(tmp_path / f"{seed}.db") as store:
            all_of_them, mine, chance = year(simple, store, seed=seed, capacity=11)
        came += all_of_them.tolist()
        drawn += mine.tolist()
        weight += (1 / chance).tolist()
    weighed = np.average(drawn, weights=weight)
    error = np.sqrt(np.average((drawn - weighed) ** 2, weights=np.square(weight)) * np.sum(np.square(weight))) / sum(
        weight
    )
    assert abs(weighed - np.mean(came)) < 3 * error
    assert np.mean(drawn) - np.mean(came) > 0.2  # as they are, they stand for the quiet weeks


def test_a_chance_that_is_not_the_policys_is_said(simple, book):
    found = pick(simple, leads(40), book, capacity=20)
    assert found.propensity == pytest.approx(0.125)
    assert "is 12.5%, and by the policy 5.0%" in found.notes[-1]
