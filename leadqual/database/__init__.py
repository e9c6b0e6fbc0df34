"""A ledger's database: one way to read its URL, open it, bring its tables up to date, read it and write to it."""

from leadqual.database.database import Database, open_database
from leadqual.database.kind import DatabaseKind
from leadqual.database.meaning import Meaning, meaning, unreadable, unwritten
from leadqual.database.read_only import ReadOnly, read_only
from leadqual.database.url import read_url

__all__ = [
    "Database",
    "DatabaseKind",
    "Meaning",
    "ReadOnly",
    "meaning",
    "open_database",
    "read_only",
    "read_url",
    "unreadable",
    "unwritten",
]
