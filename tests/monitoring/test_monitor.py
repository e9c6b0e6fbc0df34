import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from leadqual.errors import FeedbackError
from leadqual.feedback import Event, feedback_history, scored_table
from leadqual.leads import SampleSettings, read_leads, simulate
from leadqual.monitoring import expected_performance, matured_leads, monitor, volume
from leadqual.reports.monitoring_html import monitoring_page
from leadqual.training import train


@pytest.fixture(scope="module")
def sample():
    return simulate(SampleSettings(leads=3000), seed=1)


@pytest.fixture(scope="module")
def bundle(sample):
    return train(read_leads(sample.table, sample.schema), name="demo").bundle


def scored_history(bundle, sample, *, wins, as_of="2027-01-01", seed=0, change=None):
    """Score the sample's leads over a year; each wins with ``wins`` times its probability, 30 days later."""
    rng = np.random.default_rng(seed)
    leads = sample.table.copy() if change is None else change(sample.table.copy())
    times = pd.Timestamp("2026-01-01") + pd.to_timedelta(np.sort(rng.uniform(0, 360, len(leads))), unit="D")
    events = scored_table(
        bundle, leads, id_field=sample.schema.id, at=[t.isoformat() for t in times], picked=["random"] * len(leads),
        propensity=[0.1] * len(leads),
    )  # fmt: skip
    p = np.array([event.content["probability"] for event in events])
    later = [
        Event("won", event.lead, (time + pd.Timedelta(days=30)).isoformat())
        for event, time, won in zip(events, times, rng.random(len(p)) < np.minimum(wins * p, 0.95), strict=True)
        if won
    ]
    return feedback_history([*events, *later], as_of=as_of, bundle=bundle.digest)


def test_a_quiet_year_calls_for_nothing(bundle, sample):
    report = monitor(bundle, scored_history(bundle, sample, wins=1.0), as_of="2026-12-26")
    assert report.remedy == ""
    assert report.basis == "random"
    assert {finding.code for finding in report.findings} == {f"LQ60{k}" for k in range(1, 9)}
    assert report.of("LQ605")[0].severity == "fine"
    assert len(report.to_frame()) == len(report.findings)
    json.dumps(report.to_dict())


def test_fewer_wins_for_all_call_for_recalibration(bundle, sample):
    report = monitor(bundle, scored_history(bundle, sample, wins=0.4), as_of="2026-12-26")
    assert report.of("LQ605")[0].severity == "alarm"
    assert report.remedy == "recalibrate"
    assert report.findings[0].severity == "alarm"


def test_a_field_that_breaks_calls_for_a_look_at_the_source(bundle, sample):
    field = next(f for f in bundle.points_table.fields if f.kind == "category" and not any(b.other for b in f.bands))

    def broken(table):
        return table.assign(**{field.name: "Value that never was"})

    report = monitor(bundle, scored_history(bundle, sample, wins=1.0, change=broken), as_of="2026-12-26")
    unknown = [finding for finding in report.of("LQ602") if finding.field == field.name]
    assert [finding.severity for finding in unknown] == ["alarm"]
    assert unknown[0].figures["share"] == 1.0
    assert report.remedy == "look at the data source"


def test_a_field_whose_values_move_is_named(bundle, sample):
    field = max((f for f in bundle.points_table.fields if f.kind == "category"), key=lambda f: len(f.bands))
    rare = min((b for b in field.bands if b.values), key=lambda b: b.share)

    def moved(table):
        return table.assign(**{field.name: [rare.values[0] if i % 2 else v for i, v in enumerate(table[field.name])]})

    report = monitor(bundle, scored_history(bundle, sample, wins=1.0, change=moved), as_of="2026-12-26")
    severe = {finding.field for finding in report.of("LQ601") if finding.severity == "alarm"}
    assert severe == {field.name}


def test_scores_of_another_bundle_are_refused(bundle, sample):
    history = scored_history(bundle, sample, wins=1.0)
    with pytest.raises(FeedbackError, match="of other bundles"):
        monitor(replace(bundle, base_rate=0.5), history, as_of="2026-12-26")


def test_an_empty_ledger_is_no_reason_for_anything(bundle):
    report = monitor(bundle, feedback_history([], as_of="2026-12-26"), as_of="2026-12-26")
    assert report.remedy == ""
    assert {finding.severity for finding in report.findings if finding.code != "LQ608"} == {"not applicable"}
    assert not report.retraining_pays


def test_only_leads_whose_window_has_passed_are_judged_and_late_wins_do_not_count():
    score = {"bundle": "b", "points": 120, "probability": 0.2, "grade": "A"}
    events = [
        *(Event("scored", lead, "2026-01-01", score) for lead in ("early", "late", "lost")),
        Event("scored", "young", "2026-05-01", score),
        Event("won", "early", "2026-02-01"),
        Event("won", "late", "2026-05-01"),
        Event("won", "young", "2026-05-02"),
    ]
    cohort = matured_leads(feedback_history(events, as_of="2026-06-01"), window_days=90, as_of="2026-06-01")
    assert (len(cohort.won), cohort.won.sum()) == (3, 1)


def test_random_leads_are_used_alone_where_there_are_enough():
    base = {"bundle": "b", "points": 120, "probability": 0.2, "grade": "A"}
    drawn = [
        Event("scored", f"r{i}", "2026-01-01", {**base, "picked": "random", "propensity": 0.1}) for i in range(200)
    ]
    ranked = [Event("scored", f"k{i}", "2026-01-01", {**base, "picked": "rank"}) for i in range(300)]
    worked = [Event("worked", f"k{i}", "2026-01-02") for i in range(120)]
    for events, basis, leads in (
        ([*drawn, *ranked, *worked], "random", 200),
        ([*drawn[:50], *ranked, *worked], "worked", 120),
        ([*drawn[:50], *ranked], "all", 350),
    ):
        cohort = matured_leads(feedback_history(events, as_of="2026-06-01"), window_days=90, as_of="2026-06-01")
        assert (cohort.basis, len(cohort.won)) == (basis, leads)


def test_a_silent_source_and_a_flood_are_alarms():
    rng = np.random.default_rng(0)
    days = pd.Timestamp("2026-01-01") + pd.to_timedelta(np.sort(rng.uniform(0, 140, 1400)), unit="D")
    history = pd.DataFrame({"scored_at": days})
    assert volume(history, as_of="2026-05-21").severity == "fine"
    assert volume(history[history["scored_at"] < "2026-05-12"], as_of="2026-05-21").severity == "alarm"
    flood = pd.concat([history, history.tail(60), history.tail(60), history.tail(60)])
    assert volume(flood, as_of="2026-05-21").severity == "alarm"
    assert volume(history.head(10), as_of="2026-01-10").severity == "not applicable"


def test_what_is_expected_follows_from_the_probabilities(bundle, sample):
    history = scored_history(bundle, sample, wins=1.0)
    found = expected_performance(bundle, history)
    p, sql = history["probability"], history["points"] >= bundle.policy.sql_points
    assert found.figures["win_rate"] == pytest.approx(p.mean())
    assert found.figures["sql_precision"] == pytest.approx(p[sql].mean())
    pairs = [(a, b) for a in range(300) for b in range(300)]
    few = history.head(300)
    points, q = few["points"].to_numpy(), few["probability"].to_numpy()
    above = sum(q[a] * (1 - q[b]) * ((points[a] > points[b]) + 0.5 * (points[a] == points[b])) for a, b in pairs)
    assert expected_performance(bundle, few).figures["auc"] == pytest.approx(above / (q.sum() * (1 - q).sum()))


def test_the_page_shows_each_finding_and_escapes_it(bundle, sample):
    report = monitor(bundle, scored_history(bundle, sample, wins=0.4), as_of="2026-12-26")
    hostile = replace(
        report, findings=(replace(report.findings[0], said="<script>alert(1)</script>"), *report.findings[1:])
    )
    page = monitoring_page(hostile)
    assert "<script" not in page
    assert page.count("<section") == len(report.findings)
    assert page.count("<svg") > 5
    assert "http" not in page.replace("http-equiv", "")


def test_an_empty_ledger_is_watched_without_a_finding_that_alarms(bundle):
    report = monitor(bundle, feedback_history([], as_of="2026-12-26"), as_of="2026-12-26")
    assert (report.leads, report.matured, report.remedy) == (0, 0, "")
    assert {finding.severity for finding in report.findings} <= {"not applicable", "fine"}
    assert "<!doctype html>" in monitoring_page(report).lower()


def test_a_year_of_leads_that_all_won_is_no_error(bundle, sample):
    history = scored_history(bundle, sample, wins=1.0)
    history["outcome"], history["closed_at"] = "won", history["scored_at"]
    report = monitor(bundle, history, as_of="2026-12-26")
    assert report.of("LQ606")[0].severity == "not applicable"
    assert report.of("LQ605")[0].severity == "alarm"
