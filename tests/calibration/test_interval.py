"""The interval and its promise."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import expit
from scipy.stats import beta, binomtest

from leadqual.calibration.history import Tally, read_history
from leadqual.calibration.interval import clopper_pearson, describe_interval, win_rate_interval
from leadqual.fact import fact

Floats = NDArray[np.float64]
DOUBLE = np.log(2) / 20

CURVES: dict[str, Callable[[Floats], Floats]] = {
    "as presumed": lambda points: expit((points - 100) * DOUBLE - 1.5),
    "flat": lambda points: np.full(len(points), 0.1),
    "one step": lambda points: np.where(points < 110, 0.05, 0.5),
    "steep": lambda points: expit((points - 100) * 3 * DOUBLE - 1.5),
    "rare": lambda points: expit((points - 100) * DOUBLE - 4),
}


def planned(tally: Tally) -> Floats:
    return CURVES["as presumed"](tally.points)


def tally_of(points: Floats, won: Floats, weight: Floats | None = None) -> Tally:
    """Count without the history's demand for a win and a loss."""
    weight = np.ones(len(points)) if weight is None else weight
    distinct, place = np.unique(points, return_inverse=True)
    parts = (np.bincount(place, part, len(distinct)) for part in (weight, weight * won, weight**2))
    return Tally(distinct, *parts)


@pytest.mark.parametrize(("size", "coverage"), [(25, 0.9), (200, 0.95), (2_000, 0.9)])
@pytest.mark.parametrize("name", CURVES)
def test_the_interval_covers_the_win_rate_at_every_point_as_often_as_it_promises(
    name: str, size: int, coverage: float
) -> None:
    rng = np.random.default_rng([size, len(name)])
    points = np.rint(rng.normal(105, 7, size)).astype(int)
    every = np.arange(points.min(), points.max() + 1)
    truth = CURVES[name](every)
    rounds = 150
    covered = np.zeros(len(every))
    for _ in range(rounds):
        tally = tally_of(points, (rng.random(size) < CURVES[name](points)).astype(float))
        low, high = win_rate_interval(tally, planned(tally), coverage)
        covered += (low <= truth) & (truth <= high)
    # The lowest of some 40 points may lie under the promise by chance: 4 standard errors are allowed.
    chance = 4 * np.sqrt(coverage * (1 - coverage) / rounds)
    assert covered.min() / rounds >= coverage - chance
    assert covered.mean() / rounds >= coverage


def test_the_promise_is_nearly_used_up_where_win_rates_are_flat() -> None:
    """An interval that always covers would be too wide to be of use."""
    rng = np.random.default_rng(0)
    points = np.rint(rng.normal(100, 4, 2_000)).astype(int)
    middle = np.arange(points.min(), points.max() + 1) == 100
    covered = 0
    for _ in range(400):
        tally = tally_of(points, (rng.random(2_000) < 0.1).astype(float))
        low, high = win_rate_interval(tally, planned(tally), 0.9)
        covered += bool(np.all((low[middle] <= 0.1) & (high[middle] >= 0.1)))
    assert 0.88 <= covered / 400 <= 0.96


def test_it_narrows_with_the_number_of_leads() -> None:
    widths = []
    for size in (100, 400, 1_600, 6_400, 25_600):
        rng = np.random.default_rng(size)
        points = np.rint(rng.normal(100, 25, size)).astype(int)
        tally = read_history(points, rng.random(size) < CURVES["as presumed"](points)).tally()
        low, high = win_rate_interval(tally, planned(tally), 0.95)
        widths.append(float(np.mean((high - low)[points - points.min()])))
    assert widths[0] < 0.5
    assert all(after < 0.8 * before for before, after in pairwise(widths))
    assert widths[-1] < 0.08


def test_a_poor_plan_costs_width_but_keeps_the_promise() -> None:
    rng = np.random.default_rng(4)
    points = np.rint(rng.normal(105, 7, 500)).astype(int)
    truth = CURVES["as presumed"](np.arange(points.min(), points.max() + 1))
    widths = {}
    for name in ("as presumed", "rare", "one step"):
        covered, width = 0.0, 0.0
        for _ in range(60):
            tally = tally_of(points, (rng.random(500) < CURVES["as presumed"](points)).astype(float))
            low, high = win_rate_interval(tally, CURVES[name](tally.points), 0.95)
            covered += float(np.mean((low <= truth) & (truth <= high))) / 60
            width += float(np.mean(high - low)) / 60
        assert covered >= 0.95
        widths[name] = width
    assert min(widths, key=lambda name: widths[name]) == "as presumed"


def test_it_is_clopper_pearsons_interval_where_all_leads_have_the_same_points() -> None:
    low, high = win_rate_interval(tally_of(np.full(40, 7), np.repeat([1.0, 0.0], [13, 27])), np.array([0.3]), 0.95)
    peer = binomtest(13, 40).proportion_ci(0.95, method="exact")
    assert (low[0], high[0]) == pytest.approx((peer.low, peer.high), abs=1e-12)


@given(st.integers(1, 500).flatmap(lambda size: st.tuples(st.integers(0, size), st.just(size))), st.floats(0.5, 0.999))
def test_the_bounds_are_scipys(trials: tuple[int, int], coverage: float) -> None:
    hits, size = trials
    low, high = clopper_pearson(np.array([float(hits)]), np.array([float(size)]), (1 - coverage) / 2)
    peer = binomtest(hits, size).proportion_ci(coverage, method="exact")
    assert (low[0], high[0]) == pytest.approx((peer.low, peer.high), abs=1e-9)


def test_between_two_numbers_of_points_it_takes_what_is_known_on_either_side() -> None:
    tally = tally_of(np.repeat([100, 103], 50), np.repeat([1, 0, 1, 0], [5, 45, 20, 30]).astype(float))
    low, high = win_rate_interval(tally, np.array([0.1, 0.4]), 0.95)
    assert low[0] == low[1] == low[2] == pytest.approx(beta.ppf(0.025, 5, 46))
    assert high[1] == high[2] == high[3] == pytest.approx(beta.ppf(0.975, 21, 30))
    assert low[3] == pytest.approx(beta.ppf(0.025, 20, 31))
    assert high[0] == pytest.approx(beta.ppf(0.975, 6, 45))


def test_without_wins_the_low_end_is_0_and_without_losses_the_high_end_is_1() -> None:
    points = np.repeat([100, 101], 30)
    low, high = win_rate_interval(tally_of(points, np.zeros(60)), np.array([0.1, 0.1]), 0.95)
    assert low.tolist() == [0, 0]
    assert high[0] == pytest.approx(beta.ppf(0.975, 1, 60))
    low, high = win_rate_interval(tally_of(points, np.ones(60)), np.array([0.9, 0.9]), 0.95)
    assert high.tolist() == [1, 1]
    assert low[1] == pytest.approx(beta.ppf(0.025, 60, 1))


def test_weighted_leads_keep_the_promise_about() -> None:
    rng = np.random.default_rng(5)
    points = np.rint(rng.normal(105, 7, 600)).astype(int)
    truth = CURVES["as presumed"](np.arange(points.min(), points.max() + 1))
    covered = 0.0
    for _ in range(80):
        won = rng.random(600) < CURVES["as presumed"](points)
        history = read_history(points, won, sample_weight=rng.choice([0.2, 1.0, 3.0], 600))
        tally = history.tally()
        low, high = win_rate_interval(tally, planned(tally), 0.95)
        covered += float(np.mean((low <= truth) & (truth <= high))) / 80
    assert covered >= 0.95


def test_weights_of_very_different_size_do_not_break_it() -> None:
    weight = np.where(np.arange(200) % 2, 1.0, 1e-9)
    tally = read_history(np.arange(200), np.arange(200) % 3 == 0, sample_weight=weight).tally()
    low, high = win_rate_interval(tally, np.linspace(0.01, 0.9, 200), 0.95)
    assert np.all((low >= 0) & (low <= 1) & (high >= 0) & (high <= 1))


def test_the_fact_names_the_promise_and_what_it_needs() -> None:
    assert describe_interval(0.95, weighted=False) == fact("interval_leads", coverage=0.95)
    assert describe_interval(0.9, weighted=True) == fact("interval_weighted", coverage=0.9)
    assert describe_interval(0.9, weighted=True, accounts=True) == fact("interval_accounts", coverage=0.9)
