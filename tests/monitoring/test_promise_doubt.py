from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit, logit

from leadqual.bundle import Bundle, ProbabilityCurve, ScoreScale
from leadqual.calibration import fit_scale
from leadqual.monitoring import promise_doubt

BUNDLE = Bundle.load(Path(__file__).parents[2] / "models" / "sample.json")


def logistic(z, won):
    """Return intercept and slope of a logistic regression, by Newton's steps from the truth."""
    design, beta = np.column_stack([np.ones(len(z)), z]), np.array([0.0, 1.0])
    for _ in range(6):
        p = expit(design @ beta)
        beta = beta + np.linalg.solve(design.T @ (design * (p * (1 - p))[:, None]), design.T @ (won - p))
    return beta


@pytest.fixture
def learned():
    """Return points that a curve was learned from, and the bundle whose curve it is."""
    rng = np.random.default_rng(0)
    points = np.rint(rng.normal(100, 27, 2000)).astype(np.int64)
    every = np.arange(points.min(), points.max() + 1)
    p = expit((every - 100) * np.log(2) / 20 - 2.2)
    curve = ProbabilityCurve(int(every[0]), tuple(p), tuple(p), tuple(p), 0.95, "logistic", "", len(points), 200)
    scale = fit_scale(points)
    return points, replace(BUNDLE, curve=curve, scale=ScoreScale(scale.first_points, scale.score))


@pytest.mark.parametrize("share", [1.0, 0.2])
def test_it_is_the_standard_error_of_a_logistic_regression_on_as_many_leads(learned, share) -> None:
    points, bundle = learned
    rng = np.random.default_rng(1)
    true = expit((points - 100) * np.log(2) / 20 - 2.2)
    z = logit(true)
    mine = points >= np.quantile(points, 1 - share)
    weight = true[mine] * (1 - true[mine])
    off = []
    for _ in range(300):
        won = rng.random(len(points)) < true
        fitted = logistic(z, won)
        off.append(float(weight @ (fitted[0] + fitted[1] * z[mine] - z[mine]) / weight.sum()))
    assert promise_doubt(bundle, points[mine]) == pytest.approx(1.96 * np.std(off), rel=0.15)


def test_leads_of_accounts_tell_less(learned) -> None:
    points, bundle = learned
    settings = (("accounts", "500"), ("account correlation", "0.5"))
    lumps = replace(bundle, provenance=replace(bundle.provenance, settings=settings))
    # four leads an account, alike by a half: 1 + 3 x 0.5 leads are worth one
    assert promise_doubt(lumps, points) == pytest.approx(2.5**0.5 * promise_doubt(bundle, points), rel=1e-3)
    assert promise_doubt(bundle, points[:0]) == 0.0
