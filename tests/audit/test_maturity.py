"""LQ402: windows too long for the history, or too short for the wins."""

import numpy as np

from leadqual.audit.audited_leads import audited_leads
from leadqual.audit.maturity import maturity
from leadqual.leads import label_outcomes


def test_wins_after_the_window_are_counted_among_old_leads(audited, rng, won) -> None:
    late = np.where(rng.random(2000) < 0.4, 200, 20)
    findings, _ = maturity(audited({"x": ["a"] * 2000}, won=won, days=late))
    assert len(findings) == 1
    assert abs(findings[0].figures["late"] - 0.4) < 0.06
    assert maturity(audited({"x": ["a"] * 2000}, won=won, days=20))[0] == []


def test_a_window_longer_than_half_the_history_is_named(audited, won) -> None:
    leads = audited({"x": ["a"] * 2000}, won=won)
    long = audited_leads(leads.leads, label_outcomes(leads.leads, window_days=900))
    findings, _ = maturity(long)
    assert [finding.remedy.code for finding in findings] == ["audit_shorter_window"]
    assert findings[0].figures["young"] > 0.5


def test_without_dates_it_cannot_be_verified(audited, won) -> None:
    findings, not_applicable = maturity(audited({"x": ["a"] * 2000}, won=won, dated=False))
    assert findings == []
    assert not_applicable.reason.code == "audit_undated_leads"
