"""Short versions of the simulations behind benchmarks/README.md: the same worlds, fewer of them."""

import numpy as np
import pytest
from scipy.stats import binom

from benchmarks.interval_worlds import SHAPES, card_worlds, curve_worlds
from benchmarks.validity import precision_worlds, signal_worlds

WORLDS = 120


@pytest.mark.parametrize("outcomes", [500, 2000])
def test_a_promised_precision_is_broken_in_no_more_worlds_than_promised(outcomes):
    kept = precision_worlds(outcomes, worlds=WORLDS, seed=7)
    # what a procedure that breaks exactly 5 % would stay under in 999 of 1,000 runs
    assert round(kept.broken * WORLDS) <= binom.ppf(0.999, WORLDS, 0.05)
    assert kept.worlds == WORLDS
    assert 0 < kept.share < 0.115


def test_more_outcomes_certify_more():
    few, many = (precision_worlds(n, worlds=40, seed=3) for n in (500, 5000))
    assert many.share > 2 * few.share
    assert many.none < few.none


@pytest.mark.parametrize("shape", SHAPES)
def test_the_interval_holds_the_true_rate_overall_and_in_each_segment(shape):
    found = curve_worlds(shape, base_rate=0.12, outcomes=500, worlds=60, seed=5)
    assert found.overall >= 0.95
    assert set(found.segments) == {"lowest 80 %", "next 15 %", "best 5 %", "referrals"}
    # leads of a segment share their points, so that 60 worlds are about 60 independent looks at each
    assert min(found.segments.values()) >= binom.ppf(0.001, 60, 0.95) / 60
    assert found.width < 0.35


def test_an_interval_of_half_the_coverage_would_be_noticed(monkeypatch):
    # the simulation can fail: with intervals that promise 50 %, it finds less than 95 %
    import benchmarks.interval_worlds as worlds
    from leadqual.calibration import fit_curve

    monkeypatch.setattr(worlds, "fit_curve", lambda *args, **said: fit_curve(*args, **said, coverage=0.5))
    assert worlds.curve_worlds("as planned", base_rate=0.12, outcomes=2000, worlds=30, seed=5).overall < 0.95


def test_the_interval_holds_where_the_points_are_learned_too():
    found = card_worlds(1000, worlds=4, seed=2)
    assert found.overall >= 0.9
    assert set(found.segments) == {f"source {name}" for name in "abcdef"}
    assert np.mean(list(found.segments.values())) >= 0.9


def test_noise_is_refused_and_a_signal_is_not():
    assert signal_worlds(600, worlds=6, auc=0.5, seed=4) <= 2 / 6
    assert signal_worlds(600, worlds=4, auc=0.8, seed=4) == 1
