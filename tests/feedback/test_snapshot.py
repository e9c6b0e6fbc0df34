import numpy as np
import pandas as pd
import pytest
import sqlalchemy
from hypothesis import given, settings
from hypothesis import strategies as st

from leadqual.errors import FeedbackError
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
        elif kind in ("assigned", "escalated"):
            content = {"seller" if kind == "assigned" else "to": "S-1"}
        elif kind in ("rejected", "recycled", "disqualified"):
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


def read_rows(store, monkeypatch):
    """Return a list that gets the number of every event that is read by columns from now on."""
    numbers, rows = [], store.rows

    def counted(**given):
        for row in rows(**given):
            numbers.append(row[-1])
            yield row

    monkeypatch.setattr(store, "rows", counted)
    return numbers


def equal(snapshot, other):
    for bundle in (None, "b", "c"):
        pd.testing.assert_frame_equal(snapshot.history(bundle=bundle), other.history(bundle=bundle), check_exact=True)
        same(snapshot.standing(window_days=3, bundle=bundle), other.standing(window_days=3, bundle=bundle))


@settings(deadline=None, max_examples=60)
@given(events=events_of_a_ledger(), cuts=st.lists(st.integers(0, 14), max_size=3), days=st.lists(times(), min_size=4))
def test_taking_in_new_events_is_reading_all_of_them(tmp_path_factory, events, cuts, days):
    parts = [sorted(cuts)[i] for i in range(len(cuts))]
    with FeedbackStore(tmp_path_factory.mktemp("ledger") / "f.db") as store:
        snapshot = Snapshot.read(store, as_of=days[0])
        for start, end, day in zip([0, *parts], [*parts, 14], days[1:], strict=False):
            store.append(events[start:end], known_at="2026-01-20")
            snapshot = snapshot.updated(store, as_of=day)
            equal(snapshot, Snapshot.read(store, as_of=day))


def test_only_new_events_are_read(store, monkeypatch):
    first = [Event("scored", f"L{i}", "2026-01-01", SCORE | {"bundle": "b"}) for i in range(5)]
    won = Event("won", "L1", "2026-01-03")
    store.append([*first, won], known_at="2026-01-04")
    snapshot = Snapshot.read(store, as_of="2026-01-05")
    numbers = read_rows(store, monkeypatch)
    later = [Event("withdrawn", "L1", "2026-01-06", corrects=won.key), Event("worked", "L2", "2026-01-06")]
    store.append(later, known_at="2026-01-06")
    updated = snapshot.updated(store, as_of="2026-01-07")
    assert len(numbers) == 2
    assert updated.history().set_index("lead")["outcome"]["L1"] == "open"
    assert snapshot.history().set_index("lead")["outcome"]["L1"] == "won", "an earlier view stays what it was"
    equal(updated, Snapshot.read(store, as_of="2026-01-07"))
    again = len(numbers)
    assert updated.updated(store, as_of="2026-01-08").history()["lead"].tolist() == [f"L{i}" for i in range(5)]
    assert len(numbers) == again, "nothing is new"


def test_a_day_before_brings_back_what_was_known_then(store):
    store.append([Event("scored", "L1", "2026-01-01", SCORE | {"bundle": "b"})], known_at="2026-01-02")
    store.append([Event("won", "L1", "2026-01-03")], known_at="2026-01-04")
    snapshot = Snapshot.read(store, as_of="2026-01-05")
    assert snapshot.updated(store, as_of="2026-01-03").history()["outcome"].tolist() == ["open"]
    early = Snapshot.read(store, as_of="2026-01-03")
    assert early.updated(store, as_of="2026-01-05").history()["outcome"].tolist() == ["won"]


def test_all_is_read_again_where_a_person_was_forgotten(store, monkeypatch):
    scored = [Event("scored", lead, "2026-01-01T10:00:00", SCORE | {"bundle": "b", "codes": [1]}) for lead in "AB"]
    store.append(scored, known_at="2026-01-02")
    snapshot = Snapshot.read(store, as_of="2026-01-05")
    numbers = read_rows(store, monkeypatch)
    store.forget("A", at="2026-01-04")
    updated = snapshot.updated(store, as_of="2026-01-05")
    assert "A" not in set(updated.history()["lead"])
    assert len(set(numbers)) == 3
    equal(updated, Snapshot.read(store, as_of="2026-01-05"))


def test_an_event_under_a_number_that_was_passed_is_not_missed(store):
    """Of two transactions of PostgreSQL, that with the lower numbers may end last."""
    scored = [Event("scored", lead, "2026-01-01", SCORE | {"bundle": "b"}) for lead in "ABC"]
    store.append(scored, known_at="2026-01-02")

    def away(connection):
        connection.exec_driver_sql("CREATE TABLE away AS SELECT * FROM leadqual_feedback_event WHERE lead = 'B'")
        connection.exec_driver_sql("DELETE FROM leadqual_feedback_event WHERE lead = 'B'")

    store._database.write(away)
    snapshot = Snapshot.read(store, as_of="2026-01-05")
    assert snapshot.history()["lead"].tolist() == ["A", "C"]
    back = "INSERT INTO leadqual_feedback_event SELECT * FROM away"
    store._database.write(lambda connection: connection.exec_driver_sql(back))
    assert snapshot.updated(store, as_of="2026-01-05").history()["lead"].tolist() == ["A", "B", "C"]


@pytest.mark.parametrize("said", ["[1]", "nothing", '{"a":1', "3"])
def test_an_event_that_was_changed_from_outside_stops_the_reading(store, said):
    store.append([Event("worked", "L1", "2026-01-01")], known_at="2026-01-02")
    change = sqlalchemy.text("UPDATE leadqual_feedback_event SET content = :said").bindparams(said=said)
    store._database.write(lambda connection: connection.execute(change))
    with pytest.raises(FeedbackError, match="changed from outside and cannot be read; restore it"):
        Snapshot.read(store, as_of="2026-01-05")
