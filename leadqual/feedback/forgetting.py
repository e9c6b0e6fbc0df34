"""Forgetting a person: their events lose what leads to them, and a salted hash keeps them from coming back."""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json
import secrets
import sqlite3
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from leadqual.errors import FeedbackError
from leadqual.feedback.events import instant

if TYPE_CHECKING:
    from sqlalchemy import Connection, Table

    from leadqual.database import Database

__all__ = ["CORRECTING", "forgotten_among", "let_go_of_overwritten", "make_nameless", "remember_to_forget"]

# without the account: with the day of a score it could identify the only person of a small company
_KEPT = ("bundle", "points", "probability", "grade", "picked", "propensity")
_AT_ONCE = 500
CORRECTING = "corrects <> ''"
"""The condition of an event that corrects another, as its index says it: written otherwise, the index is not used."""


def forgotten_among(connection: Connection, leads: Iterable[str]) -> set[str]:
    """Return those of some leads who were forgotten.

    Parameters
    ----------
    connection
        To the ledger.
    leads
        Their ids.
    """
    import sqlalchemy

    salt = _salt(connection)
    of_hash = {_hashed(salt, lead): lead for lead in leads}
    hashes = list(of_hash)
    asked = sqlalchemy.text("SELECT hash FROM leadqual_feedback_forgotten WHERE hash IN :some").bindparams(
        sqlalchemy.bindparam("some", expanding=True)
    )
    found: set[str] = set()
    for start in range(0, len(hashes), _AT_ONCE):
        rows = connection.execute(asked, {"some": hashes[start : start + _AT_ONCE]})
        found.update(of_hash[row[0]] for row in rows)
    return found


def make_nameless(connection: Connection, table: Table, leads: Collection[str]) -> tuple[str, int]:
    """Put one random name on the events of a lead's ids and take from them what leads to a person.

    Corrections keep pointing at what they correct, else what they took back would count again.

    Parameters
    ----------
    connection
        To the ledger, writing.
    table
        The table of events.
    leads
        The ids by which the lead goes or went.

    Returns
    -------
    name, events
        The random name, and how many events have it now.
    """
    import sqlalchemy

    mine = connection.execute(table.select().where(table.c.lead.in_(list(leads)))).all()
    name = f"forgotten-{secrets.token_hex(8)}"
    if not mine:
        return name, 0
    start = datetime.fromisoformat(min(row.at for row in mine))
    shift = start - start.replace(hour=0, minute=0, second=0, microsecond=0)
    new_key = {row.key: secrets.token_hex(32) for row in mine}
    for row in mine:
        kept = {key: value for key, value in json.loads(row.content).items() if key in _KEPT}
        nameless = {
            "lead": name,
            "key": new_key[row.key],
            "at": instant(datetime.fromisoformat(row.at) - shift),
            "known_at": instant(datetime.fromisoformat(row.known_at) - shift),
            "content": json.dumps(kept, sort_keys=True, separators=(",", ":")),
        }
        connection.execute(table.update().where(table.c.number == row.number).values(**nameless))
    new_key |= _unlink(connection, table, mine, set(leads))
    some = sqlalchemy.text(CORRECTING)
    for old, new in new_key.items():
        connection.execute(table.update().where(table.c.corrects == old, some).values(corrects=new))
    return name, len(mine)


def _unlink(connection: Connection, table: Table, mine: Collection[Any], leads: set[str]) -> dict[str, str]:
    """Take the ids from merges that others were told of and that were taken back; return the new keys by the old."""
    import sqlalchemy

    merges = (json.loads(row.content).values() for row in mine if row.kind == "merged")
    others = {str(other) for content in merges for other in content} - leads
    new_key = {}
    for other in others:
        theirs = table.select().where(table.c.kind == "merged", table.c.lead == other)
        for row in connection.execute(theirs).all():
            if leads.isdisjoint(map(str, json.loads(row.content).values())):
                continue
            new_key[row.key] = secrets.token_hex(32)  # the old key was a hash of both ids
            update = sqlalchemy.update(table).where(table.c.number == row.number)
            connection.execute(update.values(key=new_key[row.key], content="{}"))
    return new_key


def remember_to_forget(connection: Connection, lead: str, *, events: int, unseen: bool) -> None:
    """Keep a lead out from now on.

    Parameters
    ----------
    connection
        To the ledger, writing.
    lead
        Its id, of which a salted hash is kept.
    events
        How many events it had.
    unseen
        Whether it may have had none.

    Raises
    ------
    FeedbackError
        When it had none, and that was not meant.
    """
    import sqlalchemy

    before = bool(forgotten_among(connection, [lead]))
    if not events and not unseen:
        known = ", and has forgotten it before" if before else ""
        raise FeedbackError(
            f"the feedback ledger has no events of that lead{known}; nothing was forgotten: correct the id, or say "
            "that a lead it has not seen is meant (--unseen, in Python unseen=True), which keeps it out from now on."
        )
    if not before:
        connection.execute(
            sqlalchemy.text("INSERT INTO leadqual_feedback_forgotten (hash) VALUES (:hash)"),
            {"hash": _hashed(_salt(connection), lead)},
        )


def let_go_of_overwritten(database: Database, table: str) -> None:
    """Have a database let go of what was overwritten: the pages of PostgreSQL, the log of SQLite.

    Parameters
    ----------
    database
        The ledger's.
    table
        The name of the table of events.

    Raises
    ------
    FeedbackError
        When someone who reads an SQLite ledger keeps its log from being emptied.
    """
    import sqlalchemy

    if not database.sqlite:
        alone = database.engine.execution_options(isolation_level="AUTOCOMMIT")
        # without that right the server vacuums later by itself
        with contextlib.suppress(sqlalchemy.exc.SQLAlchemyError), alone.connect() as connection:
            connection.exec_driver_sql(f"VACUUM {table}")
        return
    borrowed = database.engine.raw_connection()
    try:
        busy = borrowed.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    except sqlite3.Error:  # a borrowed connection's errors are the driver's own
        busy = 1
    finally:
        borrowed.close()
    if busy:
        raise FeedbackError(
            "the person is forgotten, but someone who reads the ledger keeps its log from being emptied, and the "
            "log must be; close the ledger everywhere, which empties it."
        )


def _salt(connection: Connection) -> str:
    import sqlalchemy

    return str(connection.execute(sqlalchemy.text("SELECT salt FROM leadqual_feedback_salt")).scalar_one())


def _hashed(salt: str, lead: str) -> str:
    return hmac.new(bytes.fromhex(salt), lead.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
