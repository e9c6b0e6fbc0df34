"""The odds ratio within periods, beside statistics from its definition."""

import math

import numpy as np
import pytest

from leadqual.audit.odds_ratio import odds_ratio


def test_one_period_is_the_ratio_of_its_cells() -> None:
    one = np.repeat([True, True, False, False], [30, 10, 20, 40])
    other = np.repeat([True, False, True, False], [30, 10, 20, 40])
    found = odds_ratio(one, other, np.zeros(100, int), 1.96)
    a, b, c, d = 30.5, 10.5, 20.5, 40.5
    assert found.value == pytest.approx(a * d / (b * c))
    spread = 1.96 * math.sqrt(1 / a + 1 / b + 1 / c + 1 / d)  # Woolf's, which Robins et al. give with one period
    assert math.log(found.high / found.value) == pytest.approx(spread, rel=1e-9)
    assert found.away_from_one == found.low > 1


def test_what_only_changes_over_time_is_no_association() -> None:
    rng = np.random.default_rng(1)
    period = np.repeat([0, 1], 1000)
    one, other = rng.random(2000) < 0.1 + 0.7 * period, rng.random(2000) < 0.1 + 0.5 * period
    assert odds_ratio(one, other, np.zeros(2000, int), 3).low > 2
    assert odds_ratio(one, other, period, 3).away_from_one == 1


def test_the_way_it_points_does_not_matter_to_how_far_it_is_from_one() -> None:
    rng = np.random.default_rng(2)
    one = rng.random(500) < 0.5
    other = rng.random(500) < np.where(one, 0.8, 0.3)
    period = np.zeros(500, int)
    assert odds_ratio(one, other, period, 2).away_from_one == pytest.approx(
        odds_ratio(~one, other, period, 2).away_from_one
    )


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(3)
    period = np.repeat(np.arange(5), 80)
    held = 0
    for _ in range(1000):
        one = rng.random(400) < 0.5
        logit = -1 + 0.3 * period + 0.8 * one
        other = rng.random(400) < 1 / (1 + np.exp(-logit))
        found = odds_ratio(one, other, period, 1.96)
        held += found.low <= math.exp(0.8) <= found.high
    assert 935 <= held <= 970
