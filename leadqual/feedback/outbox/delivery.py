"""Delivery: a background thread writes journals to the ledger, and retries until it succeeds."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from leadqual.errors import FeedbackError
from leadqual.feedback.events import Event
from leadqual.feedback.outbox.journal import Journal, event_of, keep_refused
from leadqual.feedback.store import FeedbackStore, UnwantedEventError

__all__ = ["Delivery"]

_AT_ONCE = 1000
_PAUSE, _MAX_PAUSE = 0.1, 5.0


class Delivery:
    """A thread that brings journals to a ledger, in order.

    Parameters
    ----------
    store
        The ledger.
    folder
        Where refused events are put.
    now
        Returns the time (ISO 8601).
    full
        Journals to begin with.
    """

    def __init__(self, store: FeedbackStore, folder: Path, now: Callable[[], str], full: Sequence[Journal]) -> None:
        self._store, self._folder, self._now = store, folder, now
        self._full = list(full)
        self._state = threading.Condition()
        self._ending = False
        self.refused = 0
        self.trouble: FeedbackError | None = None
        self._put_aside: Path | None = None
        self._thread = threading.Thread(target=self._work, name="leadqual feedback delivery", daemon=True)
        self._thread.start()

    @property
    def journals(self) -> int:
        """How many journals wait."""
        return len(self._full)

    @property
    def idle(self) -> bool:
        """Whether there is nothing to do."""
        return not self._full

    def take(self, journal: Journal) -> None:
        """Accept a journal that has no writer any more."""
        with self._state:
            self._full.append(journal)
            self._state.notify_all()

    def close(self) -> None:
        """Bring what is there to the ledger, once more if need be, and end.

        Raises
        ------
        FeedbackError
            When the ledger does not take it, or has refused events for what they say.
        """
        with self._state:
            self._ending = True
            self._state.notify_all()
        self._thread.join()
        left = bool(self._full)
        for journal in self._full:
            journal.release()  # the next writer continues with it
        self._full = []
        if left and self.trouble is not None:
            raise self.trouble
        if self.refused:
            raise FeedbackError(
                f"the ledger refuses {self.refused} events for what they say, which must be corrected; they lie in "
                f"{self._put_aside} and files like it: see why, then record them anew and delete the files."
            )

    def _work(self) -> None:
        pause = _PAUSE
        while True:
            with self._state:
                while not self._full and not self._ending:
                    self._state.wait()
                if not self._full:
                    return
                journal = self._full[0]
                last = self._ending
            try:
                self._deliver(journal)
            except Exception as error:  # catch everything: if this thread ended, nothing more would be delivered
                self.trouble = error if isinstance(error, FeedbackError) else _troubled(error)
                with self._state:
                    if last:
                        return
                    if not self._ending:
                        self._state.wait(pause)
                pause = min(2 * pause, _MAX_PAUSE)
                continue
            self.trouble, pause = None, _PAUSE
            with self._state:
                self._full.remove(journal)

    def _deliver(self, journal: Journal) -> None:
        lines, _ = journal.lines()
        refused: list[bytes] = []
        events: list[tuple[bytes, Event]] = []
        for line in lines:
            try:
                events.append((line, event_of(line)))
            except FeedbackError:
                refused.append(line)
        for start in range(0, len(events), _AT_ONCE):
            refused += self._brought(events[start : start + _AT_ONCE])
        if refused:
            self._put_aside = keep_refused(self._folder, refused)
            self.refused += len(refused)
        journal.remove()

    def _brought(self, events: list[tuple[bytes, Event]]) -> list[bytes]:
        """Append events to the ledger; return the lines of refused ones, found by bisection."""
        try:
            self._store.append([event for _, event in events], known_at=self._now())
        except UnwantedEventError:
            if len(events) == 1:
                return [events[0][0]]
            half = len(events) // 2
            return self._brought(events[:half]) + self._brought(events[half:])
        return []


def _troubled(error: Exception) -> FeedbackError:
    return FeedbackError(
        f"recorded events cannot be brought to the ledger ({type(error).__name__}), and stay in the journal; see to "
        "the ledger and the journal's folder."
    )
