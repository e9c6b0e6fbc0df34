"""Reading the leads a curve is learned from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from leadqual.calibration.history import FURTHEST, MINIMUM_LEADS, WIDEST_RANGE, read_history, read_points, read_weight
from leadqual.errors import EvidenceError

POINTS = [90, 110] * 10
WON = [0, 1] * 10


def test_leads_are_put_in_time_order_and_ties_keep_their_order() -> None:
    points = list(range(100, 120))
    history = read_history(points, WON, time=[5.0, 1.0] * 10)
    assert history.points.tolist() == points[1::2] + points[0::2]
    assert history.won.tolist() == [1.0] * 10 + [0.0] * 10


def test_every_lead_is_either_in_the_first_part_or_in_one_block_that_is_later_than_all_it_learns_from() -> None:
    time = np.random.default_rng(0).integers(0, 40, 300)
    history = read_history(np.arange(300), np.arange(300) % 2, time=time)
    ordered = np.sort(time)
    for earlier, block in history.folds:
        assert ordered[earlier].max() < ordered[block].min()
    first = history.folds[0][0]
    assert sorted([*first, *np.concatenate([block for _, block in history.folds])]) == list(range(300))
    assert len(first) == pytest.approx(0.4 * 300, abs=20)


def test_one_time_for_all_leaves_no_later_block() -> None:
    assert read_history(POINTS, WON, time=[3] * 20).folds == ()


def test_tally_counts_leads_wins_and_squared_weights_at_each_number_of_points() -> None:
    weight = np.array([1.0, 3.0] * 10)
    tally = read_history(POINTS, WON, sample_weight=weight).tally()
    scale = weight.sum() / np.sum(weight**2)
    assert tally.points.tolist() == [90, 110]
    np.testing.assert_allclose(tally.leads, [10 * scale, 30 * scale])
    np.testing.assert_allclose(tally.wins, [0, 30 * scale])
    np.testing.assert_allclose(tally.squares, [10 * scale**2, 90 * scale**2])


def test_weights_sum_to_kishs_effective_size_whatever_their_unit() -> None:
    weight = np.random.default_rng(1).uniform(0.1, 2, 20)
    for unit in (1, 1e6):
        history = read_history(POINTS, WON, sample_weight=unit * weight)
        assert history.effective == pytest.approx(weight.sum() ** 2 / np.sum(weight**2))
        assert history.win_rate == pytest.approx(weight[1::2].sum() / weight.sum())
        assert history.weighted
    assert read_history(POINTS, WON, sample_weight=[7] * 20).effective == pytest.approx(20)
    assert not read_history(POINTS, WON).weighted


def test_leads_without_weight_are_left_out() -> None:
    history = read_history([*POINTS, 500], [*WON, 1], sample_weight=[1] * 20 + [0])
    assert history.points.max() == 110
    assert history.wins == 10


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"points": POINTS[:-1], "won": WON[:-1]}, f"got 19 leads, it needs at least {MINIMUM_LEADS}; collect 1 more"),
        ({"sample_weight": [0] + [1] * 19}, "got 19 leads"),
        ({"won": [0] * 20}, "none of them won"),
        ({"won": [1] * 20}, "none of them lost"),
        ({"won": [0, 2] * 10}, "won has 10 values that are not 0 or 1"),
        ({"won": [0, float("nan")] * 10}, "won has 10 values"),
        ({"won": WON[:-1]}, r"won has shape \(19,\)"),
        ({"won": ["Ada", "Bob"] * 10}, "won has shape .* and type <U3"),
        ({"time": [1.0, float("nan")] * 10}, "time has 10 missing values"),
        ({"time": np.array(["2026-01-01"] * 20, dtype="datetime64[D]")}, "time has .* type datetime64"),
        ({"sample_weight": [1, -1] * 10}, "sample_weight has 10 values that are negative or missing and 10 above 0"),
        ({"sample_weight": [0] * 20}, "0 above 0"),
        ({"sample_weight": [1, float("nan")] * 10}, "sample_weight has 10"),
        ({"points": [[1, 2]] * 10}, "points has shape"),
        ({"points": []}, "at least one lead"),
        ({"points": [90.5, 110] * 10}, "points has 10 values that are not whole"),
        ({"points": [float("inf"), 110] * 10}, "points has 10 values"),
        ({"points": [0, WIDEST_RANGE + 1] * 10}, "points are spread over 10,001"),
        ({"points": [FURTHEST + 1, FURTHEST] * 10}, "lie beyond 999,999"),
        ({"points": [1e300] * 20}, "divide the rule's points"),
    ],
)
def test_what_cannot_be_learned_from_is_refused_in_a_sentence(changed: dict[str, Any], says: str) -> None:
    with pytest.raises(EvidenceError, match=says) as refusal:
        read_history(**{"points": POINTS, "won": WON} | changed)
    assert "Ada" not in str(refusal.value)


def test_the_widest_and_furthest_points_are_still_read() -> None:
    assert read_points([-FURTHEST, -FURTHEST + WIDEST_RANGE]).tolist() == [-FURTHEST, -FURTHEST + WIDEST_RANGE]
    assert read_points([100.0, -3.0]).dtype == np.int64
    assert read_weight(None, 3).tolist() == [1, 1, 1]
