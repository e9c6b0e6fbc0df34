"""LQ302: fields that say the same of every lead."""

import numpy as np

from leadqual.audit.constants import constants


def test_one_value_or_none_is_constant_and_a_gap_is_a_value(audited, won) -> None:
    size = len(won)
    fields = {
        "same": ["a"] * size,
        "empty": [None] * size,
        "gap": ["a"] * (size - 1) + [None],
        "two": ["a", "b"] * (size // 2),
    }
    leads = audited(fields, won=won)
    findings, _ = constants(leads)
    assert {finding.field: finding.severity for finding in findings} == {"same": "note", "empty": "note"}
    assert not np.any([finding.leaves_out for finding in findings])
