import json
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadqual.errors import FeedbackError
from leadqual.feedback import KINDS, Event, instant


@given(st.datetimes(), st.datetimes())
def test_times_as_text_sort_as_times_do(one, other):
    assert (instant(one) < instant(other)) == (one < other)
    assert instant(instant(one)) == instant(one)


def test_a_time_without_a_zone_is_utc_and_others_become_it():
    assert (
        instant("2026-05-01T09:00:00")
        == instant("2026-05-01T11:00:00+02:00")
        == instant(pd.Timestamp("2026-05-01 09:00"))
    )


@pytest.mark.parametrize("time", ["", "yesterday", None, 7, pd.NaT, "2026-13-01"])
def test_what_is_no_time_is_refused(time):
    with pytest.raises(FeedbackError, match="cannot be read"):
        instant(time)


def test_the_key_is_of_what_happened_and_not_of_when_it_was_known():
    one = Event("won", "L", "2026-05-01", {"value": 3.0})
    assert Event("won", "L", "2026-05-01", {"value": 3.0}, known_at="2026-06-01").key == one.key
    others = [
        Event("won", "M", "2026-05-01", {"value": 3.0}),
        Event("won", "L", "2026-05-02", {"value": 3.0}),
        Event("won", "L", "2026-05-01", {"value": 4.0}),
        Event("reopened", "L", "2026-05-01"),
        Event("won", "L", "2026-05-01", {"value": 3.0}, corrects=one.key),
    ]
    assert len({event.key for event in [one, *others]}) == 6


@pytest.mark.parametrize(
    ("kind", "content"),
    [
        ("called", {}),
        ("worked", {"note": "nice person"}),
        ("rejected", {"reason": "call ana@example.com"}),
        ("rejected", {"reason": "+49 170 1234567"}),
        ("rejected", {"reason": "x" * 81}),
        ("rejected", {"reason": ""}),
        ("rejected", {"reason": "two\nlines"}),
        ("stage", {"stage": 7}),
        ("won", {"value": float("nan")}),
        ("won", {"value": True}),
        ("won", {"value": "12"}),
        ("scored", {"picked": "favourite"}),
        ("scored", {"email": "x"}),
    ],
)
def test_free_text_and_personal_fields_are_refused_without_being_repeated(kind, content):
    with pytest.raises(FeedbackError) as refused:
        Event(kind, "L", "2026-05-01", content)
    assert str(refused.value).endswith(".")
    for value in content.values():
        if isinstance(value, str) and len(value) > 8:
            assert value not in str(refused.value)


def test_short_labels_of_any_language_are_taken():
    for reason in ("no budget", "Kein Budget (2026)", "没有预算", "wrong fit / size", "chose competitor: X&Y"):
        assert Event("lost", "L", "2026-05-01", {"reason": reason}).content["reason"] == reason


def test_a_lead_needs_an_id():
    for lead in ("", "x" * 201, None, 7, "L\0-7", "L\n7", "L\ud800"):
        with pytest.raises(FeedbackError, match="must name its lead"):
            Event("worked", lead, "2026-05-01")


def test_a_key_that_a_database_would_refuse_is_refused_at_once():
    for more in ({"key": "k" * 65}, {"key": "k\0"}, {"corrects": "\ud800"}):
        with pytest.raises(FeedbackError, match="key must be a text"):
            Event("worked", "L", "2026-05-01", **more)


def test_every_kind_says_what_it_may():
    assert set(KINDS) == {
        "scored",
        "worked",
        "accepted",
        "rejected",
        "recycled",
        "stage",
        "won",
        "lost",
        "reopened",
        "merged",
        "withdrawn",
        "forgotten",
        "assigned",
        "viewed",
        "attempted",
        "contacted",
        "disqualified",
        "escalated",
        "returned",
    }


def test_what_a_hand_over_says_is_checked():
    assert Event("assigned", "L", "2026-05-01", {"seller": "S-1", "due": "2026-05-02T09:00:00+02:00"}).key
    assert Event("recycled", "L", "2026-05-01", {"reason": "not now", "until": "2026-09-01"}).key
    for kind, content, sentence in (
        ("assigned", {}, "must say whom it names; pass their id in the CRM as seller"),
        ("escalated", {}, "pass their id in the CRM as to"),
        ("assigned", {"seller": ""}, "seller must be an id"),
        ("assigned", {"seller": None}, "seller must be an id"),
        ("assigned", {"seller": "ann@corp.example"}, "seller must be an id"),
        ("assigned", {"seller": "S-1", "due": "soon"}, "time cannot be read"),
        ("recycled", {"until": "spring"}, "time cannot be read"),
        ("disqualified", {"reason": "call 030 1234567"}, "a reason must be a short label"),
        ("viewed", {"seller": "S-1"}, "may say nothing"),
    ):
        with pytest.raises(FeedbackError, match=sentence):
            Event(kind, "L", "2026-05-01", content)


def score(**more):
    return Event("scored", "L", "2026-05-01", {"bundle": "b", "points": 1, "probability": 0.2, "grade": "A", **more})


def test_an_address_is_no_id_and_is_not_repeated():
    with pytest.raises(FeedbackError, match="must not be an e-mail address; name the lead by its id") as told:
        Event("worked", "ana@example.com", "2026-05-01")
    assert "ana" not in str(told.value)
    assert Event("worked", "@7", "2026-05-01").lead == "@7"


@pytest.mark.parametrize("share", [-0.1, 1.1, 2, 50])
def test_a_share_is_from_0_to_1(share):
    for name in ("probability", "propensity"):
        with pytest.raises(FeedbackError, match=f"{name} must be from 0 to 1"):
            score(**{name: share})
    assert score(probability=0, propensity=1).content["probability"] == 0


@pytest.mark.parametrize(
    "more",
    [
        {"codes": range(2)},
        {"codes": b"ab"},
        {"codes": ""},
        {"codes": [object()]},
        {"codes": [np.int64(1)]},
        {"codes": [-1]},
        {"values": {"a": object()}},
        {"values": {"a": [1]}},
        {"values": {"a": float("inf")}},
        {"values": {1: "a"}},
        {"values": "a"},
        {"bundle": b"b"},
        {"grade": object()},
        {"points": np.array([1])},
        {"points": np.float32(1)},
        {"picked": ["rank"]},
    ],
)
def test_what_no_file_could_hold_is_refused_at_once(more):
    with pytest.raises(FeedbackError, match=r"; .*\.$"):
        score(**more)


def test_what_an_app_has_at_hand_is_taken():
    values = MappingProxyType({"a": 1, "b": None, "c": True, "d": "x"})
    taken = score(values=values, codes=(0, None), points=np.float64(3))
    assert json.loads(json.dumps(dict(taken.content)))["values"] == dict(values)


def test_a_score_says_all_that_reading_it_needs():
    whole = dict(score().content)
    for name in whole:
        for lacking in ({k: v for k, v in whole.items() if k != name}, {**whole, name: None}):
            with pytest.raises(FeedbackError):
                Event("scored", "L", "2026-05-01", lacking)


@pytest.mark.parametrize("more", [{}, {"propensity": None}, {"propensity": 0}])
def test_who_was_drawn_comes_with_the_chance(more):
    with pytest.raises(FeedbackError, match="must come with the chance with which it was drawn"):
        score(picked="random", **more)
    assert score(picked="random", propensity=0.02).content["propensity"] == 0.02


def test_what_is_withdrawn_must_be_said():
    with pytest.raises(FeedbackError, match="must say what it takes back; pass that event's key as corrects"):
        Event("withdrawn", "L", "2026-05-01")
    assert Event("withdrawn", "L", "2026-05-01", corrects=score().key).corrects == score().key


def test_what_old_rules_took_is_read_as_it_is():
    said = ("scored", "ana@example.com", "2026-05-01", {"probability": 7, "note": "x"}, "2026-05-02", "k", "")
    event = Event.as_stored(*said)
    assert (event.kind, event.lead, event.at, event.content, event.known_at, event.key, event.corrects) == said
