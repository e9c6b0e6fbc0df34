"""What is caught by working the best leads first."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadqual.errors import EvidenceError
from leadqual.evaluation import gains

LEADS = st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=1, max_size=40).filter(
    lambda leads: any(won for won, _ in leads)
)


@given(LEADS, st.integers(0, 40))
def test_ties_are_worked_in_random_order(leads: list[tuple[bool, int]], first: int) -> None:
    """The expected number of wins: those ranked above the last tie, and the tie's share of its own."""
    first = min(first, len(leads))
    expected, left = 0.0, first
    for rank in sorted({rank for _, rank in leads}, reverse=True):
        tie = [won for won, other in leads if other == rank]
        taken = min(left, len(tie))
        expected += taken * sum(tie) / len(tie)
        left -= taken
    won = [won for won, _ in leads]
    caught = gains(won, [rank for _, rank in leads])
    assert caught.wins_in(first / len(leads)) == pytest.approx(expected / sum(won))
    if first:
        assert caught.precision_in(first / len(leads)) == pytest.approx(expected / first)


def test_the_expectation_is_the_mean_over_shuffled_ties() -> None:
    rng = np.random.default_rng(0)
    won, rank = rng.random(60) < 0.4, rng.integers(0, 4, 60)
    caught = []
    for _ in range(4_000):
        order = np.lexsort((rng.random(60), -rank))
        caught.append(won[order[:13]].sum() / won.sum())
    assert gains(won, rank).wins_in(13 / 60) == pytest.approx(np.mean(caught), abs=0.005)


@given(LEADS)
def test_it_rises_from_nothing_to_everything(leads: list[tuple[bool, int]]) -> None:
    curve = gains([won for won, _ in leads], [rank for _, rank in leads])
    assert curve.leads[0] == curve.wins[0] == 0
    assert curve.leads[-1] == curve.wins[-1] == 1
    assert np.all(np.diff(curve.leads) > 0)
    assert np.all(np.diff(curve.wins) >= 0)
    assert curve.precision_in(1) == pytest.approx(curve.base_rate)


def test_the_order_of_the_rows_does_not_matter() -> None:
    rng = np.random.default_rng(1)
    won, rank = rng.random(200) < 0.3, rng.integers(0, 10, 200)
    again = rng.permutation(200)
    np.testing.assert_array_equal(gains(won, rank).wins, gains(won[again], rank[again]).wins)


def test_without_wins_there_is_nothing_to_catch() -> None:
    with pytest.raises(EvidenceError, match="won has 3 leads and none of them won"):
        gains([0, 0, 0], [1, 2, 3])
