"""``leadqual train`` writes the bundle that the library trains, and shows it."""

import json
from pathlib import Path

import pytest

from leadqual.bundle import Bundle
from leadqual.leads import Schema, read_leads
from leadqual.learners import points_from_rules
from leadqual.thresholds import Capacity
from leadqual.training import train


def test_it_writes_what_the_library_trains_byte_for_byte(company: Path, tmp_path: Path) -> None:
    written = Bundle.load(company / "models" / "leads.json")
    training = train(
        read_leads(company / "leads.csv", Schema.read(company / "leads.toml")),
        name="leads",
        capacity=Capacity(share=0.2),
        prior=points_from_rules(company / "rules.toml"),
        command=written.provenance.command,
    )
    again = training.bundle.save(tmp_path / "again.json")
    assert again.read_bytes() == (company / "models" / "leads.json").read_bytes()


def test_it_shows_the_bundle_and_says_what_is_next(company: Path) -> None:
    shown = (company / "trained.txt").read_text("utf-8")
    for title in ("Points table", "What points mean", "Policy", "How it held up on later leads", "Where it comes from"):
        assert f"\n{title}\n" in shown
    assert "prior rule" in shown
    assert "Wrote models/leads.json" in shown
    assert "score models/leads.json new-leads.csv --out scored.csv" in shown
    assert max(len(line) for line in shown.split("Wrote models")[0].splitlines()) <= 80


def test_the_bundle_keeps_the_command_but_no_folder(company: Path, shell) -> None:
    assert Bundle.load(company / "models" / "leads.json").provenance.command == (
        "leadqual train leads.csv --schema leads.toml --out leads.json --window 90d --seed 0 --capacity 20% "
        "--prior rules.toml"
    )
    constraints = shell.folder / "demands.toml"
    constraints.write_text('[[constraint]]\nfield = "Visits"\ndirection = "up"\n')
    result = shell(
        *("train", company / "leads.csv", "--window", "13w", "--as-of", "2024-09-30", "--seed", "4", "--json"),
        *("--capacity", "2/day", "--constraints", constraints, "--out", "deep/down/mine.json"),
    )
    assert result.exit_code == 0, result.stderr
    bundle = Bundle.load(shell.folder / "deep" / "down" / "mine.json")
    assert bundle.provenance.command == (
        "leadqual train leads.csv --schema leads.toml --out mine.json --window 91d --seed 4 --as-of 2024-09-30 "
        "--capacity 10/week --constraints demands.toml"
    )
    assert (bundle.name, bundle.window_days, bundle.provenance.as_of) == ("mine", 91, "2024-09-30")
    assert bundle.policy.capacity_per_week == 10
    assert bundle.provenance.created_at.endswith("+00:00")
    assert len(bundle.constraints) == 1
    visits = [band.points for band in bundle.points_table.field("Visits").bands if not band.missing]
    assert visits == sorted(visits)
    told = json.loads(result.stdout)
    assert told["bundle"] == "deep/down/mine.json"
    assert told["summary"]["digest"] == bundle.digest
    assert isinstance(told["warnings"], list)
    assert isinstance(told["notes"], list)


@pytest.mark.parametrize(
    ("files", "arguments", "sentence"),
    [
        ({}, (), "leads.toml"),
        ({"leads.toml": "[lead]\nname = 3"}, (), "name"),
        ({"leads.toml": None}, ("--prior", "no.toml"), "no.toml"),
        ({"leads.toml": None}, ("--constraints", "no.toml"), "no.toml"),
        ({"leads.toml": None}, (), "leads.csv"),
        ({"leads.toml": None, "leads.csv": "a,b\n1,2\n"}, (), "columns that the schema needs are not in the table"),
    ],
)
def test_what_is_not_good_enough_is_refused_in_a_sentence_and_nothing_is_written(
    company: Path, shell, files: dict[str, str | None], arguments: tuple[str, ...], sentence: str
) -> None:
    for name, text in files.items():
        (shell.folder / name).write_text((company / name).read_text("utf-8") if text is None else text, "utf-8")
    result = shell("train", "leads.csv", *arguments)
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (shell.folder / "models").exists()


def test_too_little_history_is_refused(company: Path, shell) -> None:
    (shell.folder / "leads.csv").write_text("\n".join((company / "leads.csv").read_text("utf-8").splitlines()[:15]))
    (shell.folder / "leads.toml").write_text((company / "leads.toml").read_text("utf-8"))
    result = shell("train", "leads.csv")
    assert result.exit_code == 1
    assert not (shell.folder / "models").exists()


def test_a_database_has_no_schema_beside_it(shell) -> None:
    result = shell("train", "postgresql://me:secret@host/crm", "--query", "select 1")
    assert result.exit_code == 2
    assert "--schema" in result.stderr
    assert "secret" not in result.stderr
