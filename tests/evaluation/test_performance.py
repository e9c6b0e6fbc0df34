"""The figures, beside scikit-learn's."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, brier_score_loss, log_loss, roc_auc_score

from leadqual.bundle import Measure, Performance
from leadqual.errors import EvidenceError
from leadqual.evaluation import (
    base_rate_performance,
    calibration_error,
    gains,
    performance,
    reliability,
)

NAMES = [
    "log_loss",
    "brier",
    "auc",
    "average_precision",
    "calibration_error",
    "predicted_over_actual",
    "wins_in_top_10",
    "wins_in_top_20",
    "wins_in_top_30",
    "precision_at_capacity",
    "wins_at_capacity",
]


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.booleans(), st.integers(1, 20)), min_size=2, max_size=80).filter(
        lambda leads: 0 < sum(won for won, _ in leads) < len(leads)
    )
)
def test_the_figures_are_scikit_learns(leads: list[tuple[bool, int]]) -> None:
    won = np.array([won for won, _ in leads])
    probability = np.array([value for _, value in leads]) / 21
    figures = performance("scorecard", won, probability)
    assert figures.value("log_loss") == pytest.approx(log_loss(won, probability), abs=1e-6)
    assert figures.value("brier") == pytest.approx(brier_score_loss(won, probability), abs=1e-6)
    assert figures.value("auc") == pytest.approx(roc_auc_score(won, probability), abs=1e-6)
    assert figures.value("average_precision") == pytest.approx(average_precision_score(won, probability), abs=1e-6)
    assert figures.value("predicted_over_actual") == pytest.approx(probability.sum() / won.sum(), abs=1e-6)


def test_a_rank_of_its_own_decides_the_order_and_leaves_the_probability() -> None:
    rng = np.random.default_rng(0)
    points = rng.integers(50, 150, 500)
    probability = 1 / (1 + np.exp(-(points - 120) / 30))
    won = rng.random(500) < probability
    coarse = points // 25
    figures = performance("scorecard", won, probability, rank=coarse, capacity_share=0.15)
    assert figures.value("auc") == pytest.approx(roc_auc_score(won, coarse), abs=1e-6)
    assert figures.value("average_precision") == pytest.approx(average_precision_score(won, coarse), abs=1e-6)
    assert figures.value("log_loss") == pytest.approx(log_loss(won, probability), abs=1e-6)
    caught = gains(won, coarse)
    for percent in (10, 20, 30):
        assert figures.value(f"wins_in_top_{percent}") == pytest.approx(caught.wins_in(percent / 100), abs=1e-6)
    assert figures.value("wins_at_capacity") == pytest.approx(caught.wins_in(0.15), abs=1e-6)
    assert figures.value("precision_at_capacity") == pytest.approx(caught.precision_in(0.15), abs=1e-6)
    assert figures.value("calibration_error") == calibration_error(reliability(won, probability))


def test_the_top_leads_are_counted_by_hand() -> None:
    won = [1, 1, 0, 1, 0, 0, 0, 1, 0, 0]
    figures = performance("scorecard", won, np.linspace(0.9, 0.1, 10), capacity_share=0.4)
    assert [figures.value(f"wins_in_top_{percent}") for percent in (10, 20, 30)] == [0.25, 0.5, 0.5]
    assert figures.value("precision_at_capacity") == 0.75
    assert figures.value("wins_at_capacity") == 0.75


def test_every_named_figure_is_there_and_plain() -> None:
    figures = performance("prior rule", [1, 0] * 60, np.linspace(0.1, 0.9, 120))
    assert figures.who == "prior rule"
    assert [measure.name for measure in figures.measures] == NAMES
    described = Measure.__doc__ or ""
    assert all(f'"{name}"' in described for name in NAMES)
    assert all(type(measure.value) is float for measure in figures.measures)
    assert [field.name for field in fields(Performance)] == ["who", "measures"]


def test_what_is_undefined_is_none() -> None:
    without_wins = performance("scorecard", [0] * 10, np.linspace(0.1, 0.9, 10))
    none = {measure.name for measure in without_wins.measures if measure.value is None}
    assert none == {
        *("auc", "average_precision", "calibration_error", "predicted_over_actual"),
        *("wins_in_top_10", "wins_in_top_20", "wins_in_top_30", "wins_at_capacity"),
    }
    assert without_wins.value("precision_at_capacity") == 0.0
    without_losses = performance("scorecard", [1] * 10, np.linspace(0.1, 0.9, 10))
    assert without_losses.value("auc") is None
    assert without_losses.value("average_precision") == 1.0
    without_capacity = performance("scorecard", [1, 0], [0.6, 0.4], capacity_share=0)
    assert without_capacity.value("precision_at_capacity") is None
    assert without_capacity.value("wins_at_capacity") == 0.0
    assert performance("scorecard", [0], [0.5], capacity_share=0).value("precision_at_capacity") is None


def test_knowing_the_base_rate_alone_is_any_order() -> None:
    won = np.arange(200) % 5 == 0
    figures = base_rate_performance(won, 0.25, capacity_share=0.35)
    assert figures.who == "base rate"
    assert figures.value("log_loss") == pytest.approx(-0.2 * np.log(0.25) - 0.8 * np.log(0.75), abs=1e-6)
    assert figures.value("brier") == pytest.approx(0.2 * 0.75**2 + 0.8 * 0.25**2)
    assert figures.value("auc") == 0.5
    assert figures.value("average_precision") == pytest.approx(0.2)
    assert figures.value("calibration_error") == pytest.approx(0.05)
    assert figures.value("predicted_over_actual") == pytest.approx(1.25)
    for share, name in ((0.1, "wins_in_top_10"), (0.2, "wins_in_top_20"), (0.3, "wins_in_top_30")):
        assert figures.value(name) == pytest.approx(share)
    assert figures.value("wins_at_capacity") == pytest.approx(0.35)
    assert figures.value("precision_at_capacity") == pytest.approx(0.2)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"capacity_share": 1.2}, "capacity_share is 1.2, it must be 0 to 1"),
        ({"capacity_share": float("nan")}, "capacity_share is nan"),
        ({"won": [1, 0, 1]}, "probability has shape"),
        ({"probability": [0.5, 1.0]}, "probability has 1 values that are not above 0 and below 1"),
        ({"rank": [1, 2, 3]}, "rank has shape"),
    ],
)
def test_what_cannot_be_measured_is_refused(changed: dict[str, Any], says: str) -> None:
    with pytest.raises(EvidenceError, match=says):
        performance("scorecard", **{"won": [1, 0], "probability": [0.6, 0.4]} | changed)
