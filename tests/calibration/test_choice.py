"""Choosing among shapes."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.metrics import log_loss

from leadqual.calibration.candidates import beta, intercept_only, logistic, unchanged
from leadqual.calibration.choice import choose, later_loss
from leadqual.calibration.estimate import estimate
from leadqual.calibration.history import History, read_history

Floats = NDArray[np.float64]


def simulated(seed: int, size: int, shift: float, slope: float) -> tuple[Floats, History]:
    rng = np.random.default_rng(seed)
    points = np.rint(rng.normal(100, 28, size)).astype(int)
    x = (points - 100) * np.log(2) / 20 - 1
    return x, read_history(points, rng.random(size) < expit(slope * x + shift))


def test_the_loss_of_a_block_is_that_of_a_fit_on_the_leads_before_it() -> None:
    x, history = simulated(0, 500, 0.3, 0.8)
    losses = later_loss(logistic(-1.0), x, history)
    start = 0
    for earlier, block in history.folds:
        coefficients = estimate(logistic(-1.0), x[earlier], np.ones(len(earlier)), history.won[earlier])
        p = expit(logistic(-1.0).basis(x[block]) @ coefficients)
        assert losses[start : start + len(block)].mean() == pytest.approx(log_loss(history.won[block], p))
        start += len(block)
    assert start == len(losses)


@pytest.mark.parametrize(
    ("shift", "slope", "expected"), [(0.0, 1.0, "none"), (-0.8, 1.0, "intercept"), (-0.2, 0.55, "logistic")]
)
def test_with_many_leads_it_finds_the_simplest_shape_that_holds(shift: float, slope: float, expected: str) -> None:
    names = []
    for seed in range(12):
        x, history = simulated(seed, 6_000, shift, slope)
        shapes = [unchanged(), intercept_only(-1.0), logistic(-1.0)]
        names.append(choose(shapes, x, history).name)
    assert names.count(expected) >= 9


def test_a_later_shape_must_win_by_more_than_one_standard_error() -> None:
    shapes = [unchanged(), logistic(-1.0)]
    seen = set()
    for seed in range(30):
        x, history = simulated(seed, 400, -0.15, 0.9)
        gain = later_loss(shapes[0], x, history) - later_loss(shapes[1], x, history)
        error = gain.std() / np.sqrt(len(gain))
        expected = shapes[1] if gain.mean() > error else shapes[0]
        assert choose(shapes, x, history) is expected
        seen.add((gain.mean() > 0, gain.mean() > error))
    assert seen == {(True, True), (True, False), (False, False)}  # the rule was put to the test


def test_weights_decide_whose_outcomes_count() -> None:
    rng = np.random.default_rng(3)
    points = np.rint(rng.normal(100, 28, 4_000)).astype(int)
    x = (points - 100) * np.log(2) / 20 - 1
    shifted = rng.random(4_000) < 0.5
    won = rng.random(4_000) < expit(x - 0.9 * shifted)
    names = []
    for heard in (shifted, ~shifted):
        history = read_history(points, won, sample_weight=np.where(heard, 1.0, 1e-6))
        names.append(choose([unchanged(), intercept_only(-1.0)], x, history).name)
    assert names == ["intercept", "none"]


def test_without_later_blocks_or_alternatives_the_first_is_taken() -> None:
    x, history = simulated(0, 400, -2.0, 1.0)
    tied = read_history(history.points, history.won, time=np.zeros(400))
    assert choose([unchanged(), intercept_only(0.0)], x, tied).name == "none"
    assert choose([beta(0.0)], x, history).name == "beta"
