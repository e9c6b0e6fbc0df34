import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from leadqual.errors import PolicyError
from leadqual.feedback import feedback_history
from leadqual.retraining import draw_at_random, exploring


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


def test_what_exploring_cost_and_bought(world):
    made = world()
    found = exploring(feedback_history(made.events, as_of="2027-06-01"), window_days=90, as_of="2027-06-01")
    wins = sum(event.kind == "won" for event in made.events)
    assert (found.drawn, found.picked, found.wins, found.forgone) == (4000, 0, wins, 0.0)
    exact = stats.binomtest(wins, 4000).proportion_ci(method="exact")
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high), abs=1e-9)


def test_what_the_next_best_would_have_brought(world):
    history = feedback_history(world().events, as_of="2027-06-01")
    history["picked"] = ["random"] * 300 + ["rank"] * 500 + [""] * (len(history) - 800)
    history.loc[history.index[800:], ["worked_at", "accepted_at"]] = pd.NaT
    found = exploring(history, window_days=90, as_of="2027-06-01")
    rest = sorted(history["probability"].iloc[800:], reverse=True)
    assert (found.drawn, found.picked) == (300, 500)
    assert found.forgone == pytest.approx(sum(rest[:300]))
    assert f"promised {found.forgone:.0f}" in found.said
    early = exploring(history, window_days=90, as_of="2026-01-10")
    assert (early.drawn, early.low) == (0, None)
    assert "like those that were worked" in early.said
