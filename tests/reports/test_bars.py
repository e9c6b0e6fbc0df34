"""Bars are as long as what they stand for, in any encoding."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from leadqual.reports.bars import Bars, percent

ASCII = Bars(blocks="#", axis="|", line="-", point="o", rest=".")
SHARE = st.floats(0, 1)


@given(share=SHARE, width=st.integers(1, 100))
def test_a_share_fills_its_part_of_the_width_to_an_eighth_of_a_cell(share: float, width: int) -> None:
    bar = Bars().share(share, width).plain
    blocks = Bars().blocks
    length = sum((blocks.index(cell) + 1) / 8 for cell in bar)
    assert length <= width
    assert length == pytest.approx(share * width, abs=1 / 16 if share * width > 1 / 16 or not share else 1 / 8)


@given(points=st.integers(-300, 300), widest=st.integers(1, 300), half=st.integers(1, 40))
def test_points_stand_on_their_side_of_an_axis_that_does_not_move(points: int, widest: int, half: int) -> None:
    bar = ASCII.either_side(points, widest, 2 * half + 1).plain
    assert bar.index("|") == half
    assert len(bar) <= 2 * half + 1
    left, right = bar.split("|")
    assert ("#" in left, "#" in right) == (points < 0, points > 0)


def test_no_points_at_all_leave_the_axis_alone() -> None:
    assert ASCII.either_side(0, 0, 5).plain == "  |"


@given(ends=st.tuples(SHARE, SHARE, SHARE), width=st.integers(1, 60))
def test_an_interval_has_its_point_between_its_ends_and_the_full_width(
    ends: tuple[float, float, float], width: int
) -> None:
    low, value, high = sorted(ends)
    bar = ASCII.interval(low, value, high, 1.0, width).plain
    assert len(bar) == width
    assert bar.strip(".").replace("-", "") == "o"
    assert bar.index("o") == min(int(value * width), width - 1)


def test_a_promise_is_marked_within_and_beyond_what_came() -> None:
    assert ASCII.promise(0.5, 0.2, 1.0, 10).plain == "##|##"
    assert ASCII.promise(0.2, 0.5, 1.0, 10).plain == "##   |"


@pytest.mark.parametrize(("encoding", "blocks"), [("utf-8", 8), ("UTF-16", 8), ("ascii", 1), ("cp1252", 1)])
def test_an_encoding_without_block_characters_gets_ascii(encoding: str, blocks: int) -> None:
    console = Console(file=io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    bars = Bars.for_console(console)
    assert len(bars.blocks) == blocks
    for text in (bars.share(0.3, 9), bars.either_side(-3, 9, 9), bars.interval(0.1, 0.2, 0.3, 1, 9)):
        text.plain.encode(encoding)


def test_percent_keeps_a_digit_where_a_share_is_small() -> None:
    assert [percent(share) for share in (0, 0.0004, 0.0421, 0.0994, 0.0996, 0.381, 1, None)] == [
        "0.0%",
        "0.0%",
        "4.2%",
        "9.9%",
        "10%",
        "38%",
        "100%",
        "",
    ]
