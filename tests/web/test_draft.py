import pytest

from leadqual.agreement import CapBand, Edit, Entry, LeaveOut, MoveThreshold, PinBand, SetCapacity
from leadqual.web.draft import StaleEditError, draft_of


def edited(number, change, who="Ana", role="sales", replaces=(), bundle="b"):
    content = {"bundle": bundle, "edit": Edit(change, who, role).to_dict(), "replaces": list(replaces)}
    return Entry(number, "edit", content, "2026-05-01T09:00:00Z", "", "")


def withdrawn(number, edit):
    return Entry(number, "withdrawal", {"bundle": "b", "edit": edit}, "2026-05-01T09:00:00Z", "", "")


PIN = PinBand("Source", "Fair", 10)


def test_what_stands_is_what_was_neither_replaced_nor_taken_back():
    entries = [
        edited(1, PIN),
        edited(2, PinBand("Source", "Fair", 12), replaces=[1]),
        edited(3, LeaveOut("Size")),
        withdrawn(4, 3),
    ]
    draft = draft_of("b", entries)
    assert [one.number for one in draft.edits] == [2]
    assert draft.withdrawn == 4
    assert draft_of("c", entries).edits == ()


@pytest.mark.parametrize(
    "other",
    [PinBand("Source", "Fair", 20), CapBand("Source", "Fair", at_most=5), LeaveOut("Source")],
)
def test_ones_own_edits_about_the_same_are_replaced_and_those_of_others_conflict(other):
    draft = draft_of("b", [edited(1, PIN), edited(2, PIN, "Ben", "marketing")])
    assert draft.replaced_by(Edit(other, "Ana", "sales"), seen=2) == (1,)
    assert draft.replaced_by(Edit(other, "Cai", "finance"), seen=2) == ()
    with pytest.raises(StaleEditError, match=r"Ben \(marketing\) has changed the same") as refused:
        draft.replaced_by(Edit(other, "Ana", "sales"), seen=1)
    assert refused.value.by.number == 2


def test_edits_about_other_things_are_never_stale():
    draft = draft_of("b", [edited(1, PIN, "Ben", "marketing")])
    for change in (PinBand("Source", "Web", 3), LeaveOut("Size"), MoveThreshold("SQL", 120)):
        assert draft.replaced_by(Edit(change, "Ana", "sales"), seen=0) == ()
    policy = draft_of("b", [edited(1, SetCapacity(share=0.1))])
    assert policy.replaced_by(Edit(MoveThreshold("SQL", 120), "Ana", "sales"), seen=1) == (1,)


def test_conflicts_are_named_by_their_entries():
    draft = draft_of("b", [edited(4, PIN), edited(9, PinBand("Source", "Fair", 20), "Ben", "marketing")])
    assert [pair[:2] for pair in draft.conflicts] == [(4, 9)]


def test_comments_of_before_the_review_was_served_are_read():
    entry = Entry(1, "comment", {"bundle": "b", "text": "hm"}, "2026-05-01T09:00:00Z", "", "")
    assert [(one.text, one.name) for one in draft_of("b", [entry]).comments] == [("hm", "")]


@pytest.mark.parametrize("edit", [None, 3, {}, {"edit": {}}, {"edit": "merge", "field": "f", "bands": 5}])
def test_an_entry_that_is_no_edit_is_counted_and_stops_nothing(edit):
    entry = Entry(1, "edit", {"bundle": "b", "edit": edit}, "2026-05-01T09:00:00Z", "", "")
    draft = draft_of("b", [entry, edited(2, PIN)])
    assert draft.unreadable == (1,)
    assert [one.number for one in draft.edits] == [2]


def test_an_edit_made_under_a_role_written_otherwise_is_still_ones_own():
    draft = draft_of("b", [edited(1, PIN, role="Sales ")])
    assert draft.replaced_by(Edit(PIN, "Ana", "sales"), seen=1) == (1,)
