"""The simulated CRM keeps its word: what it exports follows from the truth that it keeps apart."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from leadqual.bundle.values import is_missing, read_boolean, read_number
from leadqual.errors import LeadError
from leadqual.leads.reading import read_leads
from leadqual.leads.schema import Schema
from leadqual.simulation.rule import rule_points
from leadqual.simulation.sample import OLD_RULE, Sample, SampleSettings, simulate, write_sample
from tests.simulation.exported import END, SMALL, auc, dates, number, outcomes_of

# The export.


def test_the_leak_tells_the_outcome_and_the_schema_says_so(sample: Sample) -> None:
    outcomes = outcomes_of(sample)
    won = outcomes.label[outcomes.mature]
    calls = number(sample, "Calls Logged")[outcomes.mature]
    assert auc(calls, won) > 0.85
    harmless = simulate(SampleSettings(leak=0))
    labels = outcomes_of(harmless)
    assert auc(number(harmless, "Calls Logged")[labels.mature], labels.label[labels.mature]) < 0.7
    assert [feature.name for feature in sample.schema.features if feature.known == "later"] == ["Calls Logged"]
    assert "Calls Logged" not in [feature.name for feature in sample.schema.scored]


def test_the_export_is_text_as_a_file_holds_it(sample: Sample, tmp_path: Path) -> None:
    assert (sample.table.dtypes == "str").all()
    path = tmp_path / "leads.csv"
    sample.table.to_csv(path, index=False)
    again = pd.read_csv(path, dtype=str, keep_default_na=False, na_values=[""])
    pd.testing.assert_frame_equal(again, sample.table)


def test_the_export_has_the_mess_of_real_ones(sample: Sample) -> None:
    table = sample.table
    assert (table["Need"] == "Select").any()
    assert table["Need"].isna().any()
    assert (table["Budget"] == "N/A").any()
    assert table["Budget"].str.contains(",").any()
    assert table["Session Ref"].is_unique
    assert table["Lead ID"].is_unique
    assert set(table["Business Email"].dropna()) == {"Yes", "No"}
    assert table["Company"].nunique() < len(table) / 2
    newsletter = table["Intent"] == "Newsletter signup"
    unsaid = table["Need"].isna() | (table["Need"] == "Select")
    assert unsaid[newsletter].mean() == pytest.approx(0.24, abs=0.03)
    assert unsaid[~newsletter].mean() == pytest.approx(0.12, abs=0.02)
    whole = simulate(replace(SMALL, missing=0)).table[[feature.name for feature in sample.schema.features]]
    assert not whole.isin(["Select", "N/A"]).any().any()
    assert whole.notna().all().all()


def test_the_leads_of_a_company_share_what_the_company_is(sample: Sample) -> None:
    shown = sample.table[["Company", "Employees", "Industry", "Region"]].replace(["Select", "N/A"], None)
    assert (shown.groupby("Company").nunique().max() == 1).all()


def test_the_schema_fits_the_export(sample: Sample) -> None:
    schema, table = sample.schema, sample.table
    assert set(schema.columns) <= set(table.columns)
    assert {"Session Ref", "Company"} == set(table.columns) - set(schema.columns)
    assert set(table[schema.outcome]) == {*schema.won, *schema.lost, *schema.open}
    for feature in schema.features:
        shown = [raw for raw in table[feature.name].unique() if not is_missing(raw, schema.missing_values)]
        if feature.kind == "numeric":
            assert all(read_number(raw) is not None for raw in shown)
            assert len(shown) > 10
        elif feature.kind == "boolean":
            assert {read_boolean(raw) for raw in shown} == {"yes", "no"}
        else:
            assert 2 <= len(shown) <= 10
    assert {feature.dimension for feature in schema.features} == {
        "need", "intent", "budget", "decision chain", "fit", "engagement"
    }  # fmt: skip


def test_won_leads_have_a_deal_value_and_no_others(sample: Sample) -> None:
    won = (sample.table["Status"] == "Closed Won").to_numpy()
    value = number(sample, "Deal Value")
    assert (np.isfinite(value) == won).all()
    assert value[won].min() >= 500


def test_the_history_covers_its_months(sample: Sample) -> None:
    created = dates(sample, "Created")
    assert created.min().date() == date(2024, 1, 1)
    assert created.max().date() == END
    assert created.is_monotonic_increasing
    assert (created.dt.day_of_week >= 5).mean() < 0.15
    short = dates(simulate(SampleSettings(leads=2000, months=1, start="2024-01-31")), "Created")
    assert short.max().date() <= date(2024, 3, 1)


def test_owners_and_companies_are_as_many_as_asked_for() -> None:
    table = simulate(replace(SMALL, owners=3, companies=1)).table
    assert sorted(table["Owner"].unique()) == ["Rep 01", "Rep 02", "Rep 03"]
    assert table["Company"].unique().tolist() == ["Company 00001"]


# Determinism, files and refusals.


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    first, again, other = (
        write_sample(tmp_path / name, SMALL, seed=seed) for name, seed in (("a", 3), ("b", 3), ("c", 4))
    )
    assert [path.name for path in first] == ["leads.csv", "leads.toml", "rules.toml", "truth.csv"]
    for one, two in zip(first, again, strict=True):
        assert one.read_bytes() == two.read_bytes()
        assert b"\r" not in one.read_bytes()
    assert first[0].read_bytes() != other[0].read_bytes()
    assert first[3].read_bytes() != other[3].read_bytes()


def test_the_files_hold_the_sample(tmp_path: Path) -> None:
    leads, schema, rules, truth = write_sample(tmp_path / "new" / "folder", SMALL, seed=5)
    sample = simulate(SMALL, seed=5)
    pd.testing.assert_frame_equal(pd.read_csv(leads, dtype=str, keep_default_na=False, na_values=[""]), sample.table)
    assert Schema.read(schema) == sample.schema
    from_file, in_memory = read_leads(leads, sample.schema), read_leads(sample.table, sample.schema)
    pd.testing.assert_frame_equal(from_file.table, in_memory.table)
    assert from_file.notes == in_memory.notes
    assert rules.read_text(encoding="utf-8") == sample.rules == OLD_RULE
    pd.testing.assert_frame_equal(pd.read_csv(truth, dtype={"id": "str"}), sample.truth)


def test_a_knob_leaves_the_other_draws_as_they_were() -> None:
    base, changed = simulate(SMALL).table, simulate(replace(SMALL, leak=3.0, never_closed=0.5)).table
    same = [column for column in base.columns if column not in ("Status", "Closed", "Calls Logged")]
    pd.testing.assert_frame_equal(base[same], changed[same])
    assert (base["Calls Logged"] != changed["Calls Logged"]).any()
    assert (base["Status"] != changed["Status"]).any()


@pytest.mark.parametrize(
    "knob",
    [
        {"leads": 0},
        {"months": 1.5},
        {"companies": True},
        {"win_rate": 0},
        {"signal": float("nan")},
        {"missing": 0.9},
        {"unworked_odds": 0},
        {"leak": "much"},
        {"start": "1/2/2024"},
        {"start": None},
    ],
)
def test_a_knob_out_of_range_is_refused_by_name(knob: dict[str, object]) -> None:
    (name,) = knob
    with pytest.raises(LeadError, match=f"{name} is .* it must be"):
        SampleSettings(**knob)  # type: ignore[arg-type]


def test_an_impossible_win_rate_is_refused() -> None:
    with pytest.raises(LeadError, match=r"at most 0\.\d+ of the leads can win within the window"):
        simulate(replace(SMALL, win_rate=0.5, median_days_to_win=300))


def test_every_knob_is_documented() -> None:
    words = SampleSettings.__doc__.split()
    assert all(knob.name in [word.strip(",:`") for word in words] for knob in fields(SampleSettings))


def test_the_old_rule_follows_the_rule_of_conditions() -> None:
    rule = """
    base_points = 2
    [[rule]]
    field = "x"
    at_least = 3
    below = 5
    points = 10
    [[rule]]
    field = "x"
    missing = true
    points = 100
    [[rule]]
    field = "y"
    in = ["a", "b"]
    points = 1000
    [[rule]]
    field = "y"
    is = "a"
    known = true
    points = -5
    """
    values = {"x": np.array([2, 3, 5, 4]), "y": np.array(["a", "b", "c", "a"], dtype=object)}
    missing = {"x": np.array([False, False, False, True]), "y": np.array([False, False, False, True])}
    assert rule_points(rule, values, missing).tolist() == [2 + 1000 - 5, 2 + 10 + 1000, 2, 2 + 100]
