import random
import threading
import time

import pytest

from leadqual.errors import FeedbackError
from leadqual.feedback import Event, FeedbackStore
from leadqual.feedback.store import UnwantedEventError
from tests.feedback.recording import NOW, worked, writer


def test_an_event_that_the_ledger_refuses_holds_up_no_other(postgresql_url, tmp_path):
    store = FeedbackStore(postgresql_url)
    opened = writer(store, tmp_path)
    for number in range(50):
        opened.record(worked(number))
    opened.record(Event.as_stored("worked", "a\0b", "2026-05-01T00:00:00.000000+00:00", {}, "", "k", ""))
    for number in range(50, 100):
        opened.record(worked(number))
    with pytest.raises(FeedbackError, match="refuses 1 events for what they say") as told:
        opened.close()
    assert "a\0b" not in str(told.value)
    assert [event.lead for event in store.events()] == [f"L{number}" for number in range(100)]
    (aside,) = (tmp_path / "journal").iterdir()
    assert aside.suffix == ".refused"
    assert b"a\\u0000b" in aside.read_bytes()
    writer(store, tmp_path).close()  # the next one is not bothered
    store.close()


def test_a_garbled_line_is_put_aside_and_holds_up_no_other(store, tmp_path):
    folder = tmp_path / "journal"
    folder.mkdir()
    line = '["worked","L%d","2026-05-01T00:00:00.000000+00:00",{},"%s",""]\n'
    lines = [line % (1, "a" * 64), "[1,2\n", '["worked",7,"x",{},"k",""]\n', '["new kind","L","x",{},"k",""]\n']
    (folder / "feedback-0.journal").write_text("".join([*lines, line % (2, "b" * 64)]))
    with pytest.raises(FeedbackError, match="refuses 3 events"):
        writer(store, tmp_path).close()
    assert [event.lead for event in store.events()] == ["L1", "L2"]
    (aside,) = folder.iterdir()
    assert aside.read_text() == "".join(lines[1:])


def test_a_ledger_that_stays_away_is_told_at_the_end_and_the_journal_stays(store, tmp_path, monkeypatch):
    opened = writer(store, tmp_path)
    with monkeypatch.context() as patched:

        def away(*_args, **_more):
            raise FeedbackError("the ledger is away.")

        patched.setattr(store, "append", away)
        opened.record(worked(1))
        with pytest.raises(FeedbackError, match="the ledger is away"):
            opened.close()
    assert len(list((tmp_path / "journal").iterdir())) == 1
    writer(store, tmp_path).close()
    assert [event.lead for event in store.events()] == ["L1"]


def test_refused_events_are_found_among_many(store, tmp_path, monkeypatch):
    append = store.append

    def picky(events, *, known_at):
        events = list(events)
        if any(event.lead in ("L3", "L77") for event in events):
            raise UnwantedEventError("no.")
        return append(events, known_at=known_at)

    monkeypatch.setattr(store, "append", picky)
    opened = writer(store, tmp_path)
    for number in range(200):
        opened.record(worked(number))
    with pytest.raises(FeedbackError, match="refuses 2 events"):
        opened.close()
    assert opened.state().refused == 2
    assert len(list(store.events())) == 198


def test_who_is_forgotten_before_the_journal_is_delivered_does_not_come_back(store, tmp_path, monkeypatch):
    folder = tmp_path / "journal"
    opened = writer(store, tmp_path)
    with monkeypatch.context() as patched:

        def away(*_args, **_more):
            raise FeedbackError("the ledger is away.")

        patched.setattr(store, "append", away)
        opened.record(worked(1))
        opened.record(worked(2))
        with pytest.raises(FeedbackError, match="away"):
            opened.close()
    store.forget("L1", at=NOW, unseen=True)
    writer(store, tmp_path).close()
    assert [event.lead for event in store.events()] == ["L2"]
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("how", ["kill", "stop"])
def test_a_postgresql_that_is_killed_and_started_again_gets_everything_once(own_postgresql, tmp_path, how, wait):
    """The app goes on recording, and does nothing about it: neither while the server is gone nor after."""
    store = FeedbackStore(own_postgresql.url)
    opened, flushed, ending = writer(store, tmp_path), [], threading.Event()

    def record():
        for number in range(1_000_000):
            opened.record(worked(number))
            opened.flush(seconds=300)
            flushed.append(number)
            if ending.is_set():
                return

    app = threading.Thread(target=record, daemon=True)
    app.start()
    rng = random.Random(0)
    for _ in range(5):
        time.sleep(0.2 + rng.random() * 0.3)
        getattr(own_postgresql, how)()
        before = len(flushed)
        assert wait(lambda before=before: opened.state().trouble and len(flushed) > before + 10)
        assert "and nothing was added" in opened.state().trouble
        assert len(flushed) > before + 10  # acknowledged, as they are in the journal
        own_postgresql.start()
    ending.set()
    app.join(300)
    assert not app.is_alive()
    assert wait(lambda: not opened.state().journals and list(store.events(lead=f"L{flushed[-1]}")))
    assert [event.lead for event in store.events()] == [f"L{number}" for number in flushed]
    assert opened.state().trouble == ""
    opened.close()
    store.close()


def test_a_postgresql_whose_disk_is_full_gets_everything_once_there_is_room(own_postgresql, tmp_path, wait):
    own_postgresql.stop()
    own_postgresql.start(full=True)
    store = FeedbackStore(own_postgresql.url)
    with writer(store, tmp_path) as opened:
        for number in range(20_000):
            opened.record(worked(number))
        opened.flush()
        assert wait(lambda: opened.state().trouble)
        assert "disk is full, and nothing was added; make room" in opened.state().trouble
        own_postgresql.stop()
        own_postgresql.start()
    assert [event.lead for event in store.events()] == [f"L{number}" for number in range(20_000)]
    store.close()
