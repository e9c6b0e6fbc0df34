"""Leads of one account are worth as many as their outcomes say."""

import numpy as np
import pandas as pd
import pytest

from leadqual.errors import LeadError
from leadqual.leads.accounts import (
    Correlation,
    account_numbers,
    account_sizes,
    correlation,
    dependence,
    draw_weights,
    numbered,
)


def worlds(alike, *, company=3, companies=400, seeds=20):
    """Return the mean and the spread of the estimate where a share of companies ends alike throughout."""
    found = []
    for seed in range(seeds):
        rng = np.random.default_rng(seed)
        account = np.repeat(np.arange(companies), company)
        p = np.repeat(rng.uniform(0.02, 0.4, companies), company)
        shared = np.repeat(rng.random(companies) < alike, company)
        draw = np.where(shared, np.repeat(rng.random(companies), company), rng.random(len(account)))
        found.append(correlation((draw < p) * 1.0, p, account))
    return found


@pytest.mark.parametrize("alike", [0.0, 0.3, 1.0])
def test_the_correlation_is_the_share_of_pairs_that_end_alike(alike):
    found = worlds(alike)
    # a pair is one outcome twice with that chance, and two independent ones else: its correlation is the chance
    assert np.mean([one.value for one in found]) == pytest.approx(alike, abs=0.03)
    assert np.mean([one.lower <= alike <= one.upper for one in found]) >= 0.85


def test_likeness_that_nobody_can_estimate_is_taken_as_full():
    account = np.array([0, 0, 1, 2, 3])
    found = correlation(np.zeros(5), np.full(5, 0.2), account)
    assert (found.repeating, found.upper, found.lower) == (1, 1.0, 0.0)


def test_without_repeats_nothing_changes():
    found = correlation(np.array([1.0, 0.0]), np.full(2, 0.5), np.array([0, 1]))
    assert found == Correlation(0.0, 0.0, 0.0, 0)
    assert found.weights(np.array([0, 1])).tolist() == [1.0, 1.0]


def test_one_large_account_that_ends_otherwise_is_seen_among_many_that_do_not():
    rng = np.random.default_rng(0)
    account = np.concatenate((np.zeros(1500, dtype=np.int64), np.arange(1, 3501)))
    won = (rng.random(5000) < np.where(account == 0, 0.5, 0.08)) * 1.0
    weights = correlation(won, np.full(5000, 0.08), account).weights(account)
    assert weights[:1500].sum() == pytest.approx(1.0, abs=0.1)
    assert (weights[1500:] == 1).all()


def test_a_shift_of_all_leads_is_no_likeness_once_centred():
    rng = np.random.default_rng(0)
    account, p = np.repeat(np.arange(1000), 3), np.full(3000, 0.2)
    won = (rng.random(3000) < 0.35) * 1.0
    assert correlation(won, p, account).value > 0.1
    assert correlation(won, p, account, centred=True).value < 0.03


def test_the_weights_and_the_design_effect_are_kishs():
    account = np.array([0, 0, 0, 1])
    within = Correlation(0.5, 0.5, 0.5, 1)
    assert within.weights(account).tolist() == pytest.approx([1 / 2, 1 / 2, 1 / 2, 1])
    # sum(m**2) / sum(m) = 10 / 4
    assert within.design_effect(account) == pytest.approx(1 + (2.5 - 1) * 0.5)
    assert dependence(account, within).design_effect == pytest.approx(4 / 2.5)


def test_leads_without_an_account_are_their_own():
    numbers = account_numbers(pd.Series(["Acme", "n/a", None, " ACME ", "gmail.com", "Gmail.com"]))
    assert numbers[0] == numbers[3]
    assert len(set(numbers.tolist())) == 5
    assert account_sizes(numbers).tolist() == [2, 1, 1, 2, 1, 1]


def test_an_account_counts_once_in_28_days():
    weight = draw_weights(np.array([0, 0, 1, 0]), np.array([0.0, 27.0, 27.0, 28.0]))
    assert weight.tolist() == [0.5, 0.5, 1.0, 1.0]
    assert draw_weights(np.array([0, 0, 1])).tolist() == [0.5, 0.5, 1.0]


def test_accounts_may_be_numbers_or_names_and_one_for_each_lead():
    assert numbered([7, 9, 7], 3).tolist() == [0, 1, 0]
    assert numbered(["b", "a", "B"], 3).tolist() == [0, 1, 0]
    with pytest.raises(LeadError, match="2 values for 3 leads"):
        numbered([1, 2], 3)
