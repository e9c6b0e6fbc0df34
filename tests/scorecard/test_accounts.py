"""The scorecard counts accounts: one that sends many leads speaks for one, where its leads end alike."""

import numpy as np
import pandas as pd
import pytest

from leadqual.leads.accounts import draw_weights, numbered
from leadqual.scorecard import ScorecardClassifier


def history(rate, seed=0):
    """Return 5,000 leads: 1,500 of one account that wins at a rate, 200 strangers of its industry, who win 8 %."""
    rng = np.random.default_rng(seed)
    industry = rng.choice(list("ABCDEFGH"), 5000)
    industry[:1700] = "X"
    large = np.arange(5000) < 1500
    won = (rng.random(5000) < np.where(large, rate, 0.08)) * 1
    account = np.where(large, "large", np.arange(5000).astype("U"))
    leads = pd.DataFrame({"industry": industry, "source": rng.choice(list("pqr"), 5000)})
    return leads, won, rng.random(5000) * 700, account


STRANGER = pd.DataFrame({"industry": ["X"], "source": ["p"]})


def test_a_stranger_is_not_taken_for_the_account_that_is_a_third_of_the_history():
    leads, won, time, account = history(0.5)
    rows = ScorecardClassifier().fit(leads, won, created_at=time).predict_proba(STRANGER)[0, 1]
    card = ScorecardClassifier().fit(leads, won, created_at=time, account=account)
    assert rows > 0.35
    assert card.predict_proba(STRANGER)[0, 1] == pytest.approx(0.08, abs=0.03)
    assert card.base_rate_ == pytest.approx(0.08, abs=0.02)
    assert card.dependence_.accounts == 3501
    assert card.dependence_.largest == 0.3


def test_where_outcomes_within_accounts_are_independent_points_stay_nearly_what_they_were():
    rng = np.random.default_rng(1)
    leads = pd.DataFrame({"x": rng.normal(size=3000), "i": rng.choice(list("abcd"), 3000)})
    won = (rng.random(3000) < 1 / (1 + np.exp(1.5 - leads["x"]))) * 1
    plain = ScorecardClassifier().fit(leads, won, created_at=np.arange(3000))
    counted = ScorecardClassifier().fit(leads, won, created_at=np.arange(3000), account=np.arange(3000) // 3)
    assert np.abs(plain.points(leads) - counted.points(leads)).mean() <= 1.5


def test_an_account_for_each_lead_is_none_at_all():
    leads, won, time, _ = history(0.5)
    plain = ScorecardClassifier().fit(leads, won, created_at=time)
    alone = ScorecardClassifier().fit(leads, won, created_at=time, account=np.arange(5000))
    assert plain.points_table_ == alone.points_table_


def test_shares_of_bands_count_an_account_once_in_28_days():
    leads, won, time, account = history(0.5)
    card = ScorecardClassifier(half_life=None).fit(leads, won, created_at=time, account=account)
    band = next(one for one in card.points_table_.field("industry").bands if "X" in one.values)
    counted = dict.fromkeys(zip(account, (time - time.min()) // 28, strict=True), 0.0)
    inside = leads["industry"].isin(band.values).to_numpy()
    # strangers have one lead each; the large account one draw in each stretch in which it has leads
    stretches = len([one for one, _ in counted if one == "large"])
    assert stretches == 25
    strangers = int(inside[1500:].sum())
    assert band.share == pytest.approx((strangers + stretches) / (3500 + stretches), abs=1e-6)


def test_shares_of_bands_count_a_lead_of_weight_two_as_two():
    leads, won, time, account = history(0.5)
    weight = np.where(leads["industry"] == "X", 2.0, 1.0)
    card = ScorecardClassifier(half_life=None).fit(leads, won, weight, created_at=time, account=account)
    band = next(one for one in card.points_table_.field("industry").bands if "X" in one.values)
    counted = weight * draw_weights(numbered(account, len(leads)), time)
    inside = leads["industry"].isin(band.values).to_numpy()
    assert band.share == pytest.approx(counted[inside].sum() / counted.sum(), abs=1e-6)


@pytest.mark.parametrize("seed", range(3))
def test_a_steady_history_is_remembered_whole_whatever_its_leads_weigh(seed):
    """A half-life is taken where it is surely better, and weight makes nothing surer."""
    rng = np.random.default_rng(seed)
    x, time = rng.integers(0, 5, 1500), np.sort(rng.random(1500) * 700)
    won = (rng.random(1500) < 1 / (1 + np.exp(1.5 - 0.4 * x))) * 1
    card = ScorecardClassifier(strength=10.0)
    card.fit(pd.DataFrame({"x": x}), won, np.full(1500, 1e4), created_at=time, account=np.arange(1500) // 2)
    assert card.choice_.half_life is None


def test_leads_without_weight_take_their_accounts_with_them():
    leads, won, time, account = history(0.5)
    weight = np.where(np.arange(5000) < 1500, 0.0, 1.0)
    card = ScorecardClassifier().fit(leads, won, weight, created_at=time, account=account)
    assert card.dependence_.accounts == 3500
