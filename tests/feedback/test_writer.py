import resource
import time

import pytest

from leadqual.errors import FeedbackError
from leadqual.feedback import Event, FeedbackStore, FeedbackWriter

NOW = "2026-06-01"


def worked(number):
    return Event("worked", f"L{number}", "2026-05-01")


def writer(store, tmp_path):
    return FeedbackWriter(store, tmp_path / "journal", now=lambda: NOW)


def test_everything_recorded_arrives_once_and_in_order(store, tmp_path):
    with writer(store, tmp_path) as opened:
        for number in range(500):
            opened.record(worked(number))
            if number % 97 == 0:
                opened.flush()
    assert [event.lead for event in store.events()] == [f"L{number}" for number in range(500)]
    assert list((tmp_path / "journal").iterdir()) == []


def test_it_arrives_without_anyone_asking(store, tmp_path):
    with writer(store, tmp_path) as opened:
        opened.record(worked(1))
        end = time.monotonic() + 10
        while not list(store.events()) and time.monotonic() < end:
            time.sleep(0.02)
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


def test_a_ledger_that_is_away_keeps_nobody_waiting(tmp_path, monkeypatch):
    store = FeedbackStore(tmp_path / "f.db")
    with FeedbackWriter(store, tmp_path / "journal", now=lambda: NOW) as opened:

        def away(*_args, **_more):
            raise FeedbackError("the ledger is away.")

        with monkeypatch.context() as patched:
            patched.setattr(store, "append", away)
            opened.record(worked(1))
            opened.flush(seconds=5)  # on disk, if not in the ledger
            time.sleep(0.2)
            assert list(store.events()) == []
        opened.record(worked(2))
    assert [event.lead for event in store.events()] == ["L1", "L2"]


def test_a_full_disk_is_said_and_what_waits_is_not_lost(tmp_path):
    store = FeedbackStore(tmp_path / "f.db")
    opened = FeedbackWriter(store, tmp_path / "journal", now=lambda: NOW)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    import signal

    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, hard))
    try:
        opened.record(worked(1))
        with pytest.raises(FeedbackError, match="journal of feedback cannot be written"):
            opened.flush(seconds=5)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    opened.flush(seconds=5)
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
