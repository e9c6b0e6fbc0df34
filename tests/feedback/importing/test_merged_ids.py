"""Ids that changed: both are one lead from then on, whatever is asked of the ledger."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadqual.errors import FeedbackError
from leadqual.feedback import (
    Event,
    FeedbackColumns,
    FeedbackStore,
    feedback_history,
    import_events,
    known_leads,
    lead_standing,
    merge_ids,
    standing_ids,
)

COLUMNS = FeedbackColumns("Id", outcome="Stage", closed_at="Closed")


def score(lead, **more):
    content = {"bundle": "b", "points": 1, "probability": 0.2, "grade": "A", "codes": [1]} | more
    return Event("scored", lead, "2026-04-01", content)


def merge(store, *pairs, known_at="2026-05-10"):
    return merge_ids(store, pd.DataFrame(pairs, columns=["was", "is"]), was="was", into="is", known_at=known_at)


def history(store, as_of="2026-12-31"):
    return feedback_history(store.events(as_of=as_of), as_of=as_of)


def won(lead):
    return pd.DataFrame({"Id": [lead], "Stage": ["Won"], "Closed": ["2026-05-20"]})


def test_what_was_scored_under_one_id_is_won_under_the_other(store):
    store.append([score("L-1", picked="rank")], known_at="2026-04-01")
    assert merge(store, ("L-1", "L-2")).new == 1
    import_events(store, won("L-2"), COLUMNS, known_at="2026-06-01")
    one = history(store)
    assert one[["lead", "outcome", "picked"]].to_numpy().tolist() == [["L-2", "won", "rank"]]
    assert lead_standing(one, window_days=90, as_of="2026-12-31").won.tolist() == [True]
    before = history(store, "2026-05-01")
    assert before[["lead", "outcome"]].to_numpy().tolist() == [["L-1", "open"]]


def test_two_scored_ids_of_one_lead_are_one_row_and_no_loser_stays_open(store):
    store.append([score("L-1"), score("L-2", picked="random", propensity=0.1)], known_at="2026-04-01")
    merge(store, ("L-1", "L-2"))
    import_events(store, won("L-1"), COLUMNS, known_at="2026-06-01")
    assert import_events(store, won("L-2"), COLUMNS, known_at="2026-06-02").new == 0  # the same win
    assert history(store)[["lead", "outcome", "picked"]].to_numpy().tolist() == [["L-2", "won", "random"]]


def test_telling_it_again_changes_nothing(store):
    pairs = (("a", "b"), ("b", "c"), ("x", "y"), ("y", "x"))
    assert merge(store, *pairs).new == 3  # a and b to c, and of the circle one
    for later in ("2026-06-01", "2026-07-01"):
        assert merge(store, *pairs, known_at=later).new == 0
    assert merge(store, ("a", "b"), known_at="2026-08-01").new == 0  # of an older file
    assert standing_ids(store.events()) == {"a": "c", "b": "c", "y": "x"}


def test_a_chain_that_is_told_in_pieces_is_followed_to_its_end(store):
    for day, pair in enumerate((("c", "d"), ("a", "b"), ("b", "c")), start=1):
        merge(store, pair, known_at=f"2026-05-0{day}")
    assert standing_ids(store.events()) == {"a": "d", "b": "d", "c": "d"}
    store.append([score("a")], known_at="2026-06-01")
    import_events(store, won("d"), COLUMNS, known_at="2026-06-01")
    assert history(store)[["lead", "outcome"]].to_numpy().tolist() == [["d", "won"]]


def test_a_later_statement_that_turns_one_round_holds(store):
    merge(store, ("a", "b"))
    assert merge(store, ("b", "a"), known_at="2026-06-01").new == 1
    assert standing_ids(store.events()) == {"b": "a"}
    assert merge(store, ("b", "a"), known_at="2026-06-02").new == 0


def test_a_merge_that_was_taken_back_does_not_count_and_stays_so(store):
    store.append([score("a"), score("b")], known_at="2026-04-01")
    merge(store, ("a", "b"))
    one, _ = store.events(kinds=["merged"])
    store.append([Event("withdrawn", one.lead, "2026-06-01", corrects=one.key)], known_at="2026-06-01")
    assert history(store)["lead"].tolist() == ["a", "b"]
    merge(store, ("a", "b"), known_at="2026-06-02")
    assert standing_ids(store.events()) == {}
    store.forget("a", at="2026-06-03")
    assert "b" in history(store)["lead"].tolist()  # another person


def test_forgetting_either_erases_both_for_good(store):
    store.append([score("a"), score("b"), score("z")], known_at="2026-04-01")
    merge(store, ("a", "b"), ("b", "c"))
    assert store.forget("b", at="2026-06-01") == 2 + 4
    said = [(event.lead, event.content) for event in store.events()]
    assert not any(lead in ("a", "b", "c") or {"into", "from"} & content.keys() for lead, content in said)
    assert store.forgotten(["a", "b", "c", "z"]) == {"a", "b", "c"}
    assert len(history(store)) == 2  # one nameless lead, and z
    assert store.append([score("a")], known_at="2026-06-02") == 0
    again = merge(store, ("z", "c"), known_at="2026-06-03")
    assert (again.new, "person who was forgotten: 1" in again.notes[0]) == (0, True)
    event = Event("merged", "z", "2026-06-03", {"into": "c"})
    assert store.append([event], known_at="2026-06-03") == 0  # nor from an app


@pytest.mark.parametrize(("forgotten", "other"), [("L-1", "L-2"), ("L-2", "L-1")])
def test_forgetting_leaves_no_id_in_a_merge_that_was_taken_back(store, forgotten, other):
    merge(store, ("L-1", "L-2"))
    (taken_back,) = store.events(lead="L-1", kinds=["merged"])
    store.append([Event("withdrawn", "L-1", "2026-05-11", corrects=taken_back.key)], known_at="2026-05-11")
    store.append([Event("won", other, "2026-05-12")], known_at="2026-05-12")
    keys = {event.key for event in store.events(kinds=["merged"])}
    store.forget(forgotten, at="2026-06-01")
    left = list(store.events())
    assert forgotten not in {one for event in left for one in (event.lead, *map(str, event.content.values()))}
    assert keys.isdisjoint(event.key for event in left)  # they were made of both ids
    assert standing_ids(left) == {}
    assert [event.kind for event in store.events(lead=other) if event.kind == "won"] == ["won"]


def test_an_id_that_went_and_is_open_in_an_old_row_reopens_nothing_that_the_export_calls_won(store):
    store.append([score("L-1")], known_at="2026-04-01")
    merge(store, ("L-1", "L-2"))
    import_events(store, won("L-2"), COLUMNS, known_at="2026-06-01")
    rows = pd.DataFrame({"Id": ["L-1", "L-2"], "Stage": ["Open", "Won"], "Closed": [None, "2026-05-20"]})
    assert import_events(store, rows, COLUMNS, known_at="2026-06-02", newest=True).new == 0
    assert history(store)["outcome"].tolist() == ["won"]


def test_what_became_of_many_merged_leads_is_read_in_the_order_in_which_it_became_known(store):
    """Ledgers are read some hundred ids at a time, and the two ids of one lead may be far apart."""
    leads = [f"L-{number}" for number in range(2000)]
    pairs = [(lead, f"M{lead}") for lead in leads[:40]]
    merge(store, *pairs, known_at="2026-01-01")
    for day, kind, of in ((2, "won", 0), (3, "reopened", 1), (4, "lost", 0), (5, "reopened", 1)):
        store.append([Event(kind, pair[of], f"2026-01-0{day}") for pair in pairs], known_at=f"2026-01-0{day}")
    events = list(store.events_about({*leads, *(pair[1] for pair in pairs)}, kinds=("won", "lost", "reopened")))
    assert [event.known_at for event in events] == sorted(event.known_at for event in events)
    assert known_leads(store, leads).ended == frozenset()


def test_rows_that_say_nothing_and_ids_that_nobody_knows_are_counted(store):
    found = merge(store, ("a", "b"), ("c", None), (None, "d"), ("e", "e"))
    assert (found.rows, found.pairs, found.new, found.unknown) == (4, 1, 1, 1)
    assert found.notes[0] == "Rows without two different ids, which say nothing: 3."
    with pytest.raises(FeedbackError, match="e-mail addresses in 1 cells"):
        merge(store, ("a", "ana@x.example"))
    with pytest.raises(FeedbackError, match="must have nope exactly once"):
        merge_ids(store, pd.DataFrame({"is": []}), was="nope", into="is", known_at="2026-05-01")


@pytest.mark.parametrize(
    "content", [{}, {"into": "L"}, {"into": "M", "from": "N"}, {"into": ""}, {"into": "a@b.example"}]
)
def test_a_merge_names_exactly_one_other_lead(content):
    with pytest.raises(FeedbackError, match=r"merged event must say|e-mail"):
        Event("merged", "L", "2026-05-01", content)


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=12))
def test_ids_that_were_ever_linked_are_one_lead_with_one_name(pairs):
    """Against a plain search of the graph."""
    pairs = [(a, b) for a, b in pairs if a != b]
    told = [Event("merged", a, f"2026-05-{k + 1:02d}", {"into": b}, key=f"{k}") for k, (a, b) in enumerate(pairs)]
    names = standing_ids(told)
    for one in "abcdef":
        linked, grown = set(), {one}
        while linked != grown:
            linked = set(grown)
            grown |= {x for pair in pairs for x in pair if set(pair) & linked}
        assert {names.get(other, other) for other in linked} == {names.get(one, one)}
        assert names.get(one, one) in linked
    if pairs:
        assert names.get(pairs[-1][1], pairs[-1][1]) not in names


def test_merges_are_found_without_reading_other_leads(tmp_path, monkeypatch):
    with FeedbackStore(tmp_path / "f.db") as store:
        store.append([score(f"L-{k}") for k in range(500)], known_at="2026-04-01")
        merge(store, ("L-1", "M-1"))
        read, as_stored = [], Event.as_stored
        monkeypatch.setattr(Event, "as_stored", lambda *said: read.append(said) or as_stored(*said))
        assert standing_ids(store.merges(["M-1"])) == {"L-1": "M-1"}
        assert len(read) <= 3
