from dataclasses import replace

import pytest

from leadqual.bundle import Grade, Policy
from leadqual.errors import HandoffError
from leadqual.feedback import Event, FeedbackStore
from leadqual.handoff import Escalation, Seller, Team, WorkingHours, episodes, hand_over

HOURS = WorkingHours("a", "Europe/Berlin", (((540, 1020),),) * 5 + ((), ()))  # 9 to 17
SELLERS = (Seller("S-1", "a", 9), Seller("S-2", "a", 9))
TEAM = Team((HOURS,), SELLERS, escalation=Escalation(2, "M-1", 8))
POLICY = Policy((Grade("A", 120, 4), Grade("B", 100, 8), Grade("C", None, None)), 100, 120, "by hand")
MONDAY = "2026-05-04T10:00:00+02:00"


def score(lead, grade="A", picked="rank", time=MONDAY):
    content = {"bundle": "b", "points": 120, "probability": 0.2, "grade": grade, "picked": picked}
    content |= {"propensity": 0.1} if picked == "random" else {}
    return Event("scored", lead, time, content)


@pytest.fixture
def store(tmp_path):
    made = FeedbackStore(tmp_path / "feedback.db")
    yield made
    made.close()


def run(store, at, team=TEAM, seed=1, known=("L-1", "L-2", "L-3")):
    found = hand_over(
        store.events(), team=team, policy=POLICY, fields={lead: {} for lead in known}, seed=seed, as_of=at
    )
    store.append(found.events, known_at=at)
    return found


def states(store, at, team=TEAM):
    return {one.lead: one for one in episodes(store.events(), as_of=at, team=team)}


def test_each_lead_in_the_pool_gets_a_seller_and_a_deadline_in_working_time(store):
    store.append([score("L-1"), score("L-2", "B"), score("L-3", "C")], known_at=MONDAY)
    found = run(store, MONDAY)
    assert [event.kind for event in found.events] == ["assigned"] * 3
    due = {lead: one.due for lead, one in states(store, MONDAY).items()}
    assert due["L-1"] == "2026-05-04T12:00:00.000000+00:00"  # 14:00 in Berlin
    # 7 hours of Monday are left, and one of Tuesday: 10:00 in Berlin
    assert due["L-2"] == "2026-05-05T08:00:00.000000+00:00"


def test_a_second_run_finds_nothing_to_do(store):
    store.append([score("L-1"), score("L-2"), score("L-3", picked="random")], known_at=MONDAY)
    run(store, MONDAY)
    for at in (MONDAY, "2026-05-07T12:00:00+02:00"):
        run(store, at)
        before = states(store, at)
        again = run(store, at, seed=99)
        assert again.events == ()
        assert states(store, at) == before


def test_overdue_leads_are_told_of_once_and_then_go_to_another_seller(store):
    store.append([score("L-1")], known_at=MONDAY)
    first = run(store, MONDAY).assignment.assigned[0].seller
    assert run(store, "2026-05-04T15:59:00+02:00").events == ()  # due at 14:00, told after two hours
    assert run(store, "2026-05-04T16:00:00+02:00").escalated == ("L-1",)
    assert run(store, "2026-05-04T17:00:00+02:00").events == ()
    found = run(store, "2026-05-05T14:00:00+02:00")  # 3 hours of Monday and 5 of Tuesday
    assert [event.kind for event in found.events] == ["returned", "assigned"]
    assert found.returned == ("L-1",)
    now = states(store, "2026-05-05T14:00:00+02:00")["L-1"]
    assert now.owner == ({"S-1", "S-2"} - {first}).pop()
    assert (now.taken_from, now.overdue, now.turns) == (first, False, 2)


def test_who_let_a_lead_wait_does_not_get_it_again(store):
    team = replace(TEAM, sellers=SELLERS[:1])
    store.append([score("L-1")], known_at=MONDAY)
    run(store, MONDAY, team)
    for at in ("2026-05-06T14:00:00+02:00", "2026-05-07T14:00:00+02:00"):
        found = run(store, at, team)
        assert [one.why for one in found.assignment.unassigned] == ["no_eligible_seller"]
    assert states(store, at, team)["L-1"].state == "returned"
    assert run(store, at).assignment.assigned[0].seller == "S-2"


def test_attempted_leads_are_neither_told_of_nor_taken_back(store):
    store.append([score("L-1")], known_at=MONDAY)
    run(store, MONDAY)
    store.append([Event("attempted", "L-1", "2026-05-04T11:00:00+02:00")], known_at=MONDAY.replace("10:00", "11:00"))
    assert run(store, "2026-05-20T12:00:00+02:00").events == ()


def test_without_escalation_nothing_is_taken_back(store):
    team = replace(TEAM, escalation=None)
    store.append([score("L-1")], known_at=MONDAY)
    run(store, MONDAY, team)
    assert run(store, "2026-05-20T12:00:00+02:00", team).events == ()


def test_capacity_is_of_the_week_and_what_was_full_goes_out_next_monday(store):
    team = replace(TEAM, sellers=(Seller("S-1", "a", 1),), escalation=None)
    store.append([score("L-1"), score("L-2")], known_at=MONDAY)
    first = run(store, MONDAY, team)
    assert [one.why for one in first.assignment.unassigned] == ["capacity_full"]
    (owned,) = first.assignment.assigned
    store.append([Event("rejected", owned.lead, "2026-05-05")], known_at="2026-05-05")
    assert run(store, "2026-05-10T23:30:00+02:00", team).events == ()  # Sunday in Berlin
    assert len(run(store, "2026-05-11T00:30:00+02:00", team).events) == 1  # Monday there, Sunday in UTC


def test_a_drawn_lead_has_the_hours_of_one_picked_by_rank(store):
    store.append([score("L-1", "B"), score("L-2", "C", picked="random")], known_at=MONDAY)
    run(store, MONDAY)
    assert len({one.due for one in states(store, MONDAY).values()}) == 1


def test_leads_without_fields_or_with_a_seller_who_left_stay_and_are_named(store):
    store.append([score("L-1"), score("L-9")], known_at=MONDAY)
    found = run(store, MONDAY)
    assert found.not_given == ("L-9",)
    (owned,) = found.assignment.assigned
    others = replace(TEAM, sellers=tuple(one for one in SELLERS if one.id != owned.seller))
    later = run(store, "2026-05-20T12:00:00+02:00", others)
    assert (later.ownerless, later.events) == (("L-1",), ())


def test_a_recycled_lead_picked_again_goes_out_again(store):
    store.append([score("L-1")], known_at=MONDAY)
    run(store, MONDAY)
    store.append([Event("recycled", "L-1", "2026-05-05", {"reason": "not now"})], known_at="2026-05-05")
    assert run(store, "2026-05-06").events == ()
    store.append([score("L-1", time="2026-05-07")], known_at="2026-05-07")
    found = run(store, "2026-05-07")
    assert [event.kind for event in found.events] == ["assigned"]
    assert [load.leads for load in found.assignment.loads] in ([1, 1], [2, 0], [0, 2])
    assert sum(load.leads for load in found.assignment.loads) == 2


def test_a_grade_that_the_policy_lacks_is_refused(store):
    store.append([score("L-1", "Z")], known_at=MONDAY)
    with pytest.raises(HandoffError, match="1 lead in the pool have a grade"):
        run(store, MONDAY)
