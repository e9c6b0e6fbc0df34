import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from leadqual.errors import PolicyError
from leadqual.feedback import feedback_history, lead_standing
from leadqual.reports.language import Language
from leadqual.retraining import draw_at_random, exploring


@given(st.lists(st.integers(0, 200), max_size=60), st.integers(0, 80), st.floats(0, 1), st.integers(0, 10**6))
def test_capacity_is_used_and_rank_takes_the_best_of_the_rest(points, capacity, explore, seed):
    picked, propensity = draw_at_random(points, capacity=capacity, explore=explore, seed=seed)
    assert (picked != "").sum() == min(capacity, len(points))
    worth = np.array(points)
    if (picked == "rank").any() and (picked == "").any():
        assert worth[picked == "rank"].min() >= worth[picked == ""].max()
    assert 0 <= propensity <= 1


def explored(history, as_of="2027-06-01"):
    """Return what exploring cost and bought by a date."""
    return exploring(history, lead_standing(history, window_days=90, as_of=as_of))


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
    found = explored(feedback_history(made.events, as_of="2027-06-01"))
    wins = sum(event.kind == "won" for event in made.events)
    assert (found.drawn, found.picked, found.wins, found.forgone) == (4000, 0, wins, 0.0)
    exact = stats.binomtest(wins, 4000).proportion_ci(method="exact")
    assert (found.low, found.high) == pytest.approx((exact.low, exact.high), abs=1e-9)


def test_what_the_next_best_would_have_brought(world):
    history = feedback_history(world().events, as_of="2027-06-01")
    history["picked"] = ["random"] * 300 + ["rank"] * 500 + [""] * (len(history) - 800)
    history.loc[history.index[800:], ["worked_at", "accepted_at"]] = pd.NaT
    found = explored(history)
    rest = sorted(history["probability"].iloc[800:], reverse=True)
    assert (found.drawn, found.picked) == (300, 500)
    assert found.forgone == pytest.approx(sum(rest[:300]))
    assert f"promised {found.forgone:.0f}" in Language("en").joined(found.facts)
    early = explored(history, "2026-01-10")
    assert (early.drawn, early.low) == (0, None)
    assert "like those that were worked" in Language("en").joined(early.facts)


def test_the_cost_is_said_by_its_interval(world):
    history = feedback_history(world().events, as_of="2027-06-01")
    history["picked"] = ["random"] * 300 + ["rank"] * 500 + [""] * (len(history) - 800)
    history.loc[history.index[800:], ["worked_at", "accepted_at"]] = pd.NaT
    dear = explored(history)
    wins, left = dear.wins, np.sort(history["probability"].iloc[800:])[::-1][:300]
    ends = stats.binomtest(wins, 300).proportion_ci(method="exact")
    doubt = 1.96**2 * (left * (1 - left)).sum()
    assert dear.gained == pytest.approx(wins - left.sum())
    assert dear.gained_low == pytest.approx(dear.gained - np.hypot(wins - 300 * ends.low, doubt**0.5))
    assert dear.gained_high == pytest.approx(dear.gained + np.hypot(300 * ends.high - wins, doubt**0.5))
    assert f"In wins: {-dear.gained:.0f} fewer ({-dear.gained_high:.0f} to {-dear.gained_low:.0f})" in Language(
        "en"
    ).joined(dear.facts)
    history.loc[history.index[800:], "probability"] = wins / 300
    even = explored(history)
    assert f"no clear change: {-even.gained_low:.0f} fewer to {even.gained_high:.0f} more" in Language("en").joined(
        even.facts
    )


def test_leads_that_sales_worked_of_their_own_accord_were_not_forgone(world):
    history = feedback_history(world().events, as_of="2027-06-01")
    history["picked"] = ["random"] * 300 + [""] * (len(history) - 300)
    assert explored(history).forgone == 0.0  # all were worked


def test_drawn_leads_stand_for_all_by_the_chance_with_which_they_were_drawn(world):
    history = feedback_history(world().events, as_of="2027-06-01").iloc[:600].copy()
    history["picked"] = "random"
    chance, won = np.tile([0.5, 0.1], 300), np.tile([1, 0], 300)
    history["propensity"] = chance
    history["outcome"] = np.where(won, "won", "lost")
    history["closed_at"] = (history["scored_at"] + pd.Timedelta(days=3)).where(won == 1)
    found = explored(history)
    # 300 of 600 drawn leads won, but each of them stands for 2 leads, and each of the others for 10
    weight = 1 / chance
    worth = weight.sum() ** 2 / (weight**2).sum()
    tail = stats.beta(worth / 6, worth * 5 / 6 + 1).ppf(0.025), stats.beta(worth / 6 + 1, worth * 5 / 6).ppf(0.975)
    assert (found.low, found.high) == pytest.approx(tail, abs=1e-9)
    assert found.high < 0.25
