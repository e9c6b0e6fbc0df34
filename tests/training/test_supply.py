"""Capacity beside supply, outcome words beside the schema, and figures of later leads that are said."""

from dataclasses import replace

import numpy as np
import pytest

from leadqual.errors import EvidenceError, PolicyError, SchemaError
from leadqual.evaluation import base_rate_performance, latest_signal, performance
from leadqual.leads import TimeSplit, label_outcomes, read_leads
from leadqual.reports.language import Language
from leadqual.simulation import SampleSettings, simulate
from leadqual.thresholds import Capacity
from leadqual.training import HeldOut, train
from leadqual.training.doubts import lost_signal
from leadqual.training.held_out import disappointments
from leadqual.training.outcome_check import inverted_outcomes
from leadqual.training.supply import capacity_share

SAMPLE = simulate(SampleSettings(leads=1500), seed=1)
LEADS = read_leads(SAMPLE.table, SAMPLE.schema)
OUTCOMES = label_outcomes(LEADS)
SUPPLY = OUTCOMES.leads_per_week


def test_capacity_above_the_supply_stops_training_and_says_how_many_come() -> None:
    with pytest.raises(PolicyError, match=rf"only {SUPPLY:.4g} leads came a week.*or all to work every lead"):
        train(LEADS, name="all", capacity=Capacity(per_week=SUPPLY))


def test_nearly_all_is_a_warning_all_and_less_are_not() -> None:
    share, said = capacity_share(Capacity(per_week=0.95 * SUPPLY), OUTCOMES)
    assert share == pytest.approx(0.95)
    assert said[0].startswith("Sales can work 95% of the leads that come")
    for capacity in (Capacity(share=1.0), Capacity(share=0.95), Capacity(per_week=0.5 * SUPPLY)):
        assert capacity_share(capacity, OUTCOMES)[1] == ()


def test_supply_is_that_of_recent_weeks_and_the_whole_is_said_where_it_differs() -> None:
    fewer = replace(OUTCOMES, leads_per_week=SUPPLY / 3)
    with pytest.raises(PolicyError, match=rf"only {SUPPLY / 3:.4g} leads came a week .*over all of it\)"):
        capacity_share(Capacity(per_week=SUPPLY / 2), fewer)


def test_without_dates_a_share_will_do_and_a_number_will_not() -> None:
    undated = replace(OUTCOMES, leads_per_week=None)
    assert capacity_share(Capacity(share=1.0), undated) == (1.0, ())
    with pytest.raises(PolicyError, match="how many leads come per week is unknown"):
        capacity_share(Capacity(per_week=5), undated)


def test_outcomes_that_are_counted_as_their_opposite_are_refused() -> None:
    schema = replace(LEADS.schema, won=LEADS.schema.lost, lost=LEADS.schema.won)
    swapped = replace(LEADS, schema=schema)
    with pytest.raises(SchemaError, match=r'"Closed Lost" as won.*points would be inverted'):
        inverted_outcomes(swapped)
    assert "It was forced although the schema counts" in inverted_outcomes(swapped, force=True)[0]
    assert inverted_outcomes(LEADS) == ()


@pytest.mark.parametrize("auc_shift", [0.0, 1.0])
def test_a_steady_signal_is_seldom_lost_and_noise_that_was_one_often_is(auc_shift) -> None:
    rng = np.random.default_rng(3)
    lost = 0
    for _ in range(200):
        rank, before = rng.normal(size=500), rng.normal(size=1000)
        won = rng.random(500) < 1 / (1 + np.exp(2 - auc_shift * rank))
        won_before = rng.random(1000) < 1 / (1 + np.exp(2 - before))
        lost += latest_signal(won, rank, earlier_won=won_before, earlier_rank=before).is_lost()
    # the same signal still: of 200, 5 % are 10, and far fewer; none any more: at least where chance puts it below
    assert lost <= 2 if auc_shift else lost >= 70


def test_a_lost_signal_is_refused_and_one_that_may_be_is_said() -> None:
    won, rank = np.tile([1, 0, 1, 0], 40), np.tile([1, 2, 3, 4], 40)
    lost = latest_signal(won, rank)
    with pytest.raises(EvidenceError, match=r"these fields no longer predict outcomes: on the latest 160 leads"):
        lost_signal(lost, force=False)
    assert lost_signal(lost, force=True)[0].startswith("It was forced although these fields no longer")
    unsure = latest_signal(won, np.tile([1, 2, 3, 2.5], 40))
    assert unsure.auc == 0.5
    assert lost_signal(unsure, force=False)[0].startswith("The scorecard may have stopped telling leads apart")
    assert lost_signal(None, force=False) == lost_signal(latest_signal(won, -rank), force=False) == ()


@pytest.mark.parametrize(("promised", "said"), [(0.2, False), (0.3, True), (0.1, True)])
def test_a_mean_probability_that_is_off_is_said_with_its_interval(promised, said) -> None:
    won = np.tile([1.0, 0, 0, 0, 0], 100)
    split = TimeSplit(np.arange(0), np.arange(500), "", None, None)
    held = HeldOut(split, won, np.full(500, 100), np.full(500, promised), 0.2)
    figures = [performance("scorecard", won, held.probability, rank=held.points, capacity_share=0.2)]
    figures.append(base_rate_performance(won, 0.2, capacity_share=0.2))
    found = Language("en").say_all(disappointments(held, figures))
    assert any(f"{promised / 0.2:.2f} times as many (95% interval" in one for one in found) == said


def test_figures_of_later_leads_count_accounts_that_end_alike() -> None:
    """100 accounts of five leads that end alike are 100 wins or losses: a gap that rows call sure is none."""
    won = np.repeat(np.tile([1.0, 0, 0, 0, 0], 20), 5)
    split = TimeSplit(np.arange(0), np.arange(500), "", None, None)
    account = np.repeat(np.arange(100), 5)
    rule = np.where(account == 0, 0.9, 0.26)  # it knew one account better
    for told, off, beaten in ((None, True, True), (account, False, False)):
        held = HeldOut(split, won, np.full(500, 100), np.full(500, 0.26), 0.2, prior_probability=rule, account=told)
        figures = [performance("scorecard", won, held.probability, rank=held.points, capacity_share=0.2)]
        figures.append(base_rate_performance(won, 0.2, capacity_share=0.2))
        said = Language("en").joined(disappointments(held, figures))
        assert ("more wins were promised than came" in said) == off
        assert ("the prior rule was better than the scorecard" in said) == beaten
        assert ("not clear that the scorecard is better than the prior rule" in said) == (not beaten)
