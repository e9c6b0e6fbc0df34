"""LQ103: dates from after the outcome prove that a field was filled in too late."""

import numpy as np
import pandas as pd

from leadqual.audit.after_outcome import after_outcome

CREATED = pd.Timestamp("2020-01-01") + pd.to_timedelta(np.linspace(0, 1460, 2000), unit="D")


def dates(days):
    return (CREATED + pd.to_timedelta(days, unit="D")).strftime("%Y-%m-%d %H:%M").to_numpy(dtype=object)


def test_dates_after_the_close_are_certain_and_earlier_ones_are_fine(audited, won, rng) -> None:
    leads = audited(
        {
            "first visit": dates(0),
            "closing day": dates(30),
            "last call": dates(rng.integers(0, 60, 2000)),
            "text": np.full(2000, "soon"),
        },
        won=won,
        days=30,
    )
    findings, not_applicable = after_outcome(leads)
    assert [(finding.field, finding.severity) for finding in findings] == [("last call", "certain")]
    assert findings[0].leaves_out
    assert 0.4 < findings[0].figures["share"] < 0.6
    assert not_applicable is None


def test_dates_of_open_leads_prove_nothing(audited, won) -> None:
    state = np.full(2000, "open")
    state[::10] = "won"
    late = np.where(state == "open", dates(400), dates(1))
    assert after_outcome(audited({"plan": late}, won=won, state=state))[0] == []


def test_without_dates_it_cannot_be_verified(audited, won) -> None:
    findings, not_applicable = after_outcome(audited({"x": won.astype(float)}, won=won, dated=False))
    assert findings == []
    assert not_applicable.reason.startswith("Cannot verify")
    assert 'known = "at_creation"' in not_applicable.remedy
    findings, not_applicable = after_outcome(audited({"x": ["a", "b"] * 1000}, won=won))
    assert findings == []
    assert "no field holds dates" in not_applicable.reason
