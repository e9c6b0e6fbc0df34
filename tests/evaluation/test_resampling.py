"""Blocks of time and how often they are drawn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadqual.errors import EvidenceError
from leadqual.evaluation import resamples, time_blocks


@given(st.lists(st.integers(0, 500), min_size=1, max_size=200), st.booleans())
def test_blocks_follow_time_and_keep_leads_of_the_same_time_together(times, dated) -> None:
    block = time_blocks(times, dated=dated)
    order = np.argsort(times, kind="stable")
    assert (np.diff(block[order]) >= 0).all()
    assert all(len(set(block[np.array(times) == one])) == 1 for one in set(times))
    assert set(block) == set(range(block.max() + 1))
    assert block.max() < 52


def test_a_dated_year_has_a_block_for_each_week() -> None:
    assert time_blocks(np.arange(0, 140, 0.5), dated=True).max() + 1 == 20
    assert time_blocks(np.arange(0, 3, 0.01), dated=True).max() + 1 == 10
    assert time_blocks(np.arange(0, 3000), dated=True).max() + 1 == 52
    assert time_blocks(np.arange(0, 3000), dated=False).max() + 1 == 26


def test_sums_are_the_sums_over_the_leads_drawn() -> None:
    rng = np.random.default_rng(0)
    block, values = rng.integers(0, 7, 90), rng.normal(size=90)
    draws = resamples(block, repetitions=20, seed=3)
    np.testing.assert_allclose(draws.sums(values), [draws.weights(i) @ values for i in range(20)])
    again = resamples(block, repetitions=20, seed=3)
    np.testing.assert_array_equal(draws.counts, again.counts)
    assert (draws.counts.mean(axis=1) == 1).all()


@pytest.mark.parametrize(("block", "repetitions"), [([0, 0, 0], 100), ([0, 1], 1)])
def test_one_block_or_one_draw_says_nothing(block, repetitions) -> None:
    with pytest.raises(EvidenceError, match="say nothing about chance"):
        resamples(block, repetitions=repetitions)
