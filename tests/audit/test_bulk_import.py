"""LQ403 and LQ404: bulk imports, and customers among the leads."""

import numpy as np
import pandas as pd
import pytest

from leadqual.audit import audit_leads
from leadqual.leads import Feature, Leads, Schema, label_outcomes, read_leads
from leadqual.reports.language import Language

SIZE = 1200


def history(*, customers: int = 0, moved: int = 0) -> Leads:
    rng = np.random.default_rng(5)
    created = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.arange(SIZE) * 0.5, unit="D")
    won = rng.random(SIZE) < 0.15
    closed = created + pd.to_timedelta(rng.integers(3, 60, SIZE), unit="D")
    source = rng.choice(["Web", "Fair", "Ads"], SIZE)
    table = pd.DataFrame(
        {"created": created, "closed": closed, "outcome": np.where(won, "won", "lost"), "source": source}
    )
    table.loc[: moved - 1, "created"] = pd.Timestamp("2025-03-10 09:00")
    came = (
        table.iloc[:0]
        .reindex(range(customers))
        .assign(
            created=pd.Timestamp("2025-02-03 08:15"), closed=pd.Timestamp("2021-05-05"), outcome="won", source="Offline"
        )
    )
    schema = Schema(
        (Feature("source", "category"),), outcome="outcome", won=("won",), lost=("lost",), created_at="created",
        closed_at="closed",
    )  # fmt: skip
    return read_leads(pd.concat([table, came], ignore_index=True), schema)


def found(leads: Leads) -> dict[str, object]:
    return {finding.code: finding for finding in audit_leads(leads, label_outcomes(leads)).findings}


def test_a_clean_history_has_neither() -> None:
    assert not {"LQ403", "LQ404"} & set(found(history()))


def test_a_migration_is_named_by_count_and_moment_and_the_way_out() -> None:
    finding = found(history(moved=700))["LQ403"]
    assert "702 of 1,200 leads (58%) were created on 2025-03-10, 700 of them at 09:00" in Language("en").say(
        finding.evidence
    )
    assert 'created_after = "2025-03-10"' in Language("en").say(finding.remedy)
    assert finding.severity == "likely"


def test_customers_are_named_with_what_they_do_to_the_win_rate_and_make_no_field_a_leak() -> None:
    leads = history(customers=300)
    findings = found(leads)
    finding = findings["LQ404"]
    states = leads.table["outcome"] == "won"
    assert finding.figures["leads"] == 300
    assert finding.figures["win_rate_with"] == pytest.approx(states.mean())
    assert finding.figures["win_rate_without"] == pytest.approx(states[:SIZE].mean())
    assert "LQ403" not in findings
    assert not [code for code in findings if code.startswith("LQ1")]  # "Offline" tells customers apart, not leads
