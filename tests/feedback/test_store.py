import os
import sqlite3
import subprocess
import sys
import threading

import pytest
import sqlalchemy

from benchmarks.attack_ledgers import acknowledged_until_killed
from leadqual.errors import FeedbackError
from leadqual.feedback import Event, FeedbackStore, feedback_history
from leadqual.feedback.forgetting import forgotten_among, let_go_of_overwritten
from leadqual.feedback.store import UnwantedEventError

NOW = "2026-06-01T00:00:00Z"


def worked(number, lead="L"):
    return Event("worked", f"{lead}{number}", f"2026-05-01T00:00:{number % 60:02d}")


def score(lead):
    return Event("scored", lead, "2026-05-01", {"bundle": "b", "points": 1, "probability": 0.2, "grade": "A"})


def test_what_was_added_is_there_once(store):
    events = [worked(number) for number in range(1200)]
    assert store.append(events, known_at=NOW) == 1200
    assert store.append(events, known_at="2026-07-01") == 0
    assert store.append([*events[:5], worked(5000)], known_at="2026-07-01") == 1
    found = list(store.events())
    assert len(found) == 1201
    assert [event.key for event in found[:1200]] == [event.key for event in events]
    assert found[0].known_at == "2026-06-01T00:00:00.000000+00:00"
    assert store.append([], known_at=NOW) == 0


def test_events_are_found_by_lead_kind_and_time_known(store):
    store.append([worked(1), Event("won", "L1", "2026-05-02")], known_at="2026-05-03")
    store.append([worked(2)], known_at="2026-05-05")
    assert len(list(store.events(lead="L1"))) == 2
    assert [event.kind for event in store.events(kinds=["won"])] == ["won"]
    assert {event.lead for event in store.events(as_of="2026-05-04")} == {"L1"}


def test_an_event_that_cannot_be_stored_takes_the_others_with_it(store):
    good, bad = worked(1), worked(2)
    object.__setattr__(bad, "kind", None)
    with pytest.raises(FeedbackError, match="nothing was added"):
        store.append([good, bad], known_at=NOW)
    assert list(store.events()) == []


def test_forgetting_leaves_counts_and_nothing_that_names(store, bundle, sample):
    from leadqual.feedback import ScoreRecorder

    lead = sample.table.iloc[0].to_dict()
    events = [
        ScoreRecorder(bundle).scored("Secret-1", lead, at="2026-05-01T09:30:00", keep_values=True),
        Event("worked", "Secret-1", "2026-05-01T12:30:00"),
        Event("rejected", "Secret-1", "2026-05-02", {"reason": "no budget"}),
        worked(1),
    ]
    store.append(events, known_at="2026-05-03")
    before = feedback_history(store.events(), as_of=NOW)
    assert store.forget("Secret-1", at=NOW) == 3
    after = feedback_history(store.events(), as_of=NOW)
    assert len(after) == len(before) == 1
    for name in ("points", "probability", "grade", "bundle", "picked", "disposition", "outcome"):
        assert after[name][0] == before[name][0]
    assert after["worked_at"][0] - after["scored_at"][0] == before["worked_at"][0] - before["scored_at"][0]
    assert after["scored_at"][0].isoformat() == "2026-05-01T00:00:00"
    assert (after["codes"][0], after["reason"][0]) == (None, "")
    assert "Secret" not in repr(list(store.events()))
    assert store.append([events[0], Event("won", "Secret-1", "2026-06-02")], known_at="2026-06-03") == 0
    assert store.append([Event("won", "Secret-2", "2026-06-02")], known_at="2026-06-03") == 1
    with pytest.raises(FeedbackError, match="no events of that lead"):
        store.forget("Secret-1", at=NOW)


def test_nothing_of_a_forgotten_person_is_left_in_the_files(tmp_path):
    path = tmp_path / "f.db"
    with FeedbackStore(path) as store:
        store.append(
            [Event("lost", "Unmistakable-Name", "2026-05-01", {"reason": "very special reason"})], known_at=NOW
        )
        assert any(b"Unmistakable" in file.read_bytes() for file in tmp_path.iterdir())
        store.forget("Unmistakable-Name", at=NOW)
        for file in tmp_path.iterdir():
            assert b"Unmistakable" not in file.read_bytes()
            assert b"very special reason" not in file.read_bytes()


WRITES = """
import os, sys
from leadqual.feedback import Event, FeedbackStore
children = []
while len(children) < 8 and (child := os.fork()):
    children.append(child)
if len(children) == 8:
    sys.exit(any(os.waitpid(child, 0)[1] for child in children))
# each pair writes the same events, as two imports of one file would
url, first = sys.argv[1], 1000 * (len(children) // 2)
with FeedbackStore(url) as store:
    for start in range(first, first + 200, 10):
        events = [Event("worked", f"L{number}", "2026-05-01") for number in range(start, start + 10)]
        store.append(events, known_at="2026-06-01")
"""


def test_eight_writers_at_once_lose_and_double_nothing(url):
    FeedbackStore(url).close()
    subprocess.run([sys.executable, "-c", WRITES, url], check=True, timeout=600)
    with FeedbackStore(url) as store:
        leads = [event.lead for event in store.events()]
    assert sorted(leads) == sorted(f"L{base + number}" for base in (0, 1000, 2000, 3000) for number in range(200))


@pytest.mark.parametrize("kind", ["store", "writer", "writer without fcntl"])
def test_what_was_acknowledged_survives_a_kill_at_any_moment(tmp_path, url, kind, monkeypatch):
    """In a hundred rounds a process is killed after a few acknowledgements, wherever it is; what it told is there."""
    folder = tmp_path / "journal"
    FeedbackStore(url).close()
    rounds = 100
    acknowledged = acknowledged_until_killed(kind, url, str(folder), rounds=rounds, most_before=6, seed=0)
    assert len(acknowledged) >= rounds
    with FeedbackStore(url) as store:
        if kind != "store":
            if kind != "writer":
                monkeypatch.setattr("leadqual.feedback.outbox.file_lock.fcntl", None)
            from leadqual.feedback import FeedbackWriter

            FeedbackWriter(store, folder, now=lambda: NOW).close()
            assert list(folder.iterdir()) == []
        leads = [event.lead for event in store.events()]
    assert set(acknowledged) <= set(leads)
    assert len(leads) == len(set(leads))
    assert len(leads) <= len(acknowledged) + rounds


def test_a_full_disk_is_said_and_adds_nothing(tmp_path):
    store = FeedbackStore(tmp_path / "f.db")
    store.append([worked(1)], known_at=NOW)
    with store._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()

    @sqlalchemy.event.listens_for(store._engine, "connect")
    def _limit(connection, _record):
        connection.execute(f"PRAGMA max_page_count={pages + 1}")

    store._engine.dispose()
    with pytest.raises(FeedbackError, match="disk is full, and nothing was added; make room"):
        store.append([worked(number) for number in range(2, 2000)], known_at=NOW)
    assert len(list(store.events())) == 1


def test_a_full_disk_of_a_postgresql_is_said_and_adds_nothing(own_postgresql):
    own_postgresql.stop()
    own_postgresql.start(full=True)
    store = FeedbackStore(own_postgresql.url)
    store.append([worked(1)], known_at=NOW)
    many = [worked(number) for number in range(2, 20_000)]
    with pytest.raises(FeedbackError, match="disk is full, and nothing was added; make room"):
        store.append(many, known_at=NOW)
    assert [event.lead for event in store.events()] == ["L1"]
    own_postgresql.stop()
    own_postgresql.start()
    assert store.append(many, known_at=NOW) == len(many)
    store.close()


def test_a_log_that_cannot_be_emptied_is_said(tmp_path, monkeypatch):
    class Broken:
        def cursor(self):
            raise sqlite3.OperationalError("database or disk is full")

        def close(self):
            pass

    store = FeedbackStore(tmp_path / "f.db")
    assert store.forget("L1", at=NOW, unseen=True) == 0
    assert store.forgotten(["L1", "L2"]) == {"L1"}
    monkeypatch.setattr(store._engine, "raw_connection", Broken)
    with pytest.raises(FeedbackError, match="the person is forgotten, but"):
        let_go_of_overwritten(store._database, "leadqual_feedback_event")


def test_the_events_about_some_leads_come_with_what_corrects_any(store):
    won = [Event("won", f"L{number}", "2026-05-01") for number in range(3)]
    store.append(won, known_at="2026-05-02")
    store.append([Event("withdrawn", "L2", "2026-05-03", corrects=won[1].key)], known_at="2026-05-03")
    assert [(one.kind, one.lead) for one in store.events_about(["L1"], kinds=["won", "withdrawn"])] == [
        ("won", "L1"),
        ("withdrawn", "L2"),
    ]
    assert len(list(store.events_about(["L2"], kinds=["won", "withdrawn"]))) == 2


def test_a_locked_database_is_said(tmp_path, monkeypatch):
    monkeypatch.setattr("leadqual.database.database._WRITING_SECONDS", 0.2)
    path = tmp_path / "f.db"
    store = FeedbackStore(path)

    @sqlalchemy.event.listens_for(store._engine, "connect")
    def _hurry(connection, _record):
        connection.execute("PRAGMA busy_timeout=50")

    store._engine.dispose()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(FeedbackError, match="locked by someone else"):
        store.append([worked(1)], known_at=NOW)
    other.execute("ROLLBACK")
    assert store.append([worked(1)], known_at=NOW) == 1


def test_a_locked_postgresql_is_said_and_does_not_hang(postgresql_url, monkeypatch):
    monkeypatch.setattr("leadqual.database.connecting.BUSY_SECONDS", 1)
    store, other = FeedbackStore(postgresql_url), sqlalchemy.create_engine(postgresql_url)
    with other.begin() as connection:
        connection.exec_driver_sql("LOCK TABLE leadqual_feedback_event IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(FeedbackError, match="locked by someone else, and nothing was added; let them finish"):
            store.append([worked(1)], known_at=NOW)
        with pytest.raises(FeedbackError, match="locked by someone else; let them finish"):
            list(store.events())
        connection.exec_driver_sql("LOCK TABLE leadqual_feedback_version IN ACCESS EXCLUSIVE MODE")
        monkeypatch.setattr("leadqual.database.database._OPENING_SECONDS", 0)
        with pytest.raises(FeedbackError, match="locked by someone else; let them finish, then open it again"):
            FeedbackStore(postgresql_url)
    other.dispose()
    assert store.append([worked(1)], known_at=NOW) == 1
    store.close()


def test_a_locked_sqlite_is_not_opened_and_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("leadqual.database.connecting.BUSY_SECONDS", 0)
    monkeypatch.setattr("leadqual.database.database._OPENING_SECONDS", 0)
    other = sqlite3.connect(tmp_path / "f.db", isolation_level=None)
    other.execute("CREATE TABLE x (y)")
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(FeedbackError, match="locked by someone else; let them finish, then open it again"):
        FeedbackStore(tmp_path / "f.db")
    other.close()


def test_an_event_that_only_the_database_refuses_is_told_from_a_ledger_that_is_away(postgresql_url):
    with FeedbackStore(postgresql_url) as store:
        bad = Event.as_stored("worked", "L\0", "2026-05-01", {}, "", "k", "")
        with pytest.raises(UnwantedEventError, match=r"refuses an event for what it says .* leave it out"):
            store.append([worked(1), bad], known_at=NOW)
        assert list(store.events()) == []


def test_what_was_taken_once_stays_readable_whatever_rules_follow(store):
    old = Event.as_stored("rejected", "a@b.example", "2026-05-01", {"reason": "x" * 300}, "", "k", "")
    store.append([old], known_at=NOW)
    assert [event.lead for event in store.events()] == ["a@b.example"]


def test_a_forked_process_goes_on_with_the_same_store(store):
    store.append([worked(1)], known_at=NOW)
    child = os.fork()
    if not child:
        os._exit(0 if store.append([worked(2)], known_at=NOW) == 1 else 1)
    assert os.waitpid(child, 0)[1] == 0
    store.append([worked(3)], known_at=NOW)
    assert len(list(store.events())) == 3


def test_forgetting_leaves_corrections_in_force(store):
    wrong = Event("won", "L1", "2026-05-20", {"value": 5.0})
    store.append([score("L1"), wrong], known_at="2026-05-21")
    store.append([Event("lost", "L1", "2026-05-20", corrects=wrong.key)], known_at="2026-05-22")
    moved = Event("won", "L2", "2026-05-20", corrects=wrong.key)
    store.append([score("L2"), moved], known_at="2026-05-23")
    before = sorted(feedback_history(store.events(), as_of=NOW)["outcome"])
    assert store.forget("L1", at=NOW) == 3
    assert sorted(feedback_history(store.events(), as_of=NOW)["outcome"]) == before == ["lost", "won"]
    keys = {event.key for event in store.events()}
    assert wrong.key not in keys
    assert {event.corrects for event in store.events()} - {""} <= keys


def test_a_lead_that_was_never_seen_can_be_kept_out(store):
    with pytest.raises(FeedbackError, match=r"nothing was forgotten: correct the id, or say .*unseen"):
        store.forget("L1", at=NOW)
    assert store.append([worked(1)], known_at=NOW) == 1
    assert store.forget("L9", at=NOW, unseen=True) == 0
    assert store.forget("L9", at=NOW, unseen=True) == 0
    assert store.append([worked(9), worked(2)], known_at=NOW) == 1
    with pytest.raises(FeedbackError, match="has forgotten it before"):
        store.forget("L9", at=NOW)


def test_who_is_forgotten_while_they_are_written_does_not_stay(store, monkeypatch):
    """An import that looked before somebody was forgotten, and writes after it, must not bring them back."""
    store.append([worked(1)], known_at=NOW)
    looked, forgotten, threads = threading.Event(), threading.Event(), []

    def look(connection, leads):
        found = forgotten_among(connection, leads)
        looked.set()
        # whoever forgets must wait for this import, so that this is not set: on a slow machine it only proves less
        forgotten.wait(0.5)
        return found

    monkeypatch.setattr("leadqual.feedback.store.forgotten_among", look)
    threads.append(
        threading.Thread(target=lambda: store.append([Event("won", "L1", "2026-05-20")], known_at=NOW), daemon=True)
    )
    threads[0].start()
    assert looked.wait(300)
    store.forget("L1", at=NOW)
    forgotten.set()
    threads[0].join()
    assert "L1" not in {event.lead for event in store.events()}


def test_a_reader_that_keeps_the_log_is_said(tmp_path):
    path = tmp_path / "f.db"
    with FeedbackStore(path) as store:
        store.append([worked(1)], known_at=NOW)

        @sqlalchemy.event.listens_for(store._engine, "connect")
        def _hurry(connection, _record):
            connection.execute("PRAGMA busy_timeout=50")

        store._engine.dispose()
        reader = sqlite3.connect(path, isolation_level=None)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM leadqual_feedback_event").fetchone()
        with pytest.raises(FeedbackError, match="the person is forgotten, but someone who reads"):
            store.forget("L1", at=NOW)
        assert "L1" not in {event.lead for event in store.events()}
        reader.close()


def test_a_schema_of_any_version_behind_is_brought_up_to_date(url):
    for version, gone in (("0002", ()), ("0001", ("forgotten", "salt"))):
        with FeedbackStore(url) as store:
            store.append([worked(1, version)], known_at=NOW)
            with store._engine.begin() as connection:
                connection.exec_driver_sql("DROP INDEX ix_leadqual_feedback_event_corrects")
                for name in gone:
                    connection.exec_driver_sql(f"DROP TABLE leadqual_feedback_{name}")
                connection.exec_driver_sql(f"UPDATE leadqual_feedback_version SET version_num = '{version}'")  # noqa: S608
        with FeedbackStore(url) as store:
            assert store.forget(f"{version}1", at=NOW) == 1
            assert "corrects" in str(sqlalchemy.inspect(store._engine).get_indexes(store._event.name))


def test_a_newer_schema_is_refused(url):
    with FeedbackStore(url) as store, store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE leadqual_feedback_version SET version_num = '9999'")
    with pytest.raises(FeedbackError, match="newer leadqual"):
        FeedbackStore(url)


@pytest.mark.parametrize(
    "wrong", ["nonsense://x", "sqlite:////proc/no/such/f.db", "postgresql+psycopg://127.0.0.1:1/x"]
)
def test_a_database_that_cannot_be_opened_is_refused_in_a_sentence(wrong):
    with pytest.raises((FeedbackError, ImportError), match=r"\.$"):
        FeedbackStore(wrong)


def test_it_runs_with_a_log_and_forces_every_commit_to_disk(tmp_path):
    store = FeedbackStore(tmp_path / "f.db")
    with store._engine.connect() as connection:
        said = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous")]
    assert said == ["wal", 2]
