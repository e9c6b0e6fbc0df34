"""Whether probabilities come true."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binomtest
from sklearn.calibration import calibration_curve

from leadqual.bundle import ReliabilityBin
from leadqual.errors import EvidenceError
from leadqual.evaluation import calibration_error, reliability
from leadqual.evaluation.reliability import LEADS_PER_BIN, actual_interval


def test_without_ties_bins_are_scikit_learns_quantile_bins() -> None:
    rng = np.random.default_rng(0)
    probability = rng.uniform(0.01, 0.99, 1_000)
    won = rng.random(1_000) < probability
    actual, predicted = calibration_curve(won, probability, n_bins=10, strategy="quantile")
    bins = reliability(won, probability)
    assert [entry.leads for entry in bins] == [100] * 10
    np.testing.assert_allclose([entry.predicted for entry in bins], predicted, atol=1e-6)
    np.testing.assert_allclose([entry.actual for entry in bins], actual, atol=1e-6)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(1, 30), min_size=40, max_size=200), st.integers(1, 4), st.integers(0, 1_000))
def test_ties_stay_together_in_order_whatever_the_order_of_rows(values: list[int], bins: int, seed: int) -> None:
    probability = np.array(values) / 31
    rng = np.random.default_rng(seed)
    won = rng.random(len(values)) < probability
    entries = reliability(won, probability, bins=bins)
    again = rng.permutation(len(values))
    shuffled = reliability(won[again], probability[again], bins=bins)
    assert [entry.leads for entry in shuffled] == [entry.leads for entry in entries]
    assert [entry.predicted for entry in shuffled] == pytest.approx([entry.predicted for entry in entries], abs=2e-6)
    assert sum(entry.leads for entry in entries) == len(values)
    assert 1 <= len(entries) <= bins
    # Cutting between bins is cutting between probabilities.
    ordered = np.sort(probability)
    ends = np.cumsum([entry.leads for entry in entries])[:-1]
    assert all(ordered[end - 1] < ordered[end] for end in ends)


def test_a_constant_probability_is_one_bin() -> None:
    assert reliability([1] * 30 + [0] * 70, [0.25] * 100) == (ReliabilityBin(0.25, 0.3, 100),)


def test_too_few_leads_have_no_bins() -> None:
    size = 10 * LEADS_PER_BIN
    assert reliability([1, 0] * (size // 2), np.linspace(0.1, 0.9, size)) != ()
    assert reliability([1, 0] * (size // 2 - 1), np.linspace(0.1, 0.9, size - 2)) == ()
    assert calibration_error(()) is None


def test_bins_are_at_least_one() -> None:
    with pytest.raises(EvidenceError, match="bins is 0, it must be at least 1"):
        reliability([1, 0], [0.5, 0.5], bins=0)


def test_the_calibration_error_is_the_mean_distance_over_leads() -> None:
    rng = np.random.default_rng(1)
    probability = rng.uniform(0.05, 0.9, 500)
    won = (rng.random(500) < probability**1.5).astype(float)
    order = np.argsort(probability)
    distance = [
        abs(probability[part].mean() - won[part].mean()) * len(part) / 500 for part in np.array_split(order, 10)
    ]
    assert calibration_error(reliability(won, probability)) == pytest.approx(sum(distance), abs=1e-5)
    uneven = (ReliabilityBin(0.1, 0.2, 30), ReliabilityBin(0.5, 0.3, 10))
    assert calibration_error(uneven) == pytest.approx(0.75 * 0.1 + 0.25 * 0.2)


def test_chance_alone_gives_the_error_that_its_docstring_states() -> None:
    rng = np.random.default_rng(2)
    errors = []
    for _ in range(300):
        probability = rng.uniform(0.25, 0.35, 1_000)
        errors.append(calibration_error(reliability(rng.random(1_000) < probability, probability)))
    assert np.mean([error for error in errors if error is not None]) == pytest.approx(
        0.8 * np.sqrt(0.3 * 0.7 / 100), rel=0.05
    )


@pytest.mark.parametrize(("wins", "leads"), [(0, 10), (3, 10), (10, 10), (123, 1_000), (333_333, 1_000_000)])
def test_the_interval_of_a_bin_is_scipys(wins: int, leads: int) -> None:
    entry = ReliabilityBin(0.5, round(wins / leads, 6), leads)
    peer = binomtest(wins, leads).proportion_ci(0.9, method="exact")
    assert actual_interval(entry, coverage=0.9) == pytest.approx((peer.low, peer.high), abs=1e-9)
