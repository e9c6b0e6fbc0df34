"""LQ202: a win rate that moves by more than chance."""

import numpy as np

from leadqual.audit.base_rate import base_rate


def test_a_win_rate_that_doubles_is_found(audited, rng) -> None:
    won = (rng.random(2000) < np.where(np.arange(2000) < 1000, 0.1, 0.25)).astype(int)
    findings, _ = base_rate(audited({"x": ["a"] * 2000}, won=won))
    assert [finding.code for finding in findings] == ["LQ202"]
    assert findings[0].field is None
    assert not findings[0].leaves_out


def test_chance_is_named_at_most_once_in_a_hundred(audited) -> None:
    rng = np.random.default_rng(4)
    worlds = [(rng.random(300) < 0.2).astype(int) for _ in range(200)]
    found = sum(len(base_rate(audited({"x": ["a"] * 300}, won=won))[0]) for won in worlds)
    assert found <= 6


def test_four_outcomes_are_too_few_to_compare(audited) -> None:
    assert base_rate(audited({"x": ["a"] * 4}, won=np.array([1, 0, 0, 1])))[1].code == "LQ202"
