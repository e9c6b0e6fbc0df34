"""The test for a signal: SciPy's own within one period, its false alarms by simulation, and a moving win rate."""

import numpy as np
import pytest
from scipy.stats import mannwhitneyu

from leadqual.evaluation import signal


@pytest.mark.parametrize("seed", range(5))
def test_one_period_is_the_rank_sum_test(seed) -> None:
    rng = np.random.default_rng(seed)
    won, rank = (rng.random(80) < 0.3).astype(int), rng.integers(0, 12, 80)
    peer = mannwhitneyu(
        rank[won == 1], rank[won == 0], alternative="greater", method="asymptotic", use_continuity=False
    )
    found = signal(won, rank, np.zeros(80))
    assert found.p_value == pytest.approx(peer.pvalue, rel=1e-9)
    assert found.auc == pytest.approx(peer.statistic / (won.sum() * (80 - won.sum())))
    assert (found.leads, found.wins) == (80, won.sum())


def test_periods_are_compared_within_themselves() -> None:
    # The win rate and the scores rise together over time, and say nothing within a period.
    rng = np.random.default_rng(1)
    period = np.repeat(np.arange(6), 200)
    won = (rng.random(1200) < 0.05 + 0.1 * period).astype(int)
    rank = period + rng.random(1200)
    assert signal(won, rank, np.zeros(1200)).p_value < 1e-6
    assert signal(won, rank, period).p_value > 0.01


def test_scores_that_say_nothing_pass_as_often_as_promised() -> None:
    rng = np.random.default_rng(2)
    period = np.repeat(np.arange(4), 150)
    passed = sum(
        signal(rng.random(600) < 0.08 + 0.04 * period, np.round(rng.normal(size=600), 1), period).p_value < 0.05
        for _ in range(2000)
    )
    assert 0.035 < passed / 2000 < 0.065


def test_without_wins_or_with_one_score_for_all_there_is_no_signal() -> None:
    nothing = signal([0, 0, 0], [1, 2, 3], [0, 0, 0])
    assert (nothing.auc, nothing.p_value, nothing.leads) == (None, 1.0, 0)
    even = signal([0, 1, 0, 1], [5, 5, 5, 5], [0, 0, 1, 1])
    assert (even.auc, even.p_value) == (0.5, 1.0)
