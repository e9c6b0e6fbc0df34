"""Sales, simulated: what they do is what the settings say, and nothing is known before it happens."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from leadqual.bundle import Bundle
from leadqual.errors import LeadError
from leadqual.feedback import feedback_history
from leadqual.simulation import FollowUpSettings, SampleSettings, play_follow_up, simulate

ROOT = Path(__file__).resolve().parents[2]
DAYS = {"first": "2025-01-01", "until": "2026-01-01"}


@pytest.fixture(scope="module")
def world():
    return simulate(SampleSettings(leads=6000, months=12, start="2025-01-01"), seed=3)


@pytest.fixture(scope="module")
def deployed():
    return Bundle.load(ROOT / "models" / "sample.json")


def history(world, bundle, **settings):
    events = play_follow_up(world, bundle, **DAYS, settings=FollowUpSettings(**settings), seed=1)
    return feedback_history(events, as_of="2026-01-01")


@pytest.fixture(scope="module")
def year(world, deployed):
    return history(world, deployed, bad_campaign="Webinar", bad_from="2025-06-01", bad_to="2025-07-01")


def test_the_same_arguments_give_the_same_events(world, deployed):
    assert play_follow_up(world, deployed, **DAYS, seed=7) == play_follow_up(world, deployed, **DAYS, seed=7)
    assert play_follow_up(world, deployed, **DAYS, seed=7) != play_follow_up(world, deployed, **DAYS, seed=8)


def test_no_day_hands_over_more_than_it_may_and_none_is_a_weekend(year):
    handed = year[year["picked"] != ""]
    per_day = handed["scored_at"].value_counts()
    assert per_day.max() == 8
    assert set(per_day.index.day_of_week) == {0, 1, 2, 3, 4}
    assert set(per_day.index.hour) == {8}


def test_every_lead_is_scored_and_a_tenth_of_the_places_are_drawn(world, year):
    created = pd.to_datetime(world.table["Created"])
    last = year["scored_at"].max()
    assert len(year) == int((created <= last).sum())
    handed = year[year["picked"] != ""]
    drawn = (handed["picked"] == "random").mean()
    assert abs(drawn - 0.1) < 3 * np.sqrt(0.09 / len(handed))
    assert handed["propensity"].notna().all()


def test_the_chance_of_a_draw_is_what_the_events_say(year):
    known = year[year["propensity"].notna()]
    expected = known["propensity"].sum()
    assert abs((known["picked"] == "random").sum() - expected) < 3 * np.sqrt(expected)


def test_first_work_takes_what_the_settings_say(year):
    handed = year[year["picked"] != ""]
    hours = (handed["worked_at"] - handed["scored_at"]).dt.total_seconds().dropna() / 3600
    # the median of n draws from a lognormal with spread 1 lies within 3 * 1.25 / sqrt(n) of its logarithm
    assert abs(np.log(hours.median()) - np.log(5.0)) < 3 * 1.2533 / np.sqrt(len(hours))


def test_nobody_works_what_was_not_handed_over(year):
    assert year.loc[year["picked"] == "", ["worked_at", "accepted_at", "disposition_at"]].isna().all(axis=None)


def test_the_campaign_that_goes_wrong_is_rejected_for_its_contacts(world, year):
    campaign = year["lead"].map(dict(zip(world.table["Lead ID"], world.table["Campaign"], strict=True)))
    june = year["scored_at"].dt.month == 6
    decided = year["disposition"].isin(["accepted", "rejected"])
    bad = year[(campaign == "Webinar") & june & decided]
    rest = year[(campaign == "Webinar") & ~june & decided]
    assert (bad["disposition"] == "rejected").mean() > 0.5 > (rest["disposition"] == "rejected").mean()
    assert set(bad.loc[bad["disposition"] == "rejected", "reason"]) == {"wrong contact"}


def test_leads_that_sales_work_win_with_their_true_probability(world, deployed):
    found = history(world, deployed, rejected=0.0, never_worked=0.0)
    early = found[(found["picked"] != "") & (found["scored_at"] < "2025-07-01")]
    chance = early["lead"].map(dict(zip(world.truth["id"], world.truth["if_worked"], strict=True)))
    won = (early["outcome"] == "won").sum()
    assert abs(won - chance.sum()) < 3 * np.sqrt((chance * (1 - chance)).sum())


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"explore": 1.5}, "explore is 1.5, it must be from 0 to 1; correct it"),
        ({"per_day": 0}, "per_day is 0, it must be above 0; correct it"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings, message):
    with pytest.raises(LeadError, match=message):
        FollowUpSettings(**settings)


def test_a_year_without_leads_is_refused(world, deployed):
    with pytest.raises(LeadError, match="no lead was created from 2030-01-01 to 2031-01-01; choose days"):
        play_follow_up(world, deployed, first="2030-01-01", until="2031-01-01")
