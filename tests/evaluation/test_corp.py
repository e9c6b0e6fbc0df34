"""The parts of the Brier score add up, and are what they say."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from leadqual.evaluation import brier_parts

LEADS = st.lists(st.tuples(st.booleans(), st.floats(0.001, 0.999)), min_size=1, max_size=60)


@given(LEADS)
@example([(False, 0.5), (False, 0.9989999999999999), (False, 0.999)])
@settings(deadline=None)
def test_the_parts_add_up_and_none_is_negative(leads) -> None:
    won, probability = (np.array(part, dtype=float) for part in zip(*leads, strict=True))
    parts = brier_parts(won, probability)
    assert parts.miscalibration - parts.discrimination + parts.uncertainty == pytest.approx(
        np.mean((probability - won) ** 2), abs=1e-12
    )
    assert min(parts.miscalibration, parts.discrimination, parts.uncertainty) > -1e-12


def test_a_promise_that_is_always_too_high_is_miscalibrated_by_its_square() -> None:
    won = np.tile([1.0] + [0.0] * 4, 20)
    parts = brier_parts(won, np.full(100, 0.5))
    assert parts.miscalibration == pytest.approx(0.3**2)
    assert parts.discrimination == pytest.approx(0)
    assert parts.uncertainty == pytest.approx(0.16)
