"""What is measured on later leads counts accounts: draws, the test for a signal, segments."""

import numpy as np
import pandas as pd
import pytest

from leadqual.evaluation import latest_signal, resamples, signal, time_blocks
from leadqual.evaluation.segments import segments
from leadqual.thresholds import certify_precision


def test_all_leads_of_an_account_are_drawn_together_with_the_block_of_the_first():
    rng = np.random.default_rng(0)
    time, account = np.sort(rng.uniform(0, 300, 900)), rng.integers(0, 200, 900)
    plain, block = time_blocks(time, dated=True), time_blocks(time, dated=True, account=account)
    for one in range(200):
        mine = account == one
        if mine.any():
            assert len(set(block[mine])) == 1
            first = np.flatnonzero(mine)[0]
            assert (block == block[first])[first]
            assert plain[first] == plain[mine].min()


def test_an_account_for_each_lead_changes_no_block():
    time = np.arange(0, 140, 0.5)
    np.testing.assert_array_equal(
        time_blocks(time, dated=True), time_blocks(time, dated=True, account=np.arange(len(time)))
    )


def test_a_mean_over_accounts_moves_as_much_as_it_does_from_history_to_history():
    """The spread of a mean over drawn blocks is that of fresh histories, where outcomes are the account's."""
    rng = np.random.default_rng(1)
    means, spreads = [], []
    for _ in range(60):
        account = rng.integers(0, 150, 1200)
        won = (rng.random(150) < 0.3)[account] * 1.0
        time = np.sort(rng.uniform(0, 365, 1200))
        means.append(won.mean())
        draws = resamples(time_blocks(time, dated=True, account=account), repetitions=200)
        spreads.append(np.nanstd(draws.sums(won) / draws.sums(np.ones(1200))))
    assert np.mean(spreads) == pytest.approx(np.std(means), rel=0.35)


def test_scores_that_say_nothing_pass_as_often_as_promised_where_accounts_end_alike():
    rng = np.random.default_rng(2)
    rows = counted = 0
    for _ in range(400):
        account = np.repeat(np.arange(120), 5)
        won = np.repeat(rng.random(120) < 0.25, 5) * 1
        rank = np.repeat(rng.normal(size=120), 5)
        rows += signal(won, rank, np.zeros(600)).p_value < 0.05
        counted += signal(won, rank, np.zeros(600), account=account).p_value < 0.05
    assert rows / 400 > 0.15
    assert 0.02 < counted / 400 < 0.09


def test_a_latest_quarter_whose_accounts_end_alike_is_called_lost_as_often_as_promised():
    """Scores say as much, or as little, as before; rows alone would stop training in a quarter of such histories."""
    rng = np.random.default_rng(3)
    rows, counted = np.zeros(2), np.zeros(2)

    def quarter(accounts):
        account = np.repeat(np.arange(accounts), 5)
        rank = rng.normal(size=accounts)
        won = (rng.random(accounts) < 0.25)[account] * 1
        return won, rank[account], account

    for _ in range(300):
        won, rank, account = quarter(100)
        won_before, before, earlier = quarter(300)
        told = {"earlier_won": won_before, "earlier_rank": before}
        for counts, accounts in ((rows, {}), (counted, {"account": account, "earlier_account": earlier})):
            found = latest_signal(won, rank, **told, **accounts)
            counts += [found.p_below < 0.05, found.p_worse < 0.05]
    assert (rows / 300 > 0.15).all()
    assert (counted / 300 > 0.02).all()
    assert (counted / 300 < 0.09).all()


def test_an_account_for_each_lead_hardly_changes_what_the_latest_leads_say():
    rng = np.random.default_rng(4)
    won, rank = (rng.random(800) < 0.3) * 1, rng.normal(size=800)
    told = {"earlier_won": won[::-1], "earlier_rank": rank}
    plain = latest_signal(won, rank, **told)
    alone = latest_signal(won, rank, **told, account=np.arange(800), earlier_account=np.arange(800))
    assert alone.auc == plain.auc
    assert alone.p_worse == pytest.approx(plain.p_worse, abs=0.01)
    assert alone.p_below == pytest.approx(plain.p_below, abs=0.02)


def test_a_segment_of_few_accounts_has_a_wide_interval():
    won = np.repeat(np.arange(20) % 4 == 0, 10) * 1.0
    values = pd.DataFrame({"source": ["fair"] * 200}, dtype=object)
    (rows,) = segments(won, np.full(200, 0.25), values)
    (counted,) = segments(won, np.full(200, 0.25), values, account=np.repeat(np.arange(20), 10))
    assert (counted.leads, counted.wins, counted.actual) == (rows.leads, rows.wins, rows.actual)
    assert counted.high - counted.low > 2.5 * (rows.high - rows.low)


def test_a_promise_on_leads_that_are_worth_less_needs_more_of_them():
    points, won = [120] * 200 + [80] * 600, [1] * 90 + [0] * 110 + [1] * 30 + [0] * 570
    rows = certify_precision(points, won, precision=0.35)
    same = certify_precision(points, won, precision=0.35, weight=np.ones(800))
    third = certify_precision(points, won, precision=0.35, weight=np.full(800, 1 / 3))
    assert rows.points == same.points == 120
    assert [one.p_value for one in same.tested] == pytest.approx([one.p_value for one in rows.tested])
    assert third.points is None
    assert third.more_outcomes > 0
