"""Fitting a shape, beside other implementations."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from leadqual.calibration.candidates import Shape, beta, intercept_only, logistic, quadratic, unchanged
from leadqual.calibration.estimate import estimate

Floats = NDArray[np.float64]


def data(seed: int, size: int = 60, slope: float = 0.6) -> tuple[Floats, Floats, Floats]:
    rng = np.random.default_rng(seed)
    x = rng.normal(-1, 1.2, size)
    leads = rng.integers(1, 12, size).astype(float)
    return x, leads, rng.binomial(leads.astype(int), expit(slope * x - 0.4)).astype(float)


def objective(shape: Shape, x: Floats, leads: Floats, wins: Floats, coefficients: Floats) -> float:
    """Minus the log posterior, written a second time: with probabilities instead of log-odds."""
    p = expit(shape.basis(x) @ coefficients)
    prior = [((c - m) / s) ** 2 / 2 for c, m, s in zip(coefficients, shape.start, shape.spread, strict=True) if s]
    return float(-np.sum(wins * np.log(p) + (leads - wins) * np.log1p(-p)) + sum(prior))


@pytest.mark.parametrize("seed", range(5))
def test_without_a_prior_it_is_scikit_learns_unpenalised_logistic_regression(seed: int) -> None:
    x, leads, wins = data(seed)
    loose = dataclasses.replace(logistic(0.0), spread=(1e6, 1e6))
    peer = LogisticRegression(C=np.inf, tol=1e-12, max_iter=10_000)
    peer.fit(np.tile(x, 2)[:, None], np.repeat([1, 0], len(x)), sample_weight=np.concatenate((wins, leads - wins)))
    np.testing.assert_allclose(estimate(loose, x, leads, wins), [peer.intercept_[0], peer.coef_[0, 0]], atol=1e-5)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize(
    "shape", [logistic(-1.0), quadratic(-1.0, -2.5, 0.8), beta(-1.0)], ids=lambda shape: shape.name
)
def test_it_is_the_bounded_optimum_that_scipy_finds(shape: Shape, seed: int) -> None:
    x, leads, wins = data(seed, slope=-0.6 if seed % 2 else 0.6)  # falling win rates push slopes against their bounds
    ours = estimate(shape, x, leads, wins)
    bounds = [(0, None) if i in shape.non_negative else (None, None) for i in range(len(shape.start))]
    peer = minimize(
        lambda c: objective(shape, x, leads, wins, c), shape.start, bounds=bounds, options={"ftol": 1e-14, "gtol": 1e-9}
    )
    assert objective(shape, x, leads, wins, ours) <= peer.fun + 1e-9
    np.testing.assert_allclose(ours, peer.x, atol=2e-4)
    assert all(ours[i] >= 0 for i in shape.non_negative)


def test_a_slope_against_the_data_ends_at_its_bound() -> None:
    x = np.linspace(-3, 3, 50)
    leads = np.full(50, 1e4)
    slope = estimate(logistic(0.0), x, leads, leads * expit(-x))[1]
    assert slope == 0.0
    assert estimate(beta(0.0), x, leads, leads * expit(-x))[1:].tolist() == [0.0, 0.0]


def test_fixed_coefficients_stay() -> None:
    x, leads, wins = data(0)
    assert estimate(unchanged(), x, leads, wins).tolist() == [1.0]
    shift, slope = estimate(intercept_only(-1.0), x, leads, wins)
    assert slope == 1.0
    # The best shift is where prior and data pull equally.
    pull = wins.sum() - leads @ expit(x + shift + 1) - (shift + 1) / intercept_only(-1.0).spread[0] ** 2
    assert pull == pytest.approx(0, abs=1e-8)


def test_the_prior_decides_with_few_leads_and_the_data_with_many() -> None:
    x = np.array([-1.0, 1.0])
    slopes = [estimate(logistic(0.0), x, np.full(2, n), n * expit(3 * x))[1] for n in (1.0, 100.0, 1e7)]
    assert 1 < slopes[0] < 1.1 < slopes[1] < 2.9 < slopes[2] < 3.0001


def test_separable_outcomes_give_finite_coefficients() -> None:
    x = np.array([-2.0, -1.0, 1.0, 2.0])
    leads = np.full(4, 1000.0)
    for shape in (logistic(0.0), quadratic(0.0, -1.5, 1.5), beta(0.0)):
        coefficients = estimate(shape, x, leads, np.array([0.0, 0.0, 1000.0, 1000.0]))
        assert np.all(np.isfinite(coefficients))
        assert np.max(np.abs(coefficients)) < 10
