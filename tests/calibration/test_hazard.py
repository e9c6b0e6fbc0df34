import numpy as np
import pytest
from scipy.special import expit, logit
from sklearn.linear_model import LogisticRegression

from leadqual.calibration.follow_up import Exposure, read_follow_up
from leadqual.calibration.hazard import fit_hazard
from leadqual.errors import EvidenceError

LEVELS, SLOPE = np.array([-2.0, -2.5, -3.5]), 0.8


def _watched(leads, seed):
    """Leads whose hazards are the three levels at x = 0; x from -2 to 2, points 80 to 120."""
    rng = np.random.default_rng(seed)
    points = rng.integers(80, 121, leads)
    x = (points - 100) / 10
    won_after = np.full(leads, np.nan)
    for bucket, level in enumerate(LEVELS):
        wins = np.isnan(won_after) & (rng.random(leads) < expit(level + SLOPE * x))
        won_after[wins] = rng.integers(30 * bucket + 1, 30 * bucket + 31, wins.sum())
    return points, x, won_after


def test_with_many_leads_it_is_logistic_regression_on_one_row_per_lead_and_bucket():
    points, x, won_after = _watched(20_000, seed=0)
    exposure = read_follow_up(points, np.zeros(len(x)), won_after, until=90, window_days=90).exposure()
    hazard = fit_hazard(exposure, (exposure.points - 100) / 10)
    rows, outcome = [], []
    for one, after in zip(x, won_after, strict=True):
        for bucket in range(3):
            rows.append([*(float(bucket == k) for k in range(3)), one])
            outcome.append(30 * bucket < after <= 30 * bucket + 30)
            if outcome[-1]:
                break
    other = LogisticRegression(C=1e9, fit_intercept=False, tol=1e-8).fit(rows, outcome)
    at_zero = hazard.levels - hazard.slope * hazard.centre
    np.testing.assert_allclose([*at_zero, hazard.slope], other.coef_[0], atol=2e-3)


def test_the_probability_is_that_of_winning_in_some_bucket():
    points, x, won_after = _watched(200_000, seed=1)
    exposure = read_follow_up(points, np.zeros(len(x)), won_after, until=90, window_days=90).exposure()
    distinct = (exposure.points - 100) / 10
    said = fit_hazard(exposure, distinct).probability(distinct)
    truth = 1 - np.prod(1 - expit(LEVELS[:, None] + SLOPE * distinct), axis=0)
    np.testing.assert_allclose(said, truth, rtol=0.06)


def test_its_standard_error_is_how_much_it_varies_from_world_to_world():
    at = np.array([-1.0, 0.0, 1.0])
    said, errors = [], []
    for seed in range(200):
        points, x, won_after = _watched(1_500, seed)
        exposure = read_follow_up(points, np.zeros(len(x)), won_after, until=90, window_days=90).exposure()
        hazard = fit_hazard(exposure, (exposure.points - 100) / 10)
        said.append(logit(hazard.probability(at)))
        errors.append(hazard.error(at))
    np.testing.assert_allclose(np.mean(errors, axis=0), np.std(said, axis=0), rtol=0.15)


def test_few_recent_leads_leave_the_hazard_of_the_whole_history_nearly_as_it_is_and_many_move_it():
    whole = fit_hazard(Exposure(np.array([100]), np.full((2, 1), 10_000.0), np.full((2, 1), 1_000.0)), np.zeros(1))
    x = np.zeros(1)

    def recent(leads):
        return Exposure(np.array([100]), np.full((2, 1), leads), np.full((2, 1), 0.3 * leads))

    few, many = (fit_hazard(recent(n), x, around=whole).probability(x)[0] for n in (4.0, 4_000.0))
    assert whole.probability(x)[0] == pytest.approx(0.19, abs=0.001)
    assert 0.19 < few < 0.32
    assert many == pytest.approx(1 - 0.7**2, abs=0.01)


def test_more_points_never_mean_less():
    exposure = Exposure(np.array([90, 110]), np.array([[500.0, 500.0]]), np.array([[100.0, 50.0]]))
    hazard = fit_hazard(exposure, np.array([-1.0, 1.0]))
    assert hazard.slope == 0
    np.testing.assert_allclose(hazard.probability(np.array([-1.0, 1.0])), 0.15, atol=0.002)


@pytest.mark.parametrize("wins", [0.0, 20.0])
def test_without_wins_or_with_nothing_else_there_is_no_hazard(wins):
    with pytest.raises(EvidenceError, match=f"{int(wins)} of 20 watched periods of leads have a win"):
        fit_hazard(Exposure(np.array([100]), np.array([[20.0]]), np.array([[wins]])), np.zeros(1))
