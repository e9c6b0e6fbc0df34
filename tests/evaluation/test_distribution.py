"""Scores of won and of other leads."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadqual.errors import EvidenceError
from leadqual.evaluation import outcome_distribution


@given(
    st.lists(st.tuples(st.booleans(), st.integers(-40, 200)), min_size=1, max_size=80),
    st.sampled_from([1.0, 2.5, 5.0, 10.0]),
)
def test_every_lead_is_counted_once_in_its_class(leads: list[tuple[bool, int]], width: float) -> None:
    spread = outcome_distribution([won for won, _ in leads], [score for _, score in leads], width=width)
    for i, (low, high) in enumerate(zip(spread.edges[:-1], spread.edges[1:], strict=True)):
        assert high - low == pytest.approx(width)
        inside = [won for won, score in leads if low <= score < high]
        assert (spread.won[i], spread.not_won[i]) == (sum(inside), len(inside) - sum(inside))
    assert spread.won.sum() + spread.not_won.sum() == len(leads)
    np.testing.assert_allclose(spread.edges / width, np.rint(spread.edges / width))


@pytest.mark.parametrize("width", [0, -1, float("nan")])
def test_a_class_has_a_width(width: float) -> None:
    with pytest.raises(EvidenceError, match=r"width is .*, it must be above 0"):
        outcome_distribution([1, 0], [100, 110], width=width)
