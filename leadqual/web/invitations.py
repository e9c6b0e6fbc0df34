"""Invitations: who may come to the review, for which team, by a link that only they have."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from leadqual.agreement import READING_ROLES, Entry, Ledger, read_role
from leadqual.agreement.ledger_text import shown_text
from leadqual.errors import AgreementError

__all__ = ["Guest", "invite", "invited", "revoke"]

_MAX_LENGTH = 80


@dataclass(frozen=True, slots=True)
class Guest:
    """Someone who may come to the review.

    Parameters
    ----------
    name, role
        Who they are, and for which team they speak; both were said when they were invited, never by themselves.
    number
        Number of their invitation in the ledger.
    until
        When it ends (ISO 8601, UTC).
    """

    name: str
    role: str
    number: int
    until: str


def invite(ledger: Ledger, *, name: str, role: str, at: str, days: int = 30) -> str:
    """Invite someone and return the secret of their link, which is kept nowhere: the ledger holds its hash alone.

    Parameters
    ----------
    ledger
        Where invitations are recorded.
    name, role
        Who comes, and for which team: a role that must sign, such as ``"marketing"`` or ``"sales"``, or ``"viewer"``
        or ``"seller"``, who only read.
    at
        Now (ISO 8601, UTC).
    days
        How long the link opens the review.

    Raises
    ------
    AgreementError
        When the name or role is empty or too long, the role is none that the ledger knows, or the days are none.

    Examples
    --------
    >>> import tempfile
    >>> ledger = Ledger(f"{tempfile.mkdtemp()}/agreement.db")
    >>> secret = invite(ledger, name="Ana", role="sales", at="2026-05-01T09:00:00+00:00")
    >>> invited(ledger.entries(), secret, at="2026-05-02T09:00:00+00:00").role
    'sales'
    >>> invited(ledger.entries(), secret, at="2026-07-02T09:00:00+00:00") is None
    True
    """
    name, role = name.strip(), role.strip()
    if not (0 < len(name) <= _MAX_LENGTH and 0 < len(role) <= _MAX_LENGTH):
        raise AgreementError(
            f"an invitation must have a name and a role of at most {_MAX_LENGTH} characters; say both."
        )
    role = read_role(role, (*ledger.required_roles, *READING_ROLES))
    if days < 1:
        raise AgreementError(f"a link must be valid for at least one day, not {days}; say for how many.")
    secret = secrets.token_urlsafe(32)
    until = (datetime.fromisoformat(at) + timedelta(days=days)).isoformat()
    content = {"name": name, "role": role, "until": until, "hash": _hash(secret)}
    ledger.record("invitation", content, recorded_at=at)
    return secret


def revoke(ledger: Ledger, *, name: str, at: str) -> int:
    """End all links of one person and return how many there were.

    Raises
    ------
    AgreementError
        When nobody of that name was invited.
    """
    found = [entry for entry in ledger.entries("invitation") if entry.content["name"] == name.strip()]
    if not found:
        raise AgreementError("nobody of that name was invited; leadqual agreement log shows who was.")
    for entry in found:
        ledger.record("revocation", {"invitation": entry.number}, recorded_at=at)
    return len(found)


def invited(entries: Iterable[Entry], secret: str, *, at: str) -> Guest | None:
    """Return whose link a secret belongs to; None where it is nobody's, has ended or was revoked."""
    wanted, found, revoked = _hash(secret), None, set()
    for entry in entries:
        if entry.kind == "invitation" and secrets.compare_digest(str(entry.content["hash"]), wanted):
            found = entry
        elif entry.kind == "revocation":
            revoked.add(entry.content["invitation"])
    if found is None or found.number in revoked:
        return None
    until = str(found.content["until"])
    if datetime.fromisoformat(at) > datetime.fromisoformat(until):
        return None
    # earlier versions recorded any role as it was written
    name, role = (shown_text(found.content[key]).strip() for key in ("name", "role"))
    return Guest(name, role.casefold(), found.number, until)


def _hash(secret: str) -> str:
    # 256 random bits need no slow hash
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()
