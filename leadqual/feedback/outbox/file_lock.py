"""A lock on a file that ends with its process: by the operating system, or by SQLite where Python offers none."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has none
    fcntl = None  # type: ignore[assignment]

__all__ = ["LOCK_SUFFIX", "FileLock", "lock_file"]

LOCK_SUFFIX = ".lock"
"""How the file beside is named, where the operating system locks nothing for Python."""


@dataclass(slots=True)
class FileLock:
    """A lock that is held.

    Parameters
    ----------
    beside
        SQLite's lock on a file beside the one that is meant; None where the file's own descriptor holds the lock, until
        it is closed.
    path
        That file beside; None likewise.
    """

    beside: sqlite3.Connection | None = None
    path: Path | None = None

    def release(self, *, gone: bool = False) -> None:
        """Let go, before the descriptor is closed.

        Parameters
        ----------
        gone
            Whether the file that was locked is deleted, and the one beside it is to go too.
        """
        if self.beside is None:
            return
        self.beside.close()
        self.beside = None
        if gone and self.path is not None:
            with contextlib.suppress(OSError):  # another process has it open; an empty lock file does no harm
                self.path.unlink(missing_ok=True)


def lock_file(path: Path, file: int) -> FileLock | None:
    """Lock a file, unless someone else has it.

    Parameters
    ----------
    path
        The file.
    file
        Its open descriptor, on which the lock lies where the operating system offers one.

    Returns
    -------
    FileLock
        None where someone else holds it, in this process or another.
    """
    if fcntl is not None:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return None
        return FileLock()
    beside = path.with_suffix(LOCK_SUFFIX)
    # only for a new file: closing any descriptor of a file releases all locks that this process has on it (POSIX)
    with contextlib.suppress(FileExistsError):
        os.close(os.open(beside, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    connection = sqlite3.connect(beside, timeout=0, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode = MEMORY")  # else a killed process leaves a journal file behind
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error:
        connection.close()
        return None
    return FileLock(connection, beside)
