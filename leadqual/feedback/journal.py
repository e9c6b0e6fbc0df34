"""A journal: a file of one writer's events, forced to disk, held by a lock, taken up by others once that is gone."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import threading
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from leadqual.errors import FeedbackError
from leadqual.feedback.events import KINDS, Event

__all__ = ["Journal", "event_of", "keep_refused", "line_of"]

_PATTERN = "feedback-*.journal"
_PIECE = 1 << 20
_TRIES = 8
# a fork waits for it, so that a child knows of every descriptor it was born with; one it kept would hold the lock
_changing = threading.Lock()
_open: set[Journal] = set()


class Journal:
    """An open journal, locked by whoever holds it.

    Parameters
    ----------
    path
        The file.
    file
        Its open, locked descriptor.

    Raises
    ------
    OSError
        By any method, when the disk does not do what it must.
    """

    def __init__(self, path: Path, file: int) -> None:
        self.path, self._file = path, file
        self._end = os.fstat(file).st_size
        _open.add(self)

    @classmethod
    def create(cls, folder: Path) -> Journal:
        """Make an empty one.

        It gets the name by which others find it only once it is locked: else one who starts at that moment could take
        it for left behind, and delete it.
        """
        for left in reversed(range(_TRIES)):
            try:
                with _changing:
                    return cls._create(folder)
            except FileNotFoundError:
                if not left:
                    raise
        raise AssertionError("the last try raised")

    @classmethod
    def _create(cls, folder: Path) -> Journal:
        name = f"feedback-{uuid4().hex}"
        made = folder / f"{name}.new"
        file = os.open(made, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            path = made.rename(folder / f"{name}.journal")
            _force_folder(folder)
        except OSError:
            os.close(file)
            made.unlink(missing_ok=True)
            raise
        return cls(path, file)

    @classmethod
    def left_behind(cls, folder: Path) -> list[Journal]:
        """Take over those of writers that are gone, the oldest first."""
        with _changing:
            return cls._left_behind(folder)

    @classmethod
    def _left_behind(cls, folder: Path) -> list[Journal]:
        found = []
        for path in [*folder.glob(_PATTERN), *folder.glob("feedback-*.new")]:
            try:
                file = os.open(path, os.O_RDWR | os.O_CLOEXEC)
            except FileNotFoundError:
                continue  # another one took it up, and is done with it
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                os.close(file)  # its writer lives
                continue
            if path.suffix == ".new":  # nothing was written to it; where its maker lives after all, it makes another
                path.unlink(missing_ok=True)
                os.close(file)
                continue
            found.append(cls(path, file))
        return sorted(found, key=lambda one: os.fstat(one._file).st_mtime)

    @property
    def empty(self) -> bool:
        """Whether nothing was written to it."""
        return self._end == 0

    @property
    def size(self) -> int:
        """Bytes written to it."""
        return self._end

    def write(self, lines: Sequence[str]) -> None:
        """Add lines; they are on disk once this returns, or else as good as not written."""
        left = memoryview("".join(f"{line}\n" for line in lines).encode())
        length = len(left)
        try:
            # what a failed try has left is written over, in place
            while left:
                left = left[os.pwrite(self._file, left, self._end + length - len(left)) :]
            os.fsync(self._file)
        except OSError:
            with contextlib.suppress(OSError):
                os.ftruncate(self._file, self._end)
            raise
        self._end += length

    def lines(self) -> tuple[list[bytes], bytes]:
        """Return the whole lines, and what comes after the last: it was never acknowledged."""
        parts, at = [], 0
        while piece := os.pread(self._file, _PIECE, at):
            parts.append(piece)
            at += len(piece)
        *lines, rest = b"".join(parts).split(b"\n")
        return [line for line in lines if line], rest

    def remove(self) -> None:
        """Delete it, and let go."""
        self.path.unlink(missing_ok=True)
        self.release()

    def release(self) -> None:
        """Let go; whoever comes next takes it up."""
        with _changing:
            self._release()

    def _release(self) -> None:
        _open.discard(self)
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


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
    """Put lines that no ledger takes aside, on disk, where a person may look at them."""
    path = folder / f"feedback-{uuid4().hex}.refused"
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
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
    """Force a folder to disk: else a file's name could be lost where its content is not."""
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def _in_child() -> None:
    """Leave all to the parent."""
    for journal in list(_open):
        journal._release()
    _changing.release()


os.register_at_fork(before=_changing.acquire, after_in_parent=_changing.release, after_in_child=_in_child)
