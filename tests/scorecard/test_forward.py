"""Walking forward never looks ahead."""

import numpy as np
import pytest

from leadqual.bundle.values import MISSING_VALUES
from leadqual.leads import forward_folds
from leadqual.scorecard import Choice, ScorecardClassifier, Strength, WalkForward
from leadqual.scorecard.forward import MIN_WINS, recency
from leadqual.scorecard.kinds import guess_features
from leadqual.scorecard.points import UNIT


def walk(table, won):
    n = len(won)
    features = guess_features(table, MISSING_VALUES)
    return WalkForward(table, won.astype(float), np.ones(n), np.arange(n, dtype=float), features, MISSING_VALUES)


def test_points_come_from_scorecards_of_earlier_leads_alone(history):
    table, won, _ = history
    table, won = table[:800], won[:800]
    choice = Choice(Strength(10.0), None)
    points = walk(table, won).points(choice, base_rate=0.3)
    changed = won.copy()
    earlier, later = forward_folds(np.arange(800.0))[-1]
    changed[later] = 1 - changed[later]
    # Outcomes of the last block cannot change any lead's points; outcomes before it can.
    assert np.array_equal(walk(table, changed).points(choice, base_rate=0.3), points, equal_nan=True)
    card = ScorecardClassifier(strength=10.0).fit(table.iloc[earlier], won[earlier])
    rate = won[earlier].mean()
    shift = (np.log(rate / (1 - rate)) - np.log(0.3 / 0.7)) / UNIT
    assert points[later] == pytest.approx(np.rint(card.points(table.iloc[later]) + shift), abs=1)
    assert np.isnan(points[: forward_folds(np.arange(800.0))[0][1][0]]).all()


def test_too_few_wins_keep_the_defaults(history):
    table, won, _ = history
    few = np.flatnonzero(np.cumsum(won) < MIN_WINS)
    choice = walk(table.iloc[few].reset_index(drop=True), won[few]).choose((10.0, 1.0), (1.0,), None)
    assert choice == Choice(Strength(10.0, 1.0), None)


def test_a_long_history_is_thinned_to_choose(history, monkeypatch):
    table, won, _ = history
    monkeypatch.setattr("leadqual.scorecard.forward._MAX_LEADS", 1000)
    steps = []
    forward = walk(table, won)
    thinned = forward._thinned()
    assert len(thinned.won) == 1000
    assert np.array_equal(thinned.won, won[::3])
    ScorecardClassifier().fit(table, won, created_at=np.arange(3000), progress=lambda *step: steps.append(step))
    assert [done for _, done, _ in steps] == list(range(1, len(steps) + 1))
    assert {total for *_, total in steps} == {len(steps)}


def test_recency_halves_at_the_half_life():
    assert recency(np.array([0.0, 10.0, 20.0]), 10.0).tolist() == [0.25, 0.5, 1.0]
    assert recency(np.array([0.0, 10.0]), None).tolist() == [1.0, 1.0]
