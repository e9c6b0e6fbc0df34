"""From leads to a bundle: measured on later leads, the same twice, and honest about what it could not do."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from leadqual import sentences
from leadqual.bundle import Bundle
from leadqual.bundle.format import dumps, loads
from leadqual.errors import EvidenceError, PolicyError, RuleError, SchemaError
from leadqual.leads import Feature, Schema, read_leads
from leadqual.learners import points_from_rules
from leadqual.scorecard import Direction, Exclude
from leadqual.scorer import Scorer
from leadqual.simulation import SampleSettings, simulate
from leadqual.thresholds import Capacity
from leadqual.training import train


@pytest.fixture(scope="module")
def sample():
    return simulate(SampleSettings(leads=2500), seed=5)


@pytest.fixture(scope="module")
def leads(sample):
    return read_leads(sample.table, sample.schema)


@pytest.fixture(scope="module")
def trained(sample, leads):
    steps = []
    training = train(
        leads,
        name="demo",
        prior=points_from_rules(sample.rules),
        capacity=Capacity(per_week=10),
        constraints=[Exclude("Region")],
        progress=lambda step, done, total: steps.append((step, done, total)),
    )
    return training, steps


def test_beats_the_base_rate_and_the_old_rule_on_later_leads(trained):
    evidence = trained[0].bundle.evidence
    loss = {p.who: p.value("log_loss") for p in evidence.performances}
    assert loss["scorecard"] < loss["prior rule"] < loss["base rate"]
    assert [p.who for p in evidence.performances] == ["scorecard", "base rate", "prior rule"]


def test_the_evidence_is_what_the_held_out_leads_say(trained, leads):
    training, _ = trained
    held, evidence = training.held_out, training.bundle.evidence
    p, y = held.probability, held.won
    assert evidence.performance("scorecard").value("log_loss") == pytest.approx(
        -np.mean(y * np.log(p) + (1 - y) * np.log(1 - p)), abs=1e-6
    )
    assert (training.outcomes.label[held.split.test] == y).all()
    created = leads.table["Created"].iloc[held.split.train].max()
    assert created < leads.table["Created"].iloc[held.split.test].min()
    assert evidence.tested_on == len(y)
    assert evidence.trained_on == len(held.split.train)


def test_probabilities_are_close_to_the_truth(sample, trained):
    scores = Scorer(trained[0].bundle).score(sample.table)
    truth = sample.truth["probability"].to_numpy()
    assert np.corrcoef(scores["probability"], truth)[0, 1] > 0.8
    assert scores["probability"].mean() == pytest.approx(truth.mean(), rel=0.15)


def test_scorer_and_scorecard_give_the_same_points(sample, leads, trained):
    training, _ = trained
    assert (Scorer(training.bundle).score(sample.table)["points"] == training.scorecard.points(leads.table)).all()


def test_same_history_same_bytes(sample):
    early = sample.table.iloc[:1200]
    texts = {dumps(train(read_leads(early, sample.schema), name="demo").bundle) for _ in range(2)}
    assert len(texts) == 1
    assert dumps(loads(next(iter(texts)), Bundle)) in texts


def test_keeps_what_it_was_told(trained):
    training, steps = trained
    bundle = training.bundle
    assert bundle.constraints == ("Region: not scored",)
    assert "Region" not in bundle.points_table.names
    assert bundle.policy.capacity_per_week == 10
    sql = sum(grade.per_week for grade in bundle.policy.grades if grade.name in "AB")
    assert sql <= 10
    assert steps[0][0] == "reading outcomes"
    assert steps[-1][:2] == ("done", steps[-1][2])
    assert training._repr_html_() == bundle._repr_html_()


def test_holds_no_personal_data(sample, trained):
    text = dumps(trained[0].bundle)
    for column in ("Lead ID", "Company", "Session Ref"):
        if column in sample.table:
            assert not any(str(value) in text for value in sample.table[column].dropna().unique()[:200])


def test_the_leak_is_not_scored(trained):
    assert "Calls Logged" not in trained[0].bundle.points_table.names


def test_noise_is_called_noise():
    rng = np.random.default_rng(0)
    table = pd.DataFrame(
        {
            "won": rng.choice(["yes", "no"], 1200, p=[0.3, 0.7]),
            "number": range(1200),
            "colour": rng.choice(list("rgb"), 1200),
            "size": rng.normal(size=1200),
        }
    )
    features = (Feature("colour", "category"), Feature("size", "numeric"))
    schema = Schema(features=features, outcome="won", won=("yes",), lost=("no",), order="number")
    training = train(read_leads(table, schema), name="noise", force=True)
    evidence = training.bundle.evidence
    card, base = (evidence.performance(who).value("log_loss") for who in ("scorecard", "base rate"))
    assert abs(card - base) < 0.01
    said = any("no better than the base rate" in warning for warning in sentences(training.warnings))
    assert said == (card >= base)


def late_wins(leads: int, first_win: int) -> tuple[pd.DataFrame, Schema]:
    rng = np.random.default_rng(2)
    x = rng.choice(["a", "b"], leads)
    won = (rng.random(leads) < np.where(x == "a", 0.7, 0.3)) & (np.arange(leads) >= first_win)
    table = pd.DataFrame({"won": np.where(won, "yes", "no"), "x": x})
    return table, Schema(features=(Feature("x", "category"),), outcome="won", won=("yes",), lost=("no",))


def test_a_history_that_cannot_be_split_is_not_measured_and_says_so():
    table, schema = late_wins(400, first_win=310)
    training = train(read_leads(table, schema), name="late")
    assert training.bundle.evidence is None
    assert training.held_out is None
    assert any(warning.startswith("Not measured on later leads") for warning in sentences(training.warnings))


def test_a_history_too_short_to_calibrate_is_refused_with_how_much_is_missing():
    table, schema = late_wins(60, first_win=50)
    with pytest.raises(EvidenceError, match="0 leads could be scored by a scorecard of earlier ones"):
        train(read_leads(table, schema), name="short")


def test_few_wins_keep_the_rule(sample):
    table = sample.table.iloc[:600].copy()
    training = train(read_leads(table, sample.schema), name="young", prior=points_from_rules(sample.rules))
    rule = points_from_rules(sample.rules)
    common = {}
    for field in rule.fields:
        if field.name in training.bundle.points_table.names:
            learned = {v: b.points for b in training.bundle.points_table.field(field.name).bands for v in b.values}
            said = {v: b.points for b in field.bands for v in b.values if v in learned}
            common |= {(field.name, v): (said[v], learned[v]) for v in said}
    said, learned = np.array(list(common.values())).T
    assert np.corrcoef(said, learned)[0, 1] > 0.6


def test_unknown_times_are_named():
    rng = np.random.default_rng(2)
    x = rng.choice(["a", "b"], 400)
    table = pd.DataFrame({"won": np.where(rng.random(400) < 0.3, "yes", "no"), "x": x, "y": x[::-1]})
    features = (Feature("x", "category"), Feature("y", "category", known="unknown"))
    schema = Schema(features=features, outcome="won", won=("yes",), lost=("no",))
    training = train(read_leads(table, schema), name="unsure", constraints=[], force=True)
    assert any("1 fields may have been filled in only after the outcome (y)" in w for w in sentences(training.warnings))


def test_refuses_what_it_cannot_learn_from(leads, sample):
    with pytest.raises(SchemaError, match="0 features"):
        train(replace(leads, schema=replace(sample.schema, features=())), name="none")
    rule = points_from_rules({"rule": [{"field": "Shoe Size", "at_least": 40, "points": 3}]})
    with pytest.raises(RuleError, match="Shoe Size"):
        train(leads, name="rule", prior=rule)
    with pytest.raises(EvidenceError):
        train(leads, name="early", as_of=sample.table["Created"].min()[:10], window_days=30)
    with pytest.raises(ValueError, match="no direction"):
        train(leads, name="odd", constraints=[Direction("Need", "up")])


def test_refuses_a_capacity_per_week_at_once_where_the_volume_is_unknown():
    table, schema = late_wins(400, first_win=0)
    with pytest.raises(PolicyError, match="how many leads come per week is unknown"):
        train(read_leads(table, schema), name="undated", capacity=Capacity(per_week=50), progress=_no_fit)


def _no_fit(step: str, done: int, total: int) -> None:
    assert step == "reading outcomes", f"got as far as {step}"


def test_its_display_is_short(trained) -> None:
    assert len(repr(trained[0])) < 300
    assert repr(trained[0]).startswith("Training(Bundle(")


def test_a_table_with_its_schema_trains_as_its_leads_do(sample, leads) -> None:
    few = sample.table.head(1500)
    assert dumps(train(few, sample.schema, name="t").bundle) == dumps(
        train(read_leads(few, sample.schema), name="t").bundle
    )


def test_a_table_needs_its_schema_and_leads_have_theirs(sample, leads) -> None:
    with pytest.raises(SchemaError, match=r"with none as schema, it must be a Schema; pass infer_schema\(table\)"):
        train(sample.table)
    with pytest.raises(SchemaError, match="with a dict as schema, it must be a Schema"):
        train(sample.table, {})
    with pytest.raises(SchemaError, match="read by another schema than the one passed, there must be one"):
        train(leads, replace(sample.schema, missing_values=("none",)))
