import csv
import json
import shutil
from dataclasses import replace

import pandas as pd
import pytest

from leadqual.bundle import Bundle
from leadqual.feedback import FeedbackStore, scored_table


@pytest.fixture
def folder(company, tmp_path):
    shutil.copy(company / "leads.csv", tmp_path / "leads.csv")
    shutil.copy(company / "models" / "leads.json", tmp_path / "b.json")
    with (tmp_path / "leads.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    name = Bundle.load(tmp_path / "b.json").id_field
    with (tmp_path / "crm.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["Id", "Touched", "Decision", "Decided", "Why", "Stage", "Closed", "Amount"])
        for number, row in enumerate(rows[:40]):
            won = number % 10 == 0
            decision = ["accepted", "2026-05-03", ""] if number % 2 else ["rejected", "2026-05-04", "no budget"]
            writer.writerow(
                [row[name], "2026-05-02", *decision, "Won" if won else "", "2026-05-20" if won else "", "900"]
            )
    return tmp_path


MAPPING = (
    *("--mapping", "lead=Id", "--mapping", "worked_at=Touched", "--mapping", "disposition=Decision"),
    *("--mapping", "disposition_at=Decided", "--mapping", "reason=Why", "--mapping", "outcome=Stage"),
    *("--mapping", "closed_at=Closed", "--mapping", "value=Amount"),
)


def test_scores_follow_up_and_outcomes_come_together(shell, folder):
    said = shell("feedback", "record", "b.json", "leads.csv", "--at", "2026-05-01")
    assert said.exit_code == 0, said.output
    assert "of the scores new" in said.stdout
    again = shell("feedback", "record", "b.json", "leads.csv", "--at", "2026-05-01")
    assert "0 of the scores new" in again.stdout
    first = shell("feedback", "import", "crm.csv", *MAPPING)
    assert first.stdout == "40 rows, 84 events, 84 of them new.\n"
    assert "0 of them new" in shell("feedback", "import", "crm.csv", *MAPPING).stdout
    status = json.loads(shell("feedback", "status", "--bundle", "b.json", "--json").stdout)
    assert sum(grade["won"] for grade in status["grades"]) == 4
    assert status["reasons"] == {"no budget": 20}
    shown = shell("feedback", "status", COLUMNS="100").stdout
    assert "Rejected for: no budget 20" in shown
    assert "by rank" in shown


def test_a_person_is_forgotten_and_scores_are_replayed(shell, folder):
    shell(
        "feedback", "record", "b.json", "leads.csv", "--at", "2026-05-01", "--picked", "random", "--propensity", "0.02"
    )
    with (folder / "leads.csv").open(encoding="utf-8-sig", newline="") as file:
        lead = next(csv.DictReader(file))[Bundle.load(folder / "b.json").id_field]
    assert shell("feedback", "forget", lead).stdout == "1 events have no name any more.\n"
    again = shell("feedback", "forget", lead)
    assert (again.exit_code, "no events of that lead" in again.stderr) == (1, True)
    assert lead not in again.stderr
    replayed = shell("feedback", "replay", "b.json")
    assert replayed.exit_code == 0
    assert "0 differ; 1 are of forgotten people" in replayed.stdout


def test_a_mapping_can_be_a_file(shell, folder):
    (folder / "m.toml").write_text('lead = "Id"\noutcome = "Stage"\nclosed_at = "Closed"\nwon = ["Won"]\n')
    found = json.loads(shell("feedback", "import", "crm.csv", "--mapping", "m.toml", "--json").stdout)
    assert (found["rows"], found["new"]) == (40, 4)


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("status",), "there is no feedback ledger"),
        (("forget", "x"), "there is no feedback ledger"),
        (("import", "crm.csv", "--mapping", "outcome=Stage"), "must name lead"),
        (("import", "crm.csv", "--mapping", "nothing.toml"), "NAME=COLUMN or a TOML file"),
        (("import", "crm.csv", "--mapping", "lead=Nope"), "lacks Nope"),
        (("record", "b.json", "leads.csv", "--id", "Nope"), "no column Nope"),
        (("record", "b.json", "leads.csv", "--at", "soon"), "time cannot be read"),
    ],
)
def test_bad_input_ends_in_one_sentence(shell, folder, arguments, why):
    said = shell("feedback", *arguments)
    assert said.exit_code == 1
    assert why in said.stderr.replace("\n", " ")
    assert "Traceback" not in said.output


def scored(folder, at, name="feedback.db"):
    """Record that all leads were scored at a time, and known to be at that time."""
    bundle, leads = Bundle.load(folder / "b.json"), pd.read_csv(folder / "leads.csv", dtype=str)
    with FeedbackStore(folder / name) as store:
        store.append(scored_table(bundle, leads, id_field=bundle.id_field, at=at), known_at=at)


def test_monitoring_says_what_to_do(shell, folder):
    scored(folder, "2026-05-01")
    said = shell("monitor", "b.json", "--as-of", "2026-05-10", "--html", "new/m.html", COLUMNS="100")
    assert said.exit_code == 0, said.output
    assert "900 leads scored" in said.stdout
    assert "To do: nothing." in said.stdout
    assert (folder / "new" / "m.html").read_text().startswith("<!doctype html>")
    report = json.loads(shell("monitor", "b.json", "--as-of", "2026-05-10", "--json").stdout)
    assert {finding["code"] for finding in report["findings"]} == {f"LQ{k}" for k in range(601, 611)}
    late = shell("monitor", "b.json", "--as-of", "2026-12-10", COLUMNS="100")
    assert "Probabilities no longer come true" in late.stdout  # none of them was recorded as won
    assert "Outcomes: none has ever come." in late.stdout
    assert "To do: look at the data source." in late.stdout
    assert late.exit_code == 1
    assert "remedy:" in late.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (("b.json", "--store", "none.db"), 1, "there is no feedback ledger none.db; record scores first"),
        (("b.json", "--store", "empty.db"), 1, "the ledger holds no scores; record some"),
        (("b.json", "--store", "leads.csv"), 1, "the feedback ledger cannot be opened"),
        (("b.json", "--as-of", "soon"), 2, "'soon' is no time; write it as 2026-05-01"),
        (("b.json", "--as-of", ""), 2, "'' is no time"),
        (("b.json", "--as-of", "2026-13-45"), 2, "is no time"),
        (("b.json", "--as-of", "2026-04-30"), 1, "no score by 2026-04-30, its first became known at 2026-05-01"),
        (("other.json", "--as-of", "2026-05-10"), 1, "knows 900 scored leads by 2026-05-10, none of them scored by"),
        (("cut.json",), 1, "The bundle is damaged"),
        (("none.json",), 1, "none.json cannot be read"),
        (("b.json", "--as-of", "2026-05-10", "--html", "."), 1, "Is a directory; name a file"),
    ],
)
def test_what_cannot_be_watched_ends_in_one_sentence(shell, folder, arguments, code, why):
    scored(folder, "2026-05-01")
    FeedbackStore(folder / "empty.db").close()
    text = (folder / "b.json").read_text("utf-8")
    (folder / "cut.json").write_text(text[: len(text) // 2], "utf-8")
    replace(Bundle.load(folder / "b.json"), base_rate=0.5, sign_offs=()).save(folder / "other.json")
    said = shell("monitor", *arguments)
    assert said.exit_code == code
    assert why in " ".join(said.stderr.split())
    assert said.stdout == ""
    assert "Traceback" not in said.output
