"""A list of choices from the file to the ledger: one field a choice, everywhere the same points."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from rich.console import Console
from sklearn.metrics import roc_auc_score

from leadqual import sentences
from leadqual.agreement import Edit, LeaveOut, PinBand, Proposal, hold_later, price
from leadqual.audit import audit_leads
from leadqual.bundle import Bundle
from leadqual.bundle.format import dumps, loads
from leadqual.evaluation import History, backtest
from leadqual.feedback import feedback_history, replay, scored_table, values_of
from leadqual.feedback.scored import ScoreRecorder
from leadqual.inference import infer_schema
from leadqual.leads import Leads, read_leads
from leadqual.reports.audit_terminal import show_audit
from leadqual.retraining import gather_experience
from leadqual.scorecard import Exclude, Pin, lead_points
from leadqual.scorer import Scorer
from leadqual.training import Training, train

OPTIONS = np.array(["ERP", "BI", "HR", "CRM", "Shop"])


def simulated(seed: int = 3, n: int = 2400) -> tuple[pd.DataFrame, np.ndarray]:
    """Return dated leads with a list of products, of which ERP makes a win likelier, and the true choices."""
    random = np.random.default_rng(seed)
    chosen = random.random((n, len(OPTIONS))) < [0.3, 0.4, 0.3, 0.4, 0.2]
    need = random.choice(["Urgent", "Later"], n)
    won = random.random(n) < 1 / (1 + np.exp(2.6 - 2.2 * chosen[:, 0] - (need == "Urgent")))
    created = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.sort(random.integers(0, 700, n)), unit="D")
    table = pd.DataFrame({
        "Lead ID": [f"L{i:05d}" for i in range(n)],
        "Created": created.strftime("%Y-%m-%d"),
        "Closed": (created + pd.to_timedelta(random.integers(5, 60, n), unit="D")).strftime("%Y-%m-%d"),
        "Status": np.where(won, "Closed Won", "Closed Lost"),
        "Need": need,
        "Products": [";".join(random.permutation(OPTIONS[row])) or None for row in chosen],
    })  # fmt: skip
    return table, chosen


def history(table: pd.DataFrame) -> Leads:
    return read_leads(table, infer_schema(table).schema)


def auc(training: Training) -> float:
    assert training.held_out is not None
    return float(roc_auc_score(training.held_out.won, training.held_out.points))


@pytest.fixture(scope="module")
def trained() -> tuple[Leads, Training]:
    leads = history(simulated()[0])
    return leads, train(leads, name="choices")


def test_a_list_ranks_later_leads_as_one_column_a_choice_does_in_every_form(trained: tuple[Leads, Training]) -> None:
    table, chosen = simulated()
    wide = table.drop(columns="Products").assign(
        **{one: np.where(column, "Yes", "No") for one, column in zip(OPTIONS, chosen.T, strict=True)}
    )
    best = auc(train(history(wide), name="wide"))
    mine = auc(trained[1])
    assert abs(mine - best) < 0.02
    # comma, bar, JSON text and real lists are the same leads, so they must have the same points
    forms = {
        "comma": table["Products"].str.replace(";", ", "),
        "bar": table["Products"].str.replace(";", "|"),
        "json": table["Products"].str.split(";").map(json.dumps, na_action="ignore"),
        "lists": table["Products"].str.split(";"),
    }
    expected = trained[1].held_out.points
    for name, column in forms.items():
        again = train(history(table.assign(Products=column)), name=name)
        assert (again.held_out.points == expected).all(), name


def test_training_says_how_many_choices_are_fields(trained: tuple[Leads, Training]) -> None:
    leads, training = trained
    assert "Products is a list of choices: all of its 5 choices are fields of their own." in training.notes
    assert leads.schema.scored[-1].kind == "choices"
    assert set(training.bundle.points_table.names) == {"Need", *(f"Products: {one}" for one in OPTIONS)}


def test_the_bundle_scores_the_raw_list_everywhere_alike(trained: tuple[Leads, Training]) -> None:
    leads, training = trained
    bundle = loads(dumps(training.bundle), Bundle)
    table = simulated()[0]
    scorer = Scorer(bundle)
    points = scorer.score(table)["points"].to_numpy()
    assert [scorer.score_one(lead).points for lead in table.to_dict("records")] == points.tolist()
    assert (lead_points(bundle.points_table, table) == points).all()
    assert (training.scorecard.points(leads.table) == points).all()


def test_the_ledger_holds_a_band_for_each_choice_and_replays(trained: tuple[Leads, Training]) -> None:
    bundle = trained[1].bundle
    table = simulated()[0].head(200)
    points = Scorer(bundle).score(table)["points"].tolist()
    events = scored_table(bundle, table, id_field="Lead ID", at="2026-01-01T00:00:00Z")
    assert [event.content["points"] for event in events] == points
    recorder = ScoreRecorder(bundle)
    for event, lead in zip(events, table.to_dict("records"), strict=True):
        assert recorder.scored(event.lead, lead, at=event.at).content == event.content
        assert replay(event, bundle).agrees
    again = values_of([event.content["codes"] for event in events], bundle.points_table)
    assert lead_points(bundle.points_table, again).tolist() == points
    kept = recorder.scored("L", {"Products": ["ERP"]}, at="2026-01-01T00:00:00Z", keep_values=True).content["values"]
    assert (kept["Products: ERP"], kept["Products: BI"]) == ("yes", "no")


@pytest.mark.parametrize("by", ["override", "refit"])
def test_edits_of_a_choice_are_priced(trained: tuple[Leads, Training], by: str) -> None:
    leads, training = trained
    held = hold_later(training.bundle, leads, training.outcomes)
    edits = Proposal(training.bundle.digest).with_edit(Edit(LeaveOut("Products: ERP")))
    worse = price(edits, held, by=by, repetitions=20).measures
    pinned = Proposal(training.bundle.digest).with_edit(Edit(PinBand("Products: ERP", "yes", 0)))
    assert price(pinned, held, by=by, repetitions=20).measures != worse


def test_the_audit_sees_each_choice() -> None:
    """A choice that sales add when a lead is won leaks; the list as a whole need not."""
    table, _ = simulated()
    won = table["Status"].eq("Closed Won")
    table["Products"] = table["Products"].where(~won, table["Products"].fillna("BI") + ";Contract")
    leads = history(table)
    training = train(leads, name="leak")
    audit = audit_leads(leads, training.outcomes)
    assert {one.field for one in audit.findings if one.code == "LQ101"} == {"Products: Contract"}
    assert "Products: Contract" not in training.bundle.points_table.names
    assert "Products: ERP" in training.bundle.points_table.names


def test_what_is_found_of_all_choices_alike_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    """Lists that are filled in only for wins leak by being there, which is one fact and not five."""
    table, _ = simulated()
    table["Products"] = table["Products"].where(table["Status"].eq("Closed Won"))
    leads = history(table)
    leads = Leads(leads.table, replace(leads.schema, features=tuple(
        replace(one, known="at_creation") for one in leads.schema.features
    )))  # fmt: skip
    training = train(leads, name="leak")
    (note,) = [one for one in sentences(training.notes) if "left out" in one]
    assert note.count("Products: ") == 5
    show_audit(Console(width=500), training.audit)
    said = [line for line in capsys.readouterr().out.splitlines() if line.startswith("LQ102")]
    assert len(said) <= 1


def test_raw_leads_of_the_ledger_are_read_by_the_bundles_that_scored_them(trained: tuple[Leads, Training]) -> None:
    bundle, table = trained[1].bundle, simulated()[0].head(600)
    scored = scored_table(bundle, table, id_field="Lead ID", at=[f"{day}T09:00:00Z" for day in table["Created"]])
    past = feedback_history(scored, as_of="2026-06-01T00:00:00Z")
    settings = {"window_days": 90, "as_of": "2026-06-01T00:00:00Z"}
    by_band = gather_experience(past, {bundle.digest: bundle}, **settings)
    for written in (table, table.rename(columns={"Products": "PRODUCTS", "Need": "need"})):
        raw = gather_experience(past, {bundle.digest: bundle}, leads=written.set_index("Lead ID"), **settings)
        assert (lead_points(bundle.points_table, raw.leads) == lead_points(bundle.points_table, by_band.leads)).all()
        assert raw.leads["Products: ERP"].fillna("-").tolist() == by_band.leads["Products: ERP"].fillna("-").tolist()


def test_keep_drop_and_exclude_may_name_the_list(trained: tuple[Leads, Training]) -> None:
    leads = trained[0]
    assert train(leads, name="x", drop=["Products"]).bundle.points_table.names == ("Need",)
    assert train(leads, name="x", constraints=[Exclude("Products")]).bundle.points_table.names == ("Need",)
    pinned = train(leads, name="x", constraints=[Pin("Products: ERP", 5, ("yes",))], drop=["Products: HR"])
    assert pinned.bundle.constraints == ("Products: ERP: yes is worth 5 points",)
    assert "Products: HR" not in pinned.bundle.points_table.names


def test_walking_forward_scores_the_same_fields_in_every_part(trained: tuple[Leads, Training]) -> None:
    leads, training = trained
    found = backtest(History(leads, training.outcomes), periods=2)
    assert found.comparison.difference("base rate", "log_loss").high < 0
    assert "Products: ERP" in {one.field for one in found.segments}
