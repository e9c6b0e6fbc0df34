import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadqual.feedback import KINDS, Event, FeedbackStore, Snapshot, feedback_history, lead_standing, merge_ids
from tests.feedback.plain_history import plain_history

KINDS_DRAWN = [kind for kind in KINDS if kind != "stage"] + ["scored", "won"]
SCORE = {"points": 120, "probability": 0.2, "grade": "A"}


def same(one, other):
    for name in ("mature", "drawn", "worked", "won", "days_to_win", "judged"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    for name in ("basis", "unrecorded_wins", "unworked_draws", "selected"):
        assert getattr(one, name) == getattr(other, name)


def test_the_ledger_is_read_once_and_judged_once_for_all_who_ask(tmp_path):
    events = [Event("scored", f"L{i}", "2026-01-01", SCORE | {"bundle": "bc"[i % 2]}) for i in range(6)]
    events += [Event("worked", "L1", "2026-01-02"), Event("won", "L2", "2026-02-01")]
    with FeedbackStore(tmp_path / "f.db") as store:
        store.append(events, known_at="2026-03-01")
        snapshot = Snapshot.read(store, as_of="2026-06-01")
    for bundle in (None, "b", "c", "d"):
        history = feedback_history(events, as_of="2026-06-01", bundle=bundle)
        same(
            snapshot.standing(window_days=90, bundle=bundle),
            lead_standing(history, window_days=90, as_of="2026-06-01"),
        )
        known = ["followed_known_at", "ended_known_at"]  # the ledger's, not the event's own
        pd.testing.assert_frame_equal(snapshot.history(bundle=bundle).drop(columns=known), history.drop(columns=known))
        assert snapshot.history(bundle=bundle) is snapshot.history(bundle=bundle)
        assert snapshot.standing(window_days=90, bundle=bundle) is snapshot.standing(window_days=90, bundle=bundle)


def times():
    return st.integers(0, 12).map(lambda day: f"2026-01-{day + 1:02}T0{day % 3}:00:00")


@st.composite
def events_of_a_ledger(draw):
    """Draw events of a few leads: scored again and again, corrected, withdrawn, merged, reopened, known late."""
    made = []
    for _ in range(draw(st.integers(0, 14))):
        lead, at, known = draw(st.sampled_from("ABCD")), draw(times()), draw(times())
        kind = draw(st.sampled_from(KINDS_DRAWN))
        content, corrects = {}, ""
        if kind == "scored":
            content = {"points": draw(st.integers(-5, 5)), "probability": 0.1, "grade": draw(st.sampled_from("AB"))}
            content |= {"bundle": draw(st.sampled_from("bc")), "picked": draw(st.sampled_from(["", "rank", "random"]))}
            content |= draw(st.sampled_from([{}, {"codes": [0, None]}, {"codes": [1, 2], "account": "a" * 32}]))
            content["propensity"] = draw(st.sampled_from([0.25, 1]))
        elif kind in ("rejected", "recycled"):
            content = draw(st.sampled_from([{}, {"reason": "no budget"}]))
        elif kind == "won":
            content = draw(st.sampled_from([{}, {"value": None}, {"value": 3}, {"value": 2.5}]))
        elif kind == "merged":
            content = {draw(st.sampled_from(["into", "from"])): draw(st.sampled_from("ABCDE".replace(lead, "")))}
        if made and (kind == "withdrawn" or draw(st.integers(0, 4)) == 0):
            corrects = draw(st.sampled_from(made)).key
        if kind != "withdrawn" or corrects:
            made.append(Event(kind, lead, at, content, known_at=known, corrects=corrects))
    return made


@settings(deadline=None, max_examples=300)
@given(events=events_of_a_ledger(), as_of=times(), bundle=st.sampled_from([None, "b", "c", "d"]))
def test_histories_by_columns_are_those_made_event_by_event(events, as_of, bundle):
    expected = plain_history(events, as_of=as_of, bundle=bundle)
    pd.testing.assert_frame_equal(feedback_history(events, as_of=as_of, bundle=bundle), expected, check_exact=True)


@pytest.mark.parametrize("as_of", ["2026-01-15", "2026-02-15", "2026-03-15", "2027-06-01"])
def test_a_snapshot_of_a_ledger_has_the_history_of_its_events(store, as_of):
    said = {"bundle": "b", "points": 100, "probability": 0.2, "grade": "A", "codes": [0, 1], "picked": "rank"}
    events = [Event("scored", f"L{i}", f"2026-01-0{i + 1}", said | {"points": i}) for i in range(8)]
    events += [Event("rejected", "L1", "2026-01-10", {"reason": "no budget"}), Event("worked", "L4", "2026-01-11")]
    store.append(events, known_at="2026-01-12")
    lost = Event("lost", "L2", "2026-02-01")
    store.append([lost, Event("won", "L4", "2026-02-02", {"value": 5.0})], known_at="2026-02-10")
    store.append([Event("won", "L2", "2026-02-01", {"value": 9.0}, corrects=lost.key)], known_at="2026-03-01")
    merge_ids(store, pd.DataFrame({"a": ["L3", "L5"], "b": ["L6", "new"]}), was="a", into="b", known_at="2026-03-02")
    store.append([Event("won", "new", "2026-03-03")], known_at="2026-03-04")
    store.forget("L4", at="2026-03-20")
    snapshot = Snapshot.read(store, as_of=as_of)
    expected = plain_history(store.events(as_of=as_of), as_of=as_of)
    pd.testing.assert_frame_equal(snapshot.history(), expected, check_exact=True)
    same(snapshot.standing(window_days=30), lead_standing(expected, window_days=30, as_of=as_of))
