"""``leadqual review export --xlsx`` and ``import``: a workbook goes out and comes back as a proposal."""

import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import openpyxl
import pytest

from leadqual.agreement import PinBand, Proposal, SetCapacity
from leadqual.bundle import Bundle

HISTORY = ("--leads", "leads.csv", "--prior", "rules.toml")


@pytest.fixture
def folder(company, tmp_path):
    for name in ("leads.csv", "leads.toml", "rules.toml"):
        shutil.copy(company / name, tmp_path / name)
    shutil.copy(company / "models" / "leads.json", tmp_path / "b.json")
    return tmp_path


def test_a_workbook_goes_out_and_comes_back_as_a_proposal_that_is_priced(shell, folder):
    written = shell("review", "export", "b.json", *HISTORY, "--html", "r.html", "--xlsx", "r.xlsx", "--language", "zh")
    assert written.exit_code == 0, written.output
    assert [line.split(" (")[0] for line in written.stdout.splitlines()] == ["Wrote r.html", "Wrote r.xlsx"]
    assert '<html lang="zh">' in (folder / "r.html").read_text("utf-8")
    book = openpyxl.load_workbook(folder / "r.xlsx")
    field, band = book["Points"]["A3"].value, book["Points"]["B3"].value
    book["Points"]["K3"], book["Points"]["M3"] = 5, "too many students"
    book["Policy"]["D7"] = 0.1
    book.save(folder / "r.xlsx")
    refused = shell("review", "import", "r.xlsx", "b.json", "--out", "p.json")
    assert refused.exit_code == 1
    assert "2 cells that cannot be read: About!B4 must say who proposes; About!B5" in refused.stderr
    assert not (folder / "p.json").exists()
    book["About"]["B4"], book["About"]["B5"] = "Ana", "sales"
    book.save(folder / "r.xlsx")
    read = shell("review", "import", "r.xlsx", "b.json", "--out", "p.json")
    assert read.exit_code == 0, read.output
    assert f"{field}, {band}: 5 points (too many students)\ncapacity 10% of leads\n" in read.stdout
    assert "Wrote p.json with 2 edits." in read.stdout
    proposal = Proposal.load(folder / "p.json")
    assert proposal.bundle == Bundle.load(folder / "b.json").digest
    assert [edit.change for edit in proposal.edits] == [PinBand(field, band, 5), SetCapacity(share=0.1)]
    assert {(edit.author, edit.role) for edit in proposal.edits} == {("Ana", "sales")}
    priced = shell("agreement", "price", "b.json", "p.json", *HISTORY, COLUMNS="100")
    assert priced.exit_code == 0, priced.output
    assert "wins per quarter" in priced.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (("export", "b.json", *HISTORY), 2, "name a file with --html, --xlsx or both"),
        (("export", "b.json", *HISTORY, "--xlsx", "r.xls"), 2, "r.xls must be named .xlsx"),
        (("import", "b.json", "b.json", "--out", "p.json"), 1, "b.json is not named .xlsx"),
        (("import", "none.xlsx", "b.json", "--out", "p.json"), 1, "cannot be read (FileNotFoundError)"),
        (("import", "none.xlsx", "none.json", "--out", "p.json"), 1, "none.json cannot be read"),
        (("import", "none.xlsx", "b.json"), 2, "--out"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(shell, folder, arguments, code, said):
    result = shell("review", *arguments)
    assert result.exit_code == code
    assert said in result.stderr
    assert "Traceback" not in result.output
    assert sorted(path.name for path in folder.iterdir()) == ["b.json", "leads.csv", "leads.toml", "rules.toml"]


def test_a_missing_package_is_named_before_the_work(shell, folder, monkeypatch):
    monkeypatch.setattr("leadqual.cli.options.find_spec", lambda name: None if name == "openpyxl" else object())
    for arguments in (("export", "b.json", *HISTORY, "--xlsx", "r.xlsx"), ("import", "r.xlsx", "b.json", "--out", "p")):
        refused = shell("review", *arguments)
        assert refused.exit_code == 1
        assert "the workbook needs openpyxl" in refused.stderr
        assert 'pip install "leadqual[review]"' in refused.stderr
    page = shell("review", "export", "b.json", *HISTORY, "--html", "r.html")
    assert page.exit_code == 0, page.output


def test_people_are_invited_and_their_links_end(shell, tmp_path, monkeypatch):
    said = shell("review", "invite", "--name", "Ana", "--role", "sales", "--at", "https://review.example/")
    assert said.exit_code == 0, said.output
    assert said.stdout.startswith("https://review.example/enter#")
    assert "whoever has it speaks for sales" in said.stderr.replace("\n", " ")
    assert said.stdout.split("#")[1].strip() not in shell("agreement", "log", "--json").stdout
    assert shell("review", "revoke", "--name", "Ana").stdout == "Ended 1 link.\n"
    assert "nobody of that name" in shell("review", "revoke", "--name", "Cai").stderr


@pytest.mark.slow
def test_a_review_is_served_to_those_who_were_invited_alone(company, tmp_path):
    for name in ("leads.csv", "leads.toml", "rules.toml"):
        shutil.copy(company / name, tmp_path / name)
    shutil.copy(company / "models" / "leads.json", tmp_path / "b.json")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("leadqual"), "review", "serve", "b.json", "--leads", "leads.csv"]
    command += ["--prior", "rules.toml", "--port", str(port)]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True) as process:
        assert f"http://127.0.0.1:{port}" in process.stdout.readline()
        assert answer(f"http://127.0.0.1:{port}/state") == 401
        process.send_signal(signal.SIGINT)
        process.stdout.read()


def answer(url):
    """Return the status of an answer, once there is one."""
    for _ in range(3000):
        try:
            with urllib.request.urlopen(url, timeout=300) as said:  # noqa: S310
                return said.status
        except urllib.error.HTTPError as error:
            error.close()
            return error.code
        except OSError:
            time.sleep(0.1)
    return None
