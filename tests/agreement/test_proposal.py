import json

import pytest

from leadqual.agreement import (
    CapBand,
    Edit,
    ForceDirection,
    LeaveOut,
    MergeBands,
    MoveThreshold,
    PinBand,
    Proposal,
    SetCapacity,
    SplitBand,
    compose,
)
from leadqual.errors import ProposalError

BUNDLE = "0" * 64


def proposal(*changes):
    edits = (Edit(change, name, role) for change, (name, role) in zip(changes, WHO * 3, strict=False))
    return Proposal(BUNDLE, tuple(edits))


WHO = [("Ana", "sales"), ("Ben", "marketing"), ("Cai", "sales")]


@pytest.mark.parametrize(
    ("one", "other", "said"),
    [
        (PinBand("f", "b", 1), PinBand("f", "b", 2), 'give the band "b" of f 1 and 2 points'),
        (PinBand("f", "b", 9), CapBand("f", "b", at_most=5), "no points between their limits"),
        (CapBand("f", "b", at_most=5), CapBand("f", "b", at_least=6), "no points between their limits"),
        (LeaveOut("f"), PinBand("f", "b", 2), "score f and leave it out"),
        (ForceDirection("f", "up"), ForceDirection("f", "down"), "opposite directions"),
        (MergeBands("f", ("a", "b")), MergeBands("f", ("b", "c")), "reshape the same bands"),
        (MergeBands("f", ("a", "b")), SplitBand("f", "b", at=1.0), "reshape the same bands"),
        (PinBand("f", "b", 1), SplitBand("f", "b", at=1.0), "set the points of a band of f and reshape it"),
        (SetCapacity(share=0.1), SetCapacity(share=0.2), "different capacities"),
        (MoveThreshold("SQL", 1), MoveThreshold("SQL", 2), "move SQL to 1 and 2"),
        (SetCapacity(share=0.1), MoveThreshold("SQL", 2), "SQL by capacity and by points"),
    ],
)
def test_edits_that_cannot_both_hold_are_named_with_their_authors(one, other, said):
    both = proposal(one, other)
    assert [(c.first, c.second) for c in both.conflicts] == [(0, 1)]
    assert said in both.conflicts[0].why
    assert both.conflicts[0].why.startswith("Ana (sales) and Ben (marketing) ")
    with pytest.raises(ProposalError, match="1 pair of edits in conflict"):
        both.check()
    both.undo().check()
    both.undo(0).check()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (PinBand("f", "b", 1), PinBand("f", "b", 1)),
        (PinBand("f", "b", 1), PinBand("g", "b", 2)),
        (PinBand("f", "b", 1), PinBand("f", "c", 2)),
        (PinBand("f", "b", 5), CapBand("f", "b", at_most=5)),
        (MergeBands("f", ("a", "b")), PinBand("f", "a, b", 5)),
        (SetCapacity(share=0.1), MoveThreshold("MQL", 2)),
        (ForceDirection("f", "up"), MergeBands("f", ("a", "b"))),
        (LeaveOut("f"), LeaveOut("f")),
    ],
)
def test_edits_that_both_can_hold_do_not_conflict(one, other):
    assert proposal(one, other).conflicts == ()


def test_undo_takes_back_the_last_edit_or_any():
    three = proposal(PinBand("f", "a", 1), PinBand("f", "b", 2), PinBand("f", "c", 3))
    assert three.undo() == proposal(PinBand("f", "a", 1), PinBand("f", "b", 2))
    assert [edit.change.band for edit in three.undo(0).edits] == ["b", "c"]
    with pytest.raises(ProposalError, match="no edit 3"):
        three.undo(3)
    with pytest.raises(ProposalError, match="no edit -1"):
        Proposal(BUNDLE).undo()


def test_proposals_compose_without_repeating_an_edit():
    one, other = proposal(PinBand("f", "a", 1)), proposal(PinBand("f", "a", 1), PinBand("f", "b", 2))
    both = compose(one, other)
    assert [edit.change for edit in both.edits] == [PinBand("f", "a", 1), PinBand("f", "b", 2)]
    with pytest.raises(ProposalError, match="2 bundles"):
        compose(one, Proposal("1" * 64))


def test_a_proposal_survives_its_file_and_its_digest_tells_every_change(tmp_path):
    one = Proposal(BUNDLE, proposal(PinBand("来源", "展会", 5)).edits, "week 3")
    assert Proposal.load(one.save(tmp_path / "p.json")) == one
    assert one.digest == Proposal.from_json(one.to_json()).digest
    assert one.digest != one.undo().digest
    assert one.digest != Proposal("1" * 64, one.edits, one.name).digest


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "must be a JSON object"),
        (json.dumps({"format": 2, "bundle": "", "name": "", "edits": []}), "another format"),
        (json.dumps({"format": 1, "bundle": 1, "name": "", "edits": []}), "texts as bundle"),
        (json.dumps({"format": 1, "bundle": "", "name": "", "edits": [{}]}), "edit 1 must say"),
    ],
)
def test_what_is_no_proposal_is_refused(text, said):
    with pytest.raises(ProposalError, match=said):
        Proposal.from_json(text)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(ProposalError, match="cannot be read as a proposal"):
        Proposal.load(tmp_path / "none.json")
