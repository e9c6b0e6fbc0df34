"""``leadqual sample`` writes the simulated CRM, and never over somebody's leads."""

import json

from leadqual.leads import Schema, read_leads
from leadqual.simulation import SampleSettings, simulate


def test_it_writes_what_the_library_simulates(shell) -> None:
    result = shell("sample", "data", "--leads", 120, "--months", 6, "--seed", 5, "--json")
    assert result.exit_code == 0
    folder = shell.folder / "data"
    assert json.loads(result.stdout) == {
        "files": [f"data/{name}" for name in ("leads.csv", "leads.toml", "rules.toml", "truth.csv")],
        "leads": 120,
    }
    sample = simulate(SampleSettings(leads=120, months=6), seed=5)
    assert (folder / "leads.csv").read_text("utf-8") == sample.table.to_csv(index=False, lineterminator="\n")
    assert Schema.read(folder / "leads.toml") == sample.schema
    assert len(read_leads(folder / "leads.csv", sample.schema).table) == 120


def test_it_says_what_to_do_with_it(shell) -> None:
    result = shell("sample", ".", "--leads", 50, "--months", 3)
    assert result.stdout.count("Wrote ") == 4
    assert "train leads.csv --schema leads.toml --prior rules.toml" in result.stdout


def test_it_does_not_replace_files_that_are_there(shell) -> None:
    (shell.folder / "leads.csv").write_text("mine")
    result = shell("sample", ".", "--leads", 50)
    assert result.exit_code == 2
    assert [path.name for path in shell.folder.iterdir()] == ["leads.csv"]
    assert (shell.folder / "leads.csv").read_text() == "mine"
    assert shell("sample", ".", "--leads", 50, "--force").exit_code == 0
    assert (shell.folder / "leads.csv").read_text() != "mine"
