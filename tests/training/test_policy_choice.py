"""A trained bundle's policy goes by capacity, value or promise, and says what the others would have given."""

import numpy as np
import pytest
from scipy.stats import binom

from leadqual.errors import PolicyError
from leadqual.fact import fact
from leadqual.leads import read_leads
from leadqual.reports.summary import summarize
from leadqual.simulation import SampleSettings, simulate
from leadqual.thresholds import Capacity, LeadValue, certify_precision
from leadqual.training import EXPLORE, PolicyAim, train

SAMPLE = simulate(SampleSettings(leads=2_000), seed=1)
VALUE = LeadValue(per_win=5_000, per_contact=400)


def _train(**aims):
    return train(read_leads(SAMPLE.table, SAMPLE.schema), name="chosen", capacity=Capacity(share=0.1), **aims)


@pytest.fixture(scope="module")
def promised():
    return _train(value=VALUE, promise=0.2)


def test_a_promise_decides_where_there_is_one_and_is_beside_value_and_capacity(promised):
    choice = promised.policy_choice
    assert choice.chosen.by == "precision"
    assert {option.by for option in choice.others} == {"capacity", "value"}
    assert promised.bundle.policy == choice.chosen.policy
    assert promised.bundle.policy.sql_points == promised.promise.points
    assert len(choice.gives_up) == 2
    assert [found[0].figures["other"] for found in choice.gives_up] == [option.by for option in choice.others]


def test_the_promise_rests_on_later_leads_and_passes_the_exact_test(promised):
    promise = promised.promise
    assert promise.leads < promised.outcomes.won + promised.outcomes.lost
    assert binom.sf(promise.wins - 1, promise.leads, 0.2) <= 0.05
    assert certify_precision(
        [1] * promise.leads, [1] * promise.wins + [0] * (promise.leads - promise.wins), precision=0.2
    )


def test_the_other_ways_are_those_that_training_by_them_gives(promised):
    others = {option.by: option.policy for option in promised.policy_choice.others}
    assert others["capacity"] == _train().bundle.policy
    by_value = _train(value=VALUE)
    assert by_value.policy_choice.chosen.by == "value"
    assert others["value"] == by_value.bundle.policy
    assert by_value.promise is None
    # the fewest points from which a contact pays
    curve, sql = by_value.bundle.curve, by_value.bundle.policy.sql_points
    assert curve.at(sql)[0] >= 400 / 5_000 > curve.at(sql - 1)[0]


@pytest.mark.parametrize(("value", "way"), [(None, "capacity"), (VALUE, "value")])
def test_a_promise_that_cannot_be_certified_yet_is_said_and_something_else_decides(value, way):
    training = _train(value=value, promise=0.95)
    assert training.policy_choice.chosen.by == way
    assert not training.promise.certified
    assert fact("promise_until_then", why=training.promise.reason, way=way) in training.warnings


def test_what_decides_can_be_named(promised):
    training = _train(value=VALUE, promise=0.2, policy_by="capacity")
    assert training.policy_choice.chosen.by == "capacity"
    assert training.promise == promised.promise
    unsure = _train(promise=0.95, policy_by="capacity")
    assert unsure.promise.reason in unsure.warnings


def test_what_is_drawn_at_random_is_part_of_every_policy(promised):
    options = (promised.policy_choice.chosen, *promised.policy_choice.others)
    assert {option.policy.explore for option in options} == {EXPLORE} == {0.1}
    without = _train(explore=0.0)
    assert without.bundle.policy.explore == 0.0
    assert "drawn at random" not in summarize(without.bundle).policy
    drawn = "10.0% of what sales work is drawn at random: only such leads tell what all are worth."
    assert summarize(promised.bundle).policy.endswith(drawn)


@pytest.mark.parametrize(
    ("aims", "said"),
    [
        ({"promise": 1.0}, "the promise is 1, it must be above 0 and below 1"),
        ({"promise": np.nan}, "the promise is nan, it must be above 0 and below 1"),
        ({"by": "value"}, "policy_by is value, it needs what a win is worth"),
        ({"by": "precision", "value": VALUE}, "policy_by is precision, it needs a promise"),
        ({"explore": 1.5}, "explore is 1.5, it must be from 0 to 1"),
        ({"explore": np.nan}, "explore is nan, it must be from 0 to 1"),
        ({"by": "luck"}, "policy_by is 'luck', it must be capacity, value or precision"),
    ],
)
def test_an_impossible_aim_is_refused_before_anything_is_learned(aims, said):
    with pytest.raises(PolicyError, match=said):
        PolicyAim(Capacity(share=0.1), **aims)
