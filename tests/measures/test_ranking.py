"""Measures of an order, against scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, roc_auc_score

from leadqual.measures import RankSteps, auc, average_precision, pairs_above
from leadqual.measures.ranking import steps_auc, steps_average_precision

# outcome, points and weight: few different points, so that ties are common; some leads count nothing
LEADS = st.lists(st.tuples(st.booleans(), st.integers(95, 105), st.integers(0, 4)), min_size=2, max_size=60)
BOTH = LEADS.filter(lambda leads: {won for won, _, weight in leads if weight} == {True, False})


def columns(leads):
    won, points, weight = (np.array(column, dtype=np.float64) for column in zip(*leads, strict=True))
    return won, points, weight


@settings(max_examples=200, deadline=None)
@given(BOTH)
def test_they_are_scikit_learns(leads):
    won, points, weight = columns(leads)
    expected = roc_auc_score(won, points, sample_weight=weight)
    assert auc(won, points, weight) == pytest.approx(expected, abs=1e-12)
    expected = average_precision_score(won, points, sample_weight=weight)
    assert average_precision(won, points, weight) == pytest.approx(expected, abs=1e-12)


@settings(max_examples=100, deadline=None)
@given(BOTH, st.floats(0.01, 7))
def test_weights_matter_by_their_ratio_alone(leads, factor):
    won, points, weight = columns(leads)
    for measure in (auc, average_precision):
        assert measure(won, points, factor * weight) == pytest.approx(measure(won, points, weight))


@settings(max_examples=100, deadline=None)
@given(BOTH)
def test_only_the_order_matters_and_the_opposite_order_has_the_opposite_auc(leads):
    won, points, weight = columns(leads)
    for measure in (auc, average_precision):
        assert measure(won, np.exp(points / 10), weight) == measure(won, points, weight)
    assert auc(won, -points, weight) == pytest.approx(1 - auc(won, points, weight))
    assert auc(1 - won, points, weight) == pytest.approx(1 - auc(won, points, weight))


@settings(max_examples=100, deadline=None)
@given(BOTH)
def test_pairs_are_counted_one_by_one(leads):
    won, points, weight = columns(leads)
    steps = RankSteps.of(points)
    expected = sum(
        a * b * ((x > y) + (x == y) / 2)
        for one, x, a in zip(won, points, weight, strict=True)
        for other, y, b in zip(won, points, weight, strict=True)
        if one and not other
    )
    assert float(pairs_above(steps.sums(weight), steps.sums(weight * won))) == expected


def test_no_order_is_an_even_chance_and_a_right_order_is_sure():
    won = np.array([1.0, 0.0, 0.0, 1.0, 0.0])
    assert auc(won, np.zeros(5)) == 0.5
    assert average_precision(won, np.zeros(5)) == won.mean()
    assert auc(won, won) == average_precision(won, won) == 1.0
    assert auc(won, -won) == 0.0


def test_what_is_undefined_is_none():
    points = np.array([100, 120])
    assert auc(np.zeros(2), points) is None
    assert auc(np.ones(2), points) is None
    assert average_precision(np.zeros(2), points) is None
    assert average_precision(np.ones(2), points) == 1.0
    # as if the leads that count nothing were not there
    assert auc(np.array([1.0, 0.0]), points, np.array([1.0, 0.0])) is None
    assert average_precision(np.array([1.0, 0.0]), points, np.array([0.0, 1.0])) is None


@settings(max_examples=100, deadline=None)
@given(BOTH, st.integers(0, 1000))
def test_many_draws_at_once_are_each_draw_alone(leads, seed):
    won, points, _ = columns(leads)
    rng = np.random.default_rng(seed)
    block = rng.integers(0, 3, len(won))
    counts = rng.integers(0, 3, (7, 3)).astype(np.float64)
    steps = RankSteps.of(points)
    in_draws = [counts @ steps.block_sums(values, block, 3) for values in (np.ones(len(won)), won)]
    for drawn, ranked, precise in zip(counts, steps_auc(*in_draws), steps_average_precision(*in_draws), strict=True):
        for found, alone in ((ranked, auc), (precise, average_precision)):
            expected = alone(won, points, drawn[block])
            assert (np.isnan(found) and expected is None) or found == pytest.approx(expected, abs=1e-12)
