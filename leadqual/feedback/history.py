"""The history of scored leads as it was known on one day: one row per lead, whatever was learned later left out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from leadqual.feedback.events import Event, instant
from leadqual.feedback.standing_ids import standing_ids

__all__ = ["feedback_history", "moment"]

_COLUMNS = {
    "lead": "str",
    "scored_at": "datetime64[us]",
    "bundle": "str",
    "points": "int64",
    "probability": "float64",
    "grade": "str",
    "picked": "str",
    "propensity": "float64",
    "worked_at": "datetime64[us]",
    "accepted_at": "datetime64[us]",
    "disposition": "str",
    "disposition_at": "datetime64[us]",
    "reason": "str",
    "outcome": "str",
    "closed_at": "datetime64[us]",
    "value": "float64",
    "followed_known_at": "datetime64[us]",
    "ended_known_at": "datetime64[us]",
    "account": "str",
    "codes": "object",
}
_DISPOSITIONS = ("accepted", "rejected", "recycled")
_FIRST = {"worked": "worked_at", "accepted": "accepted_at"}
_ENDS = {"won": "won", "lost": "lost", "reopened": "open"}


def moment(as_of: str) -> pd.Timestamp:
    """Return a date as the times of a history are written: in UTC, without a zone.

    Parameters
    ----------
    as_of
        ISO 8601; UTC where it names no zone.

    Examples
    --------
    >>> moment("2026-05-01T09:00:00+02:00")
    Timestamp('2026-05-01 07:00:00')
    """
    time = pd.Timestamp(as_of)
    return time if time.tzinfo is None else time.tz_convert("UTC").tz_localize(None)


def feedback_history(events: Iterable[Event], *, as_of: str, bundle: str | None = None) -> pd.DataFrame:
    """Return each scored lead as it was when it was first scored, and what had become of it by a date.

    Parameters
    ----------
    events
        The ledger's events, in the order in which they became known; see `FeedbackStore.events`.
    as_of
        The date (ISO 8601): only what was known by then counts, and only what had happened by then.
    bundle
        Digest of the bundle whose scores count; None: a lead's first score by any.

    Returns
    -------
    pandas.DataFrame
        In the order of ``scored_at``, times in UTC. Of a lead that was scored more than once, the first score with
        which it was picked counts, as the draw was made then; else the first. Ids that were merged by then are one
        lead, under the id that stands; see `merge_ids`. ``picked`` is ``"rank"``, ``"random"``,
        ``"override"`` or ""; ``propensity`` the chance with which it was
        drawn, or could have been where it was in a draw; ``accepted_at`` when it was
        first accepted, whatever was decided later; ``disposition`` and ``reason`` "" where there is none; ``outcome``
        ``"won"``, ``"lost"`` or ``"open"``; ``followed_known_at`` and ``ended_known_at`` when the ledger last learned
        what sales did, and how it ended; ``account``
        the keyed hash of its account, "" where none is known; ``codes`` the band of each field, or None where the
        person was forgotten.

    Examples
    --------
    >>> score = Event("scored", "L-7", "2026-05-01", {"bundle": "b", "points": 120, "probability": 0.2, "grade": "A"})
    >>> won = Event("won", "L-7", "2026-05-20", {"value": 900.0}, known_at="2026-06-01")
    >>> feedback_history([score, won], as_of="2026-05-25")["outcome"].tolist()
    ['open']
    >>> feedback_history([score, won], as_of="2026-06-02")["outcome"].tolist()
    ['won']
    """
    limit = instant(as_of)
    seen = [event for event in events if event.at <= limit and (event.known_at or event.at) <= limit]
    void = {event.corrects for event in seen if event.corrects}
    rows: dict[str, dict[str, Any]] = {}
    names = standing_ids(seen)
    standing = [event for event in seen if event.key not in void]
    for event in standing:
        if event.kind == "scored" and bundle in (None, event.content.get("bundle")):
            lead = names.get(event.lead, event.lead)
            row, scored = rows.get(lead), _scored(event) | {"lead": lead}
            if row is None or _sooner(scored, row):
                rows[lead] = scored
    for event in standing:
        row = rows.get(names.get(event.lead, event.lead))
        if row is not None:
            _happened(row, event)
    table = pd.DataFrame(list(rows.values()), columns=list(_COLUMNS))
    for name, dtype in _COLUMNS.items():
        if dtype.startswith("datetime"):
            moments = pd.to_datetime(table[name], format="ISO8601", utc=True)
            table[name] = moments.dt.tz_localize(None).astype(dtype)  # type: ignore[call-overload]  # as above
        else:
            table[name] = table[name].astype(dtype)  # type: ignore[call-overload]  # one of those above
    return table.sort_values(["scored_at", "lead"], kind="stable", ignore_index=True)


def _sooner(one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Tell which score of a lead counts: the first with which it was picked to be worked, else the first."""
    picked, before = bool(one["picked"]), bool(other["picked"])
    return picked if picked != before else bool(one["scored_at"] < other["scored_at"])


def _scored(event: Event) -> dict[str, Any]:
    content = event.content
    codes = content.get("codes")
    return {
        "lead": event.lead,
        "scored_at": event.at,
        "bundle": content.get("bundle", ""),
        "points": content["points"],
        "probability": content["probability"],
        "grade": content["grade"],
        "picked": content.get("picked", ""),
        "propensity": content.get("propensity"),
        "worked_at": None,
        "accepted_at": None,
        "disposition": "",
        "disposition_at": None,
        "reason": "",
        "outcome": "open",
        "closed_at": None,
        "value": None,
        "followed_known_at": None,
        "ended_known_at": None,
        "account": content.get("account") or "",
        "codes": None if codes is None else tuple(codes),
    }


def _happened(row: dict[str, Any], event: Event) -> None:
    """Take one event into the row of its lead; of two of one kind, what became known later holds."""
    known = event.known_at or event.at
    if event.kind == "worked" or event.kind in _DISPOSITIONS:
        row["followed_known_at"] = max(row["followed_known_at"] or known, known)
    elif event.kind in _ENDS:
        row["ended_known_at"] = max(row["ended_known_at"] or known, known)
    if event.kind in _FIRST:
        name = _FIRST[event.kind]
        row[name] = min(row[name] or event.at, event.at)
    if event.kind in _DISPOSITIONS:
        row |= {"disposition": event.kind, "disposition_at": event.at, "reason": event.content.get("reason", "")}
    elif event.kind in _ENDS:
        ended = _ENDS[event.kind]
        closed = None if ended == "open" else event.at
        row |= {"outcome": ended, "closed_at": closed, "value": event.content.get("value")}
