from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from leadqual.bundle import Bundle
from leadqual.bundle.evidence import Evidence, Measure, Performance
from leadqual.monitoring import Cohort, held_ranking, ranking_decay, watch_ranking
from leadqual.reports.language import Language
from leadqual.reports.monitoring_plain import sentences

BUNDLE = Bundle.load(Path(__file__).parents[2] / "models" / "sample.json")


def world(rng, strength, weeks=104):
    week = np.arange(weeks * 60) // 60
    x = rng.normal(0, 1, len(week))
    won = (rng.random(len(week)) < 1 / (1 + np.exp(2.2 - np.where(week >= weeks // 4, strength, 1.0) * x))) * 1.0
    return np.rint(100 + 20 * x).astype(np.int64), won, week


def test_a_kept_ranking_raises_few_alarms_and_a_lost_one_is_seen():
    rng = np.random.default_rng(0)
    kept, lost = 0, 0
    for seed in range(60):
        points, won, week = world(rng, 1.0)
        expected = roc_auc_score(won, points)
        kept += watch_ranking(points, won, week, expected=expected, seed=seed)[0].alarm is not None
        points, won, week = world(rng, 0.1)
        lost += watch_ranking(points, won, week, expected=expected, seed=seed)[0].alarm is not None
    assert kept <= 3
    assert lost >= 57


def test_the_concordance_is_that_of_scikit_learn():
    points, won, week = world(np.random.default_rng(1), 1.0, weeks=10)
    found = ranking_decay(Cohort(points, np.full(len(won), 0.1), won, week, "worked"), expected=0.5)
    assert found.figures["auc"] == pytest.approx(roc_auc_score(won, points))
    assert "conditional on past follow-up" in sentences(found, Language("en"))
    assert found.severity == "fine"


def test_what_cannot_be_watched_is_said():
    points, won, week = world(np.random.default_rng(1), 1.0, weeks=1)
    few = Cohort(points, np.full(len(won), 0.1), won, week, "all")
    assert ranking_decay(few, expected=None).severity == "not applicable"
    assert "wait" in ranking_decay(few, expected=0.7).remedy


def test_what_it_is_held_to_is_the_low_end_of_what_was_measured():
    rng = np.random.default_rng(2)
    measured = []
    for _ in range(400):
        points, won, _ = world(rng, 1.0, weeks=10)
        measured.append((roc_auc_score(won, points), won.sum(), len(won)))
    auc, wins, leads = (np.array(column) for column in zip(*measured, strict=True))
    evidence = Evidence(
        "x",
        None,
        None,
        100,
        int(leads.mean()),
        int(wins.mean()),
        (Performance("scorecard", (Measure("auc", float(auc.mean())),)),),
    )
    low = held_ranking(replace(BUNDLE, evidence=evidence))
    assert auc.mean() - low == pytest.approx(1.96 * auc.std(), rel=0.2)
    interval = Performance("scorecard", (Measure("auc", 0.8, 0.7, 0.9),))
    assert held_ranking(replace(BUNDLE, evidence=replace(evidence, performances=(interval,)))) == 0.7
    assert held_ranking(replace(BUNDLE, evidence=None)) is None
    assert held_ranking(replace(BUNDLE, evidence=replace(evidence, wins=0))) is None


def test_leads_that_all_won_rank_nobody():
    points, _, week = world(np.random.default_rng(1), 1.0, weeks=10)
    every = ranking_decay(Cohort(points, np.full(len(points), 0.1), np.ones(len(points)), week, "worked"), expected=0.7)
    assert every.severity == "not applicable"
    assert "0 matured leads have not won" in sentences(every, Language("en"))
