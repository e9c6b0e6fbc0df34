"""Figures with intervals, and paired differences: equal to the plain figures, and as sure as they say."""

import numpy as np
import pytest

from leadqual.evaluation import Prediction, compare, performance, resamples
from leadqual.evaluation.resampled import resampled_measures
from leadqual.evaluation.resampling import Resamples


def world(seed, size=600, blocks=30):
    """Return outcomes, a prediction that is the truth, and one that says less; blocks that are alike by chance only."""
    rng = np.random.default_rng(seed)
    logit = rng.normal(-1, 1, size)
    truth = 1 / (1 + np.exp(-logit))
    blurred = 1 / (1 + np.exp(-np.round(0.5 * logit + rng.normal(0, 0.7, size) - 0.5, 1)))
    won = (rng.random(size) < truth).astype(float)
    return won, {"truth": Prediction(truth, truth), "blurred": Prediction(blurred, blurred)}, np.arange(size) % blocks


@pytest.mark.parametrize("who", ["truth", "blurred"])
@pytest.mark.parametrize("capacity", [0.0, 0.15])
def test_every_lead_drawn_once_gives_the_plain_figures(who, capacity) -> None:
    won, said, block = world(0)
    once = Resamples(block, np.ones((1, 30)))
    found = resampled_measures(won, said[who], once, capacity)
    plain = performance(who, won, said[who].probability, rank=said[who].rank, capacity_share=capacity)
    for measure in plain.measures:
        if measure.value is None:
            assert np.isnan(found[measure.name][0])
        else:
            assert found[measure.name][0] == pytest.approx(measure.value, abs=2e-6)


def test_a_draw_is_the_plain_figures_of_the_leads_drawn() -> None:
    won, said, block = world(1)
    draws = resamples(block, repetitions=3, seed=5)
    found = resampled_measures(won, said["blurred"], draws, 0.2)
    for one in range(3):
        rows = np.repeat(np.arange(len(won)), draws.weights(one).astype(int))
        plain = performance("x", won[rows], said["blurred"].probability[rows], capacity_share=0.2)
        for measure in plain.measures:
            if measure.name != "calibration_error":  # keeps the bins of the leads as they are
                assert found[measure.name][one] == pytest.approx(measure.value, abs=2e-6)


def test_draws_without_wins_have_no_order_to_judge() -> None:
    won = np.array([1.0] * 5 + [0.0] * 20)
    said = Prediction(np.linspace(0.9, 0.1, 25), np.linspace(0.9, 0.1, 25))
    draws = Resamples(np.arange(25) // 5, np.array([[0.0, 2, 1, 1, 1]]))
    found = resampled_measures(won, said, draws, 0.2)
    assert np.isnan(found["auc"][0])
    assert np.isnan(found["predicted_over_actual"][0])
    assert np.isfinite(found["log_loss"][0])


def test_differences_are_of_the_figures_beside_them() -> None:
    won, said, block = world(2)
    found = compare(won, said, block, repetitions=200)
    for name in ("log_loss", "auc", "wins_in_top_20"):
        one, other = (found.performance(who).value(name) for who in said)
        difference = found.difference("blurred", name)
        assert difference.value == pytest.approx(one - other, abs=1e-6)
        assert difference.low < difference.value < difference.high
    assert found.blocks == 30
    assert found == compare(won, said, block, repetitions=200)
    same = compare(won, {"a": said["truth"], "b": said["truth"]}, block, repetitions=50)
    assert all(one.low == one.high == one.value == 0 for one in same.differences if one.value is not None)


def test_what_is_undefined_has_no_interval() -> None:
    said = Prediction(np.full(40, 0.3), np.zeros(40))
    found = compare(np.zeros(40), {"a": said, "b": said}, np.arange(40) // 4, repetitions=20)
    measures = {measure.name: measure for measure in found.performance("a").measures}
    assert (measures["auc"].value, measures["auc"].low) == (None, None)
    assert found.difference("b", "auc").value is None


def test_intervals_hold_what_is_true_about_as_often_as_they_say() -> None:
    # what is true is known from many leads of the same world
    won, said, _ = world(99, size=400_000)
    true = {who: performance(who, won, one.probability) for who, one in said.items()}
    true_difference = true["truth"].value("log_loss") - true["blurred"].value("log_loss")
    held = {"log_loss": 0, "auc": 0, "wins_in_top_20": 0, "difference": 0}
    worlds = 120
    for seed in range(worlds):
        won, said, block = world(seed)
        found = compare(won, said, block, repetitions=200, seed=seed)
        for measure in found.performance("truth").measures:
            if measure.name in held:
                held[measure.name] += measure.low <= true["truth"].value(measure.name) <= measure.high
        difference = found.difference("blurred", "log_loss")
        held["difference"] += difference.low <= true_difference <= difference.high
    # 95 % of 120 is 114 with a standard deviation of 2.4; percentile intervals on 30 blocks hold a little less
    assert all(count >= 104 for count in held.values()), held
    assert any(count < worlds for count in held.values())
