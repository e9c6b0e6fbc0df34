import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadqual.errors import PolicyError
from leadqual.retraining import draw_at_random


@given(st.lists(st.integers(0, 200), max_size=60), st.integers(0, 80), st.floats(0, 1), st.integers(0, 10**6))
def test_capacity_is_used_and_rank_takes_the_best_of_the_rest(points, capacity, explore, seed):
    picked, propensity = draw_at_random(points, capacity=capacity, explore=explore, seed=seed)
    assert (picked != "").sum() == min(capacity, len(points))
    worth = np.array(points)
    if (picked == "rank").any() and (picked == "").any():
        assert worth[picked == "rank"].min() >= worth[picked == ""].max()
    assert 0 <= propensity <= 1


def test_every_lead_is_drawn_with_the_chance_that_is_said():
    points = np.arange(40)
    drawn, said = np.zeros(40), 0.0
    for seed in range(4000):
        picked, said = draw_at_random(points, capacity=13, explore=0.1, seed=seed)
        drawn += picked == "random"
    assert said == pytest.approx(13 * 0.1 / 40)
    assert np.abs(drawn / 4000 - said).max() < 0.012


def test_impossible_shares_are_refused():
    for capacity, explore in ((1, 1.5), (1, -0.1), (-1, 0.1)):
        with pytest.raises(PolicyError):
            draw_at_random([1, 2], capacity=capacity, explore=explore, seed=0)
