"""The history of scored leads, made event by event and row by row: slow and plain, to compare the other with."""

import pandas as pd

from leadqual.feedback import instant, standing_ids

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
_DISPOSITIONS = ("accepted", "rejected", "recycled", "disqualified")
_FOLLOWED = ("worked", "attempted", "contacted", "disqualified")
_FIRST = {**dict.fromkeys(_FOLLOWED, "worked_at"), "accepted": "accepted_at"}
_ENDS = {"won": "won", "lost": "lost", "reopened": "open"}


def plain_history(events, *, as_of, bundle=None):
    limit = instant(as_of)
    seen = [event for event in events if event.at <= limit and (event.known_at or event.at) <= limit]
    void = {event.corrects for event in seen if event.corrects}
    rows = {}
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
            table[name] = moments.dt.tz_localize(None).astype(dtype)
        else:
            table[name] = table[name].astype(dtype)
    return table.sort_values(["scored_at", "lead"], kind="stable", ignore_index=True)


def _sooner(one, other):
    """Tell which score of a lead counts: the first with which it was picked to be worked, else the first."""
    picked, before = bool(one["picked"]), bool(other["picked"])
    return picked if picked != before else bool(one["scored_at"] < other["scored_at"])


def _scored(event):
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


def _happened(row, event):
    """Take one event into the row of its lead; of two of one kind, what became known later holds."""
    known = event.known_at or event.at
    if event.kind in _FOLLOWED or event.kind in _DISPOSITIONS:
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
