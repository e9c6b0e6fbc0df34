"""Short versions of ``benchmarks.validity_loop``: the loop judged by the truth."""

import numpy as np
import pytest

from benchmarks.validity_loop import maturity_world, quiet_world, rounds_of_retraining, shifted_world
from leadqual.leads import read_leads
from leadqual.simulation import SampleSettings, simulate
from leadqual.training import train

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def company():
    """Return a champion, and leads like those that it learned from; a fifth of them win."""
    sample = simulate(SampleSettings(leads=6000, win_rate=0.2), seed=1)
    leads = read_leads(sample.table, sample.schema)
    return train(leads, name="demo", force=True).bundle, leads.table


@pytest.mark.parametrize("days", [730, 365])
def test_todays_leads_are_foretold_after_a_shift_that_few_mature_leads_show(company, days):
    found = [maturity_world(*company, seed, 0.9, days=days) for seed in range(2)]
    for kind in ("recalibrated", "refit"):
        assert 0.9 < np.mean([one[kind] for one in found]) < 1.1
    # leads whose window has passed speak of the past, however short the memory
    assert np.mean([one["intercept"] for one in found]) < np.mean([one["recalibrated"] for one in found]) - 0.02
    assert np.mean([one["champion"] for one in found]) < 0.75


def test_few_worlds_without_change_raise_an_alarm_or_promote(company):
    watched = [quiet_world(*company, seed, deciding=False).alarm for seed in range(40)]
    assert sum(watched) <= 4
    decided = [quiet_world(*company, seed) for seed in range(3)]
    assert sum(one.worse for one in decided) == 0


@pytest.mark.parametrize("shift", [-0.5, 0.5])
def test_a_shift_is_seen_within_twelve_weeks(company, shift):
    assert 0 < np.median([shifted_world(*company, seed, shift) for seed in range(15)]) <= 12


def test_rounds_under_selection_keep_the_low_scores_right_and_the_ranking_honest():
    found = [one for seed in range(2) for one in rounds_of_retraining(seed, a_round=4000, rounds=4)]
    last = {who: [one for one in found if one.who == who and one.number == 4] for who in ("refit always", "naive")}
    assert 0.7 < np.mean([one.low for one in last["refit always"]]) < 1.4  # 640 random leads say no more
    assert np.mean([one.low for one in last["naive"]]) < 0.4
    assert np.mean([one.reported - one.true for one in last["refit always"]]) == pytest.approx(0, abs=0.05)
    assert np.mean([one.reported - one.true for one in last["naive"]]) > 0.1
