import pandas as pd

from leadqual.bundle import Grade, Policy
from leadqual.feedback import Event, feedback_history, feedback_status


def score(lead="L", at="2026-05-01", bundle="b", points=120, **more):
    return Event("scored", lead, at, {"bundle": bundle, "points": points, "probability": 0.2, "grade": "A", **more})


def test_only_what_was_known_by_then_counts():
    events = [
        score(),
        Event("accepted", "L", "2026-05-02", known_at="2026-05-04"),
        Event("won", "L", "2026-05-20", {"value": 5.0}, known_at="2026-06-10"),
    ]
    seen = {day: feedback_history(events, as_of=day).iloc[0] for day in ("2026-05-03", "2026-05-05", "2026-06-11")}
    assert [row["disposition"] for row in seen.values()] == ["", "accepted", "accepted"]
    assert [row["outcome"] for row in seen.values()] == ["open", "open", "won"]
    assert seen["2026-06-11"]["value"] == 5.0
    assert seen["2026-06-11"]["closed_at"] == pd.Timestamp("2026-05-20")
    assert len(feedback_history(events, as_of="2026-04-01")) == 0


def test_a_lead_is_as_it_was_when_first_scored():
    events = [
        score(at="2026-05-02", points=90),
        score(at="2026-05-01", points=120),
        score(bundle="c", at="2026-05-03", points=50),
    ]
    assert feedback_history(events, as_of="2026-06-01")["points"].tolist() == [120]
    assert feedback_history(events, as_of="2026-06-01", bundle="c")["points"].tolist() == [50]
    assert len(feedback_history(events, as_of="2026-06-01", bundle="d")) == 0


def test_corrections_take_the_place_of_what_they_correct():
    wrong = Event("won", "L", "2026-05-20", known_at="2026-05-21")
    right = Event("lost", "L", "2026-05-20", known_at="2026-06-01", corrects=wrong.key)
    assert feedback_history([score(), wrong, right], as_of="2026-05-25")["outcome"].tolist() == ["won"]
    assert feedback_history([score(), wrong, right], as_of="2026-06-02")["outcome"].tolist() == ["lost"]


def test_a_lead_can_be_reopened():
    events = [score(), Event("lost", "L", "2026-05-05"), Event("reopened", "L", "2026-05-06")]
    row = feedback_history(events, as_of="2026-06-01").iloc[0]
    assert (row["outcome"], pd.isna(row["closed_at"])) == ("open", True)


def test_events_of_leads_that_were_never_scored_are_no_rows():
    assert len(feedback_history([Event("won", "X", "2026-05-01")], as_of="2026-06-01")) == 0


def test_the_types_are_the_same_with_and_without_rows():
    full, empty = feedback_history([score()], as_of="2026-06-01"), feedback_history([], as_of="2026-06-01")
    assert full.dtypes.astype(str).tolist() == empty.dtypes.astype(str).tolist()


def test_status_counts_what_is_overdue():
    policy = Policy((Grade("A", 100, 24.0), Grade("B", None, None)), 100, 90, None, "by hand")
    events = [
        score("done"),
        Event("worked", "done", "2026-05-01T03:00"),
        score("late"),
        score("fresh", at="2026-05-03T12:00"),
        score("closed"),
        Event("rejected", "closed", "2026-05-02", {"reason": "no budget"}),
    ]
    status = feedback_status(feedback_history(events, as_of="2026-05-04"), as_of="2026-05-04", policy=policy)
    (grade,) = status.grades
    assert (grade.leads, grade.worked, grade.overdue, grade.median_hours) == (4, 1, 1, 3.0)
    assert status.reasons == {"no budget": 1}
    assert (status.first, status.last) == ("2026-05-01T00:00:00", "2026-05-03T12:00:00")
    empty = feedback_status(feedback_history([], as_of="2026-05-04"), as_of="2026-05-04")
    assert (empty.leads, empty.grades, empty.first) == (0, (), "")


def test_the_score_with_which_a_lead_was_picked_is_the_one_that_counts():
    """An app scores each lead that comes; the list of the week, with its draw, is made later."""
    said = {"bundle": "b", "probability": 0.2, "grade": "A"}
    picked = {"points": 110, "picked": "random", "propensity": 0.1}
    events = [
        Event("scored", "L", "2026-01-01", said | {"points": 100}),
        Event("scored", "L", "2026-01-08", said | picked),
        Event("scored", "L", "2026-01-15", said | {"points": 120}),
        Event("scored", "L", "2026-01-16", said | picked | {"picked": "rank", "points": 130}),
    ]
    for order in (events, events[::-1]):
        (row,) = feedback_history(order, as_of="2026-06-01").to_dict("records")
        assert (row["picked"], row["points"], row["propensity"]) == ("random", 110, 0.1)
        assert row["scored_at"] == pd.Timestamp("2026-01-08")
