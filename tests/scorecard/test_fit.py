"""The fit finds what an independent optimiser finds."""

import numpy as np
import pytest
from scipy.optimize import minimize

from leadqual.scorecard import ScorecardClassifier
from leadqual.scorecard.fit import design, fit_effects, information, predict, solve_intercept


@pytest.fixture
def problem():
    rng = np.random.default_rng(0)
    codes = [rng.integers(0, 4, 500), rng.integers(0, 3, 500)]
    won = (rng.random(500) < np.array([0.2, 0.4, 0.5, 0.3])[codes[0]]).astype(float)
    weight = rng.integers(1, 4, 500).astype(float)
    root = rng.normal(size=(7, 7))
    return codes, won, weight, root @ root.T + np.eye(7)


def dense(codes):
    return np.concatenate([np.eye(4)[codes[0]], np.eye(3)[codes[1]]], axis=1)


def minimum(codes, won, weight, penalty, bounds=None, offset=0.0):
    X = dense(codes)

    def loss(b):
        z = b[0] + X @ b[1:] + offset
        return weight @ (np.logaddexp(0, z) - won * z) + b[1:] @ penalty @ b[1:] / 2

    return minimize(loss, np.zeros(8), method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-14, "gtol": 1e-9}).x


def test_equals_a_general_optimiser(problem):
    codes, won, weight, penalty = problem
    offset = np.random.default_rng(1).normal(size=500)
    found = fit_effects(design(codes, [4, 3], weight), won, penalty, offset=offset)
    assert found == pytest.approx(minimum(codes, won, weight, penalty, offset=offset), abs=1e-3)


def test_bounds_hold_inside_the_fit(problem):
    codes, won, weight, penalty = problem
    lower, upper = np.full(7, -0.05), np.array([0.05, 0.05, 0.02, 0.05, 0.1, -0.01, 0.05])
    found = fit_effects(design(codes, [4, 3], weight), won, penalty, bounds=(lower, upper))
    box = [(None, None), *zip(lower, upper, strict=True)]
    assert found == pytest.approx(minimum(codes, won, weight, penalty, bounds=box), abs=1e-3)


def test_information_is_the_curvature_of_the_loss_with_the_intercept_profiled_out(problem):
    codes, _, weight, _ = problem
    logits = np.random.default_rng(2).normal(size=500)
    p = 1 / (1 + np.exp(-logits))
    X = np.column_stack((np.ones(500), dense(codes)))
    full = X.T @ (X * (weight * p * (1 - p))[:, None])
    profiled = full[1:, 1:] - np.outer(full[1:, 0], full[0, 1:]) / full[0, 0]
    assert information(design(codes, [4, 3], weight), logits) == pytest.approx(profiled)


def test_many_leads_take_another_path_to_the_same_card(history, monkeypatch):
    table, won, _ = history
    sparse = ScorecardClassifier().fit(table, won).points_table_
    monkeypatch.setattr("leadqual.scorecard.fit._MAX_SPARSE_LEADS", 0)
    assert ScorecardClassifier().fit(table, won).points_table_ == sparse


def test_predict_adds_up(problem):
    codes, _, weight, _ = problem
    coefficients = np.arange(8.0)
    expected = coefficients[0] + coefficients[1:5][codes[0]] + coefficients[5:][codes[1]]
    assert predict(design(codes, [4, 3], weight), coefficients) == pytest.approx(expected)


@pytest.mark.parametrize("wins", [0, 3, 10])
def test_intercept_balances_expected_and_actual_wins(wins):
    won = np.array([1.0] * wins + [0.0] * (10 - wins))
    offset = np.linspace(-2, 2, 10)
    at = solve_intercept(won, np.ones(10), offset)
    expected = float(np.sum(1 / (1 + np.exp(-offset - at))))
    assert expected == pytest.approx(min(max(wins, 0.5), 9.5))
