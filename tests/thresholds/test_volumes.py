"""A capacity that cuts through leads of the same points: what is said, and that what is offered fits."""

import numpy as np
import pytest

from leadqual.reports.language import Language
from leadqual.thresholds import Capacity, cut_tie

ENGLISH = Language("en")
TIED = [121] * 22 + [110] * 8 + [100] * 70


def test_a_tie_at_the_top_that_is_more_than_the_capacity_is_said_with_what_fits() -> None:
    assert ENGLISH.say(cut_tie(TIED, Capacity(share=0.2))) == (
        "Sales can work 20.0% of leads, but 22.0% have the same points, 121, and cannot be told apart, so no lead is "
        "an SQL; say 22% or 30% instead, which cuts no tie, or add fields that tell these leads apart."
    )


def test_a_tie_further_down_that_leaves_capacity_unused_is_said_too() -> None:
    said = ENGLISH.say(cut_tie([130] * 5 + TIED, Capacity(per_week=12), 60))
    assert "12 leads a week, 20.0% of those that come, but 21.0% have the same points, 121" in said
    # 5 of 105 leads, and 27 of 105, of 60 a week
    assert "only 4.8% are SQLs; say 2.9/week or 15.5/week instead" in said


@pytest.mark.parametrize("share", [0.0, 0.22, 0.25, 0.3, 1.0])
def test_a_capacity_that_is_used_or_is_none_or_all_is_fine(share: float) -> None:
    assert cut_tie(TIED, Capacity(share=share)) is None


@pytest.mark.parametrize("seed", range(20))
def test_what_is_offered_is_used_to_the_full(seed: int) -> None:
    rng = np.random.default_rng(seed)
    points = np.repeat(rng.choice(np.arange(60, 140), 6, replace=False), rng.integers(1, 60, 6))
    share = float(rng.uniform(0.01, 0.99))
    said = cut_tie(points, Capacity(share=share))
    for offered in () if said is None else said.figures["offered"]:
        assert cut_tie(points, Capacity.parse(offered)) is None
