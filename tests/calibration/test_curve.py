"""Learning a probability curve."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.special import expit, logit

from leadqual.bundle import ProbabilityCurve
from leadqual.calibration import fit_curve
from leadqual.errors import EvidenceError

Floats = NDArray[np.float64]
METHODS = ("none", "logistic", "quadratic", "beta")


def simulated(
    seed: int, size: int, shift: float = 0.0, slope: float = 1.0, bend: float = 0.0, base_rate: float = 0.27
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    rng = np.random.default_rng(seed)
    points = np.rint(rng.normal(100, 28, size)).astype(int)
    return points, rng.random(size) < true_rate(points, shift, slope, bend, base_rate)


def true_rate(points: Any, shift: float, slope: float, bend: float = 0.0, base_rate: float = 0.27) -> Floats:
    x = (np.asarray(points) - 100) * np.log(2) / 20
    return expit(logit(base_rate) + shift + slope * x - bend * np.maximum(x, 0) ** 2)


def assert_sound(curve: ProbabilityCurve, points: Any) -> None:
    assert curve.first_points == min(points) - 1
    assert curve.last_points == max(points) + 1
    assert len(curve.probability) == len(curve.low) == len(curve.high)
    assert all(after >= before for before, after in pairwise(curve.probability))
    for low, value, high in zip(curve.low, curve.probability, curve.high, strict=True):
        assert 0 <= low <= value <= high <= 1
        assert 0 < value < 1


@settings(max_examples=60, deadline=None)
@given(
    points=st.lists(st.integers(-300, 500), min_size=20, max_size=60),
    seed=st.integers(0, 10_000),
    base_rate=st.one_of(st.none(), st.floats(0.001, 0.999)),
    method=st.sampled_from(["auto", *METHODS]),
    double=st.integers(1, 60),
    coverage=st.floats(0.5, 0.999),
    weighted=st.booleans(),
)
def test_whatever_the_leads_the_curve_never_falls_and_holds_its_interval(
    points: list[int], seed: int, base_rate: float | None, method: Any, double: int, coverage: float, weighted: bool
) -> None:
    rng = np.random.default_rng(seed)
    won = rng.permutation(np.arange(len(points)) < rng.integers(1, len(points)))
    if base_rate is None and method in ("none", "beta"):
        method = "auto"
    curve = fit_curve(
        points,
        won,
        base_rate=base_rate,
        points_to_double_odds=double,
        sample_weight=rng.uniform(0.1, 5, len(points)) if weighted else None,
        coverage=coverage,
        method=method,
    )
    assert_sound(curve, points)
    assert (curve.leads, curve.wins, curve.coverage) == (len(points), won.sum(), coverage)


@pytest.mark.parametrize("method", METHODS)
def test_every_method_recovers_points_that_mean_what_they_say(method: Any) -> None:
    points, won = simulated(0, 40_000)
    curve = fit_curve(points, won, base_rate=0.27, method=method)
    assert curve.method == method
    for value in range(50, 151, 10):
        assert curve.at(value)[0] == pytest.approx(true_rate(value, 0, 1), abs=0.02)


def test_none_is_the_points_own_odds_at_any_scale() -> None:
    points, won = simulated(1, 200)
    for double in (10, 20):
        curve = fit_curve(points, won, base_rate=0.25, points_to_double_odds=double, method="none")
        odds = [curve.at(value)[0] / (1 - curve.at(value)[0]) for value in (100, 100 + double, 100 - double)]
        assert odds == pytest.approx([1 / 3, 2 / 3, 1 / 6], rel=1e-5)


@pytest.mark.parametrize(("shift", "slope"), [(-0.6, 1.0), (0.4, 0.6), (0.0, 1.5)])
def test_points_that_are_off_are_put_right(shift: float, slope: float) -> None:
    points, won = simulated(2, 20_000, shift, slope)
    curve = fit_curve(points, won, base_rate=0.27)
    assert curve.method == "logistic"
    for value in range(60, 141, 10):
        assert curve.at(value)[0] == pytest.approx(true_rate(value, shift, slope), abs=0.03)


def test_none_is_taken_when_logistic_does_not_earn_its_place() -> None:
    taken = [fit_curve(*simulated(seed, 3_000), base_rate=0.27).method for seed in range(20)]
    assert "none" in taken
    assert set(taken) <= {"none", "logistic", "quadratic", "beta"}


def test_a_bent_truth_is_met_by_a_bent_curve_from_1000_leads_on() -> None:
    points, won = simulated(3, 12_000, bend=0.5)
    curve = fit_curve(points, won, base_rate=0.27)
    assert curve.method in ("quadratic", "beta")
    straight = fit_curve(points, won, base_rate=0.27, method="logistic")
    truth = true_rate(points, 0, 1, bend=0.5)

    def loss(learned: ProbabilityCurve) -> float:
        p = np.array([learned.at(int(value))[0] for value in points])
        return float(-np.mean(truth * np.log(p) + (1 - truth) * np.log(1 - p)))

    assert loss(curve) < loss(straight) - 0.001


@pytest.mark.parametrize(
    ("size", "wins"), [pytest.param(999, None, id="too few leads"), pytest.param(5_000, 99, id="too few wins")]
)
def test_it_does_not_bend_on_too_little(size: int, wins: int | None) -> None:
    for seed in range(6):
        points, won = simulated(seed, size, bend=2.0)
        if wins is not None:
            won = np.isin(np.arange(size), np.random.default_rng(seed).permutation(np.flatnonzero(won))[:wins])
        assert fit_curve(points, won, base_rate=0.27).method in ("none", "logistic")


def test_enough_leads_of_little_weight_are_too_few_to_bend() -> None:
    points, won = simulated(3, 2_000, bend=2.0)
    assert fit_curve(points, won, base_rate=0.27).method in ("quadratic", "beta")
    weight = np.where(np.arange(2_000) % 10 == 0, 1.0, 0.01)
    assert fit_curve(points, won, base_rate=0.27, sample_weight=weight).method in ("none", "logistic")


def test_small_samples_cost_little_when_points_are_right_and_gain_much_when_they_are_off() -> None:
    """Mean excess log loss over 40 histories of 150 leads, on leads spread as the history's."""
    grid = np.arange(30, 171)
    density = np.exp(-0.5 * ((grid - 100) / 28) ** 2)

    def excess(method: Any, shift: float) -> float:
        total = 0.0
        truth = true_rate(grid, shift, 1.0)
        for seed in range(40):
            curve = fit_curve(*simulated(seed, 150, shift), base_rate=0.27, method=method)
            p = np.array([curve.at(int(value))[0] for value in grid])
            gap = truth * np.log(truth / p) + (1 - truth) * np.log((1 - truth) / (1 - p))
            total += float(np.average(gap, weights=density)) / 40
        return total

    assert excess("auto", 0.0) < 0.006
    assert excess("auto", -0.7) < 0.25 * excess("none", -0.7)


def test_the_interval_of_the_table_covers_the_win_rate_of_leads() -> None:
    inside, width = [], []
    for seed in range(50):
        points, won = simulated(seed, 400, shift=-0.3, slope=0.8)
        curve = fit_curve(points, won, base_rate=0.27)
        grid = range(curve.first_points - 20, curve.last_points + 21)  # also beyond the table
        truth = true_rate(grid, -0.3, 0.8)
        inside.append(
            [curve.at(value)[1] <= rate <= curve.at(value)[2] for value, rate in zip(grid, truth, strict=True)]
        )
        width.append(np.mean([curve.at(int(value))[2] - curve.at(int(value))[1] for value in points]))
    assert np.mean([np.mean(row) for row in inside]) >= 0.95
    assert np.mean(width) < 0.3


def test_points_beyond_the_leads_promise_nothing_on_the_open_side() -> None:
    points, won = simulated(5, 500)
    curve = fit_curve(points, won, base_rate=0.27)
    probability, low, high = curve.at(points.max() + 50)
    assert high == 1.0
    assert low > 0
    assert probability == curve.probability[-1]
    assert curve.at(points.min() - 50)[1] == 0.0


def test_points_of_unknown_scale_are_learned_from_their_outcomes() -> None:
    rng = np.random.default_rng(6)
    points = rng.integers(0, 60, 8_000) * 5
    truth = expit(points / 60 - 3)
    curve = fit_curve(points, rng.random(8_000) < truth, base_rate=None)
    assert_sound(curve, points)
    for value in (25, 100, 200, 275):
        assert curve.at(value)[0] == pytest.approx(expit(value / 60 - 3), abs=0.03)


def test_points_of_unknown_scale_without_meaning_give_a_flat_curve_at_the_win_rate() -> None:
    rng = np.random.default_rng(7)
    points = rng.integers(0, 10, 2_000)
    won = rng.random(2_000) < 0.3 - 0.02 * points
    curve = fit_curve(points, won, base_rate=None)
    assert curve.at(0)[0] == pytest.approx(curve.at(9)[0], abs=1e-6)
    assert curve.at(5)[0] == pytest.approx(won.mean(), abs=0.01)


def test_a_rule_is_read_alike_in_any_unit() -> None:
    points, won = simulated(8, 3_000)
    once = fit_curve(points, won, base_rate=None)
    often = fit_curve(3 * points + 40, won, base_rate=None)
    for value in (60, 100, 140):
        assert often.at(3 * value + 40) == pytest.approx(once.at(value), abs=2e-6)


def test_leads_that_all_have_the_same_points_give_their_win_rate() -> None:
    won = np.arange(2_000) % 4 == 0
    for base_rate, method in ((0.4, "auto"), (None, "auto"), (0.4, "quadratic"), (0.4, "beta"), (None, "quadratic")):
        curve = fit_curve(np.full(2_000, 100), won, base_rate=base_rate, method=method)  # type: ignore[arg-type]  # from a tuple
        assert curve.at(100)[0] == pytest.approx(0.25, abs=0.01)


def test_time_decides_what_is_later_not_the_order_of_the_rows() -> None:
    points, won = simulated(9, 2_000, shift=-0.3, slope=0.8)
    shuffled = np.random.default_rng(0).permutation(2_000)
    in_order = fit_curve(points, won, base_rate=0.27)
    again = fit_curve(points[shuffled], won[shuffled], base_rate=0.27, time=np.arange(2_000)[shuffled])
    assert again == in_order


def test_a_weight_of_two_is_not_two_leads_but_weights_shift_the_curve() -> None:
    points, won = simulated(10, 2_000)
    heavy_wins = fit_curve(points, won, base_rate=0.27, sample_weight=np.where(won, 3.0, 1.0), method="logistic")
    equal = fit_curve(points, won, base_rate=0.27, method="logistic")
    assert heavy_wins.at(100)[0] > equal.at(100)[0] + 0.1
    assert heavy_wins.interval_method.code == "interval_weighted"
    assert fit_curve(points, won, base_rate=0.27, sample_weight=np.full(2_000, 2.0), method="logistic") == equal


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"base_rate": 0.0}, "base_rate is 0.0, it must be above 0 and below 1"),
        ({"base_rate": float("nan")}, "base_rate is nan"),
        ({"points_to_double_odds": 0}, "points_to_double_odds is 0"),
        ({"coverage": 1.0}, "coverage is 1.0"),
        ({"method": "isotonic"}, 'method is "isotonic", it must be one of auto, none, logistic'),
        ({"base_rate": None, "method": "beta"}, 'take "logistic", "quadratic" only'),
        ({"base_rate": None, "method": "none"}, "base_rate is None"),
        ({"points": [100] * 19, "won": [0, 1] * 9 + [0]}, "got 19 leads"),
    ],
)
def test_what_it_cannot_do_it_refuses(changed: dict[str, Any], says: str) -> None:
    with pytest.raises(EvidenceError, match=says):
        fit_curve(**{"points": [100, 110] * 10, "won": [0, 1, 1, 0] * 5, "base_rate": 0.3} | changed)
