"""Sessions of the served review: signed cookies, forms that count once, and limits on how often anyone may ask."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from leadqual.web.invitations import Guest

__all__ = ["RateLimit", "Session", "Sessions"]

_FORMS = 200
_MAX_SESSIONS = 1000


@dataclass(slots=True)
class Session:
    """One browser of one guest.

    Parameters
    ----------
    guest
        Who they are.
    ends
        When the session ends, by the clock of `Sessions`, seconds.
    forms
        Tokens of forms that were handed out and not sent back yet.
    """

    guest: Guest
    ends: float
    forms: deque[str] = field(default_factory=lambda: deque(maxlen=_FORMS))

    def form(self) -> str:
        """Hand out the token of one form."""
        token = secrets.token_urlsafe(24)
        self.forms.append(token)
        return token

    def take(self, token: object) -> bool:
        """Take a form's token back; False where it was never handed out, or came back before."""
        if not isinstance(token, str) or token not in self.forms:
            return False
        self.forms.remove(token)
        return True


class Sessions:
    """Sessions: each cookie is a random, signed name without any content.

    Parameters
    ----------
    clock
        Returns seconds that only go up.
    seconds
        How long a session lasts.

    Examples
    --------
    >>> sessions = Sessions(lambda: 0.0)
    >>> cookie = sessions.open(Guest("Ana", "sales", 1, "2026-05-01T09:00:00+00:00"))
    >>> sessions.find(cookie).guest.name, sessions.find(cookie + "0") is None
    ('Ana', True)
    """

    def __init__(self, clock: Callable[[], float], *, seconds: float = 12 * 3600.0) -> None:
        self._clock, self._seconds = clock, seconds
        self._secret = secrets.token_bytes(32)
        self._open: OrderedDict[str, Session] = OrderedDict()

    def open(self, guest: Guest) -> str:
        """Begin a session and return its cookie; the oldest ends where there are too many."""
        name = secrets.token_urlsafe(32)
        self._open[name] = Session(guest, self._clock() + self._seconds)
        while len(self._open) > _MAX_SESSIONS:
            self._open.popitem(last=False)
        return f"{name}.{self._signature(name)}"

    def find(self, cookie: str | None) -> Session | None:
        """Return the session of a cookie; None where it has ended, was edited, or never was."""
        name, _, signature = (cookie or "").rpartition(".")
        given = signature.encode("utf-8", "surrogatepass")
        if not name or not hmac.compare_digest(given, self._signature(name).encode()):
            return None
        session = self._open.get(name)
        if session is not None and session.ends < self._clock():
            del self._open[name]
            return None
        return session

    def close(self, cookie: str | None) -> None:
        """End a session."""
        if self.find(cookie) is not None:
            del self._open[str(cookie).rpartition(".")[0]]

    def _signature(self, name: str) -> str:
        return hmac.new(self._secret, name.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


class RateLimit:
    """At most so many requests a minute by each sender; unused ones do not pile up beyond that.

    Parameters
    ----------
    per_minute
        How many.
    clock
        Returns seconds that only go up.

    Examples
    --------
    >>> limit = RateLimit(2, lambda: 0.0)
    >>> [limit.allows("10.0.0.1") for _ in range(3)], limit.allows("10.0.0.2")
    ([True, True, False], True)
    """

    def __init__(self, per_minute: int, clock: Callable[[], float]) -> None:
        self._most, self._clock = float(per_minute), clock
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, sender: str) -> bool:
        """Count one request, and tell whether it is still allowed."""
        now = self._clock()
        left, seen = self._left.pop(sender, (self._most, now))
        left = min(self._most, left + (now - seen) * self._most / 60)
        allowed = left >= 1
        self._left[sender] = (left - 1 if allowed else left, now)
        while len(self._left) > _MAX_SESSIONS:
            self._left.popitem(last=False)
        return allowed
