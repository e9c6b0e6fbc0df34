"""Splits in time: no train lead is later than a test lead, and no train label was learned after the test began."""

from __future__ import annotations

import math
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from leadqual.errors import EvidenceError
from leadqual.fact import fact
from leadqual.leads.outcomes import Outcomes, label_outcomes
from leadqual.leads.reading import Leads
from leadqual.leads.schema import Schema
from leadqual.leads.splits import forward_folds, last_part

DAY_ONE = date(2026, 1, 1)


def dated(created: list[int], won: list[bool], *, window: int = 90) -> Outcomes:
    """Label leads that close the day after they were created, all of them mature."""
    days = pd.Series([pd.Timestamp(DAY_ONE + timedelta(days=day)) for day in created])
    table = pd.DataFrame(
        {
            "stage": np.where(won, "Won", "Lost"),
            "created": days.astype("datetime64[us]"),
            "closed": (days + pd.Timedelta(days=1)).astype("datetime64[us]"),
        }
    )
    roles = Schema((), outcome="stage", won=("Won",), lost=("Lost",), created_at="created", closed_at="closed")
    return label_outcomes(
        Leads(table, roles, ()), window_days=window, as_of=DAY_ONE + timedelta(days=max(created) + window)
    )


def ordered(number: list[int] | None, won: list[bool]) -> Outcomes:
    table = pd.DataFrame(
        {"stage": np.where(won, "Won", "Lost"), "number": range(len(won)) if number is None else number}
    )
    roles = Schema((), outcome="stage", won=("Won",), lost=("Lost",), order=None if number is None else "number")
    return label_outcomes(Leads(table, roles, ()))


def alternating(size: int) -> list[bool]:
    return [row % 2 == 0 for row in range(size)]


def test_the_last_quarter_in_time_is_the_test_and_train_knew_its_outcomes() -> None:
    outcomes = dated(list(range(400)), alternating(400))
    split = last_part(outcomes)
    assert split.test.tolist() == list(range(300, 400))
    assert split.train.tolist() == list(range(211))  # created on day 210, known on day 300
    assert split.test_from == (DAY_ONE + timedelta(days=300)).isoformat()
    assert split.test_to == (DAY_ONE + timedelta(days=399)).isoformat()
    assert split.warnings == ()
    assert split.method == fact("split_dated", share=0.25, tested=100, trained=211, day=split.test_from)


def test_rows_come_in_time_order_however_the_table_is_sorted() -> None:
    created = np.random.default_rng(0).permutation(400)
    split = last_part(dated(created.tolist(), [day % 2 == 0 for day in created]))
    assert created[split.test].tolist() == list(range(300, 400))
    assert created[split.train].tolist() == list(range(211))


def test_only_mature_leads_are_split() -> None:
    created = list(range(400))
    outcomes = label_outcomes(
        Leads(
            pd.DataFrame(
                {
                    "stage": np.where(alternating(400), "Won", "Lost"),
                    "created": pd.date_range("2026-01-01", periods=400, unit="us"),
                    "closed": pd.date_range("2026-01-02", periods=400, unit="us"),
                }
            ),
            Schema((), outcome="stage", won=("Won",), lost=("Lost",), created_at="created", closed_at="closed"),
            (),
        ),
        window_days=100,
        as_of=DAY_ONE + timedelta(days=400),
    )
    split = last_part(outcomes)
    assert len(created) > outcomes.mature.sum() == 301
    assert max(split.test) == 300
    assert len(split.test) == 75


@pytest.mark.parametrize(
    ("days", "size", "cause"),
    [(150, 600, "30 % of the leads"), (400, 80, "30 wins")],
    ids=["too small a part known", "too few wins known"],
)
def test_a_short_history_falls_back_on_all_earlier_leads(days: int, size: int, cause: str) -> None:
    created = [round(row * days / size) for row in range(size)]
    outcomes = dated(created, alternating(size))
    split = last_part(outcomes)
    start = min(created[row] for row in split.test)
    known = [row for row in range(size) if created[row] + 90 <= start]
    earlier = [row for row in range(size) if created[row] < start]
    if cause == "30 wins":
        assert len(known) >= 0.3 * len(earlier)
        assert sum(alternating(size)[row] for row in known) < 30
    else:
        assert len(known) < 0.3 * len(earlier)
        assert sum(alternating(size)[row] for row in known) >= 30
    assert split.train.tolist() == earlier
    (warning,) = split.warnings
    wins = sum(alternating(size)[row] for row in known)
    assert warning == fact(
        "split_few_known",
        known=len(known), earlier=len(earlier), wins=wins, min_wins=30, min_share=0.3, days=90,
    )  # fmt: skip
    assert (split.method.code, split.method.figures["trained"]) == ("split_dated_all", len(earlier))


def test_a_shorter_window_needs_no_fallback() -> None:
    assert last_part(dated(list(range(200)), alternating(200), window=20)).warnings == ()


@pytest.mark.parametrize("order", ["order", "none"])
def test_without_dates_all_earlier_leads_are_learned_from_with_a_warning(order: str) -> None:
    won = alternating(80)
    outcomes = ordered(list(range(79, -1, -1)), won) if order == "order" else ordered(None, won)
    split = last_part(outcomes)
    last, first = list(range(19, -1, -1)), list(range(79, 19, -1))
    expected = (last, first) if order == "order" else (list(range(60, 80)), list(range(60)))
    assert (split.test.tolist(), split.train.tolist()) == expected
    assert (split.test_from, split.test_to) == (None, None)
    assert split.warnings[0] == fact("split_undated")
    assert split.method.code == ("split_ordered" if order == "order" else "split_rows")


def test_few_test_wins_are_pointed_out() -> None:
    won = [row % 2 == 0 and row < 90 for row in range(100)]
    split = last_part(ordered(list(range(100)), won))
    wins = sum(won[75:])
    assert wins < 10
    assert split.warnings[-1] == fact("split_few_outcomes", wins=wins, others=25 - wins)
    assert len(last_part(ordered(list(range(100)), alternating(100))).warnings) == 1


@given(
    number=st.lists(st.integers(0, 30), min_size=2, max_size=60),
    share=st.floats(0.05, 0.95),
    seed=st.integers(0, 9),
)
def test_equal_times_stay_together_as_close_to_the_share_as_they_can(
    number: list[int], share: float, seed: int
) -> None:
    won = (np.random.default_rng(seed).random(len(number)) < 0.5).tolist()
    assume(any(won) and not all(won))
    outcomes = ordered(number, won)
    times = np.array(number)
    if len(set(number)) == 1:
        with pytest.raises(EvidenceError, match="stand at 1 time"):
            last_part(outcomes, share=share)
        return
    possible = [np.sum(times >= start) for start in sorted(set(number))[1:]]
    closest = min(abs(size - share * len(number)) for size in possible)
    try:
        split = last_part(outcomes, share=share)
    except EvidenceError as refusal:
        assert "learning needs both" in str(refusal)  # noqa: PT017  # either way of ending is right
        return
    assert times[split.train].max() < times[split.test].min()
    assert sorted([*split.train, *split.test]) == list(range(len(number)))
    assert math.isclose(abs(len(split.test) - share * len(number)), closest)


@given(
    created=st.lists(st.integers(0, 300), min_size=3, max_size=200),
    window=st.integers(1, 120),
    share=st.floats(0.1, 0.6),
)
def test_no_train_label_was_learned_after_the_test_began_unless_it_says_so(
    created: list[int], window: int, share: float
) -> None:
    assume(len(set(created)) > 1)
    outcomes = dated(created, alternating(len(created)), window=window)
    try:
        split = last_part(outcomes, share=share)
    except EvidenceError:
        assume(False)
    fallback = any(warning.code == "split_few_known" for warning in split.warnings)
    start = outcomes.time[split.test].min()
    earlier = np.flatnonzero(outcomes.time < start)
    known = earlier[outcomes.known_at[earlier] <= start]
    enough = outcomes.label[known].sum() >= 30 and len(known) >= 0.3 * len(earlier)
    assert fallback is not enough
    assert sorted(split.train) == sorted(known if enough else earlier)


@pytest.mark.parametrize("share", [0, 1, -0.5, 1.5, math.nan])
def test_the_share_must_leave_something_on_both_sides(share: float) -> None:
    with pytest.raises(EvidenceError, match="it must be above 0 and below 1"):
        last_part(ordered(list(range(80)), alternating(80)), share=share)


def test_train_leads_of_one_outcome_are_refused() -> None:
    late_wins = [row >= 70 and row % 2 == 0 for row in range(80)]
    with pytest.raises(EvidenceError, match="the 60 leads before the test have 0 won and 60 not won"):
        last_part(ordered(list(range(80)), late_wins))


# Walking forward.


def test_each_block_is_judged_by_all_rows_before_it() -> None:
    folds = forward_folds(np.arange(100))
    assert [(len(earlier), len(block)) for earlier, block in folds] == [(40, 15), (55, 15), (70, 15), (85, 15)]
    for earlier, block in folds:
        assert [*earlier, *block] == list(range(len(earlier) + len(block)))


def test_rows_of_the_same_time_keep_their_order() -> None:
    (pair,) = forward_folds([2, 1, 2, 1, 1], folds=1, first=0.5)
    assert [rows.tolist() for rows in pair] == [[1, 3, 4], [0, 2]]


@given(
    time=st.lists(st.integers(0, 20), min_size=1, max_size=60),
    folds=st.integers(1, 6),
    first=st.floats(0.05, 0.95),
)
def test_folds_keep_time_and_ties(time: list[int], folds: int, first: float) -> None:
    times = np.array(time)
    try:
        pairs = forward_folds(times, folds=folds, first=first)
    except EvidenceError as refusal:
        assert "leave no later block" in str(refusal)  # noqa: PT017  # either way of ending is right
        cut = math.ceil(len(time) * first - 1e-9)
        assert np.sum(times < times.max()) < cut  # even the last time begins in the first part
        return
    assert len(pairs) <= folds
    for earlier, block in pairs:
        assert times[earlier].max() < times[block].min()
        assert np.sum(times < times[block].min()) == len(earlier)
    assert len(pairs[-1][0]) + len(pairs[-1][1]) == len(time)
    for (earlier, block), (following, _) in pairwise(pairs):
        assert sorted([*earlier, *block]) == sorted(following)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({"time": [1.0, math.nan]}, "1 missing values"),
        ({"time": [[1.0], [2.0]]}, "shape"),
        ({"time": range(9), "folds": 0}, "folds must be at least 1"),
        ({"time": range(9), "first": 1.0}, "first above 0 and below 1"),
        ({"time": [5] * 9}, "9 rows at 1 different times"),
        ({"time": []}, "0 rows"),
    ],
)
def test_impossible_folds_are_refused(arguments: dict[str, object], words: str) -> None:
    with pytest.raises(EvidenceError, match=words):
        forward_folds(**arguments)  # type: ignore[arg-type]
