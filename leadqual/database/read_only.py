"""Read-only database access: whatever the query says, nothing in the database changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from leadqual.database.connecting import connection_arguments
from leadqual.database.url import need_sqlalchemy, read_url, sqlite_file
from leadqual.errors import LeadqualError

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection

__all__ = ["ReadOnly", "read_only"]

_NO_PROMISE = "the query ran in a transaction that was rolled back, as this kind of database was not told to read only."


@dataclass(frozen=True, slots=True)
class ReadOnly:
    """A connection that may only read.

    Parameters
    ----------
    connection
        SQLAlchemy's.
    note
        What could not be promised, a sentence; "" where the database itself refuses to write.
    """

    connection: Connection
    note: str


@contextmanager
def read_only(source: Any, *, refusal: type[LeadqualError]) -> Iterator[ReadOnly]:
    """Connect to a database so that it refuses to write: SQLite and PostgreSQL; others are rolled back.

    An SQLite file is opened with ``mode=ro``, and is not made where it is not there. PostgreSQL runs a read-only
    transaction, and a query as a cursor, which takes one statement and none that writes. A connection that the caller
    has open is given back as it was.

    Parameters
    ----------
    source
        SQLAlchemy URL, engine or connection.
    refusal
        The error to raise.

    Yields
    ------
    ReadOnly
        The connection.

    Raises
    ------
    DependencyError
        When SQLAlchemy is not installed.
    LeadqualError
        ``refusal``, when the URL cannot be used or the database not be reached. It quotes nothing of either.

    Examples
    --------
    >>> import sqlite3, tempfile
    >>> from leadqual.errors import LeadError
    >>> path = f"{tempfile.mkdtemp()}/crm.db"
    >>> with sqlite3.connect(path) as made:
    ...     _ = made.execute("CREATE TABLE leads (id)")
    >>> with read_only(f"sqlite:///{path}", refusal=LeadError) as found:
    ...     found.connection.exec_driver_sql("SELECT count(*) FROM leads").scalar()
    0
    """
    sqlalchemy = need_sqlalchemy("a database", "train")
    with ExitStack() as stack:
        if isinstance(source, sqlalchemy.Connection):
            connection, mine = source, False
        else:
            connection, mine = stack.enter_context(_connected(source, sqlalchemy, refusal)), True
        name = connection.dialect.name
        if name == "sqlite":
            stack.enter_context(_sqlite(connection))
        elif name == "postgresql":
            stack.enter_context(_postgresql(connection, mine=mine))
        elif not mine:
            stack.callback((connection.begin_nested() if connection.in_transaction() else connection.begin()).rollback)
        # without parameters, as a driver takes LIKE 'a%' for a place of one; streamed, as that makes it a cursor
        wanted = {"no_parameters": True} | ({"stream_results": True} if name == "postgresql" else {})
        before = {option: bool(connection.get_execution_options().get(option)) for option in wanted}
        stack.callback(connection.execution_options, **before)
        connection.execution_options(**wanted)
        yield ReadOnly(connection, "" if name in ("sqlite", "postgresql") else _NO_PROMISE)


@contextmanager
def _connected(source: Any, sqlalchemy: Any, refusal: type[LeadqualError]) -> Iterator[Connection]:
    engine = source if isinstance(source, sqlalchemy.Engine) else _engine(source, sqlalchemy, refusal)
    try:
        try:
            connection = engine.connect()
            if connection.dialect.name == "postgresql":
                connection = connection.execution_options(isolation_level="READ COMMITTED", postgresql_readonly=True)
        except Exception as error:  # a driver may quote what it could not use, and that may be part of a password
            raise refusal(
                f"the database cannot be reached ({type(error).__name__}); see that it is there and running, and that "
                "host, port, name, user and password in its URL are right."
            ) from None
        with connection:
            yield connection
    finally:
        if engine is not source:
            engine.dispose()


def _engine(source: Any, sqlalchemy: Any, refusal: type[LeadqualError]) -> Any:
    wrong = refusal(
        "the database URL cannot be used; it must read dialect://user:password@host:port/name, such as "
        "sqlite:///crm.db, with that dialect's package installed and what is special in a password written as %40 "
        "(for @)."
    )
    url = read_url(source, noun="the query", extra="train", wrong=wrong)
    path = sqlite_file(url)
    if path is not None and not path.is_file():
        raise refusal(f"there is no database file {path}; give the path of one.")
    return sqlalchemy.create_engine(_unwritable(url), connect_args=connection_arguments(url))


def _unwritable(url: URL) -> URL:
    """Return the URL by which the driver of the standard library opens an SQLite file to read."""
    path = sqlite_file(url)
    if path is None or url.get_dialect().driver != "pysqlite":
        return url
    query = {**url.query, "mode": "ro", "uri": "true"}
    return url.set(database=f"file:{quote(path.as_posix())}", query=query)


@contextmanager
def _sqlite(connection: Connection) -> Iterator[None]:
    """Have a connection write nothing; ``mode=ro`` alone would not keep VACUUM INTO from making a file."""
    raw = connection.connection.driver_connection
    before = connection.exec_driver_sql("PRAGMA query_only").scalar()
    connection.exec_driver_sql("PRAGMA query_only = ON")
    guarded = hasattr(raw, "set_authorizer")
    if guarded:
        raw.set_authorizer(_without_other_files)  # type: ignore[union-attr]  # sqlite3's
    try:
        yield
    finally:
        if guarded:
            raw.set_authorizer(None)  # type: ignore[union-attr]  # as above
        connection.exec_driver_sql(f"PRAGMA query_only = {int(bool(before))}")


def _without_other_files(action: int, *_: str | None) -> int:
    import sqlite3

    return sqlite3.SQLITE_DENY if action in (sqlite3.SQLITE_ATTACH, sqlite3.SQLITE_DETACH) else sqlite3.SQLITE_OK


@contextmanager
def _postgresql(connection: Connection, *, mine: bool) -> Iterator[None]:
    """Have a transaction write nothing; one that the caller is in may write again afterwards."""
    if mine:
        yield
    elif connection.dialect.detect_autocommit_setting(connection.connection.dbapi_connection):  # type: ignore[arg-type]  # open, so never None
        connection.exec_driver_sql("BEGIN READ ONLY")
        try:
            yield
        finally:
            connection.exec_driver_sql("ROLLBACK")
    else:
        inside = connection.in_transaction()
        point = connection.begin_nested()
        try:
            connection.exec_driver_sql("SET LOCAL transaction_read_only = on")
            yield
        finally:
            point.rollback()
            if not inside:
                connection.rollback()
