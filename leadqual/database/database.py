"""A ledger's database: opened by path or URL, read and written to alike whichever ledger it is."""

from __future__ import annotations

import os
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from leadqual.database.connecting import WRITES, ledger_engine
from leadqual.database.kind import DatabaseKind
from leadqual.database.meaning import meaning, unreadable, unwritten
from leadqual.database.new_file import make_whole
from leadqual.database.retrying import retried
from leadqual.database.upgrade import upgrade
from leadqual.database.url import read_url, sqlite_file
from leadqual.errors import LeadqualError

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

__all__ = ["Database", "open_database"]

_OPENING_SECONDS = 5.0
_WRITING_SECONDS = 15.0
_MAX_SECONDS_BEFORE_FORK = 1.0
_Result = TypeVar("_Result")
_open: weakref.WeakSet[Database] = weakref.WeakSet()


class Database:
    """A ledger's database that is open. A process that was forked may go on using it.

    Parameters
    ----------
    engine
        Of the database, its tables up to date.
    kind
        Which database it is.
    """

    def __init__(self, engine: Engine, kind: DatabaseKind) -> None:
        self.engine, self.kind = engine, kind
        self.sqlite = engine.dialect.name == "sqlite"
        self._writing: Engine = engine.execution_options(**{WRITES: True})
        self._in_use, self._held = threading.RLock(), False
        _open.add(self)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Return a connection for reading, closed afterwards.

        Raises
        ------
        LeadqualError
            ``kind.refusal``, when the database cannot be read.
        """
        import sqlalchemy

        try:
            with self.engine.connect() as connection:
                yield connection
        except sqlalchemy.exc.SQLAlchemyError as error:
            raise unreadable(error, self.kind) from None

    def write(self, act: Callable[[Connection], _Result], *, may_collide: bool = False) -> _Result:
        """Write in one transaction, again while others are in the way, and return what came of it once it is stored.

        Parameters
        ----------
        act
            Writes with the connection that it is given; it may be called several times.
        may_collide
            Whether a row that is there already means that another writer was first, so that another try may help.

        Raises
        ------
        LeadqualError
            ``kind.refusal``, when the database does not take it; then nothing was added.
        """
        import sqlalchemy

        def written() -> _Result:
            with self._in_use, self._writing.begin() as connection:
                return act(connection)

        def again(error: Exception) -> bool:
            if not isinstance(error, sqlalchemy.exc.SQLAlchemyError):
                return False
            what = meaning(error)
            collided = may_collide and isinstance(error, sqlalchemy.exc.IntegrityError)
            return what == "again" or collided or (self.sqlite and what == "locked")

        try:
            return retried(written, again=again, seconds=_WRITING_SECONDS)
        except sqlalchemy.exc.SQLAlchemyError as error:
            raise unwritten(error, self.kind) from None

    def close(self) -> None:
        """Close the connections to the database."""
        self.engine.dispose()


def open_database(url: object, kind: DatabaseKind) -> Database:
    """Open a database, make it where it is an SQLite file that is not there, and bring its tables up to date.

    A new SQLite file may be read and written by its owner alone, as may the files that SQLite puts beside it.

    Parameters
    ----------
    url
        SQLAlchemy URL of SQLite or PostgreSQL, or the path of an SQLite file, whose folder is made too.
    kind
        Which database it is.

    Raises
    ------
    DependencyError
        When SQLAlchemy, alembic or the database's driver is not installed.
    LeadqualError
        ``kind.refusal``, when the database cannot be opened, is of a newer leadqual, is damaged or was emptied.
    """
    noun = kind.noun
    wrong = kind.refusal(
        f"{noun}'s URL cannot be read; write it as sqlite:///file.db or postgresql://user:password@host:5432/name, "
        "with what is special in a password written as %40 (for @)."
    )
    made = read_url(url, noun=noun, extra=kind.extra, wrong=wrong)
    path = sqlite_file(made)
    if path is None and made.get_backend_name() != "postgresql":
        raise kind.refusal(
            f"{noun} cannot be kept in that database, it must be an SQLite file or PostgreSQL; write its URL as "
            "sqlite:///file.db or postgresql://user:password@host:5432/name."
        )
    try:
        if path is not None:
            if "://" not in str(url):
                path.parent.mkdir(parents=True, exist_ok=True)
            _make(path, made, kind)
        return Database(_up_to_date(made, kind), kind)
    except LeadqualError:
        raise
    except OSError as error:
        raise kind.refusal(
            f"{noun} cannot be opened ({error.strerror or type(error).__name__}); name an SQLite file or a database "
            "that you may write to."
        ) from None
    except Exception as error:  # drivers raise many kinds of error for a failed connection
        raise _unopened(error, kind) from None


def _make(path: Path, url: URL, kind: DatabaseKind) -> None:
    """Make a new file where there is none, and refuse what is there and is no database."""

    def fill(made: Path) -> None:
        _up_to_date(url.set(database=str(made)), kind, new=True).dispose()

    if not path.exists() and make_whole(path, fill):
        return
    if not path.is_file():
        raise kind.refusal(f"{kind.noun} cannot be opened, as its path is no file; name an SQLite file.")
    if path.stat().st_size == 0:
        raise kind.refusal(
            f"{kind.noun}'s file is empty (0 bytes), a ledger never is; restore it from a backup, or delete the file "
            "to begin anew."
        )


def _up_to_date(url: URL, kind: DatabaseKind, *, new: bool = False) -> Engine:
    import sqlalchemy

    engine = ledger_engine(url, kind)

    def again(error: Exception) -> bool:
        return isinstance(error, sqlalchemy.exc.SQLAlchemyError) and meaning(error) in ("again", "locked")

    try:
        retried(lambda: upgrade(engine, kind, new=new), again=again, seconds=_OPENING_SECONDS)
    except BaseException:  # close the connection on KeyboardInterrupt too
        engine.dispose()
        raise
    return engine


def _unopened(error: Exception, kind: DatabaseKind) -> LeadqualError:
    what, noun, name = meaning(error), kind.noun, type(error).__name__
    if what in ("locked", "again"):
        return kind.refusal(f"{noun} is locked by someone else; let them finish, then open it again.")
    if what == "full":
        return kind.refusal(f"{noun} cannot be opened, as its disk is full; make room, then open it again.")
    if what == "damaged":
        return kind.refusal(
            f"{noun} cannot be opened, as it is no database or is damaged ({name}); restore it from a backup, or name "
            "another file."
        )
    return kind.refusal(f"{noun} cannot be opened ({name}); name an SQLite file or a database that you may write to.")


def _before_fork() -> None:
    """Before a fork, wait for writes and close idle connections: SQLite in the child would trust inherited locks."""
    for database in list(_open):
        database._held = database._in_use.acquire(timeout=_MAX_SECONDS_BEFORE_FORK)
        database.engine.dispose(close=database._held)


def _after_fork() -> None:
    for database in list(_open):
        if database._held:
            database._held = False
            database._in_use.release()


def _in_child() -> None:
    for database in list(_open):
        database._in_use, database._held = threading.RLock(), False
        database.engine.dispose(close=False)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_in_child)
