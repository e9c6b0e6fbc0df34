"""Intervals keep their promise where leads of one company end alike, and cost little where they do not."""

import numpy as np
import pytest
from scipy.special import expit

from leadqual.calibration import account_effect, fit_curve, recalibrate

AT = np.arange(65, 136, 5)


def worlds(company, alike, *, with_account, count=25):
    """Return how often 95 % intervals hold the truth, and their mean width, over worlds of 1,500 leads."""
    truth, held, width = expit((AT - 100) * np.log(2) / 20 - 1.5), [], []
    for seed in range(count):
        rng = np.random.default_rng(seed)
        companies = 1500 // company
        points, account = (np.repeat(one, company) for one in (rng.integers(60, 141, companies), np.arange(companies)))
        shared = np.repeat(rng.random(companies) < alike, company)
        draw = np.where(shared, np.repeat(rng.random(companies), company), rng.random(len(points)))
        won = (draw < expit((points - 100) * np.log(2) / 20 - 1.5)) * 1.0
        curve = fit_curve(points, won, base_rate=0.2, account=account if with_account else None)
        ends = np.array([curve.at(int(one))[1:] for one in AT])
        held.append(np.mean((ends[:, 0] <= truth) & (truth <= ends[:, 1])))
        width.append(np.mean(ends[:, 1] - ends[:, 0]))
    return np.mean(held), np.mean(width)


@pytest.mark.parametrize(("company", "alike"), [(3, 0.5), (3, 1.0), (8, 1.0)])
def test_intervals_hold_where_leads_of_a_company_end_alike(company, alike):
    assert worlds(company, alike, with_account=True)[0] >= 0.95


def test_without_accounts_they_would_not():
    assert worlds(8, 1.0, with_account=False)[0] < 0.9


def test_they_are_little_wider_where_leads_are_independent():
    assert worlds(3, 0.0, with_account=True)[1] < 1.08 * worlds(3, 0.0, with_account=False)[1]


def test_without_repeats_the_curve_is_the_same():
    rng = np.random.default_rng(0)
    points, won = rng.integers(60, 141, 800), (rng.random(800) < 0.2) * 1.0
    plain = fit_curve(points, won, base_rate=0.2)
    alone = fit_curve(points, won, base_rate=0.2, account=np.arange(800))
    assert (plain.probability, plain.low, plain.high) == (alone.probability, alone.low, alone.high)
    assert (plain.interval_method.code, alone.interval_method.code) == ("interval_leads", "interval_accounts")
    assert account_effect(points, won, None) is None


def test_recalibrating_counts_accounts_too():
    rng = np.random.default_rng(0)
    points, account = np.repeat(rng.integers(60, 141, 400), 4), np.repeat(np.arange(400), 4)
    won = np.repeat(rng.random(400) < 0.2, 4) * 1.0
    curve = fit_curve(points, won, base_rate=0.2, account=account)
    rows, counted = (recalibrate(curve, points, won, account=one) for one in (None, account))
    assert counted.at(100)[2] - counted.at(100)[1] > 1.5 * (rows.at(100)[2] - rows.at(100)[1])
