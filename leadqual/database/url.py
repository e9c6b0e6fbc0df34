"""A database's URL, read: whatever is wrong with it ends in one kind of error, which never quotes it."""

from __future__ import annotations

from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any

from leadqual.errors import DependencyError, LeadqualError

if TYPE_CHECKING:
    from sqlalchemy import URL

__all__ = ["need_sqlalchemy", "read_url", "sqlite_file"]


def read_url(url: object, *, noun: str, extra: str, wrong: LeadqualError) -> URL:
    """Read a URL, or the path of an SQLite file.

    Parameters
    ----------
    url
        SQLAlchemy URL as text or as such, or the path of an SQLite file.
    noun
        What messages call the database.
    extra
        The extra of leadqual that brings SQLAlchemy.
    wrong
        The error to raise where it cannot be read; it must not quote the URL, which may hold a password.

    Returns
    -------
    sqlalchemy.URL
        Of SQLite with an absolute path, where it names a file.

    Raises
    ------
    DependencyError
        When SQLAlchemy or the database's driver is not installed.
    LeadqualError
        ``wrong``, when it is no URL of a database.

    Examples
    --------
    >>> from leadqual.errors import LeadError
    >>> asked = {"noun": "the ledger", "extra": "feedback", "wrong": LeadError("the ledger's URL cannot be read.")}
    >>> read_url("sqlite:////srv/f.db", **asked).database
    '/srv/f.db'
    >>> read_url("postgresql://me:secret@host:port/x", **asked)
    Traceback (most recent call last):
    ...
    leadqual.errors.LeadError: the ledger's URL cannot be read.
    """
    sqlalchemy = need_sqlalchemy(noun, extra)
    try:
        made: URL | None = url if isinstance(url, sqlalchemy.URL) else _parsed(url, sqlalchemy)
        if made is None or "\0" in made.render_as_string(hide_password=False).replace("%00", "\0"):
            raise wrong
        made.get_dialect().import_dbapi()
        made.get_dialect()().create_connect_args(made)  # reads the port, true and false
    except LeadqualError:
        raise
    except ImportError as error:
        raise DependencyError(
            f"{noun}'s database needs {error.name or 'a driver'}, which is not installed; install it."
        ) from None
    except Exception:  # SQLAlchemy and drivers raise what they like for text that they cannot read
        raise wrong from None
    if sqlite_file(made) is None:
        return made
    absolute: URL = made.set(database=str(Path(str(made.database)).absolute()))
    return absolute


def _parsed(url: object, sqlalchemy: Any) -> Any:
    """Return the URL of a text or path; None where it is neither."""
    if not isinstance(url, (str, PathLike)) or not isinstance(fspath(url), str) or not fspath(url).strip():
        return None
    text = fspath(url)
    if isinstance(url, PathLike) or "://" not in text:
        return sqlalchemy.URL.create("sqlite", database=str(Path(text).absolute()))
    return sqlalchemy.make_url(text)


def sqlite_file(url: URL) -> Path | None:
    """Return the file that a URL of SQLite names; None where it is none: another database, memory, or a file: URI."""
    name = url.database or ""
    if url.get_backend_name() != "sqlite" or name in ("", ":memory:") or name.startswith("file:"):
        return None
    return Path(name)


def need_sqlalchemy(noun: str, extra: str) -> Any:
    """Return SQLAlchemy.

    Raises
    ------
    DependencyError
        When it is not installed.
    """
    try:
        import sqlalchemy
    except ImportError:
        raise DependencyError(
            f'{noun} needs sqlalchemy, which is not installed; pip install "leadqual[{extra}]".'
        ) from None
    return sqlalchemy
