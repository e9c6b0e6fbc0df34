"""The kind of a ledger's database: what it is called, what its tables are, and which errors it raises."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from leadqual.errors import LeadqualError

__all__ = ["DatabaseKind"]


@dataclass(frozen=True, slots=True)
class DatabaseKind:
    """What a ledger's database is called, and where its tables are described.

    Parameters
    ----------
    noun
        What messages call it, such as ``"the feedback ledger"``.
    entry, entries
        What messages call one thing in it, with its article, and several, such as ``"an event"`` and ``"events"``.
    extra
        The extra of leadqual that brings what it needs.
    migrations
        The folder of its migrations (alembic). Their ``upgrade`` takes ``op``, alembic's operations on the connection.
    version_table
        Where the database keeps which of them it has had.
    tables
        The tables that a database up to date has; the first is made by the first migration.
    refusal
        The error that is raised.
    unwanted
        The error that is raised where the database refuses an entry for what it says; a kind of ``refusal``.
    lock
        PostgreSQL's advisory lock that is held while the tables are brought up to date.
    pragmas
        SQLite's settings of each connection.
    """

    noun: str
    entry: str
    entries: str
    extra: str
    migrations: Path
    version_table: str
    tables: tuple[str, ...]
    refusal: type[LeadqualError]
    unwanted: type[LeadqualError]
    lock: int
    pragmas: tuple[str, ...] = ()
