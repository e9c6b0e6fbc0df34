"""``leadqual pick``: a list for sales, with a few leads drawn at random, and every score in the ledger."""

import json
import shutil
from dataclasses import replace

import pandas as pd
import pytest

from leadqual.bundle import Bundle
from leadqual.feedback import FeedbackStore
from leadqual.leads import Schema
from leadqual.scorer import Scorer


@pytest.fixture
def folder(shell, company):
    shutil.copy(company / "models" / "leads.json", shell.folder / "b.json")
    shutil.copy(company / "leads.csv", shell.folder / "leads.csv")
    return shell.folder


def pick(shell, *more):
    return shell("pick", "b.json", "leads.csv", "--capacity", 100, "--out", "list.csv", "--seed", 4, *more)


def test_the_best_and_a_few_drawn_are_listed_and_every_score_is_recorded(shell, folder):
    result = pick(shell, "--show-scores", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    leads, shown = pd.read_csv(folder / "leads.csv", dtype="str"), pd.read_csv(folder / "list.csv")
    leads = leads.drop_duplicates("Lead ID")
    assert (told["open"], told["fresh"], told["new"], told["rank"], told["random"]) == (*[len(leads)] * 3, 90, 10)
    assert told["propensity"] == pytest.approx(10 / len(leads))
    with FeedbackStore(folder / "feedback.db") as store:
        events = {event.lead: event.content for event in store.events()}
    assert len(events) == len(leads)
    chosen = {lead for lead, content in events.items() if content["picked"]}
    assert set(shown["id"].astype("str")) == chosen
    assert {content["propensity"] for content in events.values()} == {told["propensity"]}
    ranked = [content["points"] for content in events.values() if content["picked"] == "rank"]
    assert min(ranked) >= max(content["points"] for content in events.values() if not content["picked"])
    points = Scorer.load(folder / "b.json").score(leads)["points"]
    assert shown.set_index("id")["points"].sum() == sum(events[lead]["points"] for lead in chosen)
    assert sorted(content["points"] for content in events.values()) == sorted(points)


def test_a_list_for_sellers_says_by_when_and_why_and_not_who_was_drawn(shell, folder):
    table = pd.read_csv(folder / "leads.csv", dtype="str").assign(Owner="=cmd|' /C calc'!A0")
    table.to_csv(folder / "leads.csv", index=False)
    result = pick(shell, "--carry", "Owner")
    assert result.exit_code == 0, result.output
    shown = pd.read_csv(folder / "list.csv")
    assert list(shown.columns) == ["id", "deadline", "follow_up_hours", "reasons_for", "Owner"]
    assert set(shown["Owner"]) == {"'=cmd|' /C calc'!A0"}
    assert "10 drawn at random (each with a chance of" in result.stdout
    assert "closed in the file cannot be told" in " ".join(result.stderr.split())
    assert "exactly once" in pick(shell, "--carry", "Nobody").stderr.replace("\n", " ")


def test_closed_leads_and_those_handed_out_are_left_out(shell, folder, company):
    shutil.copy(company / "leads.toml", folder / "leads.toml")
    schema = Schema.read(folder / "leads.toml")
    told = json.loads(pick(shell, "--schema", "leads.toml", "--json").stdout)
    table = pd.read_csv(folder / "leads.csv", dtype="str").set_index("Lead ID")
    first = set(pd.read_csv(folder / "list.csv", dtype="str")["id"])
    assert set(table.loc[sorted(first), schema.outcome]) <= set(schema.open)
    assert told["left_out"]["closed in the file"] == (~table[schema.outcome].isin(schema.open)).sum()
    again = json.loads(pick(shell, "--schema", "leads.toml", "--json").stdout)
    assert again["left_out"]["handed out before"] == len(first)
    assert (again["fresh"], again["random"]) == (0, 0)
    assert not first & set(pd.read_csv(folder / "list.csv", dtype="str")["id"])


@pytest.mark.parametrize(
    ("more", "code", "why"),
    [
        (("--explore", "150%"), 2, "no share"),
        (("--id", "Nobody"), 1, "Nobody"),
        (("--capacity", "-3"), 2, "-3"),
        (("--out", "."), 2, "is a folder, the list must be a file"),
        (("--at", "soon"), 1, "time cannot be read"),
        (("--store", "nonsense://x"), 1, "URL cannot be read"),
        (("--store", "."), 1, "cannot be opened"),
    ],
)
def test_bad_input_ends_in_one_sentence(shell, folder, more, code, why):
    result = pick(shell, *more)
    assert result.exit_code == code
    assert why in result.stderr.replace("\n", " ")
    assert "Traceback" not in result.output
    assert not (folder / "list.csv").exists()


def test_what_both_teams_agreed_holds_where_nothing_else_is_asked_for(shell, folder):
    bundle = Bundle.load(folder / "b.json")
    leads = pd.read_csv(folder / "leads.csv")["Lead ID"].nunique()
    replace(bundle, policy=replace(bundle.policy, capacity_share=0.1, explore=0.5)).save(folder / "b.json")
    arguments = ("pick", "b.json", "leads.csv", "--out", "list.csv", "--seed", 4, "--json")
    told = json.loads(shell(*arguments).stdout)
    assert told["capacity"] == pytest.approx(leads / 10)
    assert told["rank"] + told["random"] in (leads // 10, leads // 10 + 1)
    assert abs(told["random"] - told["rank"]) <= 1
    none = json.loads(shell(*arguments, "--explore", "0%", "--store", "other.db").stdout)
    assert (none["rank"], none["random"]) == (told["rank"] + told["random"], 0)
    for lacking, said in (("capacity_share", "names no capacity"), ("explore", "does not say what is drawn")):
        replace(bundle, policy=replace(bundle.policy, **{lacking: None})).save(folder / "b.json")
        refused = shell(*arguments)
        assert (refused.exit_code, said in refused.stderr.replace("\n", " ")) == (1, True)


def test_the_list_and_the_ledger_agree_or_neither_is_there(shell, folder):
    (folder / "list.csv").mkdir()
    assert pick(shell).exit_code == 2
    assert not (folder / "feedback.db").exists()
    with FeedbackStore(folder / "feedback.db") as store, store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE leadqual_feedback_version SET version_num = '9999'")
    (folder / "list.csv").rmdir()
    result = pick(shell)
    assert (result.exit_code, "newer leadqual" in result.stderr) == (1, True)
    assert sorted(path.name for path in folder.iterdir() if "list" in path.name) == []


def test_a_pick_of_nothing_keeps_an_earlier_list(shell, folder):
    assert pick(shell).exit_code == 0
    before = (folder / "list.csv").read_bytes()
    again = shell("pick", "b.json", "leads.csv", "--out", "list.csv", "--seed", 4)
    said = " ".join(again.stderr.split())
    assert again.exit_code != 0
    assert "no lead was picked" in said
    assert "0 of them new" in said
    assert (folder / "list.csv").read_bytes() == before
