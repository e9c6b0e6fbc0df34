"""Findings keep their promised rate where companies send several leads a day, with accounts known or not."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from benchmarks.validity_accounts import decay_worlds, drift_worlds
from leadqual.bundle import Bundle
from leadqual.monitoring.belonging import counting, ledger_accounts, outcome_worth

SAMPLE = Bundle.load(Path(__file__).parents[2] / "models" / "sample.json")


@pytest.mark.parametrize("counted", ["days", "accounts"])
def test_inputs_that_do_not_change_raise_nothing_though_companies_send_three_leads(counted):
    assert drift_worlds(SAMPLE, worlds=5, company=3, counted=counted, weeks=26) == 0


def test_rows_would_raise_much():
    assert drift_worlds(SAMPLE, worlds=5, company=3, counted="rows", weeks=26) >= 0.6


@pytest.mark.parametrize("counted", ["days", "accounts"])
@pytest.mark.parametrize("alike", [0.5, 1.0])
def test_outcomes_that_are_alike_within_companies_raise_nothing(counted, alike):
    # 5 % are promised over two years; 5 of 30 or more have a chance below 2 % then
    assert max(decay_worlds(worlds=30, company=3, alike=alike, counted=counted)) <= 4 / 30


def test_rows_would_not_keep_that_promise():
    assert decay_worlds(worlds=20, company=3, alike=1.0, counted="rows")[1] > 0.5


@pytest.mark.parametrize("counted", ["days", "accounts"])
def test_a_change_is_found_all_the_same(counted):
    assert decay_worlds(worlds=10, company=3, alike=0.5, counted=counted, shift=0.9)[1] == 1


def test_independent_leads_count_in_full():
    rng = np.random.default_rng(0)
    p, day = np.full(2000, 0.2), np.sort(rng.integers(0, 300, 2000))
    won = (rng.random(2000) < p) * 1.0
    assert outcome_worth(p, won, None, day) == (None, "leads")
    worth, by = outcome_worth(p, won, np.arange(2000), day)
    assert by == "accounts"
    assert worth.tolist() == [1.0] * 2000


def test_recent_leads_of_an_account_count_as_one():
    scored = pd.date_range("2026-01-01", periods=6, freq="D")
    history = pd.DataFrame({"scored_at": scored, "account": ["a", "a", "", "b", "", "a"], "codes": [(0,)] * 6})
    found = counting(history, history, 1, by_account=True)
    assert found.by == "accounts"
    assert found.weight.tolist() == pytest.approx([1 / 3, 1 / 3, 1, 1, 1, 1 / 3])
    assert found.design_effect == pytest.approx(6 / 4)
    # shares of training that did not count accounts are not compared with accounts
    assert counting(history, history, 1, by_account=False).by == "leads"


def test_a_ledger_without_accounts_knows_none():
    assert ledger_accounts(pd.DataFrame({"account": ["", ""]})) is None
    assert ledger_accounts(pd.DataFrame({"lead": ["L-1"]})) is None
