"""Measures of probabilities, against scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit
from sklearn import metrics

from leadqual.measures import (
    brier,
    log_loss,
    log_losses,
    log_odds_losses,
    mean_gain,
    predicted_over_actual,
    squared_errors,
)

# outcome, probability in twenty-firsts, and weight: leads of the same probability are common
LEADS = st.lists(st.tuples(st.booleans(), st.integers(1, 20), st.integers(0, 4)), min_size=2, max_size=60).filter(
    lambda leads: any(weight for _, _, weight in leads)
)


def columns(leads):
    won, probability, weight = (np.array(column, dtype=np.float64) for column in zip(*leads, strict=True))
    return won, probability / 21, weight


@settings(max_examples=150, deadline=None)
@given(LEADS)
def test_they_are_scikit_learns(leads):
    won, probability, weight = columns(leads)
    expected = metrics.log_loss(won, probability, sample_weight=weight, labels=[0, 1])
    assert log_loss(won, probability, weight) == pytest.approx(expected, abs=1e-12)
    expected = metrics.brier_score_loss(won, probability, sample_weight=weight)
    assert brier(won, probability, weight) == pytest.approx(expected, abs=1e-12)


@settings(max_examples=100, deadline=None)
@given(LEADS)
def test_a_weight_is_a_lead_that_many_times(leads):
    won, probability, weight = columns(leads)
    again = weight.astype(int)
    repeated = np.repeat(won, again), np.repeat(probability, again)
    for measure in (log_loss, brier):
        assert measure(won, probability, weight) == pytest.approx(measure(*repeated), abs=1e-12)
    ratio = predicted_over_actual(won, probability, weight)
    if not repeated[0].any():
        assert ratio is None
    else:
        assert ratio == pytest.approx(repeated[1].sum() / repeated[0].sum())
        assert ratio == pytest.approx(predicted_over_actual(*repeated))


@settings(max_examples=100, deadline=None)
@given(LEADS)
def test_the_loss_of_one_kind_of_leads_is_least_at_their_win_rate(leads):
    won, probability, weight = columns(leads)
    rate = float(np.average(won, weights=weight))
    for measure in (log_loss, brier):
        if 0 < rate < 1:
            even = measure(won, np.full(len(won), rate), weight)
            assert even <= measure(won, np.full(len(won), probability[0]), weight) + 1e-12


@settings(max_examples=100, deadline=None)
@given(LEADS)
def test_won_and_not_won_exchanged_with_their_probabilities_lose_as_much(leads):
    won, probability, _ = columns(leads)
    for each in (log_losses, squared_errors):
        np.testing.assert_allclose(each(1 - won, 1 - probability), each(won, probability), rtol=1e-12)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.booleans(), st.floats(-30, 30)), min_size=1, max_size=40))
def test_log_odds_lose_what_their_probabilities_lose(leads):
    won, log_odds = (np.array(column, dtype=np.float64) for column in zip(*leads, strict=True))
    # of the outcome that came, so that no digit is lost near 1
    came = expit(np.where(won == 1, log_odds, -log_odds))
    np.testing.assert_allclose(log_odds_losses(won, log_odds), log_losses(np.ones(len(won)), came), atol=1e-12)


def test_log_odds_of_any_size_have_a_finite_loss():
    won, log_odds = np.array([1.0, 1.0, 0.0, 0.0]), np.array([5000.0, -5000.0, 5000.0, -5000.0])
    assert log_odds_losses(won, log_odds).tolist() == [0.0, 5000.0, 5000.0, 0.0]


def test_counts_lose_what_their_leads_lose_together():
    won, log_odds = np.array([1.0, 0.0, 0.0, 1.0, 0.0]), np.array([0.3, 0.3, 0.3, -2.0, -2.0])
    each = log_odds_losses(won, log_odds)
    together = log_odds_losses(np.array([1.0, 1.0]), np.array([0.3, -2.0]), leads=np.array([3.0, 2.0]))
    assert together == pytest.approx([each[:3].sum(), each[3:].sum()])


def test_an_outcome_that_was_held_impossible_costs_infinitely_much_or_what_the_least_costs():
    won, probability = np.array([1.0, 0.0, 1.0, 0.0]), np.array([0.0, 1.0, 1.0, 0.0])
    assert log_losses(won, probability).tolist() == [np.inf, np.inf, 0.0, 0.0]
    floored = log_losses(won, probability, least=1e-6)
    assert floored == pytest.approx([-np.log(1e-6), -np.log(1e-6), 0.0, 0.0])


def test_outcomes_may_be_true_and_false_and_one_probability_stands_for_all():
    assert log_losses(np.array([True, False]), 0.25) == pytest.approx([-np.log(0.25), -np.log(0.75)])


def test_the_error_of_a_mean_gain_is_how_much_it_varies():
    rng = np.random.default_rng(0)
    weight = rng.uniform(0.1, 1, 400)
    found = np.array([mean_gain(rng.normal(0.2, 3, 400), weight) for _ in range(2000)])
    assert found[:, 0].std() == pytest.approx(found[:, 1].mean(), rel=0.05)
    assert found[:, 0].mean() == pytest.approx(0.2, abs=4 * found[:, 0].std() / 2000**0.5)
    even = np.ones(400)
    gains = rng.normal(0.2, 3, 400)
    assert mean_gain(gains, even) == pytest.approx((gains.mean(), gains.std() / 20))
