"""LQ103: dates from after the outcome prove that a field was filled in too late."""

import numpy as np
import pandas as pd
import pytest

from leadqual.audit.after_outcome import after_outcome

CREATED = pd.Timestamp("2020-01-01") + pd.to_timedelta(np.linspace(0, 1460, 2000), unit="D")


EXPORT = CREATED[-1] + pd.Timedelta(days=30)  # the last lead is closed then


def dates(days, form="%Y-%m-%d %H:%M", *, until=EXPORT):
    moments = CREATED + pd.to_timedelta(days, unit="D")
    return pd.Series(moments.where(moments <= until, until)).dt.strftime(form).to_numpy(dtype=object)


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


def test_plans_may_be_made_before_the_outcome_and_are_only_suspect(audited, won, rng) -> None:
    wished = dates(rng.integers(0, 60, 2000), until=pd.Timestamp.max)
    findings, _ = after_outcome(audited({"wished start": wished}, won=won))
    assert [finding.severity for finding in findings] == ["suspect"]
    assert findings[0].figures["after_the_export"] > 0
    assert findings[0].remedy.code == "audit_maybe_plans"
    assert not findings[0].leaves_out


@pytest.mark.parametrize("form", ["%d.%m.%Y", "%m/%d/%Y %I:%M %p", "%d %b %Y", "%Y-%m-%dT%H:%M:%SZ"])
def test_dates_are_read_as_the_columns_of_the_schema_are(audited, won, form) -> None:
    leads = audited({"call": dates(45, form), "visit": dates(10, form)}, won=won)
    assert [(finding.field, finding.severity) for finding in after_outcome(leads)[0]] == [("call", "certain")]


def test_an_order_of_day_and_month_that_nothing_settles_proves_nothing(audited, won) -> None:
    # 1 to 12 of a month, two days after creation: read the other way round, half would be months late
    days = np.where(CREATED.day <= 10, 2, np.nan)
    written = (CREATED + pd.to_timedelta(days, unit="D")).strftime("%d/%m/%Y").to_numpy(dtype=object)
    assert after_outcome(audited({"visit": written}, won=won)) == ([], None)


def test_numbers_and_long_texts_are_no_dates(audited, won) -> None:
    fields = {
        "company": [str(20230101 + i % 28) for i in range(2000)],
        "note": [f"called {i} times" for i in range(2000)],
        "mixed": ["2020-01-01" if i % 10 < 7 else "soon" for i in range(2000)],
        "seldom": ["2030-01-01" if i < 10 else None for i in range(2000)],
    }
    findings, not_applicable = after_outcome(audited(fields, won=won))
    assert findings == []
    assert not_applicable.reason.code == "audit_no_dated_field"


def test_dates_of_open_leads_prove_nothing(audited, won) -> None:
    state = np.full(2000, "open")
    state[::10] = "won"
    late = np.where(state == "open", dates(400), dates(1))
    assert after_outcome(audited({"plan": late}, won=won, state=state))[0] == []


def test_without_dates_it_cannot_be_verified(audited, won) -> None:
    findings, not_applicable = after_outcome(audited({"x": won.astype(float)}, won=won, dated=False))
    assert findings == []
    assert not_applicable.reason.code == "audit_no_dates_of_leads"
    assert not_applicable.remedy.code == "audit_name_dates_and_known"
    findings, not_applicable = after_outcome(audited({"x": ["a", "b"] * 1000}, won=won))
    assert findings == []
    assert not_applicable.reason.code == "audit_no_dated_field"
