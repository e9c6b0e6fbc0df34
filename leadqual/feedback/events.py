"""Events: what happened to a lead, when it happened, and when that was known; nothing free, nothing personal."""

from __future__ import annotations

import hashlib
import json
import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from leadqual.errors import FeedbackError

__all__ = ["KINDS", "PICKED", "Event", "instant", "is_email", "is_label", "stored_content"]

KINDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "scored": ("bundle", "points", "probability", "grade", "codes", "picked", "propensity", "values", "account"),
        "worked": (),
        "accepted": (),
        "rejected": ("reason",),
        "recycled": ("reason", "until"),
        "stage": ("stage",),
        "won": ("reason", "value"),
        "lost": ("reason",),
        "reopened": (),
        "merged": ("into", "from"),
        "withdrawn": (),
        "forgotten": (),
        "assigned": ("seller", "due"),
        "viewed": (),
        "attempted": (),
        "contacted": (),
        "disqualified": ("reason",),
        "escalated": ("to",),
        "returned": ("reason",),
    }
)
"""The kinds of event, each with all that it may say beside the lead and the times."""

PICKED = ("rank", "random", "override", "")
"""Why a lead may have been picked; "" where it was not."""

_LABEL = re.compile(r"[^\W_][\w .,:;/&()'+%-]{0,79}", re.UNICODE)
_EMAIL = re.compile(r"\S@\S")
_PERSONAL = re.compile(r"\S@\S|(?:\d[ ()./-]?){7,}")
_HASH = re.compile(r"[0-9a-f]{32}")
_MAX_LEAD_LENGTH = 200
_MAX_KEY_LENGTH = 64
# control characters and halves of surrogate pairs
_UNSTORABLE = ("Cc", "Cs")
_NUMBERS = ("points", "probability", "propensity", "value")
_SHARES = ("probability", "propensity")
_SCORE = ("bundle", "points", "probability", "grade")
_PEOPLE = ("seller", "to")
_TIMES = ("due", "until")


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to one lead.

    Parameters
    ----------
    kind
        One of `KINDS`.
    lead
        The lead's id in the CRM.
    at
        When it happened (ISO 8601); kept in UTC.
    content
        What else is known, by the names that `KINDS` allows: reasons and stages are short labels, never free text.
    known_at
        When the store learned it; "" until it is stored.
    key
        What makes the event itself: a second one with the same key is the same event. By default a hash of kind, lead,
        time and content.
    corrects
        Key of an event that this one takes the place of, or that a ``"withdrawn"`` event takes back; "" for none.

    Raises
    ------
    FeedbackError
        When the kind is unknown, a time cannot be read, or the content holds what it may not.

    Examples
    --------
    >>> event = Event("rejected", "L-7", "2026-05-01T09:00:00Z", {"reason": "no budget"})
    >>> event.at, event.key == Event("rejected", "L-7", "2026-05-01T11:00:00+02:00", {"reason": "no budget"}).key
    ('2026-05-01T09:00:00.000000+00:00', True)
    """

    kind: str
    lead: str
    at: str
    content: Mapping[str, Any] = field(default_factory=dict)
    known_at: str = ""
    key: str = ""
    corrects: str = ""

    def __post_init__(self) -> None:
        if not isinstance(self.content, Mapping):
            raise FeedbackError("an event's content must be a dict of what it says; pass one, or leave it out.")
        # a copy: later changes to the caller's mapping must not change a checked event
        content = {name: dict(one) if isinstance(one, Mapping) else one for name, one in self.content.items()}
        object.__setattr__(self, "content", content)
        _check(self)
        object.__setattr__(self, "at", instant(self.at))
        if self.known_at:
            object.__setattr__(self, "known_at", instant(self.known_at))
        if not self.key:
            whole = [self.kind, self.lead, self.at, dict(self.content), self.corrects]
            text = json.dumps(whole, sort_keys=True, separators=(",", ":"))
            object.__setattr__(self, "key", hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest())

    @classmethod
    def as_stored(
        cls, kind: str, lead: str, at: str, content: Mapping[str, Any], known_at: str, key: str, corrects: str
    ) -> Event:
        """Return an event as it was written down, unchecked: what was taken once stays readable, whatever rules follow.

        Parameters
        ----------
        kind, lead, at, content, known_at, key, corrects
            As above, times as `instant` gives them.
        """
        event = object.__new__(cls)
        for name, value in zip(cls.__slots__, (kind, lead, at, content, known_at, key, corrects), strict=True):
            object.__setattr__(event, name, value)
        return event


def stored_content(text: str) -> dict[str, Any]:
    """Return what a stored event says.

    Parameters
    ----------
    text
        Its content, as JSON.

    Raises
    ------
    FeedbackError
        When that is no JSON object.
    """
    try:
        content = json.loads(text)
        if isinstance(content, dict):
            return content
    except (ValueError, TypeError):
        pass
    raise FeedbackError(
        "the feedback ledger holds an event that was changed from outside and cannot be read; restore it from a backup."
    )


def instant(time: object) -> str:
    """Return a time as the ledger holds it: UTC, to the microsecond, so that texts sort as times do.

    Parameters
    ----------
    time
        ISO 8601 text, or a datetime or Timestamp; UTC where it names no zone.

    Raises
    ------
    FeedbackError
        When it is no time.

    Examples
    --------
    >>> instant("2026-05-01"), instant("2026-05-01T09:00:00+02:00")
    ('2026-05-01T00:00:00.000000+00:00', '2026-05-01T07:00:00.000000+00:00')
    """
    try:
        moment = time if isinstance(time, datetime) else datetime.fromisoformat(str(time))
        if moment != moment:  # pandas' NaT is a datetime
            raise ValueError
        moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
        return moment.isoformat(timespec="microseconds")
    except (ValueError, OverflowError, AttributeError):
        raise FeedbackError("an event's time cannot be read; write it as 2026-05-01T09:00:00+02:00.") from None


def is_label(text: object) -> bool:
    """Tell whether a text is a short label: at most 80 characters, no address, no long number."""
    return isinstance(text, str) and _LABEL.fullmatch(text) is not None and not _PERSONAL.search(text)


def is_email(lead: str) -> bool:
    """Tell whether an id is an e-mail address, which names a person and not a lead."""
    return _EMAIL.search(lead) is not None


def _check(event: Event) -> None:
    if event.kind not in KINDS:
        raise FeedbackError(f"an event must be one of {', '.join(KINDS)}; correct its kind.")
    if not _storable(event.lead, _MAX_LEAD_LENGTH) or not event.lead:
        raise FeedbackError(
            f"an event must name its lead by a text of 1 to {_MAX_LEAD_LENGTH} characters that can be printed; "
            "pass its id."
        )
    if is_email(event.lead):
        raise FeedbackError("a lead's id must not be an e-mail address; name the lead by its id in the CRM.")
    if not all(_storable(key, _MAX_KEY_LENGTH) for key in (event.key, event.corrects)):
        raise FeedbackError(
            f"an event's key must be a text of at most {_MAX_KEY_LENGTH} characters that can be printed; leave it out, "
            "and it is made from what the event says."
        )
    if event.kind == "merged":
        _check_merge(event)
    if event.kind == "withdrawn" and not event.corrects:
        raise FeedbackError("a withdrawn event must say what it takes back; pass that event's key as corrects.")
    strange = set(event.content) - set(KINDS[event.kind])
    if strange:
        allowed = ", ".join(KINDS[event.kind]) or "nothing"
        raise FeedbackError(
            f"a {event.kind} event may say {allowed}, and has {len(strange)} more entries; leave them out: free text "
            "and personal fields are not kept."
        )
    for name, value in event.content.items():
        _check_value(name, value)
    if event.kind == "scored":
        _check_score(event.content)
    missing = {"assigned": "seller", "escalated": "to"}.get(event.kind, "")
    if missing and missing not in event.content:
        raise FeedbackError(f"an {event.kind} event must say whom it names; pass their id in the CRM as {missing}.")


def _check_merge(event: Event) -> None:
    """Refuse a merge that does not name exactly one other lead."""
    others = list(event.content.values())
    if len(others) != 1 or others[0] == event.lead or not _storable(others[0], _MAX_LEAD_LENGTH) or not others[0]:
        raise FeedbackError(
            "a merged event must say which other id the lead goes by (into), or which id became it (from); merge_ids "
            "makes both."
        )
    if is_email(others[0]):
        raise FeedbackError("a lead's id must not be an e-mail address; name the lead by its id in the CRM.")


def _check_score(content: Mapping[str, Any]) -> None:
    """Refuse a score with missing figures, or a drawn lead without its propensity."""
    if any(content.get(name) is None for name in _SCORE):
        raise FeedbackError(f"a scored event must say {', '.join(_SCORE)}; ScoreRecorder makes one that does.")
    if content.get("picked") == "random" and not content.get("propensity"):
        raise FeedbackError(
            "a lead picked at random must come with the chance with which it was drawn, above 0 and up to 1; pass it "
            "as propensity, or say that it was picked otherwise."
        )


def _storable(text: object, longest: int) -> bool:
    """Tell whether every database can store a text: one that is refused would block all later events."""
    return (
        isinstance(text, str) and len(text) <= longest and not any(unicodedata.category(c) in _UNSTORABLE for c in text)
    )


def _check_value(name: str, value: object) -> None:
    if name in ("reason", "stage") and not is_label(value):
        raise FeedbackError(
            f"a {name} must be a short label of at most 80 characters without addresses or long numbers, such as "
            '"no budget"; choose one from a list.'
        )
    if name == "picked" and value not in PICKED:
        raise FeedbackError('picked must be "rank", "random", "override" or ""; correct it.')
    if name in _NUMBERS and not (value is None or _finite(value)):
        raise FeedbackError(f"{name} must be a finite number; correct the event.")
    if name in _SHARES and value is not None and not 0 <= float(str(value)) <= 1:
        raise FeedbackError(f"{name} must be from 0 to 1; correct the event.")
    if name in ("bundle", "grade") and not _storable(value, _MAX_LEAD_LENGTH):
        raise FeedbackError(f"{name} must be a short text; pass the bundle's own.")
    if name in _PEOPLE and not (_storable(value, _MAX_LEAD_LENGTH) and value and not is_email(str(value))):
        raise FeedbackError(f"{name} must be an id of 1 to {_MAX_LEAD_LENGTH} characters, no e-mail address; pass it.")
    if name in _TIMES:
        instant(value)
    if name == "account" and not (value is None or (isinstance(value, str) and _HASH.fullmatch(value))):
        raise FeedbackError(
            "account must be the keyed hash of an account, never its name; leave it out, or pass account_key to "
            "ScoreRecorder, which makes the hash."
        )
    if name == "codes" and not (
        isinstance(value, list | tuple) and all(code is None or (type(code) is int and code >= 0) for code in value)
    ):
        raise FeedbackError("codes must be the numbers of bands, with None for no band; pass those of the score.")
    if name == "values" and not (
        isinstance(value, Mapping)
        and all(isinstance(field, str) and (one is None or _plain(one)) for field, one in value.items())
    ):
        raise FeedbackError("values must be texts, finite numbers, true, false or None by field; convert them.")


def _finite(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _plain(value: object) -> bool:
    return isinstance(value, str | bool) or _finite(value)
