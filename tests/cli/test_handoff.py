"""``leadqual handoff``: leads go to sellers once, and each seller's list says until when and why."""

import csv
import io
import json
import shutil

import pytest

TEAM = """\
crm_link = "https://crm.example/lead/{id}"
[teams.all]
zone = "Europe/Berlin"
[teams.all.hours]
mon = ["09:00-17:00"]
tue = ["09:00-17:00"]
[[sellers]]
id = "S-1"
team = "all"
weekly_capacity = 500
[[sellers]]
id = "S-2"
team = "all"
weekly_capacity = 500
"""


@pytest.fixture
def folder(shell, company):
    shutil.copy(company / "models" / "leads.json", shell.folder / "b.json")
    shutil.copy(company / "leads.csv", shell.folder / "leads.csv")
    (shell.folder / "team.toml").write_text(TEAM)
    return shell.folder


def run(shell, *more):
    return shell(
        "handoff", "run", "b.json", "leads.csv", "--team", "team.toml", "--seed", 4, "--as-of", "2026-05-04T08:00:00Z",
        "--capacity", 20, *more,
    )  # fmt: skip


def listed(shell, *more):
    return shell("handoff", "queue", "--team", "team.toml", "--as-of", "2026-05-04T09:00:00Z", *more)


def test_leads_are_picked_given_and_listed(shell, folder):
    told = json.loads(run(shell, "--json").stdout)
    assert (told["picked"], told["assigned"], told["unassigned"], told["escalated"]) == (20, 20, {}, 0)
    assert sum(load["leads"] for load in told["loads"]) == 20
    rows = json.loads(listed(shell, "--bundle", "b.json", "--json").stdout)["leads"]
    assert len(rows) == 20
    assert {row["owner"] for row in rows} == {"S-1", "S-2"}
    assert {(row["grade"], row["points"], row["probability"]) for row in rows} == {("", None, None)}
    assert any(row["reasons"] for row in rows)
    one = listed(shell, "--seller", "S-1")
    mine = list(csv.DictReader(io.StringIO(one.stdout)))
    assert {row["lead"] for row in mine} == {row["lead"] for row in rows if row["owner"] == "S-1"}
    assert listed(shell, "--seller", "S-1", "--out", "list.csv").exit_code == 0
    assert (folder / "list.csv").read_text("utf-8") == one.stdout


def test_a_second_run_without_places_gives_nothing(shell, folder):
    assert run(shell).exit_code == 0
    before = listed(shell).stdout
    again = run(shell, "--capacity", 0)
    assert again.exit_code == 0, again.output
    assert "0 picked, 0 given to sellers" in again.stdout
    assert listed(shell).stdout == before


def test_the_example_is_a_file_that_can_be_used(shell):
    (shell.folder / "team.toml").write_text(shell("handoff", "example").stdout, "utf-8")
    checked = shell("handoff", "check", "team.toml")
    assert checked.exit_code == 0, checked.output
    assert "3 sellers can take 55 leads a week; 2 rules." in checked.stdout


def test_a_file_is_checked_before_it_is_used(shell, folder):
    assert "2 sellers can take 1,000 leads a week" in shell("handoff", "check", "team.toml").stdout
    assert json.loads(shell("handoff", "check", "team.toml", "--json").stdout)["teams"] == {"all": "Europe/Berlin"}
    (folder / "team.toml").write_text(TEAM.replace("weekly_capacity = 500", "weekly_capacity = 0"))
    result = shell("handoff", "check", "team.toml")
    assert result.exit_code == 1
    assert "it must be a whole number from 1" in result.output


def test_who_is_not_in_the_team_has_no_list(shell, folder):
    run(shell)
    result = listed(shell, "--seller", "S-9")
    assert result.exit_code == 1
    assert "--seller names nobody in the team" in result.output
