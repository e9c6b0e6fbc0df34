"""Who competes, and that each says what its model says."""

from dataclasses import replace

import numpy as np
import pytest

from leadqual.errors import EvidenceError
from leadqual.evaluation import History, contestants
from leadqual.leads import label_outcomes, read_leads
from leadqual.learners import points_from_rules
from leadqual.learners.yardsticks import YARDSTICKS
from leadqual.scorecard import lead_points
from leadqual.simulation import SampleSettings, simulate


@pytest.fixture(scope="module")
def history():
    sample = simulate(SampleSettings(leads=2500), seed=6)
    leads = read_leads(sample.table, sample.schema)
    return History(leads, label_outcomes(leads), prior=points_from_rules(sample.rules))


@pytest.fixture(scope="module")
def rows(history):
    mature = np.flatnonzero(history.outcomes.mature)
    return mature[:1500], mature[1500:1800]


def test_the_rule_and_the_yardsticks_compete_where_they_are_there(history) -> None:
    available = [name for name, one in YARDSTICKS.items() if one.available]
    assert list(contestants(history)) == ["scorecard", "base rate", "prior rule", *available]
    assert list(contestants(replace(history, prior=None), yardsticks=False)) == ["scorecard", "base rate"]


@pytest.mark.parametrize("name", ["scorecard", "base rate", "prior rule", "naive Bayes"])
def test_predictions_are_one_for_each_later_lead_and_better_than_chance(history, rows, name) -> None:
    earlier, later = rows
    said = contestants(history)[name](history, earlier, later)
    won = history.outcomes.label[later]
    assert said.probability.shape == said.rank.shape == (300,)
    assert ((said.probability > 0) & (said.probability < 1)).all()
    if name == "base rate":
        np.testing.assert_array_equal(said.probability, history.outcomes.label[earlier].mean())
    else:
        assert said.rank[won == 1].mean() > said.rank[won == 0].mean()
    if name == "prior rule":
        np.testing.assert_array_equal(said.rank, lead_points(history.prior, history.leads.table.iloc[later]))


def test_the_rule_cannot_compete_where_there_is_none(history, rows) -> None:
    rule = contestants(history)["prior rule"]
    with pytest.raises(EvidenceError, match="no prior rule"):
        rule(replace(history, prior=None), *rows)
