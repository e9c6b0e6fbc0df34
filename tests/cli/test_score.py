"""``leadqual score`` writes for every lead what the scorer says, whatever the format and the chunk."""

import csv
import gzip
import io
import json
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from leadqual.cli.scored_file import COLUMNS
from leadqual.leads import read_table
from leadqual.scorer import Scorer


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.fixture
def model(company: Path) -> Path:
    return company / "models" / "leads.json"


def test_every_row_is_what_the_scorer_says_of_that_lead(company: Path, model: Path, shell) -> None:
    result = shell("score", model, company / "leads.csv", "--out", "scored.csv")
    assert result.exit_code == 0, result.stderr
    written = rows((shell.folder / "scored.csv").read_text("utf-8"))
    scorer, leads = Scorer.load(model), rows((company / "leads.csv").read_text("utf-8"))
    assert list(written[0]) == list(COLUMNS)
    assert len(written) == len(leads) == 900
    for row, lead in zip(written, leads, strict=True):
        score = scorer.score_one(lead)
        hours = "" if score.follow_up_hours is None else str(score.follow_up_hours)
        assert row == {
            "id": lead["Lead ID"],
            "points": str(score.points),
            "score": str(score.score),
            "probability": str(score.probability),
            "low": str(score.low),
            "high": str(score.high),
            "grade": score.grade,
            "qualification": score.qualification,
            "follow_up_hours": hours,
            "reasons_for": "; ".join(map(str, score.reasons_for[:3])),
            "reasons_against": "; ".join(map(str, score.reasons_against[:3])),
            "notes": " | ".join(score.notes),
        }
    grades = pd.Series([row["grade"] for row in written]).value_counts()
    for name, count in grades.items():
        assert f"{count:,} {name}" in result.stdout


def test_chunks_parquet_gzip_and_streams_all_give_the_same(company: Path, model: Path, shell) -> None:
    assert shell("score", model, company / "leads.csv", "--out", "whole.csv").exit_code == 0
    whole = (shell.folder / "whole.csv").read_bytes()
    assert shell("score", model, company / "leads.csv", "--out", "chunks.csv", "--rows", 200).exit_code == 0
    assert (shell.folder / "chunks.csv").read_bytes() == whole
    (shell.folder / "leads.csv.gz").write_bytes(gzip.compress((company / "leads.csv").read_bytes()))
    assert shell("score", model, "leads.csv.gz", "--out", "gzipped.csv").exit_code == 0
    assert (shell.folder / "gzipped.csv").read_bytes() == whole
    read_table(company / "leads.csv").to_parquet(shell.folder / "leads.parquet")
    assert shell("score", model, "leads.parquet", "--out", "scored.parquet", "--rows", 100).exit_code == 0
    scored = pd.read_parquet(shell.folder / "scored.parquet")
    assert scored["points"].dtype == "int64"
    expected = pd.read_csv(shell.folder / "whole.csv", keep_default_na=False, dtype=str)
    for column in ("id", "grade", "qualification", "reasons_for", "reasons_against", "notes"):
        assert scored[column].tolist() == expected[column].tolist()
    assert scored["probability"].tolist() == [float(value) for value in expected["probability"]]
    assert scored["follow_up_hours"].isna().tolist() == (expected["follow_up_hours"] == "").tolist()
    streamed = shell("score", model, "-", "--out", "-", input=(company / "leads.csv").read_bytes())
    assert streamed.exit_code == 0
    assert streamed.stdout_bytes == whole
    assert streamed.stderr.startswith("Scored 900 leads: ")


def test_it_works_in_a_pipe(company: Path, model: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", "from leadqual.cli import main; main()", "score", str(model), "-", "--out", "-"],
        input=(company / "leads.csv").read_bytes(),
        capture_output=True,
    )
    assert run.returncode == 0, run.stderr
    assert len(rows(run.stdout.decode())) == 900
    assert run.stderr.decode().count("\n") == 1


def test_the_reader_of_a_pipe_may_stop_early(company: Path, model: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", "from leadqual.cli import main; main()", "score", str(model), "-", "--out", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as run:
        assert run.stdin is not None
        assert run.stdout is not None
        assert run.stderr is not None
        run.stdout.close()
        run.stdin.write((company / "leads.csv").read_bytes())
        run.stdin.close()
        assert b"Traceback" not in run.stderr.read()
        assert run.wait() == 1


def test_json_counts_for_scripts(company: Path, model: Path, shell) -> None:
    told = json.loads(shell("score", model, company / "leads.csv", "--out", "a.csv", "--json").stdout)
    written = rows((shell.folder / "a.csv").read_text("utf-8"))
    assert (told["leads"], told["out"], told["absent_fields"]) == (900, "a.csv", [])
    for name in "ABCD":
        assert told["grades"][name] == sum(row["grade"] == name for row in written)
    for name in ("SQL", "MQL", "none"):
        assert told["qualifications"][name] == sum(row["qualification"] == name for row in written)
    assert told["with_notes"] == sum(row["notes"] != "" for row in written)
    aside = shell("score", model, company / "leads.csv", "--out", "-", "--json")
    assert json.loads(aside.stderr)["grades"] == told["grades"]
    assert rows(aside.stdout) == written


def test_fewer_reasons_and_none(company: Path, model: Path, shell) -> None:
    assert shell("score", model, company / "leads.csv", "--out", "a.csv", "--reasons", 0).exit_code == 0
    assert {row["reasons_for"] for row in rows((shell.folder / "a.csv").read_text("utf-8"))} == {""}


def test_leads_without_ids_and_without_some_fields_are_scored_and_it_says_so(company: Path, model: Path, shell) -> None:
    table = read_table(company / "leads.csv").drop(columns=["Lead ID", "Need"])
    table.to_csv(shell.folder / "leads.csv", index=False)
    result = shell("score", model, "leads.csv", "--out", "a.csv", "--rows", 400)
    assert result.exit_code == 0
    said = " ".join(result.stderr.split())
    assert "1 scored fields are not in the leads and count as missing: Need." in said
    assert "id is the row number, from 1" in said
    written = rows((shell.folder / "a.csv").read_text("utf-8"))
    assert [row["id"] for row in written] == [str(i) for i in range(1, 901)]
    assert all("Need" in row["notes"] for row in written)


def test_leads_of_another_kind_are_refused_and_nothing_is_written(company: Path, model: Path, shell) -> None:
    (shell.folder / "scored.csv").write_text("what was there before")
    result = shell("score", model, company / "truth.csv", "--out", "scored.csv")
    assert result.exit_code == 1
    assert "the leads have none of the" in result.stderr
    assert (shell.folder / "scored.csv").read_text() == "what was there before"
    assert [path.name for path in shell.folder.iterdir()] == ["scored.csv"]


def test_damage_half_way_leaves_no_half_written_file(company: Path, model: Path, shell) -> None:
    text = (company / "leads.csv").read_text("utf-8").splitlines(keepends=True)
    (shell.folder / "broken.csv").write_text("".join([*text[:500], "," * 60, "\n", *text[500:]]), "utf-8")
    result = shell("score", model, "broken.csv", "--out", "scored.csv", "--rows", 100)
    assert result.exit_code == 1
    assert "row 501" in result.stderr
    assert result.stderr.count("\n") == 1
    assert [path.name for path in shell.folder.iterdir()] == ["broken.csv"]


@pytest.mark.parametrize("out", ["scored.xlsx", "scored", "scored.CSV.txt"])
def test_another_suffix_is_wrong_usage(company: Path, model: Path, shell, out: str) -> None:
    result = shell("score", model, company / "leads.csv", "--out", out)
    assert result.exit_code == 2
    assert ".csv or .parquet" in result.stderr


def test_a_place_where_nothing_can_be_written_is_refused(company: Path, model: Path, shell) -> None:
    (shell.folder / "taken").write_text("")
    result = shell("score", model, company / "leads.csv", "--out", "taken/scored.csv")
    assert result.exit_code == 1
    assert "name a file that you may read or write" in result.stderr


def test_a_damaged_bundle_is_refused(company: Path, model: Path, shell) -> None:
    (shell.folder / "cut.json").write_text(model.read_text("utf-8")[:-500], "utf-8")
    result = shell("score", "cut.json", company / "leads.csv", "--out", "a.csv")
    assert result.exit_code == 1
    assert result.stderr.startswith("leadqual: cut.json")
    assert not (shell.folder / "a.csv").exists()


def test_an_export_with_a_header_only_gives_a_header_only(company: Path, model: Path, shell) -> None:
    header = (company / "leads.csv").read_text("utf-8").splitlines()[0]
    (shell.folder / "none.csv").write_text(header + "\n")
    result = shell("score", model, "none.csv", "--out", "a.csv")
    assert result.exit_code == 0
    assert (shell.folder / "a.csv").read_text() == ",".join(COLUMNS) + "\n"
    assert "Scored 0 leads" in result.stdout


def test_leads_that_lack_most_columns_stop_it_and_partial_goes_on(company: Path, model: Path, shell) -> None:
    table = read_table(company / "leads.csv")
    names = Scorer.load(model).bundle.points_table.names
    few = names[: (len(names) - 1) // 2]
    lost = names[-1]
    table[["Lead ID", *few]].assign(**{lost + "s": "x"}).to_csv(shell.folder / "leads.csv", index=False)
    result = shell("score", model, "leads.csv", "--out", "a.csv")
    assert result.exit_code == 1
    said = " ".join(result.stderr.split())
    assert f'{lost} (the leads have "{lost}s")' in said
    assert "--partial" in said
    assert not (shell.folder / "a.csv").exists()
    assert shell("score", model, "leads.csv", "--out", "a.csv", "--partial").exit_code == 0
    assert len(rows((shell.folder / "a.csv").read_text("utf-8"))) == 900


def test_columns_of_another_spelling_are_read_and_named(company: Path, model: Path, shell) -> None:
    table = read_table(company / "leads.csv")
    table.columns = [name.upper().replace(" ", "_") for name in table.columns]
    table.to_csv(shell.folder / "leads.csv", index=False, encoding="utf-8-sig")
    assert shell("score", model, company / "leads.csv", "--out", "a.csv").exit_code == 0
    result = shell("score", model, "leads.csv", "--out", "b.csv", "--json")
    assert result.exit_code == 0, result.stderr
    told = json.loads(result.stdout)
    assert told["absent_fields"] == []
    assert told["read_from"]["Need"] == "NEED"
    before, after = (rows((shell.folder / name).read_text("utf-8")) for name in ("a.csv", "b.csv"))
    for key in ("id", "points", "grade", "reasons_for"):
        assert [row[key] for row in after] == [row[key] for row in before]
    assert all('Need: read from "NEED"' in row["notes"] for row in after)


def test_leads_of_another_company_are_said_to_be_unlike_those_of_training(company: Path, model: Path, shell) -> None:
    table = read_table(company / "leads.csv").assign(Need="something else")
    table.to_csv(shell.folder / "leads.csv", index=False)
    result = shell("score", model, "leads.csv", "--out", "a.csv", "--json", "--rows", 400)
    assert json.loads(result.stdout)["unlike_training"] == {"Need": 900}
    assert "Need (900 of 900)" in " ".join(result.stderr.split())
    usual = shell("score", model, company / "leads.csv", "--out", "b.csv", "--json")
    assert json.loads(usual.stdout)["unlike_training"] == {}


def test_no_spreadsheet_runs_what_is_written_and_ids_are_read_back(company: Path, model: Path, shell) -> None:
    from leadqual.feedback.lead_ids import read_lead_ids

    ids = ["=1+1", "-L7", "+x", "@y", "-7", "L-8"]
    table = read_table(company / "leads.csv").head(6).assign(**{"Lead ID": ids})
    table.to_parquet(shell.folder / "leads.parquet")
    for out in ("a.csv", "a.parquet"):
        assert shell("score", model, "leads.parquet", "--out", out).exit_code == 0
    written = rows((shell.folder / "a.csv").read_text("utf-8"))
    assert [row["id"] for row in written] == ["'=1+1", "'-L7", "'+x", "'@y", "-7", "L-8"]
    assert pd.read_parquet(shell.folder / "a.parquet")["id"].tolist() == ids
    assert list(read_lead_ids(read_table(shell.folder / "a.csv")["id"]).texts) == ids


def test_a_workbook_and_another_encoding_are_scored_and_what_was_found_is_said(
    company: Path, model: Path, shell
) -> None:
    assert shell("score", model, company / "leads.csv", "--out", "whole.csv").exit_code == 0
    whole = (shell.folder / "whole.csv").read_bytes()
    table = pd.read_csv(company / "leads.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig")
    table.to_excel(shell.folder / "leads.xlsx", index=False)
    assert shell("score", model, "leads.xlsx", "--out", "excel.csv").exit_code == 0
    assert (shell.folder / "excel.csv").read_bytes() == whole
    table.assign(Company="Łódź Świętokrzyskie żółć").to_csv(shell.folder / "polish.csv", index=False, encoding="cp1250")
    result = shell("score", model, "polish.csv", "--out", "polish-scored.csv")
    assert "read as Windows-1250" in " ".join(result.stderr.split())
    assert (shell.folder / "polish-scored.csv").read_bytes() == whole
    said = shell("score", model, "polish.csv", "--out", "said.csv", "--encoding", "windows-1250")
    assert "Windows" not in said.stderr
    wrong = shell("score", model, "polish.csv", "--out", "wrong.csv", "--encoding", "utf-8")
    assert wrong.exit_code == 1
    assert not (shell.folder / "wrong.csv").exists()
