import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadqual.agreement.edits import (
    KINDS,
    BringBack,
    CapBand,
    Edit,
    ForceDirection,
    LeaveOut,
    MergeBands,
    MoveThreshold,
    PinBand,
    SetCapacity,
    SplitBand,
)
from leadqual.errors import ProposalError

TEXT = st.text(min_size=1, max_size=8)
POINTS = st.integers(-1000, 1000)
EVERY = st.one_of(
    st.builds(PinBand, TEXT, TEXT, POINTS),
    st.builds(CapBand, TEXT, TEXT, POINTS),
    st.builds(CapBand, TEXT, TEXT, at_least=POINTS),
    st.builds(ForceDirection, TEXT, st.sampled_from(["up", "down"])),
    st.builds(LeaveOut, TEXT),
    st.builds(BringBack, TEXT),
    st.builds(MergeBands, TEXT, st.lists(TEXT, min_size=2, max_size=4, unique=True).map(tuple)),
    st.builds(SplitBand, TEXT, TEXT, at=st.floats(allow_nan=False, allow_infinity=False)),
    st.builds(SplitBand, TEXT, TEXT, values=st.lists(TEXT, min_size=1, max_size=3).map(tuple)),
    st.builds(MoveThreshold, st.sampled_from(["SQL", "MQL", "A", "B", "C"]), POINTS),
    st.builds(SetCapacity, share=st.floats(0, 1)),
    st.builds(SetCapacity, per_week=st.floats(0, 1e6)),
)


@given(EVERY, TEXT, TEXT)
def test_an_edit_survives_its_file(change, author, reason):
    edit = Edit(change, author, "sales", reason)
    assert Edit.from_dict(json.loads(json.dumps(edit.to_dict()))) == edit
    assert str(change)


def test_every_kind_of_change_has_a_name():
    assert len(KINDS) == 9
    assert {type(change) for change in (PinBand("f", "b", 1), LeaveOut("f"))} <= set(KINDS.values())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda: PinBand("f", "b", 1.5), "whole numbers"),
        (lambda: PinBand("f", "b", True), "whole numbers"),
        (lambda: PinBand("f", "b", 1001), "from -1000 to 1000"),
        (lambda: PinBand("", "b", 1), "named by texts"),
        (lambda: CapBand("f", "b"), "no end"),
        (lambda: CapBand("f", "b", at_most=1, at_least=2), "leaves no points"),
        (lambda: ForceDirection("f", "sideways"), '"up" or "down"'),
        (lambda: MergeBands("f", ("a",)), "fewer than two"),
        (lambda: MergeBands("f", ("a", "a")), "fewer than two"),
        (lambda: SplitBand("f", "b"), "either at or values"),
        (lambda: SplitBand("f", "b", at=1.0, values=("x",)), "either at or values"),
        (lambda: SplitBand("f", "b", at=float("nan")), "finite"),
        (lambda: MoveThreshold("Z", 1), "threshold must be one of"),
        (lambda: SetCapacity(), "either per_week or share"),
        (lambda: SetCapacity(per_week=1.0, share=0.1), "either per_week or share"),
        (lambda: SetCapacity(share=1.1), "from 0 to 1"),
        (lambda: SetCapacity(per_week=-1.0), "0 or more"),
    ],
)
def test_a_change_that_says_nothing_is_refused(change, said):
    with pytest.raises(ProposalError, match=said):
        Edit(change())


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ([], "edit 3 must say"),
        ({"edit": "erase"}, "edit 3 must say"),
        ({"edit": "pin", "field": "f", "band": "b"}, "edit 3 must have field, band, points"),
        ({"edit": "pin", "field": "f", "band": "b", "points": 1, "run": "x"}, "nothing else"),
        ({"edit": "leave out", "field": "f", "author": 3}, "texts as author"),
        ({"edit": "leave out", "field": 7}, "edit 3: fields, bands"),
        ({"edit": ["pin"]}, "edit 3 must say"),
        ({"edit": {}}, "edit 3 must say"),
        ({"edit": "merge", "field": "f", "bands": 5}, "edit 3: bands must be a list"),
        ({"edit": "merge", "field": "f", "bands": "ab"}, "edit 3: bands must be a list"),
        ({"edit": "merge", "field": "f", "bands": {"a": 1, "b": 2}}, "edit 3: bands must be a list"),
        ({"edit": "split", "field": "f", "band": "b", "values": None}, "edit 3: values must be a list"),
    ],
)
def test_a_damaged_edit_names_its_place(value, said):
    with pytest.raises(ProposalError, match=said):
        Edit.from_dict(value, "edit 3")
