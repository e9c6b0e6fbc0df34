"""Worked and picked leads are compared with what was promised for them, never with all leads."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from leadqual.feedback import lead_standing
from leadqual.monitoring import (
    Cohort,
    base_rate_shift,
    calibration_decay,
    held_ranking,
    monitor,
    promised_ranking,
    ranking_decay,
    ranking_margin,
)
from leadqual.reports.language import Language
from leadqual.reports.monitoring_plain import sentences

WEEKS, A_WEEK, BASE = 80, 120, 0.1


def picked_world(seed, *, shift=0.0, basis="worked", selected=True):
    """Return the best fifth of each week's leads; probabilities are right until week 20."""
    rng = np.random.default_rng(seed)
    week = np.repeat(np.arange(WEEKS), A_WEEK)
    points = np.rint(rng.normal(100, 25, len(week))).astype(np.int64)
    odds = (points - 100) * np.log(2) / 20 - 2.7
    p = 1 / (1 + np.exp(-odds))
    best = np.concatenate(
        [np.flatnonzero(week == k)[np.argsort(-points[week == k])[: A_WEEK // 5]] for k in range(WEEKS)]
    )
    true = 1 / (1 + np.exp(-(odds[best] + shift * (week[best] >= 20))))
    won = (rng.random(len(best)) < true) * 1.0
    return Cohort(points[best], p[best], won, week[best], basis, selected=selected), float(p.mean())


@pytest.mark.parametrize("basis", ["worked", "all"])
def test_worlds_without_change_rarely_warn(basis) -> None:
    found = np.zeros(3)
    for seed in range(40):
        cohort, base = picked_world(seed, basis=basis)
        checks = (
            base_rate_shift(cohort, base, learned_from=3000, doubt=0.1),
            calibration_decay(cohort, doubt=0.1),
            ranking_decay(cohort, expected=0.7, margin=0.03),
        )
        assert cohort.won.mean() > 2 * base  # what it was compared with
        found += [one.severity != "fine" for one in checks]
    assert (found <= 4).all()


def test_the_same_leads_get_one_verdict_from_both_tests() -> None:
    for shift in (0.0, -0.9, 0.9):
        cohort, base = picked_world(1, shift=shift)
        rate, promise = base_rate_shift(cohort, base, doubt=0.1), calibration_decay(cohort, doubt=0.1)
        assert (rate.severity, promise.severity) in {("fine", "fine"), ("warning", "alarm")}
        assert (rate.severity == "warning") == (shift != 0)
        assert rate.series == promise.series
        assert rate.figures["promised"] == pytest.approx(cohort.probability.mean())
        assert "This is the test of LQ605." in sentences(rate, Language("en"))
        assert f"{100 * cohort.probability.mean():.1f}% were promised for them" in sentences(rate, Language("en"))
        assert "no measure of these" in sentences(rate, Language("en"))


def test_all_leads_are_compared_with_those_trained_on_within_the_doubt_of_their_rate() -> None:
    rng = np.random.default_rng(0)
    week = np.repeat(np.arange(104), 60)
    p = np.full(len(week), 0.13)
    cohort = Cohort(np.full(len(week), 100), p, (rng.random(len(week)) < p) * 1.0, week, "random")
    known = base_rate_shift(cohort, BASE)
    # .13 is within 1.96 standard errors of the log-odds of .10 among 200 leads, and far outside among 3,000
    few, many = (base_rate_shift(cohort, BASE, learned_from=leads) for leads in (200, 3000))
    assert [one.severity for one in (known, few, many)] == ["warning", "fine", "warning"]
    error = 1.96 / (200 * BASE * (1 - BASE)) ** 0.5
    low = 1 / (1 + (1 / BASE - 1) * np.exp(error))
    assert few.figures["base_rate_low"] == pytest.approx(low)
    assert "their scores promised 13.0%" in sentences(many, Language("en"))
    assert "LQ605" in sentences(many, Language("en"))  # why the two may differ


def test_a_ranking_that_is_lost_among_picked_leads_is_seen() -> None:
    cohort, _ = picked_world(2)
    promised = promised_ranking(cohort.points, cohort.probability)
    kept = ranking_decay(cohort, expected=0.75, margin=0.03)
    assert kept.severity == "fine"
    assert kept.figures["expected"] == pytest.approx(promised - 0.03)
    assert promised < 0.72  # all leads are held to .75
    shuffled = np.random.default_rng(0).permutation(cohort.won)
    assert ranking_decay(replace(cohort, won=1 - cohort.won), expected=0.75, margin=0.0).severity == "alarm"
    assert ranking_decay(replace(cohort, won=shuffled), expected=0.75, margin=0.0).figures["auc"] < promised


def test_what_is_off_a_little_but_not_surely_says_why_it_is_fine() -> None:
    rng = np.random.default_rng(3)
    week = np.repeat(np.arange(40), 60)
    p = np.full(len(week), 0.2)
    cohort = Cohort(np.full(len(week), 100), p, (rng.random(len(week)) < 0.225) * 1.0, week, "random")
    found = calibration_decay(cohort)
    assert found.severity == "fine"
    assert found.figures["ratio_low"] > 1
    assert "has not reached the alarm" in sentences(found, Language("en"))


def history(**columns):
    days = pd.date_range("2026-01-01", periods=300, freq="8h")
    never = pd.Series(pd.NaT, index=range(300), dtype="datetime64[us]")
    frame = pd.DataFrame({"scored_at": days, "picked": "", "propensity": np.nan, "outcome": "lost"})
    return frame.assign(closed_at=never, worked_at=never, accepted_at=never, **columns)


def test_leads_count_as_selected_unless_chance_was_the_same_for_all() -> None:
    def selected(**columns):
        return lead_standing(history(**columns), window_days=30, as_of="2027-01-01").selected

    assert not selected()
    assert not selected(picked="random", propensity=0.1)
    # the chance of a week's draw varies with how many leads came
    assert not selected(picked="random", propensity=np.repeat([0.1, 0.2], 150))
    assert selected(picked="random", propensity=np.tile([0.1, 0.2], 150))
    assert selected(picked=["rank"] * 100 + [""] * 200)
    worked = history()
    worked["worked_at"] = worked["scored_at"].where(np.arange(300) % 2 == 0)
    assert lead_standing(worked, window_days=30, as_of="2027-01-01").selected


def test_uneven_chances_are_said(quiet) -> None:
    bundle, ledger = quiet
    ledger = ledger.assign(picked="random", propensity=np.where(np.arange(len(ledger)) % 2, 0.1, 0.3))
    report = monitor(bundle, ledger, as_of="2027-06-01")
    assert "with different chances" in Language("en").joined(report.left_out)
    assert "for leads as they were drawn" in sentences(report.of("LQ605")[0], Language("en"))


@pytest.fixture(scope="module")
def quiet():
    """Return a bundle and a ledger of a year in which sales worked a fifth of the leads."""
    from benchmarks.quiet_worlds import KINDS, quiet_history
    from benchmarks.validity_loop import scored_rows
    from leadqual.bundle import Bundle
    from leadqual.leads import read_leads
    from leadqual.simulation import SampleSettings, simulate

    sample = simulate(SampleSettings(leads=1500), seed=2)
    leads = read_leads(sample.table, sample.schema)
    bundle = Bundle.load(Path(__file__).parents[2] / "models" / "sample.json")
    return bundle, quiet_history(bundle, leads.table, 0, KINDS["picked, none drawn"], rows_of=scored_rows)


def test_a_ledger_of_picked_leads_calls_for_nothing(quiet) -> None:
    bundle, ledger = quiet
    report = monitor(bundle, ledger, as_of="2027-06-01")
    (rate,), (promise,), (ranking,), (known,) = (report.of(code) for code in ("LQ604", "LQ605", "LQ606", "LQ608"))
    assert report.basis == "worked"
    assert rate.figures["rate"] > 2 * bundle.base_rate
    assert [one.severity for one in (rate, promise, ranking)] == ["fine"] * 3
    assert ranking.figures["expected"] == pytest.approx(ranking.figures["promised"] - ranking_margin(bundle))
    assert ranking.figures["expected"] < held_ranking(bundle)
    # a lead that nobody worked teaches nothing
    worked = ledger["worked_at"].notna() & (ledger["scored_at"] <= pd.Timestamp("2027-06-01") - pd.Timedelta(days=90))
    assert known.figures["new"] == worked.sum()
    assert "worked leads" in sentences(known, Language("en"))


def test_a_bundle_that_rests_on_worked_leads_is_no_measure_of_all(quiet) -> None:
    bundle, ledger = quiet
    settings = (*bundle.provenance.settings, ("retrained on", "worked"), ("base rate of", "worked"))
    retrained = replace(bundle, base_rate=0.3, provenance=replace(bundle.provenance, settings=settings))
    drawn = ledger.assign(picked="random", propensity=0.1, worked_at=ledger["scored_at"], bundle=retrained.digest)
    drawn["outcome"] = np.where(np.random.default_rng(0).random(len(drawn)) < drawn["probability"], "won", "lost")
    drawn["closed_at"] = (drawn["scored_at"] + pd.Timedelta(days=5)).where(drawn["outcome"] == "won")
    report = monitor(retrained, drawn, as_of="2027-06-01")
    assert report.basis == "random"
    assert report.of("LQ604")[0].severity == "fine"
    assert "promised" in report.of("LQ606")[0].figures
