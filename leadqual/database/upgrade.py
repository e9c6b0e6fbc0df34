"""Upgrades of a ledger's tables: one process at a time, in one transaction."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any

from leadqual.database import connecting
from leadqual.database.connecting import WRITES
from leadqual.database.kind import DatabaseKind
from leadqual.errors import DependencyError

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine

__all__ = ["upgrade"]

_MAX_UPGRADE_SECONDS = 120
# Threads wait here instead of at the database, which knows a lock of its own for processes
_upgrading = threading.Lock()


def upgrade(engine: Engine, kind: DatabaseKind, *, new: bool = False) -> None:
    """Bring the tables up to date; nothing is locked where they are.

    One transaction holds it all, behind the writers' lock of SQLite or an advisory lock of PostgreSQL. Migrations are
    given alembic's operations as an argument: its global ``op`` belongs to the process, and two threads would share it.

    Parameters
    ----------
    engine
        Of the database, as `ledger_engine` makes it.
    kind
        Which database it is.
    new
        Whether it is a file that was just made, and is empty for that reason.

    Raises
    ------
    DependencyError
        When alembic is not installed.
    LeadqualError
        ``kind.refusal``, when the database is of a newer leadqual, or was emptied.
    sqlalchemy.exc.SQLAlchemyError
        When the database does not take it; then nothing was changed.
    """
    script = _script(kind)
    head = script.get_current_head()
    with engine.connect() as connection:
        if _is_current(connection, kind, head):
            return
    with _upgrading, engine.execution_options(**{WRITES: True}).begin() as connection:
        if connection.dialect.name == "postgresql":
            # wait longer for an upgrade than for an ordinary lock
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{_MAX_UPGRADE_SECONDS}s'")
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({kind.lock})")
            connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{connecting.BUSY_SECONDS}s'")
        _refuse_emptied(connection, kind, new=new)
        _migrate(connection, kind, script)
        if not _is_current(connection, kind, head):
            raise _emptied(kind)


def _script(kind: DatabaseKind) -> Any:
    try:
        from alembic.config import Config
        from alembic.script import ScriptDirectory
    except ImportError:
        raise DependencyError(
            f'{kind.noun} needs alembic, which is not installed; pip install "leadqual[{kind.extra}]".'
        ) from None
    config = Config()
    config.set_main_option("script_location", str(kind.migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    return ScriptDirectory.from_config(config)


def _migrate(connection: Connection, kind: DatabaseKind, script: Any) -> None:
    from alembic.operations import Operations
    from alembic.runtime.migration import MigrationContext
    from alembic.util import CommandError

    def steps(revision: Any, _context: Any) -> Any:
        return script._upgrade_revs("head", revision)

    context = MigrationContext.configure(connection, opts={"version_table": kind.version_table, "fn": steps})
    try:
        context.run_migrations(op=Operations(context))
    except CommandError:
        raise kind.refusal(f"{kind.noun} is of a newer leadqual than this; upgrade leadqual.") from None


def _is_current(connection: Connection, kind: DatabaseKind, head: str | None) -> bool:
    return _stamps(connection, kind) == [head] and set(kind.tables) <= _tables(connection)


def _refuse_emptied(connection: Connection, kind: DatabaseKind, *, new: bool) -> None:
    """Refuse an emptied ledger: starting a new one in its place would hide the loss."""
    found = _tables(connection)
    if not found and connection.dialect.name == "sqlite" and not new:
        raise kind.refusal(
            f"{kind.noun}'s file holds no table, it was emptied; restore it from a backup, or delete the file to begin "
            "anew."
        )
    if _stamps(connection, kind) and kind.tables[0] not in found:
        raise _emptied(kind)


def _emptied(kind: DatabaseKind) -> Exception:
    return kind.refusal(
        f"{kind.noun} has lost tables that it had, it must have {len(kind.tables)}; restore it from a backup, or name "
        "an empty database to begin anew."
    )


def _tables(connection: Connection) -> set[str]:
    import sqlalchemy

    return set(sqlalchemy.inspect(connection).get_table_names())


def _stamps(connection: Connection, kind: DatabaseKind) -> list[str]:
    if kind.version_table not in _tables(connection):
        return []
    rows = connection.exec_driver_sql(f"SELECT version_num FROM {kind.version_table}")  # noqa: S608  # a constant
    return [str(row[0]) for row in rows]


def _in_child() -> None:
    global _upgrading  # a lock that another thread held at the fork would never be released
    _upgrading = threading.Lock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_in_child)
