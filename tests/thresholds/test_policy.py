"""Policies: from capacity, and by hand."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from leadqual.bundle import Policy, ProbabilityCurve
from leadqual.bundle.declared import read_as
from leadqual.bundle.layout import plain
from leadqual.bundle.policy_facts import Chosen
from leadqual.errors import PolicyError
from leadqual.fact import fact
from leadqual.thresholds import Capacity, policy_by_hand, policy_from_capacity, renewed_policy


def curve_of(first: int, probability: list[float]) -> ProbabilityCurve:
    ends = tuple(probability)
    return ProbabilityCurve(first, ends, ends, ends, 0.95, "none", "", 100, 20)


CURVE = curve_of(0, expit((np.arange(0, 201) - 120) / 30).round(6).tolist())
FEW_POINTS = st.lists(st.integers(90, 110), min_size=1, max_size=60)


def minimum(policy: Policy) -> list[int]:
    return [grade.minimum_points for grade in policy.grades if grade.minimum_points is not None]


def empty(policy: Policy) -> tuple[str, ...]:
    """Return the grades without leads, as the policy names them."""
    return next((one.figures["grades"] for one in policy.chosen_by if one.code == "policy_empty"), ())


@settings(max_examples=300)
@given(points=FEW_POINTS, share=st.floats(0, 1), base_rate=st.floats(0.05, 0.6))
def test_the_volume_is_within_capacity_and_one_point_less_is_not(
    points: list[int], share: float, base_rate: float
) -> None:
    policy = policy_from_capacity(points, curve=CURVE, base_rate=base_rate, capacity=Capacity(share=share))

    def volume(threshold: int) -> float:
        return sum(value >= threshold for value in points) / len(points)

    assert volume(policy.sql_points) <= share + 1e-9
    if share == 1:
        assert policy.sql_points == 0 == CURVE.first_points
        return
    if volume(policy.sql_points) < 1 and share > 0:
        # in a gap without leads SQL may begin further up, where the probability reaches the base rate
        below = policy.sql_points - 1
        assert volume(below) > share or (volume(below) == volume(below + 1) and CURVE.at(below)[0] < base_rate)
    # The first grade is the top half of it.
    assert volume(policy.grades[0].minimum_points or 0) <= volume(policy.sql_points) / 2 + 1e-9


@settings(max_examples=300)
@given(
    points=FEW_POINTS,
    worked=st.floats(0, 0.999),
    leads_per_week=st.floats(0.1, 500),
    base_rate=st.floats(0.05, 0.6),
)
def test_its_parts_hold_together(points: list[int], worked: float, leads_per_week: float, base_rate: float) -> None:
    per_week = worked * leads_per_week
    policy = policy_from_capacity(
        points,
        curve=CURVE,
        base_rate=base_rate,
        capacity=Capacity(per_week=per_week),
        leads_per_week=leads_per_week,
    )
    best, good, fair = minimum(policy)
    assert best > good == policy.sql_points >= fair == policy.mql_points
    assert [grade.name for grade in policy.grades] == ["A", "B", "C", "D"]
    shares = [grade.share or 0.0 for grade in policy.grades]
    assert sum(shares) == pytest.approx(1)
    volumes = [grade.per_week or 0.0 for grade in policy.grades]
    assert sum(volumes) == pytest.approx(leads_per_week)
    assert volumes[0] + volumes[1] <= per_week + 1e-6
    assert policy.capacity_share == pytest.approx(min(1, per_week / leads_per_week))
    for grade, share in zip(policy.grades, shares, strict=True):
        inside = [value for value in points if policy.grade(value).name == grade.name]
        assert share == pytest.approx(len(inside) / len(points))
        assert grade.win_rate == (
            pytest.approx(np.mean([CURVE.at(value)[0] for value in inside]), abs=1e-6) if inside else None
        )
        assert (grade.name in empty(policy)) == (not inside)
    assert read_as(Chosen)(plain(policy.chosen_by), "chosen_by") == policy.chosen_by
    # Only an empty grade may begin where the one above it does.
    assert good > fair or not policy.grades[2].share
    for value in range(85, 115):
        assert (policy.qualification(value) == "SQL") == (policy.grade(value).name in "AB")
        assert (policy.qualification(value) == "none") == (policy.grade(value).name == "D")


def test_leads_with_the_same_points_stay_together() -> None:
    points = [120] * 10 + [110] * 15 + [100] * 75
    for share, sql in ((0.10, 120), (0.24, 120), (0.25, 101), (0.99, 101), (1.0, 0)):
        policy = policy_from_capacity(points, curve=CURVE, base_rate=0.5, capacity=Capacity(share=share))
        assert policy.sql_points == sql


def test_mql_starts_where_the_probability_reaches_the_base_rate() -> None:
    points = np.arange(0, 201)
    policy = policy_from_capacity(points, curve=CURVE, base_rate=0.5, capacity=Capacity(share=0.1))
    assert policy.mql_points == 120
    assert policy.sql_points == 181
    assert fact("policy_mql_base_rate", base_rate=0.5) in policy.chosen_by
    third = curve_of(100, [0.2, 0.333333, 0.5])  # a curve keeps six digits, a base rate has all of its own
    assert policy_from_capacity([103], curve=third, base_rate=1 / 3, capacity=Capacity(share=0)).mql_points == 101


def test_a_curve_that_starts_above_the_base_rate_makes_every_lead_an_mql() -> None:
    high = curve_of(90, [0.4, 0.6])
    policy = policy_from_capacity([70, 95, 99], curve=high, base_rate=0.3, capacity=Capacity(share=0.4))
    assert policy.mql_points == 70
    assert policy.grades[3].share == 0


def test_capacity_for_every_lead_above_the_base_rate_leaves_c_empty_and_says_so() -> None:
    points = np.arange(0, 201)
    policy = policy_from_capacity(points, curve=CURVE, base_rate=0.5, capacity=Capacity(share=0.8))
    assert policy.mql_points == policy.sql_points == 41
    assert policy.grades[2].share == 0
    assert policy.chosen_by == (
        fact("policy_capacity_share", share=0.8),
        fact("policy_sql_from", points=41, share=round(160 / 201, 6)),
        fact("policy_mql_is_sql_below", base_rate=0.5, probability=round(CURVE.at(41)[0], 6)),
        fact("policy_empty", grades=("C",)),
    )
    assert policy.grade(40).name == "D"


def test_a_curve_that_never_reaches_the_base_rate_makes_sqls_the_only_mqls() -> None:
    low = curve_of(90, [0.1, 0.2])
    policy = policy_from_capacity([90, 95, 99, 99], curve=low, base_rate=0.3, capacity=Capacity(share=0.5))
    assert policy.mql_points == policy.sql_points == 96


def test_no_capacity_makes_no_sql() -> None:
    policy = policy_from_capacity([100, 110, 120], curve=CURVE, base_rate=0.3, capacity=Capacity(share=0))
    assert policy.sql_points == 201 == CURVE.last_points + 1
    assert policy.qualification(120) == "MQL"
    assert fact("policy_sql_none") in policy.chosen_by
    assert empty(policy)[:2] == ("A", "B")
    # also a lead with the most points that are possible, more than any seen
    reached = policy_from_capacity(
        [100, 110, 120], curve=CURVE, base_rate=0.3, capacity=Capacity(share=0), reach=(40, 260)
    )
    assert (reached.qualification(260), reached.grade(260).name) == ("MQL", "C")


def test_where_sales_work_all_leads_every_lead_is_an_sql_and_grades_go_by_probability() -> None:
    points = np.arange(60, 181)
    policy = policy_from_capacity(
        points, curve=CURVE, base_rate=0.5, capacity=Capacity.parse("all"), leads_per_week=121, reach=(-20, 240)
    )
    assert policy.sql_points == policy.mql_points == -20
    assert (policy.capacity_share, policy.capacity_per_week) == (1.0, None)
    # odds of 2, 1 and 1/2 at 120 + 30 ln 2, 120 and 120 - 30 ln 2 points
    assert minimum(policy) == [np.ceil(120 + 30 * np.log(2)), 120, np.ceil(120 - 30 * np.log(2))]
    assert [grade.per_week for grade in policy.grades] == [180 - 140, 141 - 120, 120 - 100, 100 - 60]
    by_odds = fact("policy_by_odds", best=round(2 / 3, 6), base_rate=0.5, fair=round(1 / 3, 6))
    assert policy.chosen_by == (fact("policy_all"), by_odds)


def test_capacity_above_the_supply_is_refused_with_the_way_out() -> None:
    for per_week in (10, 99):
        with pytest.raises(PolicyError, match=r"10 leads come a week, so that sales could work every lead.* or all"):
            policy_from_capacity(
                [100, 110], curve=CURVE, base_rate=0.3, capacity=Capacity(per_week=per_week), leads_per_week=10
            )


def test_an_sql_threshold_in_a_gap_is_not_below_the_base_rate_where_the_leads_above_the_gap_are_not() -> None:
    points = [150] * 20 + [90] * 80  # the base rate of 50 % is reached at 120 points, in the gap
    policy = policy_from_capacity(points, curve=CURVE, base_rate=0.5, capacity=Capacity(share=0.3))
    assert policy.sql_points == policy.mql_points == 120
    assert fact("policy_mql_is_sql", base_rate=0.5) in policy.chosen_by
    # leads above the gap are themselves below the base rate: the policy says at which probability SQL begins
    below = policy_from_capacity([110] * 20 + [90] * 80, curve=CURVE, base_rate=0.5, capacity=Capacity(share=0.3))
    assert below.sql_points == 91
    at = round(CURVE.at(91)[0], 6)
    assert fact("policy_mql_is_sql_below", base_rate=0.5, probability=at) in below.chosen_by


def test_a_top_tie_that_exceeds_capacity_makes_no_sql_and_says_why() -> None:
    policy = policy_from_capacity(
        [120] * 30 + [100] * 70, curve=CURVE, base_rate=0.3, capacity=Capacity.parse("50/week"), leads_per_week=200
    )
    assert policy.sql_points == 121
    assert policy.chosen_by[:2] == (
        fact("policy_capacity_a_week", capacity=50.0, leads=200.0),
        fact("policy_sql_tie", points=120, share=0.3),
    )


def test_a_half_that_is_one_tie_leaves_a_empty() -> None:
    policy = policy_from_capacity([120] * 10 + [100] * 90, curve=CURVE, base_rate=0.5, capacity=Capacity(share=0.2))
    assert minimum(policy)[:2] == [121, 120]
    assert [grade.share for grade in policy.grades] == [0, 0.1, 0, 0.9]
    assert empty(policy) == ("A", "C")


def test_follow_up_hours_are_kept() -> None:
    arguments: dict[str, Any] = {"curve": CURVE, "base_rate": 0.3, "capacity": Capacity(share=0.2)}
    usual = policy_from_capacity([100, 110], **arguments)
    assert [grade.follow_up_hours for grade in usual.grades] == [4, 24, 72, None]
    other = policy_from_capacity([100, 110], follow_up_hours=(1, 1, None, None), **arguments)
    assert [grade.follow_up_hours for grade in other.grades] == [1, 1, None, None]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        (
            {"capacity": Capacity(per_week=50)},
            "capacity is 50 leads a week, but how many leads come per week is unknown",
        ),
        ({"capacity": Capacity(per_week=50), "leads_per_week": 0}, "leads_per_week is 0, it must be above 0"),
        ({"leads_per_week": -2}, "leads_per_week is -2"),
        ({"leads_per_week": float("nan")}, "leads_per_week is nan"),
        ({"base_rate": 0}, "base_rate is 0, it must be above 0 and below 1"),
        ({"points": []}, "points has shape"),
        ({"points": ["Ada"]}, "points has shape .* and type <U3"),
        ({"points": [100.5, 100]}, "points has 1 values that are not whole"),
        ({"points": [float("nan"), 100]}, "points has 1 values"),
        ({"follow_up_hours": (4, 24, 72)}, "follow_up_hours has 3 entries, it must have 4"),
        ({"follow_up_hours": (24, 4, 72, None)}, "never fewer for a worse grade"),
        ({"follow_up_hours": (None, 24, 72, 90)}, "never fewer for a worse grade"),
        ({"follow_up_hours": (0, 24, 72, None)}, "hours must be above 0"),
        ({"follow_up_hours": (4, float("nan"), 72, None)}, "hours must be above 0"),
    ],
)
def test_what_is_impossible_is_refused(changed: dict[str, Any], says: str) -> None:
    arguments: dict[str, Any] = {"curve": CURVE, "base_rate": 0.3, "capacity": Capacity(share=0.2)} | changed
    with pytest.raises(PolicyError, match=says) as refusal:
        policy_from_capacity(arguments.pop("points", [100, 110]), **arguments)
    assert "Ada" not in str(refusal.value)


HAND: dict[str, Any] = {"grades": {"A": 130, "B": 115, "C": 100}, "mql_points": 100, "sql_points": 115}


def test_a_policy_by_hand_is_what_the_teams_said() -> None:
    policy = policy_by_hand(**HAND)
    assert minimum(policy) == [130, 115, 100]
    assert [policy.grade(value).name for value in (130, 129, 115, 114, 100, 99)] == ["A", "B", "B", "C", "C", "D"]
    assert [policy.qualification(value) for value in (115, 114, 100, 99)] == ["SQL", "MQL", "MQL", "none"]
    assert policy.chosen_by == (fact("policy_by_hand"),)
    assert (policy.capacity_per_week, policy.capacity_share) == (None, None)
    assert all(grade.share is grade.per_week is grade.win_rate is None for grade in policy.grades)


def test_a_policy_by_hand_is_measured_on_leads() -> None:
    points = [140] * 10 + [120] * 20 + [90] * 70
    measured = policy_by_hand(**HAND, points=points, curve=CURVE, leads_per_week=50)
    assert [grade.share for grade in measured.grades] == [0.1, 0.2, 0.0, 0.7]
    assert [grade.per_week for grade in measured.grades] == pytest.approx([5, 10, 0, 35])
    assert [grade.win_rate for grade in measured.grades] == [CURVE.at(140)[0], CURVE.at(120)[0], None, CURVE.at(90)[0]]
    shares_only = policy_by_hand(**HAND, points=points)
    assert all(grade.win_rate is grade.per_week is None for grade in shares_only.grades)
    assert shares_only.grades[1].share == 0.2


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"grades": {"A": 130, "B": 115}}, "grades has A, B, it must have A, B and C"),
        ({"grades": {}}, "grades has none"),
        ({"grades": {"A": 130, "B": 115, "C": 100, "D": 0}}, "D takes the rest"),
        (
            {"grades": {"A": 115, "B": 115, "C": 100}},
            "start at 115, 115 and 100 points, each must start above the next",
        ),
        ({"grades": {"A": 100, "B": 115, "C": 130}}, "put the best grade highest"),
        ({"grades": {"A": 130, "B": 115.5, "C": 100}}, "grade B is 115.5, it must be a whole number"),
        ({"mql_points": True}, "mql_points is True"),
        ({"mql_points": 116}, "mql_points is 116 and sql_points is 115, MQL must not start above SQL"),
        ({"leads_per_week": 0}, "leads_per_week is 0"),
        ({"points": [1.5]}, "points has 1 values"),
    ],
)
def test_a_policy_by_hand_that_contradicts_itself_is_refused(changed: dict[str, Any], says: str) -> None:
    with pytest.raises(PolicyError, match=says):
        policy_by_hand(**HAND | changed)


def test_numbers_of_numpy_are_whole_numbers_too() -> None:
    grades = {name: np.int64(points) for name, points in HAND["grades"].items()}
    policy = policy_by_hand(grades=grades, mql_points=np.int64(100), sql_points=np.int64(115))  # type: ignore[arg-type, dict-item]  # from numpy
    assert all(type(value) is int for value in [*minimum(policy), policy.mql_points, policy.sql_points])


def test_thresholds_fall_from_grade_to_grade() -> None:
    points = np.rint(np.random.default_rng(0).normal(100, 30, 5_000)).astype(int)
    for share in (0.05, 0.2, 0.3):
        policy = policy_from_capacity(points, curve=CURVE, base_rate=0.3, capacity=Capacity(share=share))
        assert all(before > after for before, after in pairwise(minimum(policy)))
        assert all((grade.share or 0) > 0.01 for grade in policy.grades)
        assert empty(policy) == ()


def test_a_renewed_policy_is_that_of_its_capacity_with_what_was_agreed() -> None:
    points = list(range(60, 181))
    told: dict[str, Any] = {"curve": CURVE, "base_rate": 0.2}
    agreed = replace(
        policy_from_capacity(points, capacity=Capacity(share=0.2), follow_up_hours=(1, 2, 3, None), **told), explore=0.1
    )
    anew = renewed_policy(agreed, points, share=0.5, leads_per_week=40.0, **told)
    plain = policy_from_capacity(
        points, capacity=Capacity(share=0.5), leads_per_week=40.0, follow_up_hours=(1, 2, 3, None), **told
    )
    assert anew == replace(plain, explore=0.1)


def test_a_renewed_policy_keeps_its_capacity_a_week_while_the_share_is_the_same() -> None:
    told: dict[str, Any] = {"curve": CURVE, "base_rate": 0.2}
    points = list(range(60, 181))
    agreed = policy_from_capacity(points, capacity=Capacity(per_week=10), leads_per_week=40, **told)
    assert renewed_policy(agreed, points, share=0.25, **told).capacity_per_week == 10
    assert renewed_policy(agreed, points, share=0.5, **told).capacity_per_week is None
