"""``leadqual init`` writes a schema that train can read, and never guesses between candidates."""

import json
from pathlib import Path

import pandas as pd

from leadqual.leads import Schema

EXPORT = "Lead ID,Created,Status,Source\n" + "".join(
    f"L-{i},2026-01-{i % 28 + 1:02d},{('Won', 'Lost', 'New')[i % 3]},{('Web', 'Fair')[i % 2]}\n" for i in range(60)
)


def test_it_writes_the_schema_beside_the_leads_with_reasons_and_says_what_is_next(shell) -> None:
    (shell.folder / "leads.csv").write_text(EXPORT)
    result = shell("init", "leads.csv")
    assert result.exit_code == 0
    schema = Schema.read(shell.folder / "leads.toml")
    assert (schema.id, schema.created_at, schema.outcome) == ("Lead ID", "Created", "Status")
    assert (schema.won, schema.lost, schema.open) == (("Won",), ("Lost",), ("New",))
    assert "# " in (shell.folder / "leads.toml").read_text("utf-8")
    assert "Wrote leads.toml" in result.stdout
    assert "train leads.csv --schema leads.toml --out models/leads.json" in result.stdout


def test_it_does_not_replace_a_schema_that_people_may_have_edited(shell) -> None:
    (shell.folder / "leads.csv").write_text(EXPORT)
    (shell.folder / "leads.toml").write_text("edited")
    refused = shell("init", "leads.csv")
    assert refused.exit_code == 2
    assert "pass --force to replace it" in " ".join(refused.stderr.split())
    assert (shell.folder / "leads.toml").read_text() == "edited"
    assert shell("init", "leads.csv", "--force").exit_code == 0
    assert Schema.read(shell.folder / "leads.toml").id == "Lead ID"


def test_a_role_may_be_said(shell) -> None:
    (shell.folder / "leads.csv").write_text(EXPORT)
    said = ("--role", "outcome=Source", "--role", "won=Web", "--role", "lost=Fair", "--role", "id=")
    assert shell("init", "leads.csv", "--out", "deep/other.toml", *said).exit_code == 0
    schema = Schema.read(shell.folder / "deep" / "other.toml")
    assert (schema.outcome, schema.won, schema.lost, schema.id) == ("Source", ("Web",), ("Fair",), None)


def test_an_ambiguous_role_lists_the_candidates_and_writes_nothing(shell) -> None:
    header, *rows = EXPORT.splitlines()
    (shell.folder / "leads.csv").write_text(
        "\n".join(
            [
                f"{header},Stage",
                *(f"{row},{other.split(',')[2]}" for row, other in zip(rows, rows[1:] + rows[:1], strict=True)),
            ]
        )
    )
    result = shell("init", "leads.csv")
    assert result.exit_code == 1
    assert "'Status'" in result.stderr
    assert "'Stage'" in result.stderr
    assert not (shell.folder / "leads.toml").exists()


def test_json_says_the_same_for_scripts(shell) -> None:
    (shell.folder / "leads.csv").write_text(EXPORT)
    told = json.loads(shell("init", "leads.csv", "--json").stdout)
    schema = Schema.read(shell.folder / "leads.toml")
    assert told["schema"] == "leads.toml"
    assert told["outcome"] == schema.outcome
    assert told["won"] == list(schema.won)
    assert [feature["name"] for feature in told["features"]] == [feature.name for feature in schema.features]
    assert set(told["why"]) >= {"Lead ID", "Created", "Status", "Source"}


def test_a_stream_goes_to_leads_toml(shell) -> None:
    assert shell("init", "-", input=EXPORT.encode()).exit_code == 0
    assert Schema.read(shell.folder / "leads.toml").created_at == "Created"


def test_a_database_is_read_by_its_query_and_its_password_is_not_shown(shell) -> None:
    import sqlite3

    with sqlite3.connect(shell.folder / "crm.db") as crm:
        crm.execute("create table leads (id text, created text, status text, source text)")
        for row in EXPORT.splitlines()[1:]:
            crm.execute("insert into leads values (?, ?, ?, ?)", row.split(","))
    crm.close()
    result = shell("init", "sqlite:///crm.db", "--query", "select * from leads")
    assert result.exit_code == 0, result.stderr
    assert Schema.read(shell.folder / "leads.toml").outcome == "status"
    assert "crm.db" not in result.stdout


def test_missing_leads_are_refused(shell) -> None:
    result = shell("init", "nowhere.csv")
    assert result.exit_code == 1
    assert result.stderr.startswith("leadqual: ")
    assert list(Path(shell.folder).iterdir()) == []


def test_the_encoding_that_was_found_is_said_and_kept(shell) -> None:
    text = EXPORT.replace("Web", "Сайт").replace("Fair", "Выставка")
    (shell.folder / "leads.csv").write_bytes(text.encode("cp1251"))
    result = shell("init", "leads.csv")
    assert "read as Windows-1251" in " ".join(result.stdout.split())
    assert Schema.read(shell.folder / "leads.toml").encoding == "windows-1251"
    said = shell("init", "leads.csv", "--encoding", "cp1251", "--out", "said.toml")
    assert "read as Windows-1251" not in " ".join(said.stdout.split())
    assert Schema.read(shell.folder / "said.toml").encoding == "cp1251"
    wrong = shell("init", "leads.csv", "--encoding", "utf-8", "--out", "wrong.toml")
    assert wrong.exit_code == 1
    assert "not utf-8 throughout, line 2 " in wrong.stderr
    assert not (shell.folder / "wrong.toml").exists()


def test_a_sheet_is_chosen_and_kept(shell) -> None:
    rows = [line.split(",") for line in EXPORT.splitlines()]
    with pd.ExcelWriter(shell.folder / "leads.xlsx") as book:
        for name in ("First", "Second"):
            pd.DataFrame(rows[1:], columns=rows[0]).to_excel(book, sheet_name=name, index=False)
    refused = shell("init", "leads.xlsx")
    assert refused.exit_code == 1
    assert "'First', 'Second' hold a table each" in refused.stderr
    assert shell("init", "leads.xlsx", "--sheet", "Second").exit_code == 0
    assert Schema.read(shell.folder / "leads.toml").sheet == "Second"


def test_thousands_are_asked_for_and_answered(shell) -> None:
    lines = EXPORT.splitlines()
    dotted = [f"{lines[0]},Employees", *(f"{line},{(i % 30) + 1}.200" for i, line in enumerate(lines[1:]))]
    (shell.folder / "leads.csv").write_text("\n".join(dotted))
    asked = shell("init", "leads.csv")
    assert asked.exit_code == 1
    assert "--role decimal=, (1200)" in asked.stderr
    assert shell("init", "leads.csv", "--role", "decimal:Employees=,").exit_code == 0
    feature = next(one for one in Schema.read(shell.folder / "leads.toml").features if one.name == "Employees")
    assert (feature.decimal, feature.thousands) == (",", ".")
