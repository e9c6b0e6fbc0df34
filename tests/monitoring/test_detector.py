import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadqual.monitoring import detect, threshold


@given(st.lists(st.floats(-3, 3), min_size=1, max_size=30))
def test_it_is_the_sum_over_all_weeks_a_change_may_have_begun_in(steps):
    found = detect(np.array(steps)[:, None])
    for week in range(len(steps)):
        begun = [np.exp(sum(steps[start : week + 1])) for start in range(week + 1)]
        assert found.statistic[week] == pytest.approx(sum(begun), rel=1e-9)


def test_alternatives_are_averaged():
    one, other = np.array([[0.5], [0.2]]), np.array([[-0.3], [0.1]])
    both = detect(np.hstack([one, other])).statistic
    assert both == pytest.approx((detect(one).statistic + detect(other).statistic) / 2)


def test_shares_say_which_alternative_it_is():
    found = detect(np.column_stack([np.full(20, 0.5), np.full(20, -0.5)]))
    assert found.shares[0] > 0.99
    assert found.shares.sum() == pytest.approx(1)


def test_no_weeks_and_huge_evidence_are_numbers():
    assert detect(np.empty((0, 2))).alarm is None
    assert np.isfinite(detect(np.full((5, 1), 1e6)).statistic).all()


def test_false_alarms_are_as_rare_as_promised():
    """Worlds without change: coins of known chance, each alternative's likelihood ratio exact."""
    rng = np.random.default_rng(0)
    p, alarms = 0.3, 0
    for _ in range(1000):
        wins = rng.binomial(20, p, 104)
        ratios = [wins * np.log(q / p) + (20 - wins) * np.log((1 - q) / (1 - p)) for q in (0.2, 0.4)]
        alarms += detect(np.column_stack(ratios), limit=threshold(104, 0.2)).alarm is not None
    assert 0.02 < alarms / 1000 <= 0.2
