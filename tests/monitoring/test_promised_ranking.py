import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadqual.monitoring import promised_ranking


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(90, 110), st.floats(0.01, 0.99)), min_size=2, max_size=30))
def test_it_is_the_sum_over_all_pairs_of_two_leads(leads) -> None:
    points, p = (np.array(one) for one in zip(*leads, strict=True))
    pairs = [(i, j) for i in range(len(p)) for j in range(len(p)) if i != j]
    weight = np.array([p[i] * (1 - p[j]) for i, j in pairs])
    above = np.array([(points[i] > points[j]) + 0.5 * (points[i] == points[j]) for i, j in pairs])
    assert promised_ranking(points, p) == pytest.approx(float(weight @ above / weight.sum()))


def test_leads_picked_for_their_points_promise_a_lower_ranking() -> None:
    points = np.arange(60, 161)
    p = 1 / (1 + np.exp(-(points - 140) * np.log(2) / 20))
    top = points >= 140
    assert promised_ranking(points[top], p[top]) < promised_ranking(points, p) - 0.1
    assert promised_ranking(points[:1], p[:1]) is None
