"""A journal: a file of one writer's events, forced to disk, held by a lock, taken up by others once that is gone."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from leadqual.errors import FeedbackError
from leadqual.feedback.events import KINDS, Event
from leadqual.feedback.outbox.file_lock import LOCK_SUFFIX, FileLock, lock_file

__all__ = ["Journal", "event_of", "keep_refused", "line_of"]

_PATTERN = "feedback-*.journal"
_PIECE = 1 << 20
_BINARY = getattr(os, "O_BINARY", 0)  # keep "\n" on Windows too
_TRIES = 8
# a fork waits for this lock, so that the child knows and closes all inherited descriptors: an open one keeps the
# file locked
_changing = threading.Lock()
_open: set[Journal] = set()


class Journal:
    """An open journal, locked by whoever holds it.

    Parameters
    ----------
    path
        The file.
    file
        Its open descriptor.
    lock
        That this process holds.

    Raises
    ------
    OSError
        By any method, when the disk does not do what it must.
    """

    def __init__(self, path: Path, file: int, lock: FileLock) -> None:
        self.path, self._file, self._lock = path, file, lock
        self._end = os.fstat(file).st_size
        _open.add(self)

    @classmethod
    def create(cls, folder: Path) -> Journal:
        """Make an empty one.

        One who starts at that moment may take it for left behind before it is locked; then another one is made.
        """
        for _ in range(_TRIES):
            path = folder / f"feedback-{uuid4().hex}.journal"
            with _changing:
                file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
                journal = cls._locked(path, file)
            if journal is not None:
                _force_folder(folder)
                return journal
        raise OSError(f"{_TRIES} journals were taken away before they were locked")

    @classmethod
    def left_behind(cls, folder: Path) -> list[Journal]:
        """Take over those of writers that are gone, the oldest first."""
        found = []
        with _changing:
            for path in folder.glob(_PATTERN):
                try:
                    file = os.open(path, os.O_RDWR | _BINARY)
                except FileNotFoundError:
                    continue  # another process has taken and finished it
                journal = cls._locked(path, file)
                if journal is not None:  # locked: its writer is alive
                    found.append(journal)
            _sweep(folder)
        return sorted(found, key=lambda one: os.fstat(one._file).st_mtime)

    @classmethod
    def _locked(cls, path: Path, file: int) -> Journal | None:
        """Lock an open journal; None, and closed, where someone else has it or it was deleted meanwhile."""
        lock = None
        try:
            lock = lock_file(path, file)
            if lock is not None and os.path.samestat(path.stat(), os.fstat(file)):
                return cls(path, file, lock)
        except FileNotFoundError:
            pass
        except BaseException:  # release the lock on KeyboardInterrupt too
            _let_go(path, file, lock, gone=False)
            raise
        _let_go(path, file, lock, gone=lock is not None)  # a locked file that is not kept was deleted meanwhile
        return None

    @property
    def empty(self) -> bool:
        """Whether nothing was written to it."""
        return self._end == 0

    @property
    def size(self) -> int:
        """Bytes written to it."""
        return self._end

    def write(self, lines: Sequence[str]) -> None:
        """Add lines; they are on disk when this returns. A failed write leaves no trace."""
        left = memoryview("".join(f"{line}\n" for line in lines).encode())
        length = len(left)
        try:
            # overwrite the remains of a failed write
            os.lseek(self._file, self._end, os.SEEK_SET)
            while left:
                left = left[os.write(self._file, left) :]
            os.fsync(self._file)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, self._end)
            raise
        self._end += length

    def lines(self) -> tuple[list[bytes], bytes]:
        """Return the complete lines, and the incomplete rest, which was never acknowledged."""
        parts = []
        os.lseek(self._file, 0, os.SEEK_SET)
        while piece := os.read(self._file, _PIECE):
            parts.append(piece)
        *lines, rest = b"".join(parts).split(b"\n")
        return [line for line in lines if line], rest

    def remove(self) -> None:
        """Delete the file and release its lock."""
        if os.name != "nt":  # where a file that is open cannot be deleted, and the lock lies beside it
            self.path.unlink(missing_ok=True)
        with _changing:
            self._release(gone=True)

    def release(self) -> None:
        """Release the lock, so that the next writer takes the journal up."""
        with _changing:
            self._release()

    def _release(self, *, gone: bool = False) -> None:
        _open.discard(self)
        if self._file >= 0:
            file, self._file = self._file, -1
            _let_go(self.path, file, self._lock, gone=gone)


def _sweep(folder: Path) -> None:
    """Delete remains of crashed processes: unnamed journals of earlier versions, and lock files without a journal."""
    for path in folder.glob("feedback-*.new"):  # nothing was written to it
        path.unlink(missing_ok=True)
    for path in folder.glob(f"feedback-*{LOCK_SUFFIX}"):
        if not path.with_suffix(".journal").exists():
            with contextlib.suppress(OSError):  # its holder is about to delete it
                path.unlink(missing_ok=True)


def _let_go(path: Path, file: int, lock: FileLock | None, *, gone: bool) -> None:
    """Close a journal first, then release the lock file beside it."""
    os.close(file)
    if gone:
        path.unlink(missing_ok=True)
    if lock is not None:
        lock.release(gone=gone)


def line_of(event: Event) -> str:
    """Return an event as a journal's line."""
    return json.dumps([event.kind, event.lead, event.at, dict(event.content), event.key, event.corrects])


def event_of(line: bytes) -> Event:
    """Return the event of a journal's line.

    Raises
    ------
    FeedbackError
        When the line is none.
    """
    try:
        kind, lead, at, content, key, corrects = json.loads(line)
        if all(isinstance(text, str) for text in (kind, lead, at, key, corrects)) and kind in KINDS:
            return Event.as_stored(kind, lead, at, dict(content), "", key, corrects)
    except (ValueError, TypeError):
        pass
    raise FeedbackError("a line of the journal is no event; see what wrote it, and correct or delete the line.")


def keep_refused(folder: Path, lines: Sequence[bytes]) -> Path:
    """Keep refused lines in a file of their own, for a person to look at."""
    path = folder / f"feedback-{uuid4().hex}.refused"
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, 0o600)
    try:
        left = memoryview(b"".join(line + b"\n" for line in lines))
        while left:
            left = left[os.write(file, left) :]
        os.fsync(file)
    finally:
        os.close(file)
    _force_folder(folder)
    return path


def _force_folder(folder: Path) -> None:
    """Force a folder to disk, else a new file's name could be lost although its content is kept."""
    if os.name == "nt":  # opens no folder, and keeps names by itself
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _in_child() -> None:
    """Forget the parent's journals in a forked child."""
    for journal in list(_open):
        journal._release()
    _changing.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_changing.acquire, after_in_parent=_changing.release, after_in_child=_in_child)
