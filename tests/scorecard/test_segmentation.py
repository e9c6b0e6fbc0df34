"""The segmentation is the best there is."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadqual.scorecard.segmentation import segment


def cost(values, weight, labels):
    return sum(
        float(
            weight[labels == k]
            @ (values[labels == k] - np.average(values[labels == k], weights=weight[labels == k])) ** 2
        )
        for k in np.unique(labels)
    )


@given(
    st.lists(st.tuples(st.floats(-5, 5), st.floats(0.1, 3)), min_size=1, max_size=9),
    st.integers(1, 5),
    st.sets(st.integers(1, 8), max_size=2),
)
def test_equals_trying_every_way_to_cut(pairs, pieces, borders):
    values, weight = (np.array(part) for part in zip(*pairs, strict=True))
    borders = sorted(b for b in borders if b < len(values))
    pieces = max(pieces, len(borders) + 1)
    found = segment(values, weight, pieces, borders=borders)
    ways = [
        np.searchsorted(sorted(cuts), np.arange(len(values)), side="right")
        for k in range(min(pieces, len(values)))
        for cuts in combinations(range(1, len(values)), k)
        if set(borders) <= set(cuts)
    ]
    assert (np.diff(found) >= 0).all()
    assert len(np.unique(found)) <= pieces
    assert all(found[b] != found[b - 1] for b in borders)
    assert cost(values, weight, found) == pytest.approx(min(cost(values, weight, w) for w in ways), abs=1e-6)


def test_empty_bands_go_somewhere():
    labels = segment(np.array([0.0, 5.0, 0.0, 9.0]), np.array([1.0, 0.0, 1.0, 1.0]), 2)
    assert labels.tolist() == [0, 0, 0, 1]
