"""``leadqual train`` by value or promise."""

import json
from pathlib import Path

import pytest

from leadqual.bundle import Bundle
from leadqual.fact import fact


def test_it_says_what_the_policy_gives_up_and_keeps_the_command(company: Path, shell) -> None:
    aims = ("--value-per-win", "5000", "--cost-per-contact", 400.5, "--promise", "20 %", "--policy-by", "value")
    result = shell("train", company / "leads.csv", *aims, "--explore", "0%", "--out", "mine.json")
    assert result.exit_code == 0, result.output
    assert "By value rather than capacity: " in result.stdout
    bundle = Bundle.load(shell.folder / "mine.json")
    pays = fact("policy_value", contact=400.5, win=5000.0, probability=0.0801)
    assert pays in bundle.policy.chosen_by
    shown = json.loads(shell("show", "mine.json", "--json").stdout)["policy"]
    assert shown.startswith(
        "A contact costs 400.5 and a win is worth 5000, so a contact pays from a probability of 8.0%"
    )
    assert bundle.provenance.command.endswith(
        "--value-per-win 5000 --cost-per-contact 400.5 --promise 0.2 --explore 0 --policy-by value"
    )
    assert bundle.policy.explore == 0.0


def test_as_json_the_choice_and_the_promise_are_there(company: Path, shell) -> None:
    told = json.loads(shell("train", company / "leads.csv", "--promise", "0.95", "--json").stdout)
    assert told["promise"]["points"] is None
    assert told["policy_choice"]["chosen"]["by"] == "capacity"
    assert told["promise"]["said"].startswith("A win rate of 95.0% or more cannot be certified")
    assert told["policy_choice"]["chosen"]["policy"]["chosen_by"].startswith("Sales can work 20.0% of leads. ")
    assert any("The policy goes by capacity until then." in warning for warning in told["warnings"])


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("--promise", "130%"), 2, "'130%' is no share above 0 and below 1; write it as 30% or 0.3."),
        (("--explore", "110%"), 2, "'110%' is no share from 0 to 1; write it as 10% or 0.1."),
        (("--promise", "-1"), 2, "is no share"),
        (("--promise", "often"), 2, "is no share"),
        (("--value-per-win", 5), 2, "--value-per-win and --cost-per-contact go together"),
        (("--cost-per-contact", 5), 2, "--value-per-win and --cost-per-contact go together"),
        (("--value-per-win", 5, "--cost-per-contact", 6), 1, "the contact cost less than the win is worth"),
        (("--policy-by", "value"), 1, "policy_by is value, it needs"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(company: Path, shell, arguments, code, said) -> None:
    result = shell("train", company / "leads.csv", *arguments, "--out", "none.json")
    assert result.exit_code == code
    assert said in result.stderr
    assert not (shell.folder / "none.json").exists()
