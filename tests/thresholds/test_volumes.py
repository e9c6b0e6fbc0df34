"""A capacity that cuts through leads of the same points: what is said, and that what is offered fits."""

import re

import numpy as np
import pytest

from leadqual.thresholds import Capacity, cut_tie

TIED = [121] * 22 + [110] * 8 + [100] * 70


def test_a_tie_at_the_top_that_is_more_than_the_capacity_is_said_with_what_fits() -> None:
    said = cut_tie(TIED, Capacity(share=0.2))
    assert said.startswith("Sales can work 20 % of leads, but 22 % have the same points, 121, and cannot be told apart")
    assert "so that no lead is an SQL; say 22 % or 30 % instead" in said


def test_a_tie_further_down_that_leaves_capacity_unused_is_said_too() -> None:
    said = cut_tie([130] * 5 + TIED, Capacity(per_week=12), 60)
    assert "12 leads a week, 20 % of those that come, but 21 % have the same points, 121" in said
    # 5 of 105 leads, and 27 of 105, of 60 a week
    assert "only 4.76 % are SQLs; say 2.9/week or 15.5/week instead" in said


@pytest.mark.parametrize("share", [0.0, 0.22, 0.25, 0.3, 1.0])
def test_a_capacity_that_is_used_or_is_none_or_all_is_fine(share: float) -> None:
    assert cut_tie(TIED, Capacity(share=share)) == ""


@pytest.mark.parametrize("seed", range(20))
def test_what_is_offered_is_used_to_the_full(seed: int) -> None:
    rng = np.random.default_rng(seed)
    points = np.repeat(rng.choice(np.arange(60, 140), 6, replace=False), rng.integers(1, 60, 6))
    share = float(rng.uniform(0.01, 0.99))
    said = cut_tie(points, Capacity(share=share))
    for offered in re.findall(r"([0-9.]+) %(?: or|,| instead)", said.partition("say ")[2]):
        assert cut_tie(points, Capacity(share=float(offered) / 100)) == ""
