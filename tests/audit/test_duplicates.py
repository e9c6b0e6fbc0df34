"""LQ303: leads that are on both sides of the split."""

import numpy as np

from leadqual.audit.duplicates import duplicates


def test_leads_that_come_again_later_are_counted(audited, rng, won) -> None:
    values = rng.normal(size=2000)
    values[1800:1850] = values[:50]
    won = won.copy()
    won[1800:1850] = won[:50]
    findings, _ = duplicates(audited({"x": values, "y": np.round(values * 7, 6)}, won=won))
    assert findings[0].figures == {"leads": 50.0}
    assert duplicates(audited({"x": rng.normal(size=2000)}, won=won))[0] == []


def test_few_fields_make_leads_alike_and_nothing_can_be_said(audited, won) -> None:
    findings, not_applicable = duplicates(audited({"x": ["a", "b"] * 1000}, won=won))
    assert findings == []
    assert not_applicable.reason.code == "audit_leads_alike"
