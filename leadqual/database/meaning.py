"""What a database's error means: try again, wait, make room, leave an entry out, restore it; and the error to raise."""

from __future__ import annotations

from typing import Literal

from leadqual.database.kind import DatabaseKind
from leadqual.errors import LeadqualError

__all__ = ["Meaning", "meaning", "unreadable", "unwritten"]

Meaning = Literal["again", "locked", "full", "unwanted", "damaged", "away"]

# by code, as a server may speak any language; https://www.postgresql.org/docs/current/errcodes-appendix.html
_STATES: dict[str, Meaning] = {
    "40001": "again",
    "40P01": "again",
    "55P03": "locked",
    "53100": "full",
    "XX001": "damaged",
    "XX002": "damaged",
}
_DAMAGED = ("not a database", "malformed", "file is encrypted", "unsupported file format")


def meaning(error: Exception) -> Meaning:
    """Tell what a database's error means.

    Parameters
    ----------
    error
        What SQLAlchemy raised.

    Returns
    -------
    str
        ``"again"``: another writer was in the way for a moment; ``"locked"``: someone keeps the ledger; ``"full"``: its
        disk is; ``"unwanted"``: what was written is not for this database; ``"damaged"``: it is no database any more,
        or was changed from outside; ``"away"``: anything else.
    """
    import sqlalchemy

    cause = getattr(error, "orig", None)
    state = getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None)
    if state in _STATES:
        return _STATES[state]
    message = str(cause).lower()
    if isinstance(error, sqlalchemy.exc.OperationalError) and ("locked" in message or "busy" in message):
        return "locked"
    if "disk is full" in message or "no space left" in message:
        return "full"
    if isinstance(error, sqlalchemy.exc.DatabaseError) and any(word in message for word in _DAMAGED):
        return "damaged"
    if isinstance(error, sqlalchemy.exc.DataError | sqlalchemy.exc.IntegrityError):
        return "unwanted"
    if isinstance(error, sqlalchemy.exc.StatementError) and not isinstance(error, sqlalchemy.exc.DBAPIError):
        return "unwanted"  # the statement was never sent
    return "away"


def unwritten(error: Exception, kind: DatabaseKind) -> LeadqualError:
    """Return the error to raise where writing failed: what happened, that nothing was added, and what to do.

    Parameters
    ----------
    error
        What SQLAlchemy raised.
    kind
        Which database it is.
    """
    what, noun, name = meaning(error), kind.noun, type(error).__name__
    if what == "unwanted":
        return kind.unwanted(
            f"{noun} refuses {kind.entry} for what it says ({name}), and nothing was added; leave it out."
        )
    if what == "full":
        return kind.refusal(f"{noun}'s disk is full, and nothing was added; make room, then try again.")
    if what in ("locked", "again"):
        return kind.refusal(
            f"{noun} is locked by someone else, and nothing was added; let them finish, then try again."
        )
    if what == "damaged":
        return kind.refusal(f"{noun} is damaged ({name}), and nothing was added; restore it from a backup.")
    return kind.refusal(
        f"{noun} does not take {kind.entries} ({name}), and nothing was added; see that its database is there, "
        "has room and can be written to, then try again."
    )


def unreadable(error: Exception, kind: DatabaseKind) -> LeadqualError:
    """Return the error to raise where reading failed: what happened, and what to do.

    Parameters
    ----------
    error, kind
        As in `unwritten`.
    """
    what, noun, name = meaning(error), kind.noun, type(error).__name__
    if what == "locked":
        return kind.refusal(f"{noun} is locked by someone else; let them finish, then read it again.")
    if what == "full":
        return kind.refusal(f"{noun}'s disk has no room to sort it; make room, then read it again.")
    if what == "damaged":
        return kind.refusal(f"{noun} is damaged ({name}); restore it from a backup.")
    return kind.refusal(
        f"{noun} cannot be read ({name}); see that its database is there and whole, then read it again."
    )
