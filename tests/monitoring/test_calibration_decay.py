import numpy as np
import pytest

from leadqual.monitoring import Cohort, base_rate_shift, calibration_decay, watch_calibration
from leadqual.monitoring.calibration_decay import SHIFTS, TOLERANCE
from leadqual.reports.language import Language
from leadqual.reports.monitoring_plain import sentences

WEEKS, A_WEEK = 104, 60


def world(rng, base=0.15, shift=0.0, slope=1.0, start=26):
    week = np.arange(WEEKS * A_WEEK) // A_WEEK
    logit = np.log(base / (1 - base)) - 0.3 + rng.normal(0, 1, len(week))
    centre = logit.mean()
    later = week >= start
    true = np.where(later, centre + slope * (logit - centre) + shift, logit)
    won = (rng.random(len(week)) < 1 / (1 + np.exp(-true))) * 1.0
    return 1 / (1 + np.exp(-logit)), won, week


def cohort(p, won, week):
    return Cohort(np.rint(100 + 20 * np.log2(p / (1 - p))).astype(np.int64), p, won, week, "random")


@pytest.mark.slow
def test_worlds_without_change_raise_few_alarms_and_shifts_are_seen_within_twelve_weeks():
    rng = np.random.default_rng(1)
    false = sum(watch_calibration(*world(rng)).detection.alarm is not None for _ in range(300))
    assert false / 300 <= 0.05
    for shift in (-0.5, 0.5):
        delays = []
        for _ in range(60):
            alarm = watch_calibration(*world(rng, shift=shift)).detection.alarm
            delays.append(np.inf if alarm is None else alarm - 25)
        assert np.median(delays) <= 12


def test_probabilities_that_are_a_little_off_from_the_start_are_no_change():
    rng = np.random.default_rng(2)
    alarms = 0
    for _ in range(100):
        p, won, week = world(rng)
        off = 1 / (1 + np.exp(-(np.log(p / (1 - p)) + rng.choice([-TOLERANCE, TOLERANCE]))))
        alarms += watch_calibration(off, won, week).detection.alarm is not None
    assert alarms <= 5


def test_the_ratio_is_that_of_the_likelihoods():
    p, won, week = np.array([0.2, 0.4, 0.3]), np.array([1.0, 0.0, 1.0]), np.zeros(3, dtype=np.int64)

    def likelihood(off):
        q = 1 / (1 + np.exp(-(np.log(p / (1 - p)) + off)))
        return np.prod(np.where(won == 1, q, 1 - q))

    right = max(likelihood(off) for off in (-TOLERANCE, 0, TOLERANCE))
    found = watch_calibration(p, won, week)
    expected = [likelihood(shift) / right for shift in SHIFTS]
    share = found.detection.shares[: len(SHIFTS)]
    assert share / share.sum() == pytest.approx(np.array(expected) / sum(expected))
    assert (found.predicted[0], found.actual[0]) == (pytest.approx(0.9), 2.0)


def test_the_remedy_follows_what_has_changed():
    rng = np.random.default_rng(3)
    shifted = calibration_decay(cohort(*world(rng, shift=-0.8)))
    assert (shifted.severity, shifted.remedy) == ("alarm", "recalibrate")
    assert "all leads moved alike" in sentences(shifted, Language("en"))
    flat = calibration_decay(cohort(*world(rng, slope=0.3)))
    assert (flat.severity, flat.remedy) == ("alarm", "retrain")
    fine = calibration_decay(cohort(*world(rng)))
    assert (fine.severity, fine.remedy, len(fine.series)) == ("fine", "", WEEKS)


def test_a_moved_win_rate_alone_is_no_alarm():
    rng = np.random.default_rng(4)
    p, won, week = world(rng, shift=0.9)
    found = base_rate_shift(cohort(p, won, week), 0.15)
    assert (found.severity, found.remedy) == ("warning", "wait")
    assert base_rate_shift(cohort(p[:40], won[:40], week[:40]), 0.15).severity == "not applicable"


def test_too_few_leads_are_said():
    found = calibration_decay(cohort(np.array([0.2]), np.array([1.0]), np.array([0])))
    assert found.severity == "not applicable"
    assert "49 more" in sentences(found, Language("en"))
