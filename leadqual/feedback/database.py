"""A ledger's database: opened by path or URL, its tables brought up to date before anyone reads them."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadqual.errors import DependencyError, LeadqualError
from leadqual.feedback.database_errors import meaning

if TYPE_CHECKING:
    from sqlalchemy import Engine

__all__ = ["DatabaseKind", "open_database"]

_TRIES = 8
_BUSY_SECONDS = 10
_PATIENCE_SECONDS = 5.0
_NO_ROOM = "cannot be opened, as its disk is full; make room"


@dataclass(frozen=True, slots=True)
class DatabaseKind:
    """What a ledger's database is called, and where its tables are described.

    Parameters
    ----------
    noun
        What messages call it, such as ``"the ledger"``.
    extra
        The extra of leadqual that brings what it needs.
    migrations
        The folder of its migrations (alembic).
    version_table
        Where the database keeps which of them it has had.
    refusal
        The error that is raised.
    """

    noun: str
    extra: str
    migrations: Path
    version_table: str
    refusal: type[LeadqualError]


def open_database(url: str | Path, kind: DatabaseKind) -> Engine:
    """Open a database, make it where it is an SQLite file that is not there, and bring its tables up to date.

    Parameters
    ----------
    url
        SQLAlchemy URL, or the path of an SQLite file.
    kind
        Which database it is.

    Raises
    ------
    DependencyError
        When alembic or the database's driver is not installed.
    LeadqualError
        ``kind.refusal``, when the database cannot be opened, or is of a newer leadqual.
    """
    import sqlalchemy

    text = str(url)
    if "://" not in text:
        Path(text).absolute().parent.mkdir(parents=True, exist_ok=True)
        text = f"sqlite:///{Path(text).absolute()}"
    try:
        made = sqlalchemy.make_url(text)
        sqlite, postgresql = (made.get_backend_name() == name for name in ("sqlite", "postgresql"))
        given = {"timeout": _BUSY_SECONDS} if sqlite else {"connect_timeout": _BUSY_SECONDS} if postgresql else {}
        engine = sqlalchemy.create_engine(made, connect_args=given, pool_pre_ping=not sqlite)
        if postgresql:
            sqlalchemy.event.listen(engine, "connect", _limit_waiting)
    except sqlalchemy.exc.ArgumentError:
        raise kind.refusal(f"{kind.noun}'s URL cannot be read; write it as sqlite:///file.db.") from None
    except ImportError as error:
        raise DependencyError(
            f"{kind.noun}'s database needs {error.name}, which is not installed; install it."
        ) from None
    try:
        _upgrade(engine, kind)
    except LeadqualError:
        engine.dispose()
        raise
    return engine


def _upgrade(engine: Engine, kind: DatabaseKind) -> None:
    import sqlalchemy

    try:
        from alembic.config import Config
        from alembic.runtime.environment import EnvironmentContext
        from alembic.script import ScriptDirectory
        from alembic.util import CommandError
    except ImportError as error:
        raise DependencyError(
            f'{kind.noun} needs alembic, which is not installed; pip install "leadqual[{kind.extra}]".'
        ) from error
    config = Config()
    config.set_main_option("script_location", str(kind.migrations).replace("%", "%%"))
    config.set_main_option("path_separator", "newline")
    script = ScriptDirectory.from_config(config)

    def steps(revision: Any, _context: Any) -> Any:
        return script._upgrade_revs("head", revision)

    end = time.monotonic() + _PATIENCE_SECONDS
    for left in reversed(range(_TRIES)):
        try:
            with engine.begin() as connection:
                context = EnvironmentContext(config, script, fn=steps)
                context.configure(connection=connection, version_table=kind.version_table)
                context.run_migrations()
        except CommandError:
            raise kind.refusal(f"{kind.noun} is of a newer leadqual than this; upgrade leadqual.") from None
        except sqlalchemy.exc.SQLAlchemyError as error:
            # someone else may be making the same ledger at this moment
            if left and time.monotonic() < end:
                time.sleep(random.random() * 0.1)  # noqa: S311  # only so that two makers part
                continue
            if meaning(error) in ("locked", "full"):
                way_out = "is locked by someone else; let them finish" if meaning(error) == "locked" else _NO_ROOM
                raise kind.refusal(f"{kind.noun} {way_out}, then open it again.") from None
            raise kind.refusal(
                f"{kind.noun} cannot be opened ({type(error).__name__}); name an SQLite file or a database that you "
                "may write to."
            ) from None
        else:
            return


def _limit_waiting(connection: Any, _record: Any) -> None:
    """Have PostgreSQL wait for a lock no longer than SQLite does: without a limit it waits for ever, in silence."""
    cursor = connection.cursor()
    cursor.execute(f"SET lock_timeout = '{_BUSY_SECONDS}s'")
    cursor.close()
    connection.commit()
