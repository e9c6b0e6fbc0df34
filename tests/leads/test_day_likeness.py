"""Leads of one day that are alike beyond chance are found, and what changes slowly is not taken for it."""

import numpy as np
import pytest

from leadqual.leads.day_likeness import day_likeness, day_outcome_likeness

SHARES = [0.4, 0.3, 0.2, 0.1]


def leads(rng, company, a_day=12, days=180):
    codes = np.repeat(rng.choice(4, days * a_day // company, p=SHARES), company)
    return np.repeat(np.arange(days), a_day), codes


@pytest.mark.parametrize("company", [1, 3, 6])
def test_the_effect_is_the_number_of_equal_leads_a_company_sends(company):
    found = [day_likeness(*leads(np.random.default_rng(seed), company)) for seed in range(20)]
    assert np.mean([one.effect for one in found]) == pytest.approx(company, rel=0.05)
    assert np.mean([one.sure for one in found]) == (company > 1)
    assert all(one.used == 1 for one in found) if company == 1 else all(one.used > 1.5 for one in found)


def test_a_drift_over_months_is_no_likeness_of_days():
    rng = np.random.default_rng(0)
    day = np.repeat(np.arange(360), 12)
    code = (rng.random(len(day)) < np.where(day < 180, 0.1, 0.6)).astype(np.int64)
    assert not day_likeness(day, code).sure


@pytest.mark.parametrize("company", [1, 4])
def test_outcomes_of_one_day_too(company):
    rng = np.random.default_rng(1)
    day = np.repeat(np.arange(300), 12)
    rest = np.repeat(rng.choice([-0.2, 0.8], len(day) // company, p=[0.8, 0.2]), company)
    found = day_outcome_likeness(day, rest)
    assert found.effect == pytest.approx(company, rel=0.2)
    assert found.sure == (company > 1)


def test_too_little_says_nothing():
    assert day_likeness(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)).used == 1
    assert day_likeness(np.array([0, 0, 1]), np.array([1, 1, 2])).used == 1
