"""A new SQLite file: written under a temporary name, then renamed, so that nobody opens it half written."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

__all__ = ["make_whole"]


def make_whole(path: Path, make: Callable[[Path], None]) -> bool:
    """Make a file that its owner alone may read and write, unless another one is there by then.

    Parameters
    ----------
    path
        Where it belongs.
    make
        Fills the empty file that it is given, and closes it.

    Returns
    -------
    bool
        Whether it was put there: False where somebody else was first, whose file stays as it is.

    Raises
    ------
    OSError
        When the folder or its disk does not take it.
    """
    path = Path(os.path.realpath(path))
    made = path.with_name(f"{path.name}.new-{uuid4().hex}")
    os.close(os.open(made, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    try:
        make(made)
        return _put(made, path)
    finally:
        for suffix in ("", "-journal", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                Path(f"{made}{suffix}").unlink(missing_ok=True)


def _put(made: Path, path: Path) -> bool:
    """Give a finished file its name, which must be free; a rename would replace what has it."""
    try:
        if os.name == "nt":
            made.rename(path)  # refuses there to replace a file
        else:
            os.link(made, path)
            _force_folder(path.parent)
    except FileExistsError:
        return False
    except OSError:
        return _copied(made, path)
    return True


def _copied(made: Path, path: Path) -> bool:
    """Copy the finished file to its name, on disks without hard links."""
    try:
        file = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600)
    except FileExistsError:
        return False
    try:
        left = memoryview(made.read_bytes())
        while left:
            left = left[os.write(file, left) :]
        os.fsync(file)
    except OSError:
        path.unlink(missing_ok=True)
        raise
    finally:
        os.close(file)
    return True


def _force_folder(folder: Path) -> None:
    """Force a folder to disk, else the ledger's name, and with it all acknowledged entries, could be lost."""
    with contextlib.suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
