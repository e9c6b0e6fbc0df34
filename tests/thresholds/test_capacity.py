"""What sales can work, as people write it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadqual.errors import PolicyError
from leadqual.thresholds import Capacity


@pytest.mark.parametrize(
    ("text", "per_week", "share"),
    [
        ("50/week", 50, None),
        (" 12.5 / Week ", 12.5, None),
        ("10/day", 5 * 10, None),
        ("200/month", 200 * 12 * 7 / 365.25, None),
        ("0/week", 0, None),
        ("20%", None, 0.2),
        ("2.5 %", None, 0.025),
        ("100%", None, 1.0),
        (" All ", None, 1.0),
    ],
)
def test_it_reads_what_people_write(text: str, per_week: float | None, share: float | None) -> None:
    capacity = Capacity.parse(text)
    assert capacity.per_week == (per_week if per_week is None else pytest.approx(per_week))
    assert capacity.share == (share if share is None else pytest.approx(share))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "50",
        "fifty/week",
        "50/hour",
        "50 per week",
        "-5/week",
        "1,000/week",
        "%",
        "20%%",
        "nan%",
        "\u0665\u0660/week",
    ],
)
def test_it_refuses_what_it_cannot_read_and_says_how_to_write_it(text: str) -> None:
    with pytest.raises(PolicyError, match="write it as 50/week, 200/month, 10/day or 20%"):
        Capacity.parse(text)


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({}, "has neither of per_week and share"),
        ({"per_week": 5, "share": 0.1}, "has both of per_week and share"),
        ({"per_week": -1}, "capacity is -1 leads per week, it must be 0 or more"),
        ({"per_week": float("nan")}, "capacity is nan leads per week"),
        ({"per_week": float("inf")}, "capacity is inf"),
        ({"share": 1.01}, "a share of 1.01, it must be 0 to 1"),
        ({"share": -0.1}, "a share of -0.1"),
        ({"share": float("nan")}, "a share of nan"),
    ],
)
def test_it_is_one_number_in_range(given: dict[str, Any], says: str) -> None:
    with pytest.raises(PolicyError, match=says):
        Capacity(**given)


def test_more_than_all_leads_is_out_of_range() -> None:
    with pytest.raises(PolicyError, match="it must be 0 to 1"):
        Capacity.parse("120%")


@given(st.integers(0, 10_000), st.sampled_from(["day", "week", "month"]))
def test_a_year_of_it_adds_up(leads: int, period: str) -> None:
    per_week = Capacity.parse(f"{leads}/{period}").per_week
    weeks = 365.25 / 7
    assert per_week is not None
    assert per_week * weeks == pytest.approx(leads * {"day": 5 * weeks, "week": weeks, "month": 12}[period])


def test_it_describes_itself() -> None:
    assert Capacity(per_week=50).describe() == "50 leads a week"
    assert Capacity.parse("12.5%").describe() == "12.5% of leads"
    assert Capacity.parse("100%").describe() == "all leads"


@pytest.mark.parametrize("per_week", [17.4, 17.5, 50])
def test_as_many_leads_as_come_are_no_choice(per_week: float) -> None:
    capacity = Capacity(per_week=per_week)
    if per_week < 17.5:
        assert capacity.share_of(17.5) == pytest.approx(per_week / 17.5)
        return
    with pytest.raises(PolicyError, match=r"17\.5 leads come a week.*say less than 17\.5/week, or all"):
        capacity.share_of(17.5)
    assert Capacity.parse("all").share_of(17.5) == Capacity.parse("all").share_of(None) == 1.0
