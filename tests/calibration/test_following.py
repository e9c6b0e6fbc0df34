import numpy as np
import pytest
from scipy.special import expit

from leadqual.calibration import fit_curve, follow_recent, read_follow_up

BASE = float(expit(-2.2))


def _world(seed, shift, leads=4_000, days=900, ago=240):
    """The log-odds of winning rose by ``shift`` so many days ago; 100 points stood for log-odds of -2.2 before."""
    rng = np.random.default_rng(seed)
    created = np.sort(rng.integers(0, days, leads))
    z = rng.normal(size=leads)
    truth = expit(-2.2 + z + shift * (created > days - ago))
    takes = np.minimum(rng.gamma(2, 18, leads) // 1, 90)
    seen = read_follow_up(
        np.rint(100 + z * 20 / np.log(2)),
        created,
        np.where(rng.random(leads) < truth, takes, np.nan),
        until=days,
        window_days=90,
    )
    mature, won = seen.mature()
    curve = fit_curve(seen.points[mature], won[mature], base_rate=BASE, time=seen.created[mature])
    young = seen.created > days - 30
    return follow_recent(curve, seen, base_rate=BASE), curve, seen.points[young], truth[young]


def _ratio(curve, points, truth):
    return np.mean([curve.at(int(one))[0] for one in points]) / truth.mean()


@pytest.mark.parametrize("shift", [0.9, -0.9])
def test_after_a_shift_of_the_win_rate_it_predicts_young_leads_where_mature_ones_do_not(shift):
    worlds = [_world(seed, shift, leads=6_000) for seed in range(6)]
    stayed = np.mean([_ratio(curve, points, truth) for _, curve, points, truth in worlds])
    moved = np.mean([_ratio(found.curve, points, truth) for found, _, points, truth in worlds])
    assert abs(np.log(stayed)) > 0.4
    assert 0.9 < moved < 1.1
    assert np.mean([found.followed for found, *_ in worlds]) > 0.8


@pytest.mark.parametrize("shift", [0.9, -0.9])
def test_a_ledger_of_a_year_follows_too(shift):
    """Its first steps know less than half a year, so there a memory of that length is the whole history."""
    worlds = [_world(seed, shift, leads=6_000, days=390) for seed in range(4)]
    assert [trial.memory_days for trial in worlds[0][0].trials] == [None, 180.0]
    moved = np.mean([_ratio(found.curve, points, truth) for found, _, points, truth in worlds])
    assert 0.9 < moved < 1.1


def test_where_nothing_moves_it_seldom_follows_and_loses_nothing_by_it():
    worlds = [_world(seed, 0.0) for seed in range(20)]
    followed = sum(found.followed for found, *_ in worlds)
    assert followed <= 5  # 1.5 standard errors are passed by chance in 7 % of tries, and there are three
    for found, curve, points, truth in worlds:
        assert found.followed or found.curve is curve
        assert _ratio(found.curve, points, truth) == pytest.approx(_ratio(curve, points, truth), rel=0.2)


def test_the_interval_moves_with_the_probability_and_grows_by_the_error_of_the_move():
    found, curve, *_ = _world(0, 0.9)
    assert found.followed
    assert found.curve.method == "hazard, 30-day buckets"
    assert found.why is not None
    assert found.why.code.startswith("follows_young_leads")
    now, before = found.curve, curve
    for points in range(now.first_points, now.last_points + 1):
        (mean, low, high), (old, old_low, old_high) = now.at(points), before.at(points)
        assert 0 <= low <= mean <= high <= 1
        if old_low > 0 and old_high < 1:
            width, old_width = (
                np.log(b / (1 - b)) - np.log(a / (1 - a)) for a, b in ((low, high), (old_low, old_high))
            )
            assert width > old_width - 1e-3
        assert mean > old
    assert now.probability == tuple(sorted(now.probability))


def test_the_trials_say_what_was_gained():
    found, *_ = _world(0, 0.9)
    assert [trial.memory_days for trial in found.trials] == [None, 365.0, 180.0]
    best = min(found.trials, key=lambda trial: trial.log_loss)
    assert best.gain > 1.5 * best.error > 0


def test_a_history_too_short_to_try_keeps_its_curve():
    found, curve, *_ = _world(0, 0.9, leads=400, days=150)
    assert (found.curve, found.followed, found.trials, found.why) == (curve, False, (), None)


def test_recent_months_without_a_win_say_much_too():
    rng = np.random.default_rng(0)
    created = np.sort(rng.integers(0, 900, 3_000))
    won_after = np.where((rng.random(3_000) < 0.3) & (created < 500), 10.0, np.nan)
    seen = read_follow_up(rng.integers(99, 102, 3_000), created, won_after, until=900, window_days=90)
    mature, won = seen.mature()
    curve = fit_curve(seen.points[mature], won[mature], base_rate=0.3, time=seen.created[mature])
    found = follow_recent(curve, seen, base_rate=0.3)
    assert curve.at(100)[0] > 0.15
    assert found.curve.at(100)[0] < 0.02
