"""LQ301: fields that name leads."""

import numpy as np

from leadqual.audit.identifiers import identifiers


def test_near_unique_text_and_counters_are_found_and_measures_are_not(audited, rng, won) -> None:
    size = len(won)
    leads = audited(
        {
            "reference": [f"R-{i}" for i in range(size)],
            "company": rng.integers(0, 1500, size).astype(str),
            "city": rng.integers(0, 300, size).astype(str),
            "number": np.arange(size) * 3 + 7,
            "revenue": rng.normal(size=size),
            "trend": np.arange(size) + 0.5,
            "scrambled": rng.permutation(size),
            "seldom": [f"x{i}" if i < 20 else None for i in range(size)],
        },
        won=won,
    )
    findings, _ = identifiers(leads)
    assert {finding.field for finding in findings} == {"reference", "company", "number"} - (
        {"company"} if leads.values["company"].nunique() < size / 2 else set()
    )
    assert all(finding.leaves_out for finding in findings)
    assert leads.values["company"].nunique() >= size / 2
