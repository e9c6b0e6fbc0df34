"""The store of feedback: events that are added and never changed, until a person is forgotten."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from leadqual.errors import FeedbackError
from leadqual.feedback.database import DatabaseKind, open_database
from leadqual.feedback.events import Event, instant

if TYPE_CHECKING:
    from sqlalchemy import Connection

__all__ = ["FeedbackStore"]

_KIND = DatabaseKind(
    "the feedback ledger",
    "feedback",
    Path(__file__).parent / "migrations",
    "leadqual_feedback_version",
    FeedbackError,
)
_COLUMNS = ("key", "kind", "lead", "at", "known_at", "content", "corrects")
_BATCH = 500
_TRIES = 40
_KEPT = ("bundle", "points", "probability", "grade", "picked", "propensity")
_Result = TypeVar("_Result")


class FeedbackStore:
    """The ledger of scores, dispositions and outcomes.

    On SQLite it runs with a write-ahead log, ``synchronous=FULL`` and a busy time of ten seconds: what `append` has
    returned for survives a crash of the machine.

    Parameters
    ----------
    url
        SQLAlchemy URL, or the path of an SQLite file, which is made where there is none. A schema of an earlier
        leadqual is brought up to date.

    Raises
    ------
    DependencyError
        When alembic or the database's driver is not installed.
    FeedbackError
        When the database cannot be opened, or is of a newer leadqual.

    Examples
    --------
    >>> import tempfile
    >>> store = FeedbackStore(Path(tempfile.mkdtemp()) / "feedback.db")
    >>> won = Event("won", "L-7", "2026-05-01", {"value": 1200.0})
    >>> store.append([won], known_at="2026-05-02"), store.append([won], known_at="2026-05-03")
    (1, 0)
    >>> [event.kind for event in store.events()]
    ['won']
    """

    def __init__(self, url: str | Path) -> None:
        import sqlalchemy

        self._engine = open_database(url, _KIND)
        self._sqlite = self._engine.dialect.name == "sqlite"
        if self._sqlite:
            self._engine.dispose()  # those of the upgrade were opened without the pragmas
            sqlalchemy.event.listen(self._engine, "connect", _set_up)
        self._event = sqlalchemy.Table("leadqual_feedback_event", sqlalchemy.MetaData(), autoload_with=self._engine)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def append(self, events: Iterable[Event], *, known_at: str) -> int:
        """Add events, all or none, and return how many were new.

        Events that are there already, and those of people who were forgotten, are passed over.

        Parameters
        ----------
        events
            What happened.
        known_at
            When that is known: now (ISO 8601). Events that say when themselves keep that.

        Raises
        ------
        FeedbackError
            When the database does not take them; then none was added.
        """
        known = instant(known_at)
        rows = [_row(event, known) for event in events]

        def add(connection: Connection) -> int:
            gone = self._forgotten(connection, {row["lead"] for row in rows})
            kept = [row for row in rows if row["lead"] not in gone]
            return sum(self._insert(connection, kept[i : i + _BATCH]) for i in range(0, len(kept), _BATCH))

        return self._written(add) if rows else 0

    def events(
        self, *, lead: str | None = None, kinds: Sequence[str] | None = None, as_of: str | None = None
    ) -> Iterator[Event]:
        """Yield events in the order in which they became known.

        Parameters
        ----------
        lead
            Only those of this lead.
        kinds
            Only those of these kinds.
        as_of
            Only those that were known by then (ISO 8601).
        """
        import sqlalchemy

        table = self._event
        select = sqlalchemy.select(*(table.c[name] for name in _COLUMNS)).order_by(table.c.known_at, table.c.number)
        if lead is not None:
            select = select.where(table.c.lead == lead)
        if kinds is not None:
            select = select.where(table.c.kind.in_(list(kinds)))
        if as_of is not None:
            select = select.where(table.c.known_at <= instant(as_of))
        try:
            with self._engine.connect() as connection:
                rows = connection.execute(select).all()
        except sqlalchemy.exc.SQLAlchemyError as error:
            raise FeedbackError(
                f"the feedback ledger cannot be read ({type(error).__name__}); see to its database."
            ) from None
        for key, kind, of_lead, at, known_at, content, corrects in rows:
            yield Event(kind, of_lead, at, json.loads(content), known_at, key, corrects)

    def forget(self, lead: str, *, at: str) -> int:
        """Erase one person: nothing in the ledger leads to them any more, and what is counted stays right.

        Their events go on under a random name, without codes, values, reasons, stages and worth, their times moved
        together so that the first lies at midnight of its day. Durations, grades, outcomes and counts per day stay.
        What stays of the id is a salted hash, so that a later import does not bring the person back: whoever holds the
        database and the id can tell that it was forgotten, and nothing else.

        Parameters
        ----------
        lead
            The lead's id.
        at
            Now (ISO 8601).

        Returns
        -------
        int
            How many events were made nameless.

        Raises
        ------
        FeedbackError
            When the ledger has no such lead, or the database does not take it.
        """
        import sqlalchemy

        table, now = self._event, instant(at)

        def erase(connection: Connection) -> int:
            mine = connection.execute(
                sqlalchemy.select(table.c.number, table.c.at, table.c.known_at, table.c.content).where(
                    table.c.lead == lead
                )
            ).all()
            if not mine:
                raise FeedbackError("the feedback ledger has no events of that lead; nothing was forgotten.")
            name = f"forgotten-{secrets.token_hex(8)}"
            start = datetime.fromisoformat(min(row.at for row in mine))
            shift = start - start.replace(hour=0, minute=0, second=0, microsecond=0)
            for row in mine:
                kept = {key: value for key, value in json.loads(row.content).items() if key in _KEPT}
                nameless = {
                    "lead": name,
                    "key": secrets.token_hex(32),
                    "at": instant(datetime.fromisoformat(row.at) - shift),
                    "known_at": instant(datetime.fromisoformat(row.known_at) - shift),
                    "content": _text(kept),
                    "corrects": "",
                }
                connection.execute(table.update().where(table.c.number == row.number).values(**nameless))
            connection.execute(
                sqlalchemy.text("INSERT INTO leadqual_feedback_forgotten (hash) VALUES (:hash)"),
                {"hash": self._hash(connection, lead)},
            )
            self._insert(connection, [_row(Event("forgotten", name, now), now)])
            return len(mine)

        erased = self._written(erase)
        if self._sqlite:  # what was overwritten must not live on in the log
            with self._engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        return erased

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    def _insert(self, connection: Connection, rows: list[dict[str, str]]) -> int:
        if not rows:
            return 0
        from sqlalchemy.dialects import postgresql, sqlite

        insert = (sqlite if self._sqlite else postgresql).insert(self._event).values(rows)
        added = connection.execute(insert.on_conflict_do_nothing(index_elements=["key"]).returning(self._event.c.key))
        return len(added.all())

    def _forgotten(self, connection: Connection, leads: set[str]) -> set[str]:
        import sqlalchemy

        hashes = {row[0] for row in connection.execute(sqlalchemy.text("SELECT hash FROM leadqual_feedback_forgotten"))}
        if not hashes:
            return set()
        salt = self._salt(connection)
        return {lead for lead in leads if _hashed(salt, lead) in hashes}

    def _salt(self, connection: Connection) -> str:
        import sqlalchemy

        return str(connection.execute(sqlalchemy.text("SELECT salt FROM leadqual_feedback_salt")).scalar_one())

    def _hash(self, connection: Connection, lead: str) -> str:
        return _hashed(self._salt(connection), lead)

    def _written(self, act: Callable[[Connection], _Result]) -> _Result:
        import sqlalchemy

        for left in reversed(range(_TRIES)):
            try:
                with self._engine.begin() as connection:
                    return act(connection)
            except sqlalchemy.exc.SQLAlchemyError as error:
                said = str(getattr(error, "orig", "")).lower()
                waits = isinstance(error, sqlalchemy.exc.OperationalError) and (
                    "locked" in said or "busy" in said or "deadlock" in said or "serialize" in said
                )
                if waits and left:
                    time.sleep(random.random() * 0.05)  # noqa: S311  # only so that two writers part
                    continue
                raise FeedbackError(_why(error, said)) from None
        raise AssertionError("the last try raised")


def _why(error: Exception, said: str) -> str:
    if "full" in said or "no space" in said:
        return "the feedback ledger's disk is full, and nothing was added; make room, then try again."
    if "locked" in said or "busy" in said:
        return "the feedback ledger is locked by someone else, and nothing was added; let them finish, then try again."
    return (
        f"the feedback ledger does not take events ({type(error).__name__}), and nothing was added; see that its "
        "database is there and can be written to."
    )


def _set_up(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000", "secure_delete=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _row(event: Event, known_at: str) -> dict[str, str]:
    return {
        "key": event.key,
        "kind": event.kind,
        "lead": event.lead,
        "at": event.at,
        "known_at": event.known_at or known_at,
        "content": _text(event.content),
        "corrects": event.corrects,
    }


def _text(content: Any) -> str:
    return json.dumps(dict(content), sort_keys=True, separators=(",", ":"))


def _hashed(salt: str, lead: str) -> str:
    return hmac.new(bytes.fromhex(salt), lead.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()
