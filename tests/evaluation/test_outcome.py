"""What an evaluation is given."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from leadqual.errors import EvidenceError
from leadqual.evaluation.outcome import read_numbers, read_outcome, read_probability


@pytest.mark.parametrize("won", [[True, False], [1, 0], np.array([1.0, 0.0]), np.array([1, 0], dtype=np.uint8)])
def test_outcomes_come_in_many_types(won: Any) -> None:
    assert read_outcome(won).tolist() == [1.0, 0.0]
    assert read_outcome(won).dtype == np.float64


@pytest.mark.parametrize(
    ("won", "says"),
    [
        ([], "at least one lead"),
        ([[1], [0]], r"shape \(2, 1\)"),
        (["won", "lost"], "type <U4"),
        ([1, 0, float("nan")], "won has 1 values that are not 0 or 1; leave out leads that are still undecided"),
        ([1, 0, 2, -1], "won has 2 values"),
    ],
)
def test_what_is_no_outcome_is_refused(won: Any, says: str) -> None:
    with pytest.raises(EvidenceError, match=says):
        read_outcome(won)


def test_one_number_per_lead_and_none_missing() -> None:
    assert read_numbers("rank", [3, 1], 2).tolist() == [3.0, 1.0]
    with pytest.raises(EvidenceError, match=r"rank has shape \(2,\) .* each of the 3 leads"):
        read_numbers("rank", [3, 1], 3)
    with pytest.raises(EvidenceError, match="rank has 2 missing or infinite values"):
        read_numbers("rank", [3, float("nan"), float("inf")], 3)
    with pytest.raises(EvidenceError, match="type <U3") as refusal:
        read_numbers("rank", ["Ada"], 1)
    assert "Ada" not in str(refusal.value)


@pytest.mark.parametrize("probability", [[0.0, 0.5, 0.5], [0.5, 1.0, 0.5], [0.5, -0.1, 0.5]])
def test_no_lead_is_certain(probability: list[float]) -> None:
    with pytest.raises(EvidenceError, match="probability has 1 values that are not above 0 and below 1"):
        read_probability(probability, 3)
