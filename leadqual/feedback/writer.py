"""What an app calls after scoring: events go to a journal on its own disk at once, and to the ledger soon after."""

from __future__ import annotations

import fcntl
import json
import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any, Self
from uuid import uuid4

from leadqual.errors import FeedbackError
from leadqual.feedback.events import Event
from leadqual.feedback.store import FeedbackStore

__all__ = ["FeedbackWriter"]

_PAUSE = 0.05
_PATTERN = "feedback-*.journal"


class FeedbackWriter:
    """A buffered writer with a durable flush.

    `record` costs microseconds: the event is kept in memory and written by a thread, several at a time, to a journal
    that is forced to disk, and from there to the ledger. `flush` returns when everything recorded so far is on disk:
    what it has returned for survives the end of the process, and of the machine. A journal that was left behind is
    taken up by the next writer of the same folder; its events are not doubled, as each has its key.

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
        self._waiting: list[str] = []
        self._recorded = self._durable = 0
        self._state = threading.Condition()
        self._trouble: FeedbackError | None = None
        self._ending = False
        self._journals: list[tuple[Path, IO[bytes]]] = []
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._take_up()
            self._new_journal()
        except OSError as error:
            raise _no_journal(error) from None
        self._thread = threading.Thread(target=self._work, name="leadqual feedback", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def record(self, event: Event) -> None:
        """Take an event; it is safe once `flush` has returned.

        Raises
        ------
        FeedbackError
            When the writer is closed.
        """
        line = json.dumps([event.kind, event.lead, event.at, dict(event.content), event.key, event.corrects])
        with self._state:
            if self._ending:
                raise FeedbackError("the writer is closed and takes no events; open another.")
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

    def close(self) -> None:
        """Flush, bring what is in the journal to the ledger, and end.

        Raises
        ------
        FeedbackError
            When the ledger does not take it: the journal stays, and the next writer takes it up.
        """
        self.flush()
        with self._state:
            self._ending = True
            self._state.notify_all()
        self._thread.join()
        try:
            self._deliver()
        finally:
            for _, file in self._journals:
                file.close()

    def _work(self) -> None:
        while True:
            with self._state:
                if not self._waiting:
                    if self._ending:
                        return
                    self._state.wait(_PAUSE)
                lines = list(self._waiting)
            if lines:
                self._write(lines)
            try:
                self._deliver()
            except FeedbackError:
                time.sleep(_PAUSE)  # the journal keeps them; the ledger may be free again soon

    def _write(self, lines: list[str]) -> None:
        _, file = self._journals[-1]
        start = file.tell()
        try:
            left = memoryview("".join(line + "\n" for line in lines).encode())
            while left:
                left = left[file.write(left) :]
            os.fsync(file.fileno())
        except OSError as error:
            try:
                file.truncate(start)
                file.seek(start)
            except OSError:
                pass
            with self._state:
                self._trouble = _no_journal(error)
                self._state.notify_all()
            time.sleep(_PAUSE)
            return
        with self._state:
            del self._waiting[: len(lines)]
            self._durable += len(lines)
            self._state.notify_all()

    def _deliver(self) -> None:
        """Bring full journals to the ledger and delete them; the last one is replaced first, if anything is in it."""
        if self._journals and self._journals[-1][1].tell() and not self._ending:
            try:
                self._new_journal()
            except OSError:
                return
        full = self._journals if self._ending else self._journals[:-1]
        for path, file in list(full):
            events = _read(path)
            if events:
                self._store.append(events, known_at=self._now())
            path.unlink(missing_ok=True)
            file.close()
            self._journals.remove((path, file))

    def _new_journal(self) -> None:
        path = self._folder / f"feedback-{uuid4().hex}.journal"
        file = path.open("xb", buffering=0)
        fcntl.flock(file, fcntl.LOCK_EX)
        folder = os.open(self._folder, os.O_RDONLY)
        try:
            os.fsync(folder)  # else the file's name could be lost where its content is not
        finally:
            os.close(folder)
        self._journals.append((path, file))

    def _take_up(self) -> None:
        """Take over the journals of writers that are gone."""
        for path in sorted(self._folder.glob(_PATTERN)):
            file = path.open("r+b", buffering=0)
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                file.close()  # its writer lives
                continue
            self._journals.append((path, file))


def _read(path: Path) -> list[Event]:
    """Return a journal's events; a last line that was not written whole was never acknowledged, and is left out."""
    events = []
    try:
        whole = path.read_bytes()
    except FileNotFoundError:
        return []
    for line in whole.split(b"\n")[:-1]:
        said: list[Any] | None = _parsed(line)
        if said is not None:
            kind, lead, at, content, key, corrects = said
            events.append(Event(kind, lead, at, content, key=key, corrects=corrects))
    return events


def _parsed(line: bytes) -> list[Any] | None:
    try:
        said = json.loads(line)
    except ValueError:
        return None
    return said if isinstance(said, list) and len(said) == 6 else None


def _no_journal(error: OSError) -> FeedbackError:
    return FeedbackError(
        f"the journal of feedback cannot be written ({error.strerror}), and what was not acknowledged is not safe; "
        "make room on its disk, or name another folder."
    )
