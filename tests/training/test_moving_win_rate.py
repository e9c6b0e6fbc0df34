"""A company whose win rate jumped: probabilities follow the young leads, and say so."""

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from leadqual import sentences
from leadqual.leads import Feature, Schema, read_leads
from leadqual.thresholds import Capacity
from leadqual.training import train

DAYS, AGO, LEADS = 900, 240, 6000
TODAY = pd.Timestamp("2026-06-30")


def _company(shift, seed):
    """Two fields decide; the log-odds of winning rose by ``shift`` 240 days ago. Wins take 0 to 90 days."""
    rng = np.random.default_rng(seed)
    day = np.sort(rng.integers(0, DAYS, LEADS))
    visits, source = rng.normal(size=LEADS), rng.choice(["web", "fair"], LEADS)
    truth = expit(-2.2 + visits + 0.7 * (source == "fair") + shift * (day > DAYS - AGO))
    takes = np.minimum(rng.gamma(2, 18, LEADS) // 1, 90)
    won = (rng.random(LEADS) < truth) & (day + takes <= DAYS)
    created = TODAY - pd.to_timedelta(DAYS - day, unit="D")
    table = pd.DataFrame(
        {
            "visits": visits,
            "source": source,
            "stage": np.where(won, "Won", "Open"),
            "created": created,
            "closed": (created + pd.to_timedelta(takes, unit="D")).where(won),
        }
    )
    schema = Schema(
        (Feature("visits", "numeric"), Feature("source", "category")),
        outcome="stage",
        won=("Won",),
        open=("Open",),
        created_at="created",
        closed_at="closed",
    )
    return read_leads(table, schema), truth, day > DAYS - 30


def _trained(shift, seed):
    leads, truth, young = _company(shift, seed)
    training = train(leads, name="moving", as_of="2026-06-30", capacity=Capacity(share=0.2))
    points = training.scorecard.points(leads.table[young])
    said = np.mean([training.bundle.curve.at(int(one))[0] for one in points])
    return training, float(said / truth[young].mean())


@pytest.mark.slow
def test_probabilities_follow_a_win_rate_that_rose():
    ratios = []
    for seed in range(3):
        training, ratio = _trained(0.9, seed)
        assert training.bundle.curve.method.startswith("hazard")
        assert any("Probabilities use young leads too" in note for note in sentences(training.notes))
        ratios.append(ratio)
    assert 0.9 < np.mean(ratios) < 1.1  # leads whose window has passed give 0.6


@pytest.mark.slow
def test_where_nothing_moved_probabilities_mostly_stay_with_mature_leads_and_are_right_anyway():
    followed = 0
    for seed in range(4):
        training, ratio = _trained(0.0, seed)
        follows = training.bundle.curve.method.startswith("hazard")
        assert follows == any("Probabilities use young leads too" in note for note in sentences(training.notes))
        assert 0.85 < ratio < 1.15
        followed += follows
    assert followed <= 2
