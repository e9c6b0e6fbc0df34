"""Wins follow from the truth that the simulation keeps apart: fields, sales, season, growth and drift."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from leadqual.simulation.leads import CAMPAIGNS
from leadqual.simulation.sample import Sample, SampleSettings, simulate
from leadqual.simulation.truth import EFFECTS
from tests.simulation.exported import END, SMALL, auc, dates, number, old_points, outcomes_of

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
