"""Promotion, the loop, retraining and rollback as a data scientist runs them."""

import json
import shutil

import numpy as np
import pandas as pd
import pytest
from mlflow import MlflowClient

from leadqual.agreement import signed
from leadqual.bundle import Bundle
from leadqual.feedback import Event, FeedbackStore, scored_table
from leadqual.retraining import Registry
from leadqual.simulation import SampleSettings, simulate


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mlflow")
    Registry("first", f"sqlite:///{folder / 'mlflow.db'}")
    return folder / "mlflow.db"


@pytest.fixture
def folder(company, empty_database, tmp_path):
    """Return a folder with a bundle, and a year in which leads win a third as often as it says."""
    shutil.copy(empty_database, tmp_path / "mlflow.db")
    shutil.copy(company / "models" / "leads.json", tmp_path / "b.json")
    bundle, rng = Bundle.load(tmp_path / "b.json"), np.random.default_rng(0)
    sample = simulate(SampleSettings(leads=2500), seed=3)
    times = pd.Timestamp("2026-01-01") + pd.to_timedelta(np.sort(rng.uniform(0, 360, 2500)), unit="D")
    at = [time.isoformat() for time in times]
    events = scored_table(
        bundle, sample.table, id_field=sample.schema.id, at=at, picked=["random"] * 2500, propensity=[0.1] * 2500
    )
    won = [
        Event("won", event.lead, (time + pd.Timedelta(days=20)).isoformat())
        for event, time in zip(events, times, strict=True)
        if rng.random() < event.content["probability"] / 3
    ]
    with FeedbackStore(tmp_path / "feedback.db") as store:
        store.append(
            [Event(e.kind, e.lead, e.at, e.content, known_at=e.at) for e in (*events, *won)], known_at="2027-01-01"
        )
    return tmp_path


def test_a_champion_is_watched_challenged_replaced_and_brought_back(shell, folder):
    refused = shell("promote", "b.json")
    assert refused.exit_code == 1
    assert "not agreed on" in refused.stderr
    assert "is the champion" in shell("promote", "b.json", "--unsigned").stdout
    looked = shell("loop", "--once", "--as-of", "2026-12-26")
    assert looked.exit_code == 0, looked.output
    assert "2026-12-26: proposed." in looked.stdout
    assert "challenger.json" in looked.stdout
    for name, role in (("Ana", "sales"), ("Ben", "marketing")):
        assert shell("agreement", "sign", "loop/challenger.json", "--name", name, "--role", role).exit_code == 0
    done = json.loads(shell("loop", "--once", "--as-of", "2026-12-27", "--json").stdout)
    assert done["did"] == "promoted"
    back = shell("rollback")
    assert f"again: {Bundle.load(folder / 'b.json').digest[:12]}" in back.stdout
    assert "must sign it again" not in back.stderr
    taken_back = shell("agreement", "withdraw", "loop/challenger.json", "--name", "Ana", "--role", "sales")
    assert taken_back.exit_code == 0, taken_back.output
    assert "sales must sign it again" in shell("rollback").stderr.replace("\n", " ")


def test_retraining_alone_promotes_nothing(shell, folder):
    said = shell("retrain", "b.json", "--as-of", "2026-12-26", "--out", "c.json")
    assert said.exit_code == 0, said.output
    assert "(best): propose" in said.stdout
    assert "Wrote c.json." in said.stdout
    assert Bundle.load(folder / "c.json").sign_offs == ()
    plain = json.loads(shell("retrain", "b.json", "--as-of", "2026-12-26", "--json").stdout)
    assert [one["kind"] for one in plain][:2] == ["recalibrated", "intercept"]


def test_a_signed_bundle_is_promoted_by_hand(shell, folder):
    bundle = Bundle.load(folder / "b.json")
    for name, role in (("Ana", "sales"), ("Ben", "marketing")):
        bundle = signed(bundle, name=name, role=role, signed_at="2026-01-01T00:00:00Z")
    bundle.save(folder / "b.json")
    assert "Version 1 of leadqual is the champion" in shell("promote", "b.json").stdout


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("loop", "--once"), "has no champion"),
        (("rollback",), "no previous champion"),
        (("retrain", "b.json", "--as-of", "2026-01-20"), "no scored lead has had its"),
        (
            ("retrain", "b.json", "--as-of", "2025-01-20"),
            "no score by 2025-01-20, its first became known",
        ),
        (("retrain", "b.json", "--store", "none.db"), "no feedback ledger none.db"),
        (("retrain", "b.json", "--past", "none.json"), "none.json cannot be read"),
        (("loop", "--once", "--registry", "sqlite:///b.json"), "database refuses what MLflow asks of it"),
        (("rollback", "--registry", "http://127.0.0.1:9"), "registry does not answer"),
        (("loop", "--once", "--store", "none.db"), "no feedback ledger none.db"),
    ],
)
def test_bad_input_ends_in_one_sentence(shell, folder, monkeypatch, arguments, why):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    said = shell(*arguments)
    assert said.exit_code == 1
    assert why in said.stderr.replace("\n", " ")
    assert "Traceback" not in said.output


@pytest.mark.parametrize("command", [("loop", "--once"), ("retrain", "b.json"), ("feedback", "status")])
def test_a_time_that_is_none_is_wrong_usage(shell, folder, command):
    said = shell(*command, "--as-of", "soon")
    assert said.exit_code == 2
    assert "'soon' is no time; write it as 2026-05-01" in " ".join(said.stderr.split())


def test_a_round_before_any_score_waits(shell, folder):
    assert shell("promote", "b.json", "--unsigned").exit_code == 0
    said = shell("loop", "--once", "--as-of", "2025-01-01", "--retrain")
    assert said.exit_code == 0, said.output
    assert "2025-01-01: waited." in said.stdout
    assert "no scored lead has had its 90 days" in said.stdout


def test_a_training_is_kept_in_the_registry_with_its_record(shell, company, empty_database):
    shutil.copy(empty_database, shell.folder / "mlflow.db")
    shutil.copy(company / "leads.csv", shell.folder / "leads.csv")
    shutil.copy(company / "leads.toml", shell.folder / "leads.toml")
    result = shell("train", "leads.csv", "--out", "b.json", "--registry", "sqlite:///mlflow.db", "--model", "crm")
    assert result.exit_code == 0, result.output
    assert "Version 1 of crm in the registry." in result.stderr
    uri = f"sqlite:///{shell.folder / 'mlflow.db'}"
    (version,) = Registry("crm", uri).versions()
    assert version.digest == Bundle.load(shell.folder / "b.json").digest
    kept = {one.path for one in MlflowClient(tracking_uri=uri).list_artifacts(version.run)}
    assert {"audit.json", "bundle", "points.html", "report.html"} <= kept
