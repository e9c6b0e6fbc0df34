import os
import sqlite3
import stat
import subprocess
import sys

import pytest
import sqlalchemy

from benchmarks.attack_ledgers import problems_of_threads
from leadqual.agreement import Ledger
from leadqual.database import new_file
from leadqual.errors import AgreementError, FeedbackError
from leadqual.feedback import Event, FeedbackStore

NOW = "2026-06-01T00:00:00Z"
LONG = 300  # seconds after which something hangs; what is awaited takes a few


def said_by_opening(opening, url):
    ledger, refusal = opening
    with pytest.raises(refusal) as told:
        ledger(url).close()
    return str(told.value)


def test_threads_that_open_a_new_ledger_together_all_use_it(url):
    """They shared alembic's global op, which ended the process or left a ruined file."""
    assert problems_of_threads(url) == []
    with FeedbackStore(url) as store:
        assert sorted(event.lead for event in store.events()) == ["L0", "L1", "L2", "L3"]
    ledger = Ledger(url)
    assert sorted(entry.content["by"] for entry in ledger.entries()) == [0, 1, 2, 3]
    assert ledger.verify() == ()
    ledger.close()


OPENS = """
import sys
from leadqual.agreement import Ledger
from leadqual.feedback import Event, FeedbackStore
url, number = sys.argv[1:]
print("ready", flush=True)
sys.stdin.readline()
with FeedbackStore(url) as store:
    store.append([Event("worked", f"L{number}", "2026-05-01")], known_at="2026-06-01")
ledger = Ledger(url)
ledger.record("comment", {"by": int(number)}, recorded_at="2026-06-01T00:00:00Z")
ledger.close()
"""


def test_processes_that_open_a_new_ledger_together_all_use_it(url, tmp_path):
    command = [sys.executable, "-c", OPENS, url]
    piped = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    opened = [subprocess.Popen([*command, str(number)], **piped) for number in range(4)]
    assert [one.stdout.readline() for one in opened] == ["ready\n"] * 4
    for one in opened:
        one.stdin.write("go\n")
        one.stdin.flush()
    for one in opened:
        one.communicate(timeout=LONG)
    assert [one.returncode for one in opened] == [0] * 4
    with FeedbackStore(url) as store:
        assert sorted(event.lead for event in store.events()) == ["L0", "L1", "L2", "L3"]
    ledger = Ledger(url)
    assert ledger.verify() == ()
    assert len(list(ledger.entries())) == 4
    ledger.close()
    assert [path.name for path in tmp_path.iterdir() if ".new-" in path.name] == []


def test_files_of_a_ledger_are_its_owners_alone(tmp_path, opening):
    before = os.umask(0)
    try:
        ledger = opening[0](tmp_path / "f.db")
        if isinstance(ledger, FeedbackStore):
            ledger.append([Event("worked", "L1", "2026-05-01")], known_at=NOW)
            assert (tmp_path / "f.db-wal").exists()
    finally:
        os.umask(before)
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    ledger.close()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:secret@host:port/x",
        "postgresql://me:secret@[::1/x",
        "postgresql://me:secret@[::1]:secret/x",
        "postgresql://me:secret\0@host/x",
        "postgresql://me:secret%00@host/x",
        "postgresql+psycopg://me:secret@host/x?connect_timeout=secret",
        "nosuch://me:secret@host/x",
        "mssql://me:secret@host/x",
        "sqlite:///secret.db?uri=secret",
        "sqlite:///secret.db?timeout=secret",
        "sqlite:///secret\0.db",
        "secret\0.db",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite:///file:secret.db?uri=true",
        "://secret",
        "",
        " ",
        True,
        None,
        7,
        b"secret.db",
        sqlalchemy.URL.create("postgresql", "me", "secret\0", "host"),
    ],
)
def test_a_url_that_cannot_be_used_is_one_kind_of_error_and_is_not_quoted(opening, url, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ledger, refusal = opening
    with pytest.raises((refusal, ImportError), match=r"^the (feedback )?ledger.*\.$") as told:
        ledger(url)
    assert "secret" not in str(told.value)
    assert told.value.__cause__ is None
    assert told.value.__suppress_context__ or told.value.__context__ is None
    assert list(tmp_path.iterdir()) == []


def test_a_password_that_ends_up_in_the_host_is_not_quoted(opening):
    said = said_by_opening(opening, "postgresql+psycopg://me:pass@secret@127.0.0.1:1/x")
    assert "cannot be opened" in said
    assert "secret" not in said


def test_a_path_may_hold_what_a_url_may_not(opening, tmp_path):
    opening[0](tmp_path / "100% mine?#.db").close()
    assert [path.name for path in tmp_path.iterdir()] == ["100% mine?#.db"]


def test_a_relative_url_means_the_same_file_wherever_the_process_goes(tmp_path, monkeypatch):
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    with FeedbackStore("sqlite:///f.db") as store:
        monkeypatch.chdir(tmp_path / "elsewhere")
        store._engine.dispose()
        assert list(store.events()) == []
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_file_of_no_bytes_is_not_taken_for_new(opening, tmp_path):
    path = tmp_path / "f.db"
    path.touch()
    assert "is empty (0 bytes), a ledger never is; restore it" in said_by_opening(opening, path)
    assert path.stat().st_size == 0
    path.unlink()
    opening[0](path).close()


def test_a_file_without_tables_is_not_taken_for_new(opening, tmp_path):
    with sqlite3.connect(tmp_path / "f.db") as connection:
        connection.execute("PRAGMA user_version = 1")  # its first page is written
    connection.close()
    assert "holds no table, it was emptied" in said_by_opening(opening, tmp_path / "f.db")


def test_other_tables_are_left_alone(opening, tmp_path):
    with sqlite3.connect(tmp_path / "f.db") as connection:
        connection.execute("CREATE TABLE mine (x)")
    connection.close()
    opening[0](tmp_path / "f.db").close()
    with sqlite3.connect(tmp_path / "f.db") as connection:
        assert "mine" in {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    connection.close()


@pytest.mark.parametrize("stamped", ["0001", "head"])
def test_a_stamp_without_tables_is_not_taken_for_new(opening, url, stamped):
    made = opening[0](url)
    kind = made._database.kind
    with made._engine.begin() as connection:
        for table in kind.tables:
            connection.exec_driver_sql(f"DROP TABLE {table}")
        if stamped != "head":
            connection.exec_driver_sql(f"UPDATE {kind.version_table} SET version_num = '{stamped}'")  # noqa: S608
    made.close()
    assert "has lost tables that it had" in said_by_opening(opening, url)
    engine = sqlalchemy.create_engine(made._engine.url)
    assert set(sqlalchemy.inspect(engine).get_table_names()) == {kind.version_table}
    engine.dispose()


@pytest.mark.parametrize("table", ["leadqual_feedback_forgotten", "leadqual_feedback_salt"])
def test_who_was_forgotten_is_not_made_anew_where_it_was_dropped(url, table):
    with FeedbackStore(url) as store, store._engine.begin() as connection:
        connection.exec_driver_sql(f"DROP TABLE {table}")
    with pytest.raises(FeedbackError, match="has lost tables that it had"):
        FeedbackStore(url)


@pytest.mark.parametrize("damage", ["text", "header", "pages", "cut"])
def test_a_damaged_file_is_refused_in_a_sentence(opening, tmp_path, damage):
    path = tmp_path / "f.db"
    opening[0](path).close()
    whole = path.read_bytes()
    path.write_bytes(
        {
            "text": b"no database, but a text of some length\n" * 50,
            "header": b"\0" * 100 + whole[100:],
            "pages": whole[:100] + b"\xff" * (len(whole) - 100),
            "cut": whole[: len(whole) // 2 + 7],
        }[damage]
    )
    with pytest.raises(opening[1], match=r"(damaged|cannot be (opened|read)|lost tables|does not take).*\.$"):
        use(opening[0](path))


def use(ledger):
    if isinstance(ledger, FeedbackStore):
        list(ledger.events())
        ledger.append([Event("worked", "L1", "2026-05-01")], known_at=NOW)
    else:
        list(ledger.entries())
        ledger.record("comment", {}, recorded_at=NOW)


def test_a_content_that_was_changed_from_outside_is_said(tmp_path):
    with FeedbackStore(tmp_path / "f.db") as store:
        store.append([Event("worked", "L1", "2026-05-01")], known_at=NOW)
        for content in ("no json", "[1]"):
            with store._engine.begin() as connection:
                connection.exec_driver_sql("UPDATE leadqual_feedback_event SET content = ?", (content,))
            with pytest.raises(FeedbackError, match="changed from outside and cannot be read"):
                list(store.events())


@pytest.mark.parametrize("name", [".", "pipe"])
def test_a_path_that_is_no_file_is_refused(opening, tmp_path, name):
    os.mkfifo(tmp_path / "pipe")
    assert "its path is no file" in said_by_opening(opening, tmp_path / name)


def test_a_ledger_that_is_up_to_date_is_opened_while_another_writes(opening, tmp_path):
    path = tmp_path / "f.db"
    opening[0](path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    opening[0](path).close()
    other.execute("ROLLBACK")
    other.close()


def test_an_upgrade_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    def fail(*_args):
        raise sqlalchemy.exc.OperationalError("x", {}, Exception("no"))

    with monkeypatch.context() as patched:
        patched.setattr("leadqual.database.upgrade._migrate", fail)
        with pytest.raises(FeedbackError, match=r"cannot be opened \(OperationalError\)"):
            FeedbackStore(tmp_path / "f.db")
    assert list(tmp_path.iterdir()) == []
    FeedbackStore(tmp_path / "f.db").close()


def test_a_disk_that_knows_no_second_name_gets_a_ledger_too(tmp_path, monkeypatch):
    def refuse(*_args):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    FeedbackStore(tmp_path / "f.db").close()
    assert [path.name for path in tmp_path.iterdir()] == ["f.db"]
    assert stat.S_IMODE((tmp_path / "f.db").stat().st_mode) == 0o600
    assert not new_file.make_whole(tmp_path / "f.db", lambda _made: None)
    FeedbackStore(tmp_path / "f.db").close()


def test_an_entry_whose_number_is_taken_is_tried_again_and_not_for_ever(tmp_path, monkeypatch):
    monkeypatch.setattr("leadqual.database.database._WRITING_SECONDS", 0)
    ledger = Ledger(tmp_path / "f.db")
    ledger.record("comment", {}, recorded_at=NOW)
    monkeypatch.setattr(Ledger, "_last", lambda _self, _connection: (0, "0" * 64))
    with pytest.raises(AgreementError, match="and nothing was added"):
        ledger.record("comment", {}, recorded_at=NOW)
    ledger.close()
    with sqlite3.connect(tmp_path / "f.db") as connection:
        assert connection.execute("SELECT count(*) FROM leadqual_agreement_entry").fetchone() == (1,)
    connection.close()
