"""What a database's error means for a ledger: try again, wait, make room, or that it wants no such event."""

from __future__ import annotations

from typing import Literal

from leadqual.errors import FeedbackError

__all__ = ["Meaning", "UnwantedEventError", "meaning", "refusal", "unreadable"]

Meaning = Literal["again", "locked", "full", "unwanted", "away"]

# by code, as a server may speak any language; https://www.postgresql.org/docs/current/errcodes-appendix.html
_STATES: dict[str, Meaning] = {
    "40001": "again",
    "40P01": "again",
    "55P03": "locked",
    "53100": "full",
}


class UnwantedEventError(FeedbackError):
    """The database refuses an event for what it is, and will do so whenever it is tried."""


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
        disk is; ``"unwanted"``: what was written is not for this database; ``"away"``: anything else.
    """
    import sqlalchemy

    cause = getattr(error, "orig", None)
    state = getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None)
    if state in _STATES:
        return _STATES[state]
    said = str(cause).lower()
    if isinstance(error, sqlalchemy.exc.OperationalError) and ("locked" in said or "busy" in said):
        return "locked"
    if "disk is full" in said or "no space left" in said:
        return "full"
    if isinstance(error, sqlalchemy.exc.DataError | sqlalchemy.exc.IntegrityError):
        return "unwanted"
    if isinstance(error, sqlalchemy.exc.StatementError) and not isinstance(error, sqlalchemy.exc.DBAPIError):
        return "unwanted"  # it could not even be sent
    return "away"


def refusal(error: Exception, noun: str = "the feedback ledger") -> FeedbackError:
    """Return the error to raise: what happened, that nothing was added, and what to do.

    Parameters
    ----------
    error
        What SQLAlchemy raised.
    noun
        What the database is called.
    """
    what = meaning(error)
    if what == "unwanted":
        return UnwantedEventError(
            f"{noun} refuses an event for what it says ({type(error).__name__}), and nothing was added; leave that "
            "event out."
        )
    if what == "full":
        return FeedbackError(f"{noun}'s disk is full, and nothing was added; make room, then try again.")
    if what in ("locked", "again"):
        return FeedbackError(
            f"{noun} is locked by someone else, and nothing was added; let them finish, then try again."
        )
    return FeedbackError(
        f"{noun} does not take events ({type(error).__name__}), and nothing was added; see that its database is there, "
        "has room and can be written to, then try again."
    )


def unreadable(error: Exception, noun: str = "the feedback ledger") -> FeedbackError:
    """Return the error to raise where reading failed: what happened, and what to do.

    Parameters
    ----------
    error, noun
        As in `refusal`.
    """
    what = meaning(error)
    if what == "locked":
        return FeedbackError(f"{noun} is locked by someone else; let them finish, then read it again.")
    if what == "full":
        return FeedbackError(f"{noun}'s disk has no room to sort it; make room, then read it again.")
    return FeedbackError(
        f"{noun} cannot be read ({type(error).__name__}); see that its database is there and whole, then read it again."
    )
