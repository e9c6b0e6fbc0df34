import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from leadqual.retraining import promotion_evidence


def test_figures_are_what_they_say():
    rng = np.random.default_rng(0)
    p, q = rng.uniform(0.05, 0.5, 1000), rng.uniform(0.05, 0.5, 1000)
    won = (rng.random(1000) < p) * 1.0
    found = promotion_evidence(won, q, p, np.arange(1000.0), segments={"s": np.repeat(["a", "b", "c"], [600, 380, 20])})
    loss = [-(won * np.log(x) + (1 - won) * np.log(1 - x)).mean() for x in (q, p)]
    assert found.difference == pytest.approx(loss[1] - loss[0])
    assert found.ratio == pytest.approx(p.sum() / won.sum())
    fit = LogisticRegression(C=np.inf, tol=1e-10).fit(np.log(p / (1 - p))[:, None], won)
    assert found.slope == pytest.approx(fit.coef_[0, 0], abs=1e-3)
    assert [(one.value, one.leads) for one in found.segments] == [("a", 600), ("b", 380)]
    assert found.segments[0].predicted == pytest.approx(p[:600].sum())


def test_two_that_are_as_good_are_rarely_told_apart():
    rng = np.random.default_rng(1)
    better = 0
    for seed in range(300):
        z = rng.normal(-2, 1, 600)
        won = (rng.random(600) < 1 / (1 + np.exp(-z))) * 1.0
        noise = rng.normal(0, 0.3, 600)
        one, other = (1 / (1 + np.exp(-(z + sign * noise))) for sign in (1, -1))
        found = promotion_evidence(won, one, other, np.arange(600.0), repetitions=300, seed=seed)
        better += found.high < 0
    assert better / 300 <= 0.05


def test_more_challengers_make_the_interval_wider():
    rng = np.random.default_rng(2)
    p = rng.uniform(0.05, 0.5, 500)
    won = (rng.random(500) < p) * 1.0
    one, three = (promotion_evidence(won, np.full(500, 0.25), p, np.arange(500.0), tried=k) for k in (1, 3))
    assert three.high - three.low > one.high - one.low
    assert three.level == pytest.approx(1 - 0.05 / 3)


def test_no_wins_are_no_ratio():
    found = promotion_evidence(np.zeros(300), np.full(300, 0.1), np.full(300, 0.05), np.arange(300.0))
    assert (found.ratio, found.wins) == (None, 0)
