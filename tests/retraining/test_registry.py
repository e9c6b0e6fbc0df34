"""The registry on a SQLite store, and on a real mlflow server."""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
from mlflow import MlflowClient

from leadqual.errors import PromotionError
from leadqual.retraining import Registry, record_of
from leadqual.retraining.record import as_file
from leadqual.scorer import Scorer


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    """Make MLflow's tables once: it takes seconds."""
    folder = tmp_path_factory.mktemp("mlflow")
    Registry("first", f"sqlite:///{folder / 'mlflow.db'}")
    return folder / "mlflow.db"


@pytest.fixture
def uri(empty_database, tmp_path):
    path = tmp_path / "mlflow.db"
    path.write_bytes(empty_database.read_bytes())
    return f"sqlite:///{path}"


@pytest.fixture
def bundles(champion):
    return [replace(champion, base_rate=champion.base_rate * (1 + k / 100)) for k in range(4)]


def test_a_bundle_comes_back_as_it_was_registered(uri, bundles):
    registry = Registry("demo", uri)
    version = registry.register(bundles[0], kind="train")
    assert registry.at("champion") is None
    registry.promote(version, champion=None)
    assert registry.bundle() == bundles[0]
    scorer = Scorer.from_registry("demo", tracking_uri=uri)
    assert scorer.bundle.digest == bundles[0].digest
    assert registry.register(bundles[0], kind="again") == version  # the same bundle is the same version
    assert registry.bundles() == {bundles[0].digest: bundles[0]}


def test_a_run_keeps_parameters_metrics_plots_audit_and_report(uri, bundles, training):
    registry = Registry("demo", uri)
    record = record_of(training.bundle, audit=training.audit, report=lambda bundle: f"<p>{bundle.digest}</p>")
    version = registry.register(training.bundle, kind="train", record=record.with_more(files={"decision.json": "{}"}))
    client = MlflowClient(tracking_uri=uri)
    run = client.get_run(version.run).data
    scorecard = next(one for one in training.bundle.evidence.performances if one.who == "scorecard")
    said = {one.name: one.value for one in scorecard.measures if one.value is not None}
    assert {name: run.metrics[name] for name in said} == pytest.approx(said)
    assert run.metrics["tested_on"] == training.bundle.evidence.tested_on
    assert run.params["seed"] == str(training.bundle.provenance.seed)
    assert run.params["window_days"] == "90"
    kept = {one.path for one in client.list_artifacts(version.run)}
    assert kept == {"audit.json", "bundle", "decision.json", "points.html", "reliability.png", "report.html"}
    with tempfile.TemporaryDirectory() as folder:
        audit, plot, report = (
            Path(client.download_artifacts(version.run, name, folder))
            for name in ("audit.json", "reliability.png", "report.html")
        )
        assert json.loads(audit.read_text("utf-8")) == json.loads(as_file(training.audit.to_dict()))
        assert plot.read_bytes().startswith(b"\x89PNG")
        assert report.read_text("utf-8") == f"<p>{training.bundle.digest}</p>"


def test_promotion_keeps_the_previous_one_and_rollback_brings_it_back(uri, bundles):
    registry = Registry("demo", uri)
    one, two = (registry.register(bundle, kind="train") for bundle in bundles[:2])
    registry.promote(one, champion=None)
    registry.propose(two)
    assert registry.at("challenger") == two
    registry.promote(two, champion=one.digest)
    assert (registry.at("champion"), registry.at("previous"), registry.at("challenger")) == (two, one, None)
    registry.promote(two, champion=one.digest)  # again changes nothing
    assert registry.at("previous") == one
    assert registry.rollback() == one
    assert (registry.at("champion"), registry.at("previous")) == (one, two)


def test_an_alias_that_someone_else_moved_is_not_overwritten(uri, bundles):
    ours, theirs = Registry("demo", uri), Registry("demo", uri)
    one, two, three = (ours.register(bundle, kind="train") for bundle in bundles[:3])
    ours.promote(one, champion=None)
    theirs.promote(two, champion=one.digest)
    with pytest.raises(PromotionError, match="someone else has moved it"):
        ours.promote(three, champion=one.digest)
    assert ours.at("champion") == two


def test_what_is_not_there_is_said(uri, bundles):
    registry = Registry("demo", uri)
    with pytest.raises(PromotionError, match="no previous champion"):
        registry.rollback()
    with pytest.raises(PromotionError, match="gives no champion of demo"):
        Scorer.from_registry("demo", tracking_uri=uri)
    with pytest.raises(PromotionError, match="an alias must be"):
        registry.at("favourite")


def test_a_bundle_that_was_tampered_with_is_refused(uri, bundles, tmp_path):
    registry = Registry("demo", uri)
    registry.promote(registry.register(bundles[0], kind="train"), champion=None)
    (path,) = tmp_path.glob("mlartifacts/**/bundle.json")
    bundles[1].save(path)  # whole in itself, but not what was registered
    with pytest.raises(PromotionError, match="not the bundle that was registered"):
        Scorer.from_registry("demo", tracking_uri=uri)


def lose_file(tmp_path):
    """Delete the file of the only version, and return where it was."""
    (path,) = tmp_path.glob("mlartifacts/**/bundle.json")
    path.unlink()
    return path


def test_a_champion_whose_file_is_gone_is_named_and_repaired(uri, bundles, tmp_path):
    registry = Registry("demo", uri)
    one = registry.register(bundles[0], kind="train")
    registry.promote(one, champion=None)
    lose_file(tmp_path)
    with pytest.raises(
        PromotionError, match=r"version 1 of demo is its champion, but gives no file .*promote --repair"
    ):
        registry.bundle()
    fetched = registry.fetch_all()
    assert (fetched.bundles, len(fetched.notes)) == ({}, 1)
    assert fetched.notes[0].startswith("Version 1 of demo was passed over: its file bundle/bundle.json is gone; put it")
    with pytest.raises(PromotionError, match="no version of demo is of this bundle"):
        registry.repair(bundles[1])
    assert registry.repair(bundles[0]) == one
    assert registry.bundle() == bundles[0]
    assert registry.repair(bundles[0]) == one  # again changes nothing
    assert [one.version for one in registry.versions()] == [1]


def test_registering_a_bundle_again_gives_its_version_the_file_back(uri, bundles, tmp_path):
    registry = Registry("demo", uri)
    one = registry.register(bundles[0], kind="train")
    bundles[1].save(lose_file(tmp_path))  # another bundle in its place is as bad as none
    assert (
        registry.fetch_all()
        .notes[0]
        .startswith("Version 1 of demo was passed over: its file is another bundle than was registered; put it back")
    )
    assert registry.register(bundles[0], kind="train") == one
    assert registry.bundles() == {bundles[0].digest: bundles[0]}


def test_a_version_whose_run_takes_no_file_is_replaced_and_its_aliases_follow(uri, bundles, tmp_path):
    registry = Registry("demo", uri)
    one = registry.register(bundles[0], kind="train")
    registry.promote(one, champion=None)
    path = lose_file(tmp_path)
    path.parent.rmdir()
    path.parent.write_text("a file where the folder was")
    found = registry.repair(bundles[0])
    assert (found.version, registry.at("champion")) == (2, found)
    assert registry.bundle() == bundles[0]


def test_versions_of_others_are_passed_over_with_a_note(uri, bundles):
    registry = Registry("demo", uri)
    registry.register(bundles[0], kind="train")
    client = MlflowClient(tracking_uri=uri)
    client.create_model_version("demo", source="s3://elsewhere/model", run_id=None)
    run = client.create_run(client.get_experiment_by_name("leadqual demo").experiment_id).info.run_id
    client.create_model_version("demo", source="s3://elsewhere/model", run_id=run)
    fetched = registry.fetch_all()
    assert fetched.bundles == registry.bundles() == {bundles[0].digest: bundles[0]}
    assert [note.split(":")[0] for note in fetched.notes] == [
        "Version 2 of demo was passed over", "Version 3 of demo was passed over"
    ]  # fmt: skip
    assert all("leadqual did not register it" in note for note in fetched.notes)


def test_there_is_no_way_back_to_a_version_without_a_file(uri, bundles, tmp_path):
    registry = Registry("demo", uri)
    one = registry.register(bundles[0], kind="train")
    registry.promote(one, champion=None)
    lose_file(tmp_path)
    two = registry.register(bundles[1], kind="train")
    registry.promote(two, champion=one.digest)
    with pytest.raises(PromotionError, match=r"version 1 of demo cannot be gone back to: its file .* is gone"):
        registry.rollback()
    assert registry.at("champion") == two
    registry.repair(bundles[0])
    assert registry.rollback() == one


def test_a_database_that_refuses_is_named_and_none_of_its_rows_are_told(uri, bundles, caplog, capfd):
    registry = Registry("demo", uri)
    with sqlite3.connect(uri.removeprefix("sqlite:///")) as connection:
        connection.execute("ALTER TABLE model_versions RENAME COLUMN description TO other")
    with pytest.raises(PromotionError, match=r"database refuses .*\(OperationalError\).*mlflow db upgrade") as told:
        registry.register(bundles[0], kind="secret")
    said = str(told.value) + caplog.text + "".join(capfd.readouterr())
    assert "refused a statement" in caplog.text
    assert not any(word in said for word in ("secret", bundles[0].digest[:12], "SELECT", "[parameters"))


def test_a_new_registry_is_made_without_a_word_of_a_refusal(tmp_path, caplog):
    with caplog.at_level("INFO", logger="mlflow.store.db.utils"):
        Registry("demo", f"sqlite:///{tmp_path}/new.db")
    assert "refused" not in caplog.text


def test_two_retrainings_at_once_leave_one_champion(uri, bundles):
    registry = Registry("demo", uri)
    one = registry.register(bundles[0], kind="train")
    registry.promote(one, champion=None)
    code = (
        "import sys; from leadqual.bundle import Bundle; from leadqual.retraining import Registry; "
        "r = Registry('demo', sys.argv[1]); v = r.register(Bundle.load(sys.argv[2]), kind='x')\n"
        "try: r.promote(v, champion=sys.argv[3])\nexcept Exception as e: print(type(e).__name__)"
    )
    folder = Path(uri.removeprefix("sqlite:///")).parent
    paths = [bundle.save(folder / f"{k}.json") for k, bundle in enumerate(bundles[1:3])]
    both = [subprocess.Popen([sys.executable, "-c", code, uri, str(path), one.digest]) for path in paths]
    assert [process.wait(600) for process in both] == [0, 0]
    assert len(registry.versions()) == 3
    assert registry.bundle().digest in {bundle.digest for bundle in bundles[1:3]}


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """Run a real ``mlflow server`` and yield its address and its process."""
    folder = tmp_path_factory.mktemp("server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        *(sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"),
        *("--backend-store-uri", f"sqlite:///{folder / 'mlflow.db'}", "--artifacts-destination", str(folder / "files")),
    ]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            command,
            stdout=log,
            stderr=log,
            env=os.environ | {"MLFLOW_DISABLE_TELEMETRY": "true"},
            start_new_session=True,
        )
    address = f"http://127.0.0.1:{port}"
    for _ in range(1200):
        try:
            urllib.request.urlopen(f"{address}/health", timeout=60).close()  # noqa: S310
            break
        except OSError:
            time.sleep(0.5)
    else:
        pytest.fail((folder / "log").read_text()[-2000:])
    yield address, process
    os.killpg(process.pid, 9)
    process.wait()


@pytest.mark.slow
def test_on_a_server_and_when_it_dies_half_way(server, bundles, monkeypatch):
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_TIMEOUT", "120")
    address, process = server
    registry = Registry("demo", address)
    one, two = (registry.register(bundle, kind="train") for bundle in bundles[:2])
    registry.promote(one, champion=None)
    assert Scorer.from_registry("demo", tracking_uri=address).bundle == bundles[0]
    os.killpg(process.pid, 9)
    process.wait()
    with pytest.raises(PromotionError, match="registry does not answer"):
        registry.promote(two, champion=one.digest)
    with pytest.raises(PromotionError, match="gives no champion"):
        Scorer.from_registry("demo", tracking_uri=address)
