import contextlib
import os
import resource
import signal
import subprocess
import sys
import threading
import time
import traceback

import pytest
import sqlalchemy

from leadqual.errors import FeedbackError
from leadqual.feedback import FeedbackStore, FeedbackWriter, WriterState
from leadqual.feedback.outbox.journal import Journal
from tests.feedback.recording import NOW, worked, writer


def test_everything_recorded_arrives_once_and_in_order(store, tmp_path):
    with writer(store, tmp_path) as opened:
        for number in range(500):
            opened.record(worked(number))
            if number % 97 == 0:
                opened.flush()
    assert [event.lead for event in store.events()] == [f"L{number}" for number in range(500)]
    assert list((tmp_path / "journal").iterdir()) == []


def test_it_arrives_without_anyone_asking(store, tmp_path, wait):
    with writer(store, tmp_path) as opened:
        opened.record(worked(1))
        assert wait(lambda: list(store.events()))
        assert [event.lead for event in store.events()] == ["L1"]


def test_what_a_dead_writer_left_is_taken_up_and_a_torn_line_is_not(store, tmp_path):
    folder = tmp_path / "journal"
    folder.mkdir()
    whole = '["worked","L1","2026-05-01T00:00:00.000000+00:00",{},"%s",""]\n' % ("a" * 64)
    (folder / "feedback-0.journal").write_text(whole + whole[:30])
    writer(store, tmp_path).close()
    assert [event.lead for event in store.events()] == ["L1"]
    assert list(folder.iterdir()) == []


def test_a_living_writer_is_left_alone(store, tmp_path):
    one, other = writer(store, tmp_path), writer(store, tmp_path)
    one.record(worked(1))
    other.record(worked(2))
    one.close()
    other.close()
    assert sorted(event.lead for event in store.events()) == ["L1", "L2"]


def test_a_ledger_that_is_away_keeps_nobody_waiting(tmp_path, monkeypatch, wait):
    store = FeedbackStore(tmp_path / "f.db")
    with FeedbackWriter(store, tmp_path / "journal", now=lambda: NOW) as opened:
        tried = []

        def away(*_args, **_more):
            tried.append(1)
            raise FeedbackError("the ledger is away.")

        with monkeypatch.context() as patched:
            patched.setattr(store, "append", away)
            opened.record(worked(1))
            opened.flush(seconds=300)  # on disk, if not in the ledger
            assert wait(lambda: tried)
            assert list(store.events()) == []
        opened.record(worked(2))
    assert [event.lead for event in store.events()] == ["L1", "L2"]


def test_a_full_disk_is_said_and_what_waits_is_not_lost(tmp_path):
    store = FeedbackStore(tmp_path / "f.db")
    opened = FeedbackWriter(store, tmp_path / "journal", now=lambda: NOW)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    try:
        opened.record(worked(1))
        with pytest.raises(FeedbackError, match="journal of feedback cannot be written"):
            opened.flush(seconds=300)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    opened.flush(seconds=300)
    opened.close()
    assert [event.lead for event in store.events()] == ["L1"]


def test_a_closed_writer_takes_nothing(store, tmp_path):
    opened = writer(store, tmp_path)
    opened.close()
    with pytest.raises(FeedbackError, match="closed"):
        opened.record(worked(1))


def test_a_folder_that_cannot_be_written_is_refused(store):
    with pytest.raises(FeedbackError, match="journal"):
        FeedbackWriter(store, "/proc/none", now=lambda: NOW)


@pytest.fixture
def locked(url):
    """Have someone else lock the ledger, and yield it."""
    store = FeedbackStore(url)
    other = sqlalchemy.create_engine(store._engine.url, isolation_level="AUTOCOMMIT")
    with other.connect() as connection:
        if "postgresql" in url:
            connection.exec_driver_sql("BEGIN")
            connection.exec_driver_sql("LOCK TABLE leadqual_feedback_event IN ACCESS EXCLUSIVE MODE")
        else:
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
        yield store, lambda: connection.exec_driver_sql("ROLLBACK")
    other.dispose()
    store.close()


def test_recording_and_flushing_do_not_wait_for_a_ledger_that_is_locked(locked, tmp_path, monkeypatch):
    store, unlock = locked
    append, begun = store.append, threading.Event()

    def noticed(*events, **more):
        begun.set()
        return append(*events, **more)

    monkeypatch.setattr(store, "append", noticed)
    # the lock is waited for as long as the test takes, so that whoever waits for it does not come back
    monkeypatch.setattr("leadqual.database.database._WRITING_SECONDS", 3600)
    opened = writer(store, tmp_path)
    opened.record(worked(0))
    opened.flush(seconds=300)
    assert begun.wait(300)  # the delivery waits for the lock by now
    for number in range(1, 5001):
        opened.record(worked(number))
    opened.flush(seconds=300)
    # all of it is on disk, and nothing of it in the ledger: recording and flushing came back while it was locked
    assert opened.state().journals > 0
    unlock()
    opened.close()
    assert len(list(store.events())) == 5001


def test_a_forked_process_has_a_journal_of_its_own(store, tmp_path):
    opened = writer(store, tmp_path)
    opened.record(worked(1))
    opened.flush()
    child = os.fork()
    if not child:
        try:
            opened.record(worked(2))
            opened.close()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    opened.record(worked(3))
    opened.close()
    assert sorted(event.lead for event in store.events()) == ["L1", "L2", "L3"]
    assert list((tmp_path / "journal").iterdir()) == []


def test_a_fork_with_nothing_of_its_own_to_flush_neither_waits_nor_takes_the_parents_troubles(store, tmp_path):
    opened = writer(store, tmp_path)
    held, let_go = threading.Event(), threading.Event()

    def hold():
        with opened._state:
            held.set()
            let_go.wait()

    holding = threading.Thread(target=hold)
    holding.start()
    held.wait()
    child = os.fork()
    if not child:
        signal.alarm(300)
        wrong = 1
        with contextlib.suppress(FeedbackError):
            opened.flush(seconds=1)
            wrong = int(opened.state() != WriterState(0, 0, 0, ""))
        os._exit(wrong)
    let_go.set()
    holding.join()
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    opened.close()


def test_a_fork_in_the_moment_a_journal_is_let_go_leaves_a_working_writer(store, tmp_path, monkeypatch):
    """The child knew a descriptor that was closed already, failed to close it, and took itself for the parent."""
    close, closing = os.close, threading.Event()

    def slowly(file):
        close(file)
        closing.set()
        time.sleep(0.2)

    opened = writer(store, tmp_path)
    monkeypatch.setattr(os, "close", slowly)
    opened.record(worked(1))
    assert closing.wait(300)
    child = os.fork()
    if not child:
        signal.alarm(300)
        opened.record(worked(2))
        opened.close()
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
    opened.close()
    assert sorted(event.lead for event in store.events()) == ["L1", "L2"]


def test_a_fork_neither_writes_what_waits_in_the_parent_nor_keeps_its_journal(store, tmp_path, monkeypatch):
    opened = writer(store, tmp_path)
    with opened._state:  # as it is when another thread records at that moment
        child = os.fork()
        if not child:
            signal.alarm(300)
            opened.close()
            os._exit(0 if opened._inherited else 1)
    assert os.waitpid(child, 0)[1] == 0
    opened.close()


SHARING = """
import os, sys
from leadqual.feedback import Event, FeedbackStore, FeedbackWriter
url, folder = sys.argv[1:]
children = []
while len(children) < 8 and (child := os.fork()):
    children.append(child)
if len(children) == 8:
    sys.exit(any(os.waitpid(child, 0)[1] for child in children))
first = 1000 * len(children)
with FeedbackStore(url) as store:
    for turn in range(5):
        with FeedbackWriter(store, folder, now=lambda: "2026-06-01") as writer:
            for number in range(first + 10 * turn, first + 10 * turn + 10):
                writer.record(Event("worked", f"L{number}", "2026-05-01"))
                writer.flush()
"""


def test_eight_processes_share_a_folder_of_journals(url, tmp_path):
    FeedbackStore(url).close()
    subprocess.run([sys.executable, "-c", SHARING, url, str(tmp_path / "j")], check=True, timeout=600)
    with FeedbackStore(url) as store:
        writer_of_rest = FeedbackWriter(store, tmp_path / "j", now=lambda: NOW)
        writer_of_rest.close()
        leads = sorted(event.lead for event in store.events())
    assert leads == sorted(f"L{1000 * n + number}" for n in range(8) for number in range(50))


def test_an_error_that_nobody_thought_of_is_told_and_loses_nothing(store, tmp_path, monkeypatch, wait):
    opened = writer(store, tmp_path)
    with monkeypatch.context() as patched:

        def break_off(*_, **_more):
            raise RuntimeError("secret")

        patched.setattr(Journal, "write", break_off)
        opened.record(worked(1))
        with pytest.raises(FeedbackError, match=r"cannot be written \(RuntimeError\)") as told:
            opened.flush(seconds=300)
        assert "secret" not in str(told.value)
    opened.flush(seconds=300)
    with monkeypatch.context() as patched:
        patched.setattr(store, "append", break_off)
        opened.record(worked(2))
        opened.flush(seconds=300)
        assert wait(lambda: opened.state().trouble)
        assert "cannot be brought to the ledger (RuntimeError)" in opened.state().trouble
    opened.close()
    assert [event.lead for event in store.events()] == ["L1", "L2"]


def test_memory_is_not_filled_while_the_disk_is_full(store, tmp_path, monkeypatch):
    monkeypatch.setattr("leadqual.feedback.outbox.writer._MAX_WAITING", 10)
    opened = writer(store, tmp_path)
    with monkeypatch.context() as patched:

        def full(*_):
            raise OSError(28, "No space left on device")

        patched.setattr(Journal, "write", full)
        for number in range(10):
            opened.record(worked(number))
        with pytest.raises(FeedbackError, match=r"No space left on device|wait for the disk"):
            opened.record(worked(10))
    opened.close()
    assert len(list(store.events())) == 10


LEAVING = """
import sys
from leadqual.feedback import Event, FeedbackStore, FeedbackWriter
writer = FeedbackWriter(FeedbackStore(sys.argv[1]), sys.argv[2], now=lambda: "2026-06-01")
for number in range(500):
    writer.record(Event("worked", f"L{number}", "2026-05-01"))
"""


def test_a_process_that_ends_without_closing_loses_nothing(tmp_path):
    path, folder = tmp_path / "f.db", tmp_path / "j"
    subprocess.run([sys.executable, "-c", LEAVING, path, folder], check=True, timeout=600)
    with FeedbackStore(path) as store:
        FeedbackWriter(store, folder, now=lambda: NOW).close()
        assert len(list(store.events())) == 500
