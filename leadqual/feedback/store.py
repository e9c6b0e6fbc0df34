"""The store of feedback: events that are added and never changed, until a person is forgotten."""

from __future__ import annotations

import json
from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from leadqual.database import DatabaseKind, open_database
from leadqual.errors import FeedbackError
from leadqual.feedback.events import Event, instant, stored_content
from leadqual.feedback.forgetting import (
    CORRECTING,
    forgotten_among,
    let_go_of_overwritten,
    make_nameless,
    remember_to_forget,
)
from leadqual.feedback.standing_ids import all_ids, linked_merges, other_id

if TYPE_CHECKING:
    from sqlalchemy import Connection, Select

    from leadqual.feedback.columns import EventRow

__all__ = ["FeedbackStore", "UnwantedEventError"]


class UnwantedEventError(FeedbackError):
    """The database refuses an event because of its content, so that trying again does not help."""


_KIND = DatabaseKind(
    noun="the feedback ledger",
    entry="an event",
    entries="events",
    extra="feedback",
    migrations=Path(__file__).parent / "migrations",
    version_table="leadqual_feedback_version",
    tables=(
        "leadqual_feedback_event",
        "leadqual_feedback_forgotten",
        "leadqual_feedback_salt",
        "leadqual_feedback_account_key",
    ),
    refusal=FeedbackError,
    unwanted=UnwantedEventError,
    lock=6_104_202_606,
    pragmas=("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"),
)
_COLUMNS = ("kind", "lead", "at", "content", "known_at", "key", "corrects")
_AT_ONCE = 5000
_LEADS_AT_ONCE = 500
# append shares this lock, forget holds it alone: an append in flight could otherwise restore an erased lead
_ADVISORY = 6_104_202_605


class FeedbackStore:
    """The ledger of scores, dispositions and outcomes.

    On SQLite it runs with a write-ahead log, ``synchronous=FULL`` and a busy time of ten seconds: what `append` has
    returned for survives a crash of the machine. A process that was forked may go on using it.

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
        self._database = open_database(url, _KIND)
        import sqlalchemy  # open_database has already refused with a sentence where it is missing

        self._engine, self._sqlite = self._database.engine, self._database.sqlite
        with self._database.reading() as connection:
            self._event = sqlalchemy.Table("leadqual_feedback_event", sqlalchemy.MetaData(), autoload_with=connection)

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
        known, given = instant(known_at), list(events)
        rows = [_row(event, known) for event in given]
        others = [other_id(event) for event in given]  # a merge names a second lead, which may be forgotten too

        def add(connection: Connection) -> int:
            self._take_turns(connection, alone=False)
            gone = forgotten_among(connection, {row["lead"] for row in rows} | set(others))
            kept = (
                row for row, other in zip(rows, others, strict=True) if row["lead"] not in gone and other not in gone
            )
            return self._insert(connection, list(kept))

        return self._database.write(add) if rows else 0

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
        table, select = self._event, self._select()
        if lead is not None:
            select = select.where(table.c.lead == lead)
        if kinds is not None:
            select = select.where(table.c.kind.in_(list(kinds)))
        if as_of is not None:
            select = select.where(table.c.known_at <= instant(as_of))
        yield from self._read(select)

    def rows(self, *, after: int = 0) -> Generator[EventRow]:
        """Yield all events as they lie there, in the order in which they were added: for those who read all of them.

        Close it where reading may stop before the last event.

        Parameters
        ----------
        after
            Only those with a higher number.
        """
        import sqlalchemy

        table = self._event
        correcting = sqlalchemy.text(CORRECTING)
        needed = table.c.key.in_(sqlalchemy.select(table.c.corrects).where(correcting))
        key = sqlalchemy.case(((table.c.kind == "merged") | correcting | needed, table.c.key), else_="")
        columns = (table.c[name] if name != "key" else key for name in (*_COLUMNS, "number"))
        select = sqlalchemy.select(*columns).where(table.c.number > after).order_by(table.c.number)
        with (
            self._database.reading() as connection,
            connection.execution_options(yield_per=_AT_ONCE).execute(select) as result,
        ):
            yield from result

    def numbers(self, keys: Collection[str]) -> dict[str, int]:
        """Return the numbers of some events, by their keys; those that are not there are left out.

        Parameters
        ----------
        keys
            What makes each event itself.
        """
        import sqlalchemy

        table, rest = self._event, iter(keys)
        found: dict[str, int] = {}
        with self._database.reading() as connection:
            while some := list(islice(rest, _LEADS_AT_ONCE)):
                select = sqlalchemy.select(table.c.key, table.c.number).where(table.c.key.in_(some))
                found.update((key, number) for key, number in connection.execute(select))
        return found

    def count(self, *, until: int) -> int:
        """Return how many events there are up to a number.

        Parameters
        ----------
        until
            The number.
        """
        import sqlalchemy

        select = sqlalchemy.select(sqlalchemy.func.count()).where(self._event.c.number <= until)
        with self._database.reading() as connection:
            return int(connection.execute(select).scalar_one())

    def events_about(self, leads: Collection[str], *, kinds: Sequence[str]) -> Iterator[Event]:
        """Yield the events of some leads, and all that correct anything, which are few; the rest is not read.

        They come in the order in which they became known, those of all leads together, as ids that were merged are one
        lead; then the corrections of others.

        Parameters
        ----------
        leads
            Their ids.
        kinds
            Only those of these kinds.

        Examples
        --------
        >>> import tempfile
        >>> store = FeedbackStore(Path(tempfile.mkdtemp()) / "feedback.db")
        >>> store.append([Event("won", lead, "2026-05-01") for lead in ("L-7", "L-8")], known_at="2026-05-02")
        2
        >>> [event.lead for event in store.events_about({"L-7"}, kinds=["won"])]
        ['L-7']
        """
        import sqlalchemy

        table, wanted, rest = self._event, set(leads), iter(leads)
        select = self._select().where(table.c.kind.in_(list(kinds)))
        found: list[tuple[str, int, Event]] = []
        with self._database.reading() as connection:
            while some := list(islice(rest, _LEADS_AT_ONCE)):
                rows = connection.execute(select.add_columns(table.c.number).where(table.c.lead.in_(some)))
                found += ((row.known_at, row.number, _event(row[:-1])) for row in rows)
        found.sort(key=lambda one: one[:2])
        yield from (event for _, _, event in found)
        correcting = select.where(sqlalchemy.text(CORRECTING))
        yield from (event for event in self._read(correcting) if event.lead not in wanted)

    def merges(self, leads: Collection[str]) -> list[Event]:
        """Return the merges that tell by which ids some leads go, and what takes merges back; see `merge_ids`.

        Parameters
        ----------
        leads
            Their ids.

        Examples
        --------
        >>> import tempfile
        >>> store = FeedbackStore(Path(tempfile.mkdtemp()) / "feedback.db")
        >>> store.merges(["L-7"])
        []
        """
        return linked_merges(leads, lambda some: self.events_about(some, kinds=("merged", "withdrawn")))

    def forgotten(self, leads: Collection[str]) -> set[str]:
        """Return those of some leads who were forgotten, and whose events are passed over.

        Parameters
        ----------
        leads
            Their ids.

        Examples
        --------
        >>> import tempfile
        >>> store = FeedbackStore(Path(tempfile.mkdtemp()) / "feedback.db")
        >>> store.forget("L-7", at="2026-05-02", unseen=True)
        0
        >>> store.forgotten(["L-7", "L-8"])
        {'L-7'}
        """
        with self._database.reading() as connection:
            return forgotten_among(connection, leads)

    def forget(self, lead: str, *, at: str, unseen: bool = False) -> int:
        """Erase one person: nothing in the ledger leads to them any more, and what is counted stays right.

        All ids that the lead goes or went by are erased. Their events go on under one random name, without codes,
        values, reasons, stages and worth, their times moved together so that the first lies at midnight of its day.
        Durations, grades, outcomes, corrections and counts per day stay. What stays of the id is a salted hash, so that
        neither a later import nor an event still in a writer's journal brings the person back: whoever holds the
        database and the id can tell that it was forgotten, and nothing else. Backups are not reached.

        Parameters
        ----------
        lead
            The lead's id.
        at
            Now (ISO 8601).
        unseen
            Also where the ledger has no events of it: it is kept out from now on.

        Returns
        -------
        int
            How many events were made nameless.

        Raises
        ------
        FeedbackError
            When the ledger has no such lead, the database does not take it, or, with the person already forgotten,
            someone who reads an SQLite ledger keeps its log from being emptied.
        """
        now = instant(at)

        def erase(connection: Connection) -> int:
            self._take_turns(connection, alone=True)
            ids = all_ids(lead, lambda some: self._merges(connection, some))
            name, events = make_nameless(connection, self._event, ids)
            remember_to_forget(connection, lead, events=events, unseen=unseen)
            for other in ids - {lead}:
                remember_to_forget(connection, other, events=events, unseen=True)
            if events:
                self._insert(connection, [_row(Event("forgotten", name, now), now)])
            return events

        erased = self._database.write(erase)
        if erased:
            let_go_of_overwritten(self._database, self._event.name)
        return erased

    @property
    def account_key(self) -> bytes:
        """The key with which this ledger hashes accounts; never export it together with the events."""
        import sqlalchemy

        with self._database.reading() as connection:
            asked = sqlalchemy.text("SELECT key FROM leadqual_feedback_account_key")
            return bytes.fromhex(str(connection.execute(asked).scalar_one()))

    def close(self) -> None:
        """Close the connections to the database."""
        self._database.close()

    def _merges(self, connection: Connection, leads: Collection[str]) -> list[Event]:
        these = self._event.c.kind.in_(["merged", "withdrawn"]) & self._event.c.lead.in_(list(leads))
        return [_event(row) for row in connection.execute(self._select().where(these)).all()]

    def _select(self) -> Select[Any]:
        import sqlalchemy

        table = self._event
        return sqlalchemy.select(*(table.c[name] for name in _COLUMNS)).order_by(table.c.known_at, table.c.number)

    def _read(self, select: Select[Any]) -> Iterator[Event]:
        with (
            self._database.reading() as connection,
            connection.execution_options(yield_per=_AT_ONCE).execute(select) as result,
        ):
            yield from map(_event, result)

    def _insert(self, connection: Connection, rows: list[dict[str, str]]) -> int:
        if not rows:
            return 0
        from sqlalchemy.dialects import postgresql, sqlite

        insert = (sqlite if self._sqlite else postgresql).insert(self._event)
        added = insert.on_conflict_do_nothing(index_elements=["key"]).returning(self._event.c.key)
        return len(connection.execute(added, rows).all())

    def _take_turns(self, connection: Connection, *, alone: bool) -> None:
        if not self._sqlite:  # SQLite has one writer at a time anyway
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock{'' if alone else '_shared'}({_ADVISORY})")


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


def _event(row: Any) -> Event:
    kind, lead, at, content, known, key, corrects = row
    return Event.as_stored(kind, lead, at, stored_content(content), known, key, corrects)


def _text(content: Any) -> str:
    return json.dumps(dict(content), sort_keys=True, separators=(",", ":"))
