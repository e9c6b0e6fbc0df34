"""Promise and outcome in every part of the business."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

from leadqual.evaluation import segments


def test_frequent_values_are_compared_and_rare_ones_and_numbers_are_not() -> None:
    values = pd.DataFrame(
        {
            "source": pd.Series(["fair"] * 60 + ["web"] * 30 + ["rare"] * 29 + [None] * 31, dtype=object),
            "size": np.arange(150.0),
        }
    )
    won = np.tile([1.0, 0.0, 0.0], 50)
    said = np.linspace(0.1, 0.6, 150)
    found = segments(won, said, values)
    assert [(one.field, one.value, one.leads) for one in found] == [
        ("source", "fair", 60),
        ("source", "(missing)", 31),
        ("source", "web", 30),
    ]
    fair = found[0]
    assert (fair.wins, fair.actual) == (20, pytest.approx(20 / 60, abs=1e-6))
    assert fair.promised == pytest.approx(said[:60].mean(), abs=1e-6)
    exact = binomtest(20, 60).proportion_ci(0.95, method="exact")
    assert (fair.low, fair.high) == pytest.approx((exact.low, exact.high))


def test_a_promise_that_is_not_kept_shows_where_it_is_not() -> None:
    rng = np.random.default_rng(0)
    part = rng.choice(["north", "south"], 4000)
    won = rng.random(4000) < np.where(part == "north", 0.4, 0.1)
    found = {one.value: one.kept for one in segments(won.astype(float), np.full(4000, 0.4), pd.DataFrame({"p": part}))}
    assert found == {"north": True, "south": False}


def test_at_most_eight_values_of_a_field_are_shown() -> None:
    values = pd.DataFrame({"x": np.repeat([f"v{i}" for i in range(12)], 40)})
    assert len(segments(np.tile([0.0, 1.0], 240), np.full(480, 0.5), values)) == 8
