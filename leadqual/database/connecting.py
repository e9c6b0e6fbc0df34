"""Connections to a database: what each waits for, and for how long, and how its transactions begin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadqual.database.kind import DatabaseKind
from leadqual.database.url import sqlite_file

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, Engine

__all__ = ["BUSY_SECONDS", "WRITES", "connection_arguments", "ledger_engine"]

WRITES = "leadqual_writes"
"""The execution option of a connection whose transactions write."""

BUSY_SECONDS = 10
"""How long a connection waits for the lock of another, and for a server to answer."""

_MAX_STATEMENT_SECONDS = 600
_LIBPQ = ("psycopg", "psycopg2", "psycopg_async")
# A server that is gone without a word is noticed after a minute: https://www.postgresql.org/docs/current/libpq-connect.html
_KEEPALIVES = {
    "keepalives": 1,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}


def connection_arguments(url: URL) -> dict[str, Any]:
    """Return what the driver is told beside a URL, so that nothing waits for ever; what the URL says itself holds.

    Parameters
    ----------
    url
        Of the database.
    """
    given: dict[str, Any] = {}
    if url.get_backend_name() == "sqlite":
        given = {"timeout": BUSY_SECONDS}
    elif url.get_backend_name() == "postgresql" and url.get_dialect().driver in _LIBPQ:
        given = {"connect_timeout": BUSY_SECONDS, **_KEEPALIVES}
    return {name: value for name, value in given.items() if name not in url.query}


def ledger_engine(url: URL, kind: DatabaseKind) -> Engine:
    """Return an engine for a ledger; nothing is connected yet.

    On SQLite a transaction that writes takes the lock first and looks then: what it looked at cannot change before it
    is acted on. PostgreSQL waits for a lock as long as SQLite does, and for no statement longer than ten minutes.

    Parameters
    ----------
    url
        Of SQLite or PostgreSQL.
    kind
        Which database it is.
    """
    import sqlalchemy

    sqlite = sqlite_file(url) is not None
    arguments = connection_arguments(url)
    if not sqlite:
        # explicit, as servers differ: after waiting for a lock, a transaction must see the other's changes
        engine = sqlalchemy.create_engine(
            url, connect_args=arguments, pool_pre_ping=True, isolation_level="READ COMMITTED"
        )
        sqlalchemy.event.listen(engine, "connect", _limit_waiting)
        return engine
    engine = sqlalchemy.create_engine(url, connect_args=arguments)

    def set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # `_begin` starts transactions, not the sqlite3 module at the first change
        cursor = connection.cursor()
        for pragma in kind.pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    sqlalchemy.event.listen(engine, "connect", set_up)
    sqlalchemy.event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _limit_waiting(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute(f"SET lock_timeout = '{BUSY_SECONDS}s'")
    cursor.execute(f"SET statement_timeout = '{_MAX_STATEMENT_SECONDS}s'")
    cursor.close()
    connection.commit()
