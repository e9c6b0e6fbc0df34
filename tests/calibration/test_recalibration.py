"""Moving a curve to new outcomes."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import expit, logit

from leadqual.bundle import ProbabilityCurve
from leadqual.calibration import fit_curve, recalibrate
from leadqual.errors import EvidenceError

Floats = NDArray[np.float64]


def outcomes(
    seed: int, size: int, shift: float = 0.0, slope: float = 1.0, centre: float = 100
) -> tuple[Floats, Floats]:
    rng = np.random.default_rng(seed)
    points = np.rint(rng.normal(centre, 25, size))
    return points, (rng.random(size) < truth(points, shift, slope)).astype(float)


def truth(points: Floats, shift: float, slope: float) -> Floats:
    return expit(slope * ((np.asarray(points) - 100) * np.log(2) / 20 - 1) + shift)


@pytest.fixture(scope="module")
def curve() -> ProbabilityCurve:
    return fit_curve(*outcomes(100, 10_000), base_rate=float(expit(-1)), method="none")


@pytest.mark.parametrize(("shift", "slope"), [(-0.8, 1.0), (0.7, 1.0), (-0.5, 0.5)])
def test_many_new_outcomes_are_followed(curve: ProbabilityCurve, shift: float, slope: float) -> None:
    later = recalibrate(curve, *outcomes(0, 12_000, shift, slope))
    assert later.method == f"none, recalibrated: {'intercept' if slope == 1 else 'logistic'}"
    for points in range(60, 141, 20):
        assert later.at(points)[0] == pytest.approx(truth(points, shift, slope), abs=0.02)


def test_an_intercept_moves_all_log_odds_by_the_same_amount(curve: ProbabilityCurve) -> None:
    later = recalibrate(curve, *outcomes(1, 5_000, -0.8))
    moved = logit(later.probability) - logit(curve.probability)
    assert later.method.endswith("intercept")
    np.testing.assert_allclose(moved[5:-5], np.median(moved), atol=2e-3)


def test_no_change_in_the_world_changes_little(curve: ProbabilityCurve) -> None:
    """Mean absolute change over 30 sets of 300 new outcomes that follow the curve."""
    change, methods = [], set()
    for seed in range(30):
        later = recalibrate(curve, *outcomes(seed, 300))
        change.append(abs(later.at(100)[0] - curve.at(100)[0]))
        methods.add(later.method.rsplit(" ", 1)[1])
    assert np.mean(change) < 0.025
    assert "none" in methods


def test_few_new_outcomes_move_it_part_of_the_way(curve: ProbabilityCurve) -> None:
    moved = [recalibrate(curve, *outcomes(seed, 25, 2.0)).at(100)[0] for seed in range(30)]
    assert curve.at(100)[0] + 0.05 < np.mean(moved) < truth(np.array(100), 2.0, 1.0) - 0.1


def test_the_interval_rests_on_the_new_outcomes_alone(curve: ProbabilityCurve) -> None:
    covered = []
    for seed in range(40):
        points, won = outcomes(seed, 200, -0.9)
        later = recalibrate(curve, points, won)
        assert (later.leads, later.wins) == (200, won.sum())
        ends = np.array([later.at(int(value))[1:] for value in range(-20, 221)])
        rate = truth(np.arange(-20, 221), -0.9, 1.0)
        covered.append(np.mean((ends[:, 0] <= rate) & (rate <= ends[:, 1])))
    assert np.mean(covered) >= curve.coverage


def test_the_table_spans_old_and_new_points_and_never_falls(curve: ProbabilityCurve) -> None:
    points, won = outcomes(3, 200, centre=260)
    later = recalibrate(curve, points, won)
    assert later.first_points == curve.first_points
    assert later.last_points == points.max() + 1
    assert np.all(np.diff(later.probability) >= 0)
    assert later.at(curve.first_points)[1] == 0.0
    assert later.at(later.last_points)[2] == 1.0
    for low, value, high in zip(later.low, later.probability, later.high, strict=True):
        assert low <= value <= high


def test_again_and_again_names_what_was_done_last(curve: ProbabilityCurve) -> None:
    later = recalibrate(recalibrate(curve, *outcomes(4, 2_000, -0.8)), *outcomes(5, 2_000, 0.8))
    assert later.method.startswith("none, recalibrated: ")
    assert later.method.count("recalibrated") == 1
    assert later.at(100)[0] == pytest.approx(truth(np.array(100), 0.8, 1.0), abs=0.03)


def test_time_and_weights_are_used(curve: ProbabilityCurve) -> None:
    points, won = outcomes(6, 800, -0.5, 0.7)
    shuffled = np.random.default_rng(0).permutation(800)
    again = recalibrate(curve, points[shuffled], won[shuffled], time=np.arange(800)[shuffled])
    assert again == recalibrate(curve, points, won)
    heavy = recalibrate(curve, points, won, sample_weight=np.where(won == 1, 4.0, 1.0))
    assert heavy.at(100)[0] > again.at(100)[0] + 0.1


def test_too_few_new_outcomes_are_refused(curve: ProbabilityCurve) -> None:
    points, won = outcomes(7, 19)
    with pytest.raises(EvidenceError, match="got 19 leads, it needs at least 20"):
        recalibrate(curve, points, won)
    with pytest.raises(EvidenceError, match="none of them won"):
        recalibrate(curve, np.full(50, 100), np.zeros(50))
