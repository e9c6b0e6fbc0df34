import json
import shutil
import sqlite3

import pytest

from leadqual.agreement import CapBand, Edit, Proposal, SetCapacity
from leadqual.agreement.difference import difference
from leadqual.bundle import Bundle


@pytest.fixture
def folder(company, tmp_path):
    for name in ("leads.csv", "leads.toml", "rules.toml"):
        shutil.copy(company / name, tmp_path / name)
    shutil.copy(company / "models" / "leads.json", tmp_path / "b.json")
    return tmp_path


@pytest.fixture
def proposal(folder):
    bundle = Bundle.load(folder / "b.json")
    field = max(bundle.points_table.fields, key=lambda f: max(band.points for band in f.bands))
    band = max(field.bands, key=lambda band: band.points)
    edits = (
        Edit(CapBand(field.name, band.label, at_most=5), "Ana", "sales", "too many students"),
        Edit(SetCapacity(share=0.1), "Ben", "marketing"),
    )
    path = folder / "p.json"
    return Proposal(bundle.digest, edits).save(path)


def opened_by(words):
    return {"LEADQUAL_PASSPHRASE": words}


SESAME = opened_by("open sesame")
HISTORY = ("--leads", "leads.csv", "--prior", "rules.toml")


def sign(shell, name, role, *more, bundle="b.json", **env):
    return shell("agreement", "sign", bundle, "--name", name, "--role", role, *more, **env)


def test_two_teams_sign_and_it_holds(shell, folder):
    before = shell("agreement", "status", "b.json")
    assert before.exit_code == 1
    assert "marketing: has not signed" in before.stdout
    assert sign(shell, "Ana", "sales", "--comment", "fine by us").exit_code == 0
    assert "sales: signed by Ana" in shell("agreement", "status", "b.json").stdout
    second = sign(shell, "Ben", "marketing")
    assert "it holds." in second.stdout
    after = shell("agreement", "status", "b.json", "--json")
    assert after.exit_code == 0
    assert json.loads(after.stdout)["holds"]
    assert len(Bundle.load(folder / "b.json").sign_offs) == 2
    log = shell("agreement", "log").stdout
    assert "Ana signed" in log
    assert '"fine by us"' in log
    verified = shell("agreement", "verify")
    assert (verified.exit_code, "3 entries, none changed" in verified.stdout) == (0, True)


def test_the_same_person_or_role_is_refused(shell, folder):
    sign(shell, "Ana", "sales")
    assert "sales has signed these points already" in sign(shell, "Cai", "sales").stderr
    again = sign(shell, "Ana", "marketing")
    assert again.exit_code == 1
    assert "the same person has signed for sales" in again.stderr


def test_a_proposal_is_priced_applied_and_unsigned(shell, folder, proposal):
    priced = shell("agreement", "price", "b.json", "p.json", *HISTORY, COLUMNS="100")
    assert priced.exit_code == 0, priced.output
    assert "wins per quarter" in priced.stdout
    assert "leads change grade" in priced.stdout.replace("\n", " ")
    plain = json.loads(shell("agreement", "price", "b.json", "p.json", *HISTORY, "--by", "refit", "--json").stdout)
    assert plain["by"] == "refit"
    assert {one["name"] for one in plain["measures"]} >= {"log_loss", "wins_at_capacity"}
    sign(shell, "Ana", "sales")
    sign(shell, "Ben", "marketing")
    applied = shell("agreement", "apply", "b.json", "p.json", *HISTORY, "--out", "new.json")
    assert applied.exit_code == 0, applied.output
    moved = difference(Bundle.load(folder / "b.json"), Bundle.load(folder / "new.json")).thresholds
    assert moved
    assert all(f"{one.name}: {one.before} to {one.after}" in applied.stdout for one in moved)
    status = shell("agreement", "status", "new.json")
    assert status.exit_code == 1
    assert "version 2" in status.stdout
    assert "void: Ana for sales" in status.stdout
    diff = shell("agreement", "diff", "b.json", "new.json", "--leads", "leads.csv", COLUMNS="120")
    assert "other points" in diff.stdout
    assert "capacity: 20% of leads to 10% of leads" in diff.stdout
    assert "Leads that change grade, of 900" in diff.stdout
    assert json.loads(shell("agreement", "diff", "b.json", "new.json", "--json").stdout)["leads"] is None


def test_nothing_differs_from_itself(shell, folder):
    assert "The same fields" in shell("agreement", "diff", "b.json", "b.json").stdout


def test_a_tampered_ledger_is_found(shell, folder):
    said = sign(shell, "Ana", "sales").stdout
    head = said.split("ends with ")[1].split(";")[0]
    assert shell("agreement", "verify", "--head", head).exit_code == 0
    with sqlite3.connect(folder / "agreement.db") as connection:
        connection.execute("DROP TRIGGER leadqual_agreement_no_delete")
        connection.execute("DELETE FROM leadqual_agreement_entry WHERE number = 2")
    connection.close()
    assert shell("agreement", "verify").exit_code == 0
    cut = shell("agreement", "verify", "--head", head)
    assert cut.exit_code == 1
    assert "an entry that is gone" in cut.stdout


def test_keys_are_made_once_and_sign(shell, folder):
    made = shell("agreement", "keygen", "ana", **SESAME)
    assert made.exit_code == 0
    assert (folder / "ana.key").stat().st_mode & 0o077 == 0
    assert "keys are never overwritten" in shell("agreement", "keygen", "ana", **opened_by("x")).stderr
    assert sign(shell, "Ana", "sales", "--key", "ana.key", **opened_by("wrong")).exit_code == 1
    assert sign(shell, "Ana", "sales", "--key", "ana.key", **SESAME).exit_code == 0
    assert "with a key" in shell("agreement", "status", "b.json", "--role", "sales").stdout
    unlocked = shell("agreement", "keygen", "ben", **opened_by(""))
    assert "not locked" in unlocked.stderr
    assert sign(shell, "Ben", "marketing", "--key", "ben.key").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("log",), "there is no ledger agreement.db"),
        (("verify", "--ledger", "none.db"), "there is no ledger none.db"),
        (("status", "none.json"), "none.json cannot be read"),
        (("price", "b.json", "none.json", *HISTORY), "none.json cannot be read as a proposal"),
        (("price", "b.json", "b.json", *HISTORY), "a proposal must be a JSON object with"),
        (("sign", "b.json", "--name", "", "--role", "sales"), "must have a name and a role"),
        (("sign", "b.json", "--name", "A", "--role", "sales", "--key", "none.key"), "none.key: No such file"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(shell, folder, arguments, said):
    result = shell("agreement", *arguments)
    assert result.exit_code == 1
    assert said in result.stderr
    assert "Traceback" not in result.output


def test_wrong_usage_is_wrong_usage(shell, folder):
    assert shell("agreement", "price", "b.json", "p.json").exit_code == 2
    assert shell("agreement", "sign", "b.json").exit_code == 2


def test_weights_are_explained(shell, folder):
    shown = shell("agreement", "weights", "b.json", *HISTORY, COLUMNS="120")
    assert shown.exit_code == 0, shown.output
    assert "Without it: log loss, " in shown.stdout
    assert "adds +" not in shown.stdout
    assert "in fifths of time" in shown.stdout
    rows = json.loads(shell("agreement", "weights", "b.json", *HISTORY, "--json").stdout)
    assert {"field", "band", "points", "win_rate", "adds_wins"} <= set(rows[0])


def test_the_review_page_is_one_file(shell, folder):
    written = shell("review", "export", "b.json", *HISTORY, "--html", "review.html", "--language", "zh")
    assert written.exit_code == 0, written.output
    assert "it needs no network" in written.stdout
    page = (folder / "review.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert '<html lang="zh">' in page
    assert shell("review", "export", "b.json", *HISTORY).exit_code == 2
    assert shell("review", "export", "none.json", *HISTORY, "--html", "x.html").exit_code == 1


def test_a_page_that_cannot_be_drawn_is_refused_before_the_work(shell, folder, monkeypatch):
    monkeypatch.setattr("leadqual.cli.options.find_spec", lambda _: None)
    refused = shell("review", "export", "b.json", *HISTORY, "--html", "review.html")
    assert refused.exit_code == 1
    assert "the review page needs jinja2" in refused.stderr
    assert 'pip install "leadqual[agreement]"' in refused.stderr
    assert not (folder / "review.html").exists()
