"""The whole judgement: everyone on the same later leads, by period and by part, beside a random split."""

from dataclasses import replace

import numpy as np
import pytest

from leadqual.evaluation import History, backtest, brier_parts, performance
from leadqual.evaluation.backtest import _period
from leadqual.leads import label_outcomes, read_leads
from leadqual.learners import points_from_rules
from leadqual.simulation import SampleSettings, simulate


@pytest.fixture(scope="module")
def found():
    sample = simulate(SampleSettings(leads=2500), seed=8)
    leads = read_leads(sample.table, sample.schema)
    history = History(leads, label_outcomes(leads), prior=points_from_rules(sample.rules))
    return backtest(history, yardsticks=False, periods=3, capacity_share=0.1)


def test_figures_are_those_of_the_leads_walked(found) -> None:
    walk = found.walk
    for name, said in walk.predictions.items():
        plain = performance(name, walk.won, said.probability, rank=said.rank, capacity_share=0.1)
        mine = found.comparison.performance(name)
        assert {m.name: m.value for m in mine.measures} == {m.name: m.value for m in plain.measures}
        assert found.parts[name] == brier_parts(walk.won, said.probability)
    assert list(walk.predictions) == ["scorecard", "base rate", "prior rule"]
    assert found.comparison.difference("base rate", "log_loss").high < 0


def test_each_period_is_judged_by_itself(found) -> None:
    assert len(found.by_period) == len(found.walk.periods) == 3
    inside = found.walk.period == 1
    said = found.walk.predictions["scorecard"]
    alone = performance("x", found.walk.won[inside], said.probability[inside], rank=said.rank[inside])
    assert found.by_period[1]["scorecard"].value("auc") == alone.value("auc")


def test_signal_segments_and_the_random_split_are_there(found) -> None:
    assert found.signal.p_value < 1e-6
    assert {one.field for one in found.segments} >= {"Need", "Intent"}
    assert sum(one.leads for one in found.segments if one.field == "Need") == len(found.walk.won)
    assert 0.6 < found.random_split.value("auc") < 0.95


def test_periods_of_one_outcome_have_no_figures(found) -> None:
    nobody = replace(found.walk, won=np.where(found.walk.period == 0, 0.0, found.walk.won))
    assert _period(nobody, 0, 0.2) is None
    assert _period(nobody, 1, 0.2) is not None
