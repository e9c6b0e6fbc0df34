"""The score from 0 to 100."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import percentileofscore

from leadqual.calibration import fit_scale
from leadqual.errors import EvidenceError


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(80, 120), min_size=1, max_size=80))
def test_the_score_is_scipys_mean_percentile(points: list[int]) -> None:
    scale = fit_scale(points)
    for value in range(min(points) - 3, max(points) + 4):
        assert scale.at(value) == pytest.approx(percentileofscore(points, value, kind="mean"), abs=0.5 + 1e-9)


@given(st.lists(st.integers(-50, 200), min_size=1, max_size=80), st.integers(0, 2**32 - 1))
def test_the_score_never_falls_and_reaches_both_ends(points: list[int], seed: int) -> None:
    scale = fit_scale(points, sample_weight=np.random.default_rng(seed).uniform(0.01, 3, len(points)))
    assert all(np.diff(scale.score) >= 0)
    assert (scale.score[0], scale.score[-1]) == (0, 100)
    assert scale.at(min(points) - 1) == 0
    assert scale.at(max(points) + 1) == 100


def test_whole_weights_count_as_so_many_leads() -> None:
    assert fit_scale([90, 100, 120], sample_weight=[3, 1, 2]) == fit_scale([90, 90, 90, 100, 120, 120])
    assert fit_scale([90, 100, 500], sample_weight=[3, 1, 0]) == fit_scale([90, 90, 90, 100])


def test_what_is_not_points_is_refused() -> None:
    with pytest.raises(EvidenceError, match="at least one lead"):
        fit_scale([])
    with pytest.raises(EvidenceError, match="sample_weight"):
        fit_scale([100, 101], sample_weight=[1, -1])
