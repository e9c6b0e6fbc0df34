import csv
import json
import shutil
import sqlite3
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
    assert "Picked no 900" in shown


def test_a_person_is_forgotten_and_scores_are_replayed(shell, folder):
    shell(
        "feedback", "record", "b.json", "leads.csv", "--at", "2026-05-01", "--picked", "random", "--propensity", "0.02"
    )
    with (folder / "leads.csv").open(encoding="utf-8-sig", newline="") as file:
        lead = next(csv.DictReader(file))[Bundle.load(folder / "b.json").id_field]
    assert shell("feedback", "forget", lead).stdout == "1 event has no name any more.\n"
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


BASIC = ("--mapping", "lead=Id", "--mapping", "outcome=Stage", "--mapping", "closed_at=Closed")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_an_export_is_read_however_it_was_saved(shell, folder, encoding, mark):
    rows = [["Id", "Stage", "Grund", "Closed"], ["1", "Won", "K\xe4ufer", "2026-05-01"], ["2", "", "", ""]]
    (folder / "x.csv").write_text("\r\n".join(mark.join(row) for row in rows), encoding)
    said = shell("feedback", "import", "x.csv", *BASIC, "--mapping", "disposition=Stage", "--mapping",
                 "disposition_at=Closed", "--mapping", "rejected=won", "--mapping", "reason=Grund")  # fmt: skip
    assert said.stdout == "2 rows, 2 events, 2 of them new.\n"
    assert ("read as Windows-1252" in said.stderr) == (encoding == "cp1252")
    with FeedbackStore(folder / "feedback.db") as store:
        assert [event.content["reason"] for event in store.events(kinds=["rejected"])] == ["K\xe4ufer"]


def test_a_header_alone_says_nothing_and_nothing_at_all_is_refused(shell, folder):
    (folder / "x.csv").write_text("Id,Stage,Closed\n")
    assert shell("feedback", "import", "x.csv", *BASIC).stdout == "0 rows, 0 events, 0 of them new.\n"
    (folder / "x.csv").write_text("")
    said = shell("feedback", "import", "x.csv", *BASIC)
    assert (said.exit_code, "the file is empty" in said.stderr) == (1, True)


def test_reasons_that_people_typed_become_other_if_one_says_so(shell, folder):
    rows = "".join(f"{i},rejected,2026-05-01,Secret {i}\n" for i in range(12))
    (folder / "x.csv").write_text(f"Id,Is,At,Why\n{rows}")
    mapping = ("--mapping", "lead=Id", "--mapping", "disposition=Is", "--mapping", "disposition_at=At",
               "--mapping", "reason=Why")  # fmt: skip
    said = shell("feedback", "import", "x.csv", *mapping, COLUMNS="300")
    assert "note 12 reasons that look like free text" in said.stderr
    said = shell("feedback", "import", "x.csv", *mapping, "--reasons-as-other", "--json")
    assert json.loads(said.stdout)["new"] == 12  # the same decisions, with a reason now
    with FeedbackStore(folder / "feedback.db") as store:
        assert {event.content.get("reason") for event in store.events()} == {None, "other"}
    assert "Secret" not in said.output


def test_each_lead_may_say_why_it_was_picked_and_by_what_chance(shell, folder):
    table = pd.read_csv(folder / "leads.csv", dtype="str")
    table["Why"] = [["rank", "Random", "", "none", "override"][i % 5] for i in range(len(table))]
    table["Chance"] = ["0.05" if why == "Random" else None for why in table["Why"]]
    table.to_csv(folder / "picked.csv", index=False)
    columns = ("--picked-column", "Why", "--propensity-column", "Chance")
    said = shell("feedback", "record", "b.json", "picked.csv", *columns)
    assert said.exit_code == 0, said.output
    with FeedbackStore(folder / "feedback.db") as store:
        found = [(event.content["picked"], event.content.get("propensity")) for event in store.events()]
    once = [("rank", None), ("random", 0.05), ("", None), ("", None), ("override", None)]
    assert found == [once[i % 5] for i in range(len(table))]


def test_a_lead_that_was_never_seen_is_kept_out(shell, folder):
    FeedbackStore(folder / "feedback.db").close()
    refused = shell("feedback", "forget", "L-9")
    assert (refused.exit_code, "unseen" in refused.stderr) == (1, True)
    assert shell("feedback", "forget", "L-9", "--unseen").stdout == "The lead is kept out from now on.\n"
    (folder / "x.csv").write_text("Id,Stage,Closed\nL-9,Won,2026-05-01\n")
    assert "0 of them new" in shell("feedback", "import", "x.csv", *BASIC).stdout
    assert "backups" in shell("feedback", "forget", "--help").stdout


@pytest.mark.parametrize(
    ("arguments", "code", "why"),
    [
        (("status",), 1, "there is no feedback ledger"),
        (("status", "--store", "sqlite:///none.db"), 1, "there is no feedback ledger none.db"),
        (("status", "--store", "."), 1, "cannot be opened"),
        (("status", "--store", "leads.csv"), 1, "cannot be opened"),
        (("status", "--store", "new.db"), 1, "newer leadqual"),
        (("status", "--store", "old.db", "--as-of", "soon"), 2, "is no time"),
        (("status", "--store", "old.db", "--bundle", "none.json"), 1, "none.json cannot be read"),
        (("forget", "x"), 1, "there is no feedback ledger"),
        (("forget", "x", "--store", "new.db"), 1, "newer leadqual"),
        (("import", "none.csv", *BASIC), 1, "there is no file none.csv"),
        (("import", ".", *BASIC), 1, "cannot be opened"),
        (("import", "crm.csv", *BASIC, "--store", "nonsense://x"), 1, "URL cannot be read"),
        (("import", "crm.csv", *BASIC, "--store", "new.db"), 1, "newer leadqual"),
        (("import", "crm.csv", *BASIC, "--known-at", "soon"), 1, "time cannot be read"),
        (("import", "crm.csv", "--mapping", "outcome=Stage"), 1, "must name lead"),
        (("import", "crm.csv", "--mapping", "lead="), 1, "is an empty text"),
        (("import", "crm.csv", "--mapping", "nothing.toml"), 1, "NAME=COLUMN or a TOML file"),
        (("import", "crm.csv", "--mapping", "."), 1, "NAME=COLUMN or a TOML file"),
        (("import", "crm.csv", "--mapping", "leads.csv"), 1, "NAME=COLUMN or a TOML file"),
        (("import", "crm.csv", "--mapping", "number.toml"), 1, "lead must be a text that is not empty, and is a num"),
        (("import", "crm.csv", "--mapping", "lead=Nope"), 1, "lacks Nope"),
        (("record", "b.json", "none.csv"), 1, "there is no file none.csv"),
        (("record", "none.json", "leads.csv"), 1, "none.json cannot be read"),
        (("record", "b.json", "leads.csv", "--id", "Nope"), 1, "no column Nope"),
        (("record", "b.json", "leads.csv", "--at", "soon"), 1, "time cannot be read"),
        (("record", "b.json", "leads.csv", "--picked", "random"), 1, "must come with the chance"),
        (("record", "b.json", "leads.csv", "--picked-column", "Nope"), 1, "no column Nope"),
        (("record", "b.json", "leads.csv", "--picked", "rank", "--picked-column", "Need"), 2, "say the same"),
        (("record", "b.json", "leads.csv", "--picked-column", "Company"), 1, "values that are not rank, random"),
        (("record", "b.json", "leads.csv", "--propensity-column", "Company"), 1, "values that are no number above 0"),
    ],
)
def test_bad_input_ends_in_one_sentence(shell, folder, arguments, code, why):
    FeedbackStore(folder / "old.db").close()
    with FeedbackStore(folder / "new.db") as store, store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE leadqual_feedback_version SET version_num = '9999'")
    (folder / "number.toml").write_text("lead = 7\n")
    said = shell("feedback", *arguments)
    assert said.exit_code == code
    assert why in said.stderr.replace("\n", " ")
    assert "Traceback" not in said.output
    assert "Company 0" not in said.output  # no lead's values


def test_a_ledger_that_someone_keeps_is_said(shell, folder, monkeypatch):
    monkeypatch.setattr("leadqual.database.connecting.BUSY_SECONDS", 0)
    monkeypatch.setattr("leadqual.database.database._OPENING_SECONDS", 0)
    FeedbackStore(folder / "feedback.db").close()
    other = sqlite3.connect(folder / "feedback.db", isolation_level=None)
    other.execute("PRAGMA journal_mode=DELETE")
    other.execute("BEGIN EXCLUSIVE")
    for arguments in (("status",), ("forget", "x"), ("import", "crm.csv", *BASIC), ("record", "b.json", "leads.csv")):
        said = shell("feedback", *arguments)
        assert (said.exit_code, "locked by someone else; let them finish" in said.stderr.replace("\n", " ")) == (
            1,
            True,
        )
        assert "Traceback" not in said.output
    other.close()


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
    assert "To do: nothing; " in said.stdout
    assert "checks have too little to go on yet." in said.stdout
    assert (folder / "new" / "m.html").read_text().startswith("<!doctype html>")
    report = json.loads(shell("monitor", "b.json", "--as-of", "2026-05-10", "--json").stdout)
    assert {finding["code"] for finding in report["findings"]} == {f"LQ{k}" for k in range(601, 611)}
    late = shell("monitor", "b.json", "--as-of", "2026-12-10", COLUMNS="100")
    assert "Miscalibrated since about week" in late.stdout  # none of them was recorded as won
    assert "No outcome has ever come." in late.stdout
    assert "To do: look at the data source, before anything is learned from it." in late.stdout
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


def test_how_an_export_is_read_may_be_said_in_the_mapping(shell, folder):
    shell("feedback", "record", "b.json", "leads.csv", "--at", "2026-01-01")
    table = pd.read_csv(folder / "crm.csv", dtype=str, keep_default_na=False)
    table["Touched"], table["Decided"] = "02/05/2026", "03/05/2026"
    table["Closed"] = table["Closed"].where(table["Closed"] == "", "04/05/2026")
    table["Amount"], table["Stage"] = "1.200", table["Stage"].replace("Won", "Выиграно")
    table.to_csv(folder / "crm.csv", index=False, encoding="cp1251")
    asked = shell("feedback", "import", "crm.csv", *MAPPING, "--mapping", "won=Выиграно")
    assert asked.exit_code == 1
    assert "--mapping day_first=true" in asked.stderr
    asked = shell("feedback", "import", "crm.csv", *MAPPING, "--mapping", "won=Выиграно", "--mapping", "day_first=true")
    assert asked.exit_code == 1
    assert "--mapping decimal=, (1200)" in asked.stderr
    (folder / "reading.toml").write_text(
        'won = "Выиграно"\n[reading]\nencoding = "windows-1251"\nday_first = true\ndecimal = ","\nthousands = "."\n',
        "utf-8",
    )
    said = shell("feedback", "import", "crm.csv", *MAPPING, "--mapping", "reading.toml")
    assert said.exit_code == 0, said.output
    with FeedbackStore(folder / "feedback.db") as book:
        won = list(book.events(kinds=["won"]))
    assert {event.content["value"] for event in won} == {1200.0}
    assert {str(event.at)[:10] for event in won} == {"2026-05-04"}
