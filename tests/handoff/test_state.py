import tempfile
from itertools import pairwise
from pathlib import Path
from threading import Barrier, Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadqual.feedback import Event, FeedbackStore, feedback_history, lead_standing
from leadqual.handoff import Seller, Team, WorkingHours, assigned_event, episodes, escalated_event, returned_event

HOURS = WorkingHours("a", "UTC", (((540, 1020),),) * 5 + ((), ()))  # 9 to 17
TEAM = Team((HOURS,), (Seller("S-1", "a", 9), Seller("S-2", "a", 9)))
MONDAY = "2026-05-04T09:00:00+00:00"
DUE = "2026-05-04T13:00:00+00:00"


def at(day, hour=12):
    return f"2026-05-{day:02}T{hour:02}:00:00+00:00"


def score(time=MONDAY, picked="rank", lead="L", grade="A"):
    content = {"bundle": "b", "points": 120, "probability": 0.2, "grade": grade, "picked": picked}
    return Event("scored", lead, time, content)


def given_to(seller="S-1", time=MONDAY, due=DUE):
    return Event("assigned", "L", time, {"seller": seller, "due": due})


def said(kind, day, hour=12, **content):
    return Event(kind, "L", at(day, hour), content)


def only(events, as_of="2026-06-30", team=TEAM):
    (one,) = episodes(events, as_of=as_of, team=team)
    return one


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ([], "assigned"),
        ([said("viewed", 4)], "viewed"),
        ([said("viewed", 4), said("accepted", 5)], "accepted"),
        ([said("attempted", 4)], "attempted"),
        ([said("worked", 4)], "attempted"),
        ([said("attempted", 4), said("contacted", 5)], "contacted"),
        ([said("contacted", 4), said("attempted", 5), said("viewed", 6)], "contacted"),
        ([said("rejected", 4, reason="no budget")], "rejected"),
        ([said("rejected", 4), said("viewed", 5)], "rejected"),
        ([said("rejected", 4), said("accepted", 5)], "accepted"),
        ([said("contacted", 4), said("disqualified", 5, reason="no need")], "disqualified"),
        ([said("recycled", 4)], "recycled"),
        ([said("returned", 4)], "returned"),
        ([said("contacted", 4), said("won", 9)], "won"),
        ([said("contacted", 4), said("lost", 9), said("reopened", 10)], "contacted"),
        ([said("rejected", 4), said("reopened", 10)], "rejected"),
        ([said("escalated", 5, to="M-1")], "assigned"),
        ([said("returned", 5), given_to("S-2", at(6))], "assigned"),
    ],
)
def test_every_change_of_state(events, state):
    assert only([score(), given_to(), *events]).state == state


def test_a_picked_lead_without_a_seller_is_in_the_pool_and_one_that_was_not_picked_nowhere():
    one = only([score()])
    assert (one.state, one.owner, one.due, one.overdue, one.overdue_hours, one.turns) == (
        "pool",
        "",
        "",
        False,
        None,
        0,
    )
    assert episodes([score(picked=""), given_to()], as_of="2026-06-30") == ()


def test_reasons_and_until_are_those_of_what_closed_it():
    one = only([score(), given_to(), said("recycled", 5, reason="not now", until="2026-09-01")])
    assert (one.reason, one.until, one.owner) == ("not now", "2026-09-01T00:00:00.000000+00:00", "S-1")
    assert only([score(), given_to(), said("disqualified", 5, reason="no need")]).reason == "no need"
    assert only([score(), given_to(), said("rejected", 5, reason="no"), said("accepted", 6)]).reason == ""


@pytest.mark.parametrize(
    ("as_of", "hours"),
    [
        (at(4, 13), None),  # not before the deadline has passed
        (at(4, 14), 1),
        (at(4, 23), 4),
        (at(5, 10), 5),
        (at(9, 12), 4 + 4 * 8),  # Saturday
        (at(11, 9), 4 + 4 * 8),
    ],
)
def test_overdue_is_counted_in_working_hours_as_of_the_time(as_of, hours):
    one = only([score(), given_to(), said("viewed", 4, 10)], as_of)
    assert (one.overdue, one.overdue_hours) == (hours is not None, hours)


def test_overdue_without_the_owners_team_has_no_hours():
    for team in (None, Team((HOURS,), (Seller("S-9", "a", 1),))):
        one = only([score(), given_to()], at(8), team)
        assert (one.overdue, one.overdue_hours) == (True, None)


@pytest.mark.parametrize("kind", ["attempted", "contacted", "worked", "rejected", "disqualified", "recycled", "won"])
def test_what_was_tried_or_closed_is_not_overdue(kind):
    assert not only([score(), given_to(), said(kind, 7)], at(8)).overdue
    assert only([score(), given_to(), said(kind, 7)], at(6)).overdue


def test_what_was_known_later_counts_later():
    late = Event("attempted", "L", at(4, 10), known_at=at(6))
    assert only([score(), given_to(), late], at(5)).overdue
    assert not only([score(), given_to(), late], at(7)).overdue


def test_corrections_hold():
    owner, attempt = given_to("S-1"), said("attempted", 4)
    other = Event("assigned", "L", at(4, 11), {"seller": "S-2"}, corrects=owner.key)
    assert only([score(), owner, other]).owner == "S-2"
    withdrawn = Event("withdrawn", "L", at(5), corrects=attempt.key)
    assert only([score(), owner, attempt, withdrawn]).state == "assigned"
    assert only([score(), owner, Event("withdrawn", "L", at(5), corrects=owner.key)]).state == "pool"


def test_a_recycled_lead_that_comes_back_is_a_new_episode_linked_to_the_old_one():
    events = [
        score(),
        given_to(),
        said("recycled", 5, reason="not now"),
        score(at(20)),
        given_to("S-2", at(20), at(21)),
    ]
    first, second = episodes([*events, said("contacted", 21, 9)], as_of="2026-06-30", team=TEAM)
    assert (first.number, first.state, first.owner, first.follows) == (1, "recycled", "S-1", "")
    assert (second.number, second.state, second.owner, second.follows) == (2, "contacted", "S-2", first.began)
    assert second.began == "2026-05-20T12:00:00.000000+00:00"
    assert (first.turns, second.turns) == (1, 1)


def test_a_lead_scored_again_without_being_recycled_stays_one_episode():
    for between in ([], [said("viewed", 5)], [said("recycled", 5), said("accepted", 6)], [said("returned", 5)]):
        assert only([score(), given_to(), *between, score(at(20))]).began.startswith("2026-05-04")
    assert only([score(), said("recycled", 5), score(at(20), picked="")]).state == "recycled"


def test_a_returned_lead_says_from_whom_it_was_taken():
    events = [score(), given_to("S-1"), said("returned", 5, reason="overdue")]
    one = only(events)
    assert (one.state, one.owner, one.taken_from, one.reason, one.due) == ("returned", "", "S-1", "overdue", "")
    again = only([*events, given_to("S-2", at(6))])
    assert (again.state, again.owner, again.taken_from) == ("assigned", "S-2", "S-1")


def test_merged_ids_are_one_lead():
    events = [score(lead="K"), Event("merged", "K", at(5), {"into": "L"}), said("viewed", 6)]
    given = Event("assigned", "K", MONDAY, {"seller": "S-1"})
    one = only([events[0], given, *events[1:]])
    assert (one.lead, one.state) == ("L", "viewed")


@pytest.fixture
def store(tmp_path):
    with_it = FeedbackStore(tmp_path / "feedback.db")
    yield with_it
    with_it.close()


def test_three_passes_escalate_once_and_a_closed_lead_never(store):
    store.append([score(), given_to()], known_at=MONDAY)
    for day in (5, 6, 7):
        (one,) = episodes(store.events(), as_of=at(day), team=TEAM)
        assert one.overdue
        store.append([escalated_event(one, to="M-1", at=at(day))], known_at=at(day))
    assert len(list(store.events(kinds=["escalated"]))) == 1
    (one,) = episodes(store.events(), as_of=at(8), team=TEAM)
    assert one.escalated.startswith("2026-05-05")
    store.append([said("rejected", 8)], known_at=at(8))
    (one,) = episodes(store.events(), as_of=at(9), team=TEAM)
    assert not one.overdue


def test_the_next_seller_who_lets_it_wait_is_escalated_too(store):
    store.append([score()], known_at=MONDAY)
    for day, seller in ((4, "S-1"), (11, "S-2")):
        (one,) = episodes(store.events(), as_of=at(day), team=TEAM)
        store.append([assigned_event(one, seller=seller, due=at(day, 14), at=at(day))], known_at=at(day))
        (one,) = episodes(store.events(), as_of=at(day + 1), team=TEAM)
        assert (one.owner, one.escalated) == (seller, "")
        told = escalated_event(one, to="M-1", at=at(day + 1))
        store.append([told, returned_event(one, reason="overdue", at=at(day + 2))], known_at=at(day + 2))
    assert len(list(store.events(kinds=["escalated"]))) == 2
    assert len(list(store.events(kinds=["assigned"]))) == 2


def test_of_two_who_give_a_lead_away_at_once_one_succeeds(tmp_path):
    path = tmp_path / "feedback.db"
    FeedbackStore(path).append([score()], known_at=MONDAY)
    barrier, added = Barrier(2), []

    def give(seller):
        book = FeedbackStore(path)
        (one,) = episodes(book.events(), as_of=at(4), team=TEAM)
        barrier.wait()
        added.append(book.append([assigned_event(one, seller=seller, due=DUE, at=at(4))], known_at=at(4)))
        book.close()

    threads = [Thread(target=give, args=(seller,)) for seller in ("S-1", "S-2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(added) == [0, 1]
    (one,) = episodes(FeedbackStore(path).events(), as_of=at(5), team=TEAM)
    assert one.owner in ("S-1", "S-2")
    assert one.turns == 1


def test_rejected_disqualified_after_contact_and_never_worked_stay_apart():
    """Only who was contacted counts as worked; a rejection alone and silence do not."""
    events = []
    for lead, kind in (("R", "rejected"), ("D", "disqualified"), ("N", ""), ("C", "contacted")):
        events.append(score(lead=lead))
        events += [Event(kind, lead, at(5))] if kind else []
    states = {one.lead: one.state for one in episodes(events, as_of="2026-06-30")}
    assert states == {"R": "rejected", "D": "disqualified", "N": "pool", "C": "contacted"}
    history = feedback_history(events, as_of="2027-06-30")
    standing = lead_standing(history, window_days=90, as_of="2027-06-30")
    assert dict(zip(history["lead"], standing.worked.tolist(), strict=True)) == {
        "R": False, "D": True, "N": False, "C": True
    }  # fmt: skip
    assert dict(zip(history["lead"], history["disposition"], strict=True)) == {
        "R": "rejected", "D": "disqualified", "N": "", "C": ""
    }  # fmt: skip


def test_a_person_who_was_forgotten_leaves_a_state_and_no_owner():
    store = FeedbackStore(Path(tempfile.mkdtemp()) / "feedback.db")
    store.append([score(), given_to(), said("recycled", 5, reason="not now", until="2026-09-01")], known_at=at(6))
    store.forget("L", at=at(7))
    one = only(store.events())
    assert (one.state, one.owner, one.due, one.reason, one.until) == ("recycled", "", "", "", "")


KINDS = (
    "viewed",
    "accepted",
    "attempted",
    "contacted",
    "rejected",
    "disqualified",
    "recycled",
    "returned",
    "won",
    "lost",
)


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from((*KINDS, "scored", "assigned")), st.integers(5, 28)), max_size=14))
def test_episodes_follow_one_another_whatever_happened(told):
    events = [score()]
    for number, (kind, day) in enumerate(told):
        if kind == "scored":
            events.append(score(at(day, number)))
        else:
            content = {"seller": "S-1", "due": at(day, 23)} if kind == "assigned" else {}
            events.append(Event(kind, "L", at(day, number), content))
    found = episodes(events, as_of="2026-06-30", team=TEAM)
    assert [one.number for one in found] == list(range(1, len(found) + 1))
    assert all(after.follows == before.began < after.began for before, after in pairwise(found))
    assert sum(one.turns for one in found) == sum(event.kind == "assigned" for event in events)
    assert len(found) <= 1 + sum(event.kind == "recycled" for event in events)
    assert episodes(reversed(events), as_of="2026-06-30", team=TEAM) == found  # all have times of their own
