"""A promised precision: exact tests in a fixed order, never broken too often, and honest about what is missing."""

import numpy as np
import pytest
from scipy.stats import binomtest

from benchmarks.validity import precision_worlds
from leadqual.errors import PolicyError
from leadqual.fact import fact
from leadqual.thresholds import certify_precision


def leads(groups):
    """Return points and outcomes of groups of (points, leads, wins)."""
    points = np.concatenate([np.full(size, at) for at, size, _ in groups])
    won = np.concatenate([np.r_[np.ones(wins), np.zeros(size - wins)] for _, size, wins in groups])
    return points, won


def test_each_step_is_the_exact_binomial_test() -> None:
    points, won = leads([(140, 60, 35), (120, 140, 60), (100, 200, 30)])
    promise = certify_precision(points, won, precision=0.35)
    for trial in promise.tested:
        inside = points >= trial.points
        assert (trial.leads, trial.wins) == (inside.sum(), won[inside].sum())
        exact = binomtest(trial.wins, trial.leads, 0.35, alternative="greater")
        assert trial.p_value == pytest.approx(exact.pvalue)
    assert [trial.points for trial in promise.tested] == [140, 120, 100]
    assert [trial.p_value <= 0.05 for trial in promise.tested] == [True, True, False]
    assert promise.points == 120
    assert (promise.leads, promise.wins, promise.share) == (200, 95, 0.5)
    low = binomtest(95, 200, alternative="greater").proportion_ci(0.95, method="exact").low
    assert promise.lower_bound == pytest.approx(low)
    assert promise.certified
    assert promise.reason == fact(
        "policy_promise", precision=0.35, confidence=0.95, points=120, leads=200, wins=95, share=0.5
    )
    assert promise.more_outcomes == 0


def test_it_stops_at_the_first_that_fails_even_if_a_later_one_would_pass() -> None:
    points, won = leads([(140, 40, 12), (120, 200, 140), (100, 400, 20)])
    promise = certify_precision(points, won, precision=0.4)
    assert len(promise.tested) == 1
    assert not promise.certified
    assert promise.more_outcomes > 0


def test_it_begins_where_thirty_leads_are_selected_and_keeps_ties_together() -> None:
    points, won = leads([(150, 29, 29), (140, 25, 25), (100, 446, 0)])
    promise = certify_precision(points, won, precision=0.5)
    assert promise.tested[0].leads == 54
    assert promise.points == 140


def test_all_leads_may_be_certified() -> None:
    points, won = leads([(120, 100, 90), (100, 100, 80)])
    promise = certify_precision(points, won, precision=0.5)
    assert (promise.points, promise.share) == (100, 1.0)


def test_what_is_missing_is_about_right() -> None:
    points, won = leads([(140, 40, 18), (100, 360, 30)])
    promise = certify_precision(points, won, precision=0.35)
    assert not promise.certified
    assert promise.reason == fact("promise_more_outcomes", precision=0.35, confidence=0.95, more=promise.more_outcomes)
    # with so many outcomes of these very win rates, four of five histories certify the threshold
    rng = np.random.default_rng(0)
    size = 400 + promise.more_outcomes
    passed = 0
    for _ in range(300):
        high = rng.random(size) < 0.1
        won = rng.random(size) < np.where(high, 0.45, 30 / 360)
        passed += certify_precision(np.where(high, 140, 100), won.astype(float), precision=0.35).certified
    assert 0.7 < passed / 300 < 0.9


def test_a_promise_above_what_the_best_leads_win_is_never_certifiable() -> None:
    points, won = leads([(140, 100, 30), (100, 300, 30)])
    promise = certify_precision(points, won, precision=0.6)
    assert promise.more_outcomes is None
    assert promise.reason == fact("promise_too_high", precision=0.6, confidence=0.95, leads=400, best=0.3)
    few = certify_precision([100] * 20, [1.0] * 20, precision=0.3)
    assert few.tested == ()
    assert few.reason == fact("promise_few_outcomes", precision=0.3, confidence=0.95, outcomes=20, selected=30)


def test_a_promise_just_below_what_came_needs_very_many_outcomes() -> None:
    points, won = leads([(140, 1000, 300), (100, 1000, 10)])
    promise = certify_precision(points, won, precision=0.2999999)
    assert promise.more_outcomes is None


@pytest.mark.parametrize("outcomes", [500, 2000])
def test_promises_are_broken_in_at_most_one_of_twenty_worlds(outcomes) -> None:
    kept = precision_worlds(outcomes, worlds=150, seed=1)
    # 5 % of 150 is 7.5; 14 or more come by chance in about one in 70 such tests at the very limit
    assert kept.broken * 150 < 14
    assert kept.none < 1
    assert 0 < kept.share < 0.115


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"precision": 0.0}, "precision is 0.0, it must be above 0"),
        ({"precision": 0.3, "confidence": 1.0}, "confidence is 1.0, it must be"),
        ({"precision": 0.3, "won": [0.0, 2.0]}, "it must be 1 or 0 for each of the 2 leads"),
        ({"precision": 0.3, "won": [0.0]}, "it must be 1 or 0"),
        ({"precision": 0.3, "points": [0.5, 1]}, "not whole numbers"),
    ],
)
def test_impossible_arguments_are_refused(arguments, said) -> None:
    given = {"points": [100, 120], "won": [0.0, 1.0]} | arguments
    with pytest.raises(PolicyError, match=said):
        certify_precision(given.pop("points"), given.pop("won"), **given)
