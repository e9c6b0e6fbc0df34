"""LQ401: how many outcomes are enough."""

import numpy as np
import pytest

from leadqual.audit.wins import wins

CASES = [(10, "likely"), (29, "likely"), (30, "suspect"), (149, "suspect"), (150, None)]


@pytest.mark.parametrize(("count", "severity"), CASES)
@pytest.mark.parametrize("of_wins", [True, False])
def test_fewer_than_150_of_either_are_named(audited, count, severity, of_wins) -> None:
    won = np.zeros(1000, int)
    won[np.linspace(0, 800, count).astype(int)] = 1  # later ones may be too young to count
    findings, _ = wins(audited({"x": ["a"] * 1000}, won=won if of_wins else 1 - won))
    assert [finding.severity for finding in findings] == ([severity] if severity else [])
    for finding in findings:
        assert min(finding.figures.values()) == count
        assert not finding.leaves_out
