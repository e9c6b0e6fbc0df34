"""Training refuses noise as often as it promises, and hardly ever a real signal."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from leadqual import sentences
from leadqual.errors import EvidenceError
from leadqual.evaluation import History, Signal
from leadqual.leads import Feature, Leads, Schema, label_outcomes, read_leads
from leadqual.simulation import SampleSettings, simulate
from leadqual.training import train
from leadqual.training.doubts import suspicions, undeclared, without_signal


def history(seed: int, weight: float, size: int = 600) -> Leads:
    """Return leads without dates; the log-odds of winning are ``weight`` times a normal field."""
    rng = np.random.default_rng(seed)
    fields = {"a": rng.normal(size=size), "b": rng.normal(size=size), "c": rng.choice(["x", "y", "z"], size)}
    won = rng.random(size) < 1 / (1 + np.exp(1.4 - weight * fields["a"]))
    table = pd.DataFrame(fields | {"won": np.where(won, "1", "0"), "number": np.arange(size)})
    kinds = {"a": "numeric", "b": "numeric", "c": "category"}
    schema = Schema(
        tuple(Feature(name, kind) for name, kind in kinds.items()),
        outcome="won",
        won=("1",),
        lost=("0",),
        order="number",
    )
    return read_leads(table, schema)


def test_noise_is_refused_unless_it_is_forced() -> None:
    leads = history(3, 0.0)
    with pytest.raises(EvidenceError, match=r"these fields do not predict outcomes: on 3\d+ later leads") as refused:
        train(leads, name="noise")
    assert "need, intent, budget and decision chain" in str(refused.value)
    forced = train(leads, name="noise", force=True)
    assert any(one.startswith("It was forced although these fields") for one in sentences(forced.warnings))
    assert forced.signal.p_value >= 0.05


def p_value(seed: int, weight: float) -> float:
    """Return what the test says of one history, learned from as training does."""
    leads = history(seed, weight, 400)
    whole = History(leads, label_outcomes(leads))
    rows = np.arange(400)
    return whole.calibrated(rows, whole.scorecard(rows)).signal.p_value


@pytest.mark.slow
def test_noise_is_accepted_in_few_histories_and_signal_is_refused_in_few() -> None:
    # of 20, 5 % is 1; five or more come by chance in fewer than one in 300 such tests
    assert sum(p_value(seed, 0.0) < 0.05 for seed in range(20)) <= 4
    assert sum(p_value(seed, 0.9) < 0.05 for seed in range(20)) >= 18


def test_a_signal_passes_and_none_at_all_is_not_judged() -> None:
    assert without_signal(Signal(0.7, 0.001, 500, 80), force=False) == ()
    assert without_signal(Signal(None, 1.0, 0, 0), force=False) == ()


def test_the_planted_leak_is_left_out_and_people_may_keep_it() -> None:
    sample = simulate(SampleSettings(leads=2500), seed=2)
    features = tuple(replace(feature, known="unknown") for feature in sample.schema.features)
    leads = read_leads(sample.table, replace(sample.schema, features=features))
    training = train(leads, name="audited", drop=["Region"])
    assert training.audit.left_out == ("Calls Logged",)
    assert {"Calls Logged", "Region"}.isdisjoint(training.bundle.points_table.names)
    assert any(note.startswith("Calls Logged is left out (LQ101") for note in sentences(training.notes))
    assert "Region is left out, as it was asked for." in sentences(training.notes)
    kept = train(leads, name="kept", keep=["Calls Logged"])
    assert "Calls Logged" in kept.bundle.points_table.names
    assert kept.bundle.evidence.performance("scorecard").value("auc") > 0.9


def test_suspects_are_kept_named_and_measured_without() -> None:
    sample = simulate(SampleSettings(leads=2500), seed=2)
    won = (sample.table["Status"] == "Closed Won").to_numpy()
    rng = np.random.default_rng(0)
    filled = rng.random(len(won)) < np.where(won, 0.8, 0.35)
    table = sample.table.assign(Survey=np.where(filled, "done", None))
    schema = replace(sample.schema, features=(*sample.schema.features, Feature("Survey", "category")))
    training = train(read_leads(table, schema), name="suspect")
    assert training.audit.suspects == ("Survey",)
    assert "Survey" in training.bundle.points_table.names
    assert any("1 field may know the outcome (Survey; LQ102)" in warning for warning in sentences(training.warnings))
    evidence = training.bundle.evidence
    whole, without = (evidence.performance(who).value("log_loss") for who in ("scorecard", "without suspects"))
    assert whole < without < evidence.performance("base rate").value("log_loss")


def test_fields_nobody_declared_are_named() -> None:
    leads = history(0, 1.0, 50)
    features = tuple(replace(feature, known="unknown") for feature in leads.schema.features)
    assert (
        "3 fields may have been filled in"
        in undeclared(replace(leads, schema=replace(leads.schema, features=features)))[0]
    )
    assert undeclared(leads) == ()
    assert suspicions(None, []) == ()
