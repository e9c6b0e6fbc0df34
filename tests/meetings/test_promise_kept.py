import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom

from leadqual.meetings.promise_kept import promise_kept


def test_alike_leads_have_the_range_of_the_binomial():
    found = promise_kept("", np.full(80, 0.15), np.zeros(80, dtype=bool))
    assert (found.low, found.high) == (binom.ppf(0.025, 80, 0.15), binom.ppf(0.975, 80, 0.15))
    assert found.unusual


def test_where_the_promise_is_right_wins_are_unusual_in_at_most_one_of_twenty():
    rng = np.random.default_rng(0)
    probability = rng.beta(1, 6, size=120)
    unusual = [promise_kept("", probability, rng.random(120) < probability).unusual for _ in range(600)]
    assert np.mean(unusual) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 600)


def test_leads_that_belong_together_have_a_wider_range():
    probability, won = np.full(100, 0.1), np.arange(100) < 10
    alone, four = promise_kept("", probability, won), promise_kept("", probability, won, alike=4.0)
    # twice as far from the ten that were promised, on either side
    assert (four.low, four.high) == (max(10 - 2 * (10 - alone.low), 0), 10 + 2 * (alone.high - 10))


def test_no_lead_promises_nothing_and_is_not_unusual():
    found = promise_kept("", np.empty(0), np.empty(0, dtype=bool))
    assert (found.leads, found.promised, found.won, found.low, found.high, found.unusual) == (0, 0.0, 0, 0, 0, False)


@given(st.lists(st.floats(0.0001, 0.9999), min_size=1, max_size=30), st.floats(1, 20))
def test_the_range_holds_the_promise_and_never_more_than_all_leads(chances, alike):
    found = promise_kept("", np.array(chances), np.zeros(len(chances), dtype=bool), alike=alike)
    assert 0 <= found.low <= found.promised + 1
    assert found.promised - 1 <= found.high <= len(chances)
