import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadqual.errors import HandoffError
from leadqual.handoff import Candidate, Held, Rule, Seller, Team, WorkingHours, assign

NOW = datetime(2026, 5, 4, 10, tzinfo=UTC)
HOURS = WorkingHours("a", "UTC", (((540, 1020),),) * 5 + ((), ()))
SHANGHAI = WorkingHours("b", "Asia/Shanghai", (((540, 1020),),) * 5 + ((), ()))


def team(*capacities, **more):
    sellers = tuple(Seller(f"S-{i}", "a", capacity) for i, capacity in enumerate(capacities, 1))
    return Team((HOURS,), sellers, **more)


def leads(n, seed=7, drawn=0):
    """Return n leads; the last ``drawn`` of them were drawn, and are worth what an average lead is."""
    chances = random.Random(seed)
    ranked = [Candidate(f"L-{i}", chances.uniform(0.2, 0.9), 150) for i in range(n - drawn)]
    return ranked + [Candidate(f"R-{i}", chances.uniform(0.01, 0.1), 80, drawn=True) for i in range(drawn)]


def owners(found):
    return {one.lead: one.seller for one in found.assigned}


def test_wins_not_counts_are_even():
    """One lead of 0.6 weighs as much as three of 0.2."""
    scores = [Candidate("best", 0.6, 200), *(Candidate(f"L-{i}", 0.2, 100) for i in range(3))]
    found = assign(scores, team(10, 10), seed=1, as_of=NOW)
    assert sorted(Counter(owners(found).values()).values()) == [1, 3]
    assert [one.expected_wins for one in found.loads] == pytest.approx([0.6, 0.6])


def test_wins_are_even_for_the_capacity():
    """No seller is further from their share than by the best lead, which cannot be divided."""
    found = assign(leads(60), team(20, 40, 60), seed=1, as_of=NOW)
    total = sum(one.expected_wins for one in found.loads)
    for one in found.loads:
        assert abs(one.expected_wins - total * one.weekly_capacity / 120) < 0.9
    assert sum(one.leads for one in found.loads) == 60


def test_nobody_gets_only_the_drawn_leads():
    scores = leads(40, drawn=8)
    found = assign(scores, team(10, 10, 10, 10), seed=1, as_of=NOW)
    assert [one.drawn for one in found.loads] == [2, 2, 2, 2]
    assert all(one.leads > 2 * one.drawn for one in found.loads)


@pytest.mark.parametrize("drawn", [1, 2, 3, 5, 9, 10])
def test_the_drawn_leads_are_spread_evenly_over_several_runs(drawn):
    held, sellers = [], team(50, 50, 50)
    for run in range(3):
        scores = [Candidate(f"{run}-{i}", 0.05 + 0.01 * i, 80, drawn=True) for i in range(drawn)]
        found = assign(scores, sellers, held, seed=run, as_of=NOW)
        held += [Held(one.lead, one.seller, 0.05, drawn=True) for one in found.assigned]
    counts = [one.drawn for one in found.loads]
    assert sum(counts) == 3 * drawn
    assert max(counts) - min(counts) <= 1


def test_thirty_runs_of_one_lead_give_each_of_three_ten():
    held = []
    for run in range(30):
        found = assign([Candidate(f"L-{run}", 0.3, 120)], team(20, 20, 20), held, seed=run, as_of=NOW)
        held += [Held(one.lead, one.seller, 0.3) for one in found.assigned]
    assert Counter(one.seller for one in held) == {"S-1": 10, "S-2": 10, "S-3": 10}


def test_ties_favour_nobody():
    """Of 3,000 single leads each of three gets 1,000, with a standard deviation of 26."""
    first = Counter(
        owners(assign([Candidate("L-1", 0.3, 120)], team(9, 9, 9), seed=seed, as_of=NOW))["L-1"] for seed in range(3000)
    )
    assert all(900 < count < 1100 for count in first.values())


def test_an_absence_is_not_made_up_for_later():
    """90 days, six leads a day, S-1 away in days 28 to 41: before and after, everybody gets a third."""
    start, held, counts = date(2026, 1, 5), [], {}
    for day in range(90):
        today = start + timedelta(days=day)
        if today.weekday() == 0:
            held = [Held(one.lead, one.seller, one.probability, this_week=False) for one in held]
        away = {"away_from": start + timedelta(days=28), "away_to": start + timedelta(days=41)}
        sellers = (Seller("S-1", "a", 60, **away), Seller("S-2", "a", 60), Seller("S-3", "a", 60))
        scores = [Candidate(f"{day}-{i}", 0.2, 100) for i in range(6)]
        now = datetime(today.year, today.month, today.day, 9, tzinfo=UTC)
        found = assign(scores, Team((HOURS,), sellers), held, seed=day, as_of=now)
        held += [Held(one.lead, one.seller, 0.2) for one in found.assigned]
        counts[day] = Counter(one.seller for one in found.assigned)
    assert all(counts[day]["S-1"] == (0 if 28 <= day <= 41 else 2) for day in counts)
    assert all(sum(counts[day].values()) == 6 for day in counts)


def test_a_lead_keeps_its_seller_when_it_runs_again():
    scores, sellers = leads(30, drawn=4), team(20, 20, 20)
    first = assign(scores, sellers, seed=1, as_of=NOW)
    held = [
        Held(one.lead, one.seller, next(s.probability for s in scores if s.lead == one.lead), one.drawn)
        for one in first.assigned
    ]
    again = assign(scores, sellers, held, seed=99, as_of=NOW)
    assert owners(again) == owners(first)
    assert all(one.kept for one in again.assigned)
    assert not any(one.kept for one in first.assigned)
    assert again.loads == first.loads


def test_a_lead_of_someone_away_or_full_stays_theirs_and_of_someone_gone_does_not():
    sellers = (Seller("S-1", "a", 1, away_from=date(2026, 1, 1)), Seller("S-2", "a", 5))
    held = [Held("L-1", "S-1", 0.3), Held("L-2", "S-1", 0.3), Held("L-3", "S-9", 0.3)]
    scores = [Candidate(f"L-{i}", 0.3, 120) for i in (1, 2, 3)]
    found = assign(scores, Team((HOURS,), sellers), held, seed=1, as_of=NOW)
    assert owners(found) == {"L-1": "S-1", "L-2": "S-1", "L-3": "S-2"}
    assert [one.kept for one in sorted(found.assigned, key=lambda one: one.lead)] == [True, True, False]


def test_who_is_away_or_full_gets_nothing_and_the_rest_says_why():
    sellers = (
        Seller("S-1", "a", 2, territories=("DE",)),
        Seller("S-2", "a", 9, territories=("FR",), away_from=date(2026, 5, 4), away_to=date(2026, 5, 4)),
    )
    lot = Team((HOURS,), sellers, aspect_fields={"territory": "country"})
    places = {"L-1": "DE", "L-2": "DE", "L-3": "DE", "L-4": "FR", "L-5": "JP", "L-6": None}
    scores = [
        Candidate(lead, 0.5 - 0.01 * i, 100, fields={"country": at}) for i, (lead, at) in enumerate(places.items())
    ]
    found = assign(scores, lot, seed=1, as_of=NOW)
    assert owners(found) == {"L-1": "S-1", "L-2": "S-1"}
    assert [(one.lead, one.why) for one in found.unassigned] == [
        ("L-3", "capacity_full"),
        ("L-4", "all_away"),
        ("L-5", "no_eligible_seller"),
        ("L-6", "no_eligible_seller"),
    ]
    later = assign(scores, lot, seed=1, as_of=NOW + timedelta(days=1))
    assert owners(later)["L-4"] == "S-2"
    assert [one.away for one in found.loads] == [False, True]


def test_everybody_away_leaves_every_lead_in_the_pool():
    sellers = tuple(Seller(f"S-{i}", "a", 5, away_from=date(2026, 1, 1)) for i in range(3))
    found = assign(leads(10), Team((HOURS,), sellers), seed=1, as_of=NOW)
    assert not found.assigned
    assert {one.why for one in found.unassigned} == {"all_away"}
    assert len(found.unassigned) == 10


def test_away_is_a_day_of_the_teams_own_calendar():
    """At 17:00 UTC on 4 May it is 5 May in Shanghai."""
    sellers = (Seller("S-1", "b", 5, away_from=date(2026, 5, 5), away_to=date(2026, 5, 5)),)
    lot, scores = Team((SHANGHAI,), sellers), [Candidate("L-1", 0.3, 100)]
    evening = datetime(2026, 5, 4, 17, tzinfo=UTC)
    assert not assign(scores, lot, seed=1, as_of=evening).assigned
    assert assign(scores, lot, seed=1, as_of=evening - timedelta(hours=2)).assigned
    assert assign(scores, lot, seed=1, as_of=evening + timedelta(days=1)).assigned


def test_capacity_goes_to_the_drawn_leads_and_then_to_the_best():
    scores = leads(20, drawn=2)
    found = assign(scores, team(3, 3), seed=1, as_of=NOW)
    best = sorted((one for one in scores if not one.drawn), key=lambda one: -one.probability)[:4]
    assert set(owners(found)) == {one.lead for one in best} | {"R-0", "R-1"}
    assert all(one.leads == 3 for one in found.loads)


def test_leads_of_last_week_take_no_place_of_this_one():
    held = [Held(f"old-{i}", "S-1", 0.5, this_week=False) for i in range(9)]
    found = assign([Candidate("L-1", 0.3, 100)], team(1), held, seed=1, as_of=NOW)
    assert owners(found) == {"L-1": "S-1"}
    assert found.loads[0].leads == 1


def test_rules_decide_before_balance():
    rules = (Rule("source", ("fair",), seller="S-2"),)
    scores = [Candidate(f"L-{i}", 0.3, 100, fields={"source": "fair"}) for i in range(5)]
    assert set(owners(assign(scores, team(9, 9, rules=rules), seed=1, as_of=NOW)).values()) == {"S-2"}


def test_results_are_best_first():
    scores = leads(30, drawn=4)
    chance = {one.lead: one.probability for one in scores}
    found = assign(scores, team(5, 5), seed=1, as_of=NOW)
    for results in (found.assigned, found.unassigned):
        order = [chance[one.lead] for one in results]
        assert order == sorted(order, reverse=True)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.tuples(st.sampled_from([0.1, 0.2, 0.3, 0.7]), st.booleans(), st.sampled_from(["DE", "FR", None])),
        max_size=25,
    ),
    st.lists(st.integers(1, 8), min_size=1, max_size=4),
    st.integers(0, 5),
    st.randoms(use_true_random=False),
)
def test_whatever_order_rows_have_each_lead_is_placed_once_and_nobody_takes_too_many(rows, capacities, seed, mix):
    sellers = tuple(
        Seller(f"S-{i}", "a", capacity, territories=("DE",) if i % 2 else ()) for i, capacity in enumerate(capacities)
    )
    lot = Team((HOURS,), sellers, aspect_fields={"territory": "country"})
    scores = [Candidate(f"L-{i}", p, 100, drawn, {"country": at}) for i, (p, drawn, at) in enumerate(rows)]
    held = [Held(f"L-{i}", f"S-{i % len(sellers)}", 0.1 * (i % 3)) for i in range(0, len(rows), 4)]
    found = assign(scores, lot, held, seed=seed, as_of=NOW)
    mixed, mixed_held = list(scores), list(held)
    mix.shuffle(mixed)
    mix.shuffle(mixed_held)
    assert assign(mixed, lot, mixed_held, seed=seed, as_of=NOW) == found
    placed = [one.lead for one in (*found.assigned, *found.unassigned)]
    assert sorted(placed) == sorted(one.lead for one in scores)
    new = Counter(one.seller for one in found.assigned if not one.kept)
    before = Counter(one.seller for one in held)
    assert all(count + before[seller] <= lot.seller(seller).weekly_capacity for seller, count in new.items())


def test_what_cannot_be_is_refused():
    one = Candidate("L-1", 0.3, 100)
    with pytest.raises(HandoffError, match="scores has 1 lead more than once"):
        assign([one, one], team(5), seed=1, as_of=NOW)
    with pytest.raises(HandoffError, match="load has 1 lead more than once"):
        assign([one], team(5), [Held("L-2", "S-1", 0.1)] * 2, seed=1, as_of=NOW)
    with pytest.raises(HandoffError, match="no time zone"):
        assign([one], team(5), seed=1, as_of=datetime(2026, 5, 4))
    for wrong in (float("nan"), 1.2, -0.1):
        with pytest.raises(HandoffError, match="must be from 0 to 1"):
            Candidate("L-1", wrong, 100)
        with pytest.raises(HandoffError, match="must be from 0 to 1"):
            Held("L-1", "S-1", wrong)
