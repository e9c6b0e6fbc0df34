"""The simulated CRM keeps its word: what it exports follows from the truth that it keeps apart."""

from __future__ import annotations

import tomllib
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy.stats import mannwhitneyu

from leadqual.bundle.values import is_missing, read_boolean, read_number
from leadqual.errors import LeadError
from leadqual.leads.outcomes import Outcomes, label_outcomes
from leadqual.leads.reading import read_leads
from leadqual.leads.schema import Schema
from leadqual.simulation.leads import CAMPAIGNS
from leadqual.simulation.rule import rule_points
from leadqual.simulation.sample import OLD_RULE, Sample, SampleSettings, simulate, write_sample
from leadqual.simulation.truth import EFFECTS

END = date(2025, 12, 31)  # 24 months from 2024-01-01
SMALL = SampleSettings(leads=3000)


@pytest.fixture(scope="module")
def sample() -> Sample:
    return simulate(seed=0)


def dates(sample: Sample, column: str) -> pd.Series:
    return pd.to_datetime(sample.table[column], format="ISO8601").astype("datetime64[us]")


def outcomes_of(sample: Sample) -> Outcomes:
    return label_outcomes(read_leads(sample.table, sample.schema), as_of=END)


def number(sample: Sample, column: str) -> NDArray[np.float64]:
    missing = sample.schema.missing_values
    values = {raw: np.nan if is_missing(raw, missing) else read_number(raw) for raw in sample.table[column].unique()}
    assert None not in values.values()
    return sample.table[column].map(values).astype(float).to_numpy()


def auc(score: NDArray, won: NDArray) -> float:
    positive, negative = score[won == 1], score[won == 0]
    return float(mannwhitneyu(positive, negative).statistic / (len(positive) * len(negative)))


def old_points(sample: Sample) -> NDArray[np.int64]:
    """Read the old rule from its text and apply it lead by lead to the export."""
    rule = tomllib.loads(sample.rules)
    missing = sample.schema.missing_values
    points = []
    for lead in sample.table.to_dict("records"):
        total = rule["base_points"]
        for one in rule["rule"]:
            raw = lead[one["field"]]
            value = None if is_missing(raw, missing) else raw
            holds = [
                "is" not in one or value == one["is"],
                "in" not in one or value in one["in"],
                "at_least" not in one or (value is not None and read_number(value) >= one["at_least"]),
                "known" not in one or (value is not None) == one["known"],
            ]
            total += one["points"] if all(holds) else 0
        points.append(total)
    return np.array(points)


# The truth.


def test_the_truth_has_the_win_rate_and_is_kept_apart(sample: Sample) -> None:
    assert sample.truth["probability"].mean() == pytest.approx(0.10, abs=1e-5)
    assert sample.truth["probability"].between(0, 1).all()
    assert (sample.truth["if_worked"] >= sample.truth["probability"]).all()
    assert sample.truth["id"].tolist() == sample.table["Lead ID"].tolist()
    assert not set(sample.truth.columns) & set(sample.table.columns)


def test_wins_come_as_often_as_the_truth_says(sample: Sample) -> None:
    """In each tenth of the true probability the share of wins lies within four standard errors of it."""
    outcomes = outcomes_of(sample)
    truth = sample.truth["probability"].to_numpy()[outcomes.mature]
    won = outcomes.label[outcomes.mature]
    assert len(won) > 15_000
    for tenth in np.array_split(np.argsort(truth), 10):
        error = np.sqrt(np.sum(truth[tenth] * (1 - truth[tenth]))) / len(tenth)
        assert abs(won[tenth].mean() - truth[tenth].mean()) < 4 * error
    assert won.mean() == pytest.approx(0.10, abs=0.02)


def test_leads_worked_win_as_often_as_that_truth_says(sample: Sample) -> None:
    outcomes = outcomes_of(sample)
    here = outcomes.mature & sample.truth["worked"].to_numpy()
    truth = sample.truth["if_worked"].to_numpy()[here]
    error = np.sqrt(np.sum(truth * (1 - truth))) / len(truth)
    assert abs(outcomes.label[here].mean() - truth.mean()) < 4 * error


def test_the_fields_say_much_about_winning_and_the_truth_says_most(sample: Sample) -> None:
    outcomes = outcomes_of(sample)
    won = outcomes.label[outcomes.mature]
    best = auc(sample.truth["probability"].to_numpy()[outcomes.mature], won)
    old = auc(old_points(sample)[outcomes.mature], won)
    assert best > 0.8
    assert 0.6 < old < best - 0.05  # plausible, but partly wrong


def test_a_world_without_signal_gives_every_lead_the_same_probability() -> None:
    flat = replace(SMALL, signal=0, season=0, drift=0, unworked_odds=1)
    truth = simulate(flat).truth["probability"]
    np.testing.assert_allclose(truth, 0.10, atol=1e-6)


def test_a_category_moves_the_log_odds_by_its_effect() -> None:
    """Where all leads are worked and win at once, the mean log-odds differ as the effects say, other things equal."""
    settings = SampleSettings(
        worked_below=1,
        worked_above=1,
        median_days_to_win=1,
        days_spread=0.05,
        season=0,
        drift=0,
        interaction=0,
        missing=0,
    )
    sample = simulate(settings)
    log_odds = np.log(sample.truth["probability"] / (1 - sample.truth["probability"])).to_numpy()
    columns = {f"{name}={value}": sample.table[name] == value for name in EFFECTS for value in list(EFFECTS[name])[1:]}
    budget = np.tanh(np.log(number(sample, "Budget") / 20_000))
    employees = np.minimum(4, (np.log(number(sample, "Employees") / 250) / 1.5) ** 2)
    visits = np.log1p(np.minimum(12, number(sample, "Visits")))
    design = np.column_stack([np.ones(len(log_odds)), *columns.values(), budget, employees, visits]).astype(float)
    found = np.linalg.lstsq(design, log_odds, rcond=None)[0]
    expected = [
        EFFECTS[name][value] - EFFECTS[name][next(iter(EFFECTS[name]))]
        for name, value in (c.split("=") for c in columns)
    ]
    np.testing.assert_allclose(found[1:-3], expected, atol=2e-3)  # six decimals of a small probability
    assert found[-3] > 0
    assert found[-2] < 0
    assert found[-1] > 0


# What sales does.


def test_sales_works_what_the_old_rule_likes(sample: Sample) -> None:
    settings = SampleSettings()
    worked = sample.truth["worked"].to_numpy()
    mql = old_points(sample) >= settings.mql_points
    assert 0.1 < mql.mean() < 0.5
    for share, group in ((settings.worked_above, mql), (settings.worked_below, ~mql)):
        assert abs(worked[group].mean() - share) < 4 * np.sqrt(share * (1 - share) / group.sum())


def test_unworked_leads_win_less() -> None:
    """The same leads, drawn with the same random numbers, with and without the effect of being left alone."""
    alone, cared_for = (
        simulate(replace(SMALL, unworked_odds=odds, worked_above=0, worked_below=0)).truth for odds in (0.35, 1.0)
    )
    assert not alone["worked"].any()
    np.testing.assert_allclose(cared_for["probability"], cared_for["if_worked"])
    # The intercept makes up for it in the mean, so the worked probability must be higher where leads are left alone.
    odds = [truth["if_worked"].mean() for truth in (alone, cared_for)]
    assert alone["probability"].mean() == pytest.approx(cared_for["probability"].mean(), abs=1e-5)
    assert odds[0] > 1.5 * odds[1]


def test_an_unworked_lead_has_the_stated_share_of_the_odds() -> None:
    settings = SampleSettings(unworked_odds=0.2, median_days_to_win=1, days_spread=0.05)  # every win is in time
    sample = simulate(settings)
    outcomes = outcomes_of(sample)
    left = outcomes.mature & ~sample.truth["worked"].to_numpy()
    odds = 0.2 * sample.truth["if_worked"] / (1 - sample.truth["if_worked"])
    expected = (odds / (1 + odds)).to_numpy()[left]
    error = np.sqrt(np.sum(expected * (1 - expected))) / len(expected)
    assert abs(outcomes.label[left].mean() - expected.mean()) < 4 * error
    assert outcomes.label[left].mean() < 0.5 * sample.truth["if_worked"].to_numpy()[left].mean()


def test_wins_that_come_late_and_leads_still_open(sample: Sample) -> None:
    status = sample.table["Status"]
    delay = (dates(sample, "Closed") - dates(sample, "Created").dt.normalize()).dt.days
    won = delay[status == "Closed Won"]
    assert won.min() >= 1
    assert 25 < won.median() < 40  # 30 days for a company of 80 employees
    assert 0.02 < (won > 90).mean() < 0.2
    assert (delay.isna() == status.isin(["New", "Working"])).all()
    old = dates(sample, "Created") < pd.Timestamp(END) - pd.Timedelta(days=400)
    assert 0.05 < status[old].isin(["New", "Working"]).mean() < 0.3  # nobody ever closed them
    assert dates(sample, "Closed").max() <= pd.Timestamp(END)
    assert (status[sample.truth["worked"]] != "New").all()


def test_slower_wins_leave_more_of_them_outside_the_window() -> None:
    def late(**knobs: float) -> float:
        sample = simulate(SampleSettings(leads=8000, **knobs))
        won = sample.table["Status"] == "Closed Won"
        days = (dates(sample, "Closed") - dates(sample, "Created").dt.normalize()).dt.days
        return float((days[won] > 90).mean())

    assert late(median_days_to_win=10, days_spread=0.3) == 0
    assert late(median_days_to_win=80) > 2 * late() > 0


def test_everything_is_closed_in_the_end_where_nothing_is_forgotten() -> None:
    forgetful, careful = (simulate(replace(SMALL, never_closed=share)).table for share in (1.0, 0.0))
    old = pd.to_datetime(careful["Created"]) < pd.Timestamp("2024-06-01")
    assert (forgetful["Status"] != "Closed Lost").all()
    assert careful["Status"][old].isin(["Closed Won", "Closed Lost"]).mean() > 0.98


# Season, growth and drift.


def test_drift_moves_the_effects_and_the_mix_of_campaigns() -> None:
    def gap(drift: float) -> tuple[float, float]:
        """Return how far Webinar falls behind Paid Search, in log-odds, and how much its share grows, over time."""
        sample = simulate(SampleSettings(drift=drift))
        log_odds = np.log(sample.truth["if_worked"] / (1 - sample.truth["if_worked"]))
        half = np.arange(len(log_odds)) >= len(log_odds) // 2
        webinar, search = (sample.table["Campaign"] == name for name in ("Webinar", "Paid Search"))
        change = [log_odds[group & half].mean() - log_odds[group & ~half].mean() for group in (webinar, search)]
        return change[1] - change[0], webinar[half].mean() / webinar[~half].mean()

    still, moving = gap(0.0), gap(2.0)
    assert abs(still[0]) < 0.25
    assert moving[0] - still[0] == pytest.approx(2.0, abs=0.3)  # +1 and -1, between the middles of the halves
    assert still[1] == pytest.approx(1.0, abs=0.12)
    assert moving[1] > 1.5


def test_season_moves_the_chance_and_the_number_of_leads() -> None:
    def by_month(season: float) -> tuple[pd.Series, pd.Series]:
        sample = simulate(SampleSettings(season=season, growth=0))
        month = dates(sample, "Created").dt.month
        return sample.truth["if_worked"].groupby(month).mean(), month.value_counts().sort_index()

    chance, count = by_month(0.8)
    assert chance.idxmax() in (3, 4, 5)
    assert chance.idxmin() in (9, 10, 11)
    assert count[[12, 1, 2, 3]].sum() > 1.5 * count[[6, 7, 8, 9]].sum()
    calm, calm_count = by_month(0.0)
    assert calm.max() / calm.min() < 1.3 < chance.max() / chance.min()
    assert calm_count.max() / calm_count.min() < 1.25


def test_growth_brings_more_leads_later() -> None:
    created = dates(simulate(SampleSettings(growth=1.0, season=0)), "Created")
    later = (created >= pd.Timestamp("2025-01-01")).mean()
    assert later == pytest.approx(0.625, abs=0.02)  # the mean of 1 + (t - 1/2) over the second half, halved


def test_campaigns_come_in_their_shares(sample: Sample) -> None:
    share = sample.table["Campaign"].value_counts(normalize=True)
    for name, (expected, _) in CAMPAIGNS.items():
        assert share[name] == pytest.approx(expected, abs=0.02)


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
