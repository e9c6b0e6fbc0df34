"""What an app calls after scoring: events go to a journal on its own disk at once, and to the ledger soon after."""

from __future__ import annotations

import atexit
import contextlib
import os
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from leadqual.errors import FeedbackError
from leadqual.feedback.events import Event
from leadqual.feedback.outbox.delivery import Delivery
from leadqual.feedback.outbox.journal import Journal, line_of
from leadqual.feedback.store import FeedbackStore

__all__ = ["FeedbackWriter", "WriterState"]

_PAUSE = 0.05
_MAX_WAITING = 100_000
_MAX_SECONDS_AT_EXIT = 5.0
_MAX_IN_JOURNAL = 16 << 20
_open: weakref.WeakSet[FeedbackWriter] = weakref.WeakSet()
_beginning = threading.Lock()


@dataclass(frozen=True, slots=True)
class WriterState:
    """How a writer is doing, for an app's health check.

    Parameters
    ----------
    waiting
        Events that are not on disk yet.
    journals
        Journals that the ledger has not taken yet.
    refused
        Events that the ledger refuses for what they say; they lie in ``*.refused`` files beside the journals.
    trouble
        Why it does not get on, as a sentence; "" where it does.
    """

    waiting: int
    journals: int
    refused: int
    trouble: str


class FeedbackWriter:
    """A buffered writer with a durable flush.

    `record` costs microseconds, whatever disk and ledger do: the event is kept in memory, a thread writes it to a
    journal that is forced to disk, and another brings it from there to the ledger. `flush` returns when everything
    recorded so far is on disk: what it has returned for survives the end of the process, and of the machine. A journal
    that was left behind is taken up by the next writer of the same folder; its events are not doubled, as each has its
    key. Several processes may use one folder, and a forked process goes on with a journal of its own. An event that the
    ledger refuses for what it says is put aside and holds up no other.

    Parameters
    ----------
    store
        The ledger.
    folder
        Where the journal lies, on a disk of this machine.
    now
        Returns the time (ISO 8601), for when an event became known.

    Raises
    ------
    FeedbackError
        When the journal cannot be written.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> with FeedbackStore(folder / "feedback.db") as store:
    ...     with FeedbackWriter(store, folder, now=lambda: "2026-05-01T09:00:00Z") as writer:
    ...         writer.record(Event("worked", "L-7", "2026-05-01"))
    ...         writer.flush()
    ...     len(list(store.events()))
    1
    """

    def __init__(self, store: FeedbackStore, folder: str | Path, *, now: Callable[[], str]) -> None:
        self._store, self._folder, self._now = store, Path(folder), now
        self._begin()
        _open.add(self)

    def _begin(self) -> None:
        self._waiting: list[str] = []
        self._recorded = self._durable = 0
        self._state = threading.Condition()
        self._trouble: FeedbackError | None = None
        self._ending = False
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._journal: Journal | None = Journal.create(self._folder)
            full = Journal.left_behind(self._folder)
        except OSError as error:
            raise _no_journal(error) from None
        self._delivery = Delivery(self._store, self._folder, self._now, full)
        self._thread = threading.Thread(target=self._work, name="leadqual feedback", daemon=True)
        self._thread.start()
        self._inherited = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def record(self, event: Event) -> None:
        """Take an event; it is safe once `flush` has returned.

        Raises
        ------
        FeedbackError
            When the writer is closed, or cannot write and holds too many events already.
        """
        line = line_of(event)
        if self._inherited:
            with _beginning:
                if self._inherited:
                    self._begin()
        with self._state:
            if self._ending:
                raise FeedbackError("the writer is closed and takes no events; open another.")
            if len(self._waiting) >= _MAX_WAITING:
                raise self._trouble or FeedbackError(
                    f"{len(self._waiting)} events wait for the disk, and no more can; flush more often, or see to it."
                )
            self._waiting.append(line)
            self._recorded += 1
            if len(self._waiting) == 1:
                self._state.notify_all()

    def flush(self, *, seconds: float = 30.0) -> None:
        """Return once everything recorded so far is on disk.

        Raises
        ------
        FeedbackError
            When it is not within so many seconds, and why; the events are kept, and tried again.
        """
        if self._inherited:
            return  # in a forked child: waiting events and the lock belong to the parent
        with self._state:
            wanted = self._recorded
            end = time.monotonic() + seconds
            self._trouble = None
            while self._durable < wanted:
                self._state.notify_all()
                left = end - time.monotonic()
                if left <= 0 or self._trouble is not None:
                    raise self._trouble or FeedbackError(
                        f"{wanted - self._durable} events are not on disk after {seconds:g} seconds; see to the disk, "
                        "then flush again."
                    )
                self._state.wait(min(left, 0.2))

    def state(self) -> WriterState:
        """Return how many events wait, and what went wrong last."""
        if self._inherited:
            return WriterState(0, 0, 0, "")
        with self._state:
            waiting, trouble = len(self._waiting), self._trouble
        trouble = trouble or self._delivery.trouble
        return WriterState(
            waiting, self._delivery.journals, self._delivery.refused, "" if trouble is None else str(trouble)
        )

    def close(self) -> None:
        """Flush, bring what is in the journal to the ledger, and end.

        Raises
        ------
        FeedbackError
            When the ledger does not take it: the journal stays, and the next writer takes it up. Or when it has refused
            events for what they say.
        """
        if self._inherited:
            return
        self.flush()
        with self._state:
            self._ending = True
            self._state.notify_all()
        self._thread.join()
        _open.discard(self)
        self._delivery.close()
        if self._waiting and self._trouble is not None:
            raise self._trouble

    def _work(self) -> None:
        """Write waiting events to the journal; pass the journal to delivery when that is idle."""
        while True:
            with self._state:
                if not self._waiting and not self._ending:
                    self._state.wait(_PAUSE)
                lines, ending = list(self._waiting), self._ending and not self._waiting
            try:
                if lines:
                    self._write(lines)
                self._hand_over(ending)
            except Exception as error:  # catch everything: if this thread ended, events would be lost silently
                with self._state:
                    self._trouble = _no_journal(error)
                    self._state.notify_all()
                    if self._ending:
                        self._hand_over(ending=True)
                        return
                time.sleep(_PAUSE)
                continue
            if ending:
                return

    def _write(self, lines: list[str]) -> None:
        if self._journal is None:
            self._journal = Journal.create(self._folder)
        self._journal.write(lines)
        with self._state:
            del self._waiting[: len(lines)]
            self._durable += len(lines)
            self._trouble = None
            self._state.notify_all()

    def _hand_over(self, ending: bool) -> None:
        if self._journal is None:
            return
        full = self._journal.size > _MAX_IN_JOURNAL
        if ending or full or (self._delivery.idle and not self._journal.empty):
            self._delivery.take(self._journal)
            self._journal = None


def _no_journal(error: Exception) -> FeedbackError:
    why = error.strerror if isinstance(error, OSError) else type(error).__name__
    return FeedbackError(
        f"the journal of feedback cannot be written ({why}), and what was not acknowledged is not safe; make room on "
        "its disk, or name another folder."
    )


def _in_child() -> None:
    """Drop waiting events in a forked child, as the parent has them; its first event opens its own journal."""
    global _beginning  # a lock that the parent held at the fork would never be released
    _beginning = threading.Lock()
    for writer in list(_open):
        writer._inherited = True


def _at_exit() -> None:
    for writer in list(_open):
        if not writer._inherited:
            # failed events were not acknowledged, and there is no caller left to tell
            with contextlib.suppress(FeedbackError):
                writer.flush(seconds=_MAX_SECONDS_AT_EXIT)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
atexit.register(_at_exit)
