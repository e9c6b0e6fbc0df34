"""Three ways to a policy: each is what its own function says, and the comparison is of expected figures."""

import numpy as np
import pytest

from leadqual.bundle import ProbabilityCurve
from leadqual.bundle.declared import read_as
from leadqual.bundle.layout import plain
from leadqual.bundle.policy_facts import Chosen
from leadqual.errors import PolicyError
from leadqual.fact import fact
from leadqual.reports.language import Language
from leadqual.thresholds import Capacity, LeadValue, certify_precision, choose, policy_from_capacity

SPAN = np.arange(60, 141)
PROBABILITY = tuple(float(p) for p in 1 / (1 + np.exp(-(SPAN - 125) / 15)))
CURVE = ProbabilityCurve(60, PROBABILITY, (0.0,) * 81, (1.0,) * 81, 0.95, "none", "", 100, 20)
RNG = np.random.default_rng(0)
POINTS = np.clip(np.rint(RNG.normal(95, 15, 4000)), 60, 140).astype(int)
TRUTH = np.array(PROBABILITY)[POINTS - 60]
WON = (RNG.random(4000) < TRUTH).astype(float)
GIVEN = {"points": POINTS, "curve": CURVE, "base_rate": float(TRUTH.mean()), "leads_per_week": 100.0}
CAPACITY, VALUE, PROMISE = Capacity(share=0.1), LeadValue(1000, 300), certify_precision(POINTS, WON, precision=0.3)


def test_each_way_has_its_own_threshold() -> None:
    made = choose("capacity", capacity=CAPACITY, value=VALUE, promise=PROMISE, **GIVEN)
    assert made.chosen.policy == policy_from_capacity(
        POINTS, curve=CURVE, base_rate=GIVEN["base_rate"], capacity=CAPACITY, leads_per_week=100.0
    )
    by = {option.by: option for option in made.others}
    assert set(by) == {"value", "precision"}
    sql = by["value"].policy.sql_points
    assert CURVE.at(sql)[0] >= 0.3 > CURVE.at(sql - 1)[0]
    assert by["precision"].policy.sql_points == PROMISE.points
    assert by["precision"].policy.chosen_by[0] == PROMISE.reason
    assert by["value"].policy.chosen_by[0] == fact("policy_value", contact=300.0, win=1000.0, probability=0.3)
    for option in (made.chosen, *made.others):
        kept = plain(option.policy.chosen_by)
        assert read_as(Chosen)(kept, "chosen_by") == option.policy.chosen_by
    assert len(made.gives_up) == 2
    assert [found.code for found in made.gives_up[0]] == ["choice_shares", "choice_win_rates", "choice_values"]
    against = Language("en").joined(made.gives_up[0])
    shares = f"{made.chosen.share:.1%} of leads are SQLs against {by['value'].share:.1%}, with "
    assert against.startswith(f"By capacity rather than value: {shares}")
    assert against.endswith(f"{made.chosen.value_per_lead:.2f} on average against {by['value'].value_per_lead:.2f}.")


@pytest.mark.parametrize("by", ["capacity", "value", "precision"])
def test_figures_are_what_to_expect_of_the_leads_selected(by) -> None:
    option = choose(by, capacity=CAPACITY, value=VALUE, promise=PROMISE, **GIVEN).chosen
    inside = option.policy.sql_points <= POINTS
    assert option.share == inside.mean()
    assert option.per_week == pytest.approx(100 * inside.mean())
    assert option.wins_found == pytest.approx(TRUTH[inside].sum() / TRUTH.sum())
    assert option.precision == pytest.approx(TRUTH[inside].mean())
    assert option.value_per_lead == pytest.approx((TRUTH[inside] * 1000 - 300).sum() / 4000, abs=1e-6)


def test_no_other_threshold_is_worth_more_than_that_of_value() -> None:
    best = choose("value", value=VALUE, **GIVEN).chosen
    for sql in range(60, 142):
        assert (TRUTH[sql <= POINTS] * 1000 - 300).sum() / 4000 <= best.value_per_lead + 1e-6


def test_ways_without_what_they_need_are_not_compared() -> None:
    made = choose("value", value=VALUE, points=POINTS, curve=CURVE, base_rate=0.2)
    assert made.others == made.gives_up == ()
    assert made.chosen.per_week is None
    simple = choose("capacity", capacity=CAPACITY, promise=PROMISE, **GIVEN)
    assert simple.chosen.value_per_lead is None
    assert "choice_values" not in [found.code for found in simple.gives_up[0]]


def test_nothing_selected_has_no_win_rate() -> None:
    nobody = choose("value", value=LeadValue(1000, 999), capacity=CAPACITY, **GIVEN)
    assert (nobody.chosen.share, nobody.chosen.precision, nobody.chosen.wins_found) == (0, None, 0)
    assert "choice_win_rates" not in [found.code for found in nobody.gives_up[0]]


@pytest.mark.parametrize(
    ("by", "said"),
    [
        ("capacity", "it needs a Capacity; pass it"),
        ("value", "it needs a LeadValue; pass it"),
        ("precision", "it needs a Promise from certify_precision"),
        ("taste", "by is 'taste', it must be one of capacity, value, precision"),
    ],
)
def test_what_is_lacking_is_named(by, said) -> None:
    with pytest.raises(PolicyError, match=said):
        choose(by, **GIVEN)


@pytest.mark.parametrize(
    ("leads", "precision", "needs"),
    [(200, 0.6, "fields that say more"), (200, 0.2, "about [0-9,]+ more outcomes"), (20, 0.3, "more outcomes")],
)
def test_a_promise_that_is_not_certified_is_refused_with_what_is_missing(leads, precision, needs) -> None:
    promise = certify_precision(POINTS[:leads], WON[:leads], precision=precision)
    assert not promise.certified
    said = f"is not certified with 95% confidence, it needs {needs}; choose by capacity or value until then"
    with pytest.raises(PolicyError, match=said):
        choose("precision", promise=promise, **GIVEN)
