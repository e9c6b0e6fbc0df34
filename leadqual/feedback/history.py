"""The history of scored leads as it was known on one day: one row per lead, whatever was learned later left out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.feedback.columns import KIND, EventColumns, in_columns
from leadqual.feedback.events import Event, instant
from leadqual.feedback.standing_ids import standing_ids

__all__ = ["feedback_history", "history_of", "moment"]

_TEXTS = ("bundle", "grade", "picked", "account")
_NUMBERS = ("points", "probability", "propensity")
_ORDER = (
    *("lead", "scored_at", "bundle", "points", "probability", "grade", "picked", "propensity", "worked_at"),
    *("accepted_at", "disposition", "disposition_at", "reason", "outcome", "closed_at", "value", "followed_known_at"),
    *("ended_known_at", "account", "codes"),
)
_DISPOSITIONS = ("accepted", "rejected", "recycled", "disqualified")
_WORKED = ("worked", "attempted", "contacted", "disqualified")
_ENDS = {"won": "won", "lost": "lost", "reopened": "open"}
_NEVER = np.datetime64("NaT", "us")


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
        lead, under the id that stands; see `merge_ids`. ``picked`` is ``"rank"``, ``"random"``, ``"override"`` or "";
        ``worked_at`` when it was first worked, attempted, contacted or, after that, disqualified; ``propensity`` the
        chance with which it was drawn, or could have been where it was in a draw; ``accepted_at`` when it was first
        accepted, whatever was decided later; ``disposition`` ``"accepted"``, ``"rejected"``, ``"recycled"`` or, after
        contact, ``"disqualified"``, and like ``reason`` "" where there is none; ``outcome`` ``"won"``, ``"lost"`` or
        ``"open"``; ``followed_known_at`` and ``ended_known_at`` when the ledger last learned what sales did, and how it
        ended; ``account`` the keyed hash of its account, "" where none is known; ``codes`` the band of each field, or
        None where the person was forgotten.

    Examples
    --------
    >>> score = Event("scored", "L-7", "2026-05-01", {"bundle": "b", "points": 120, "probability": 0.2, "grade": "A"})
    >>> won = Event("won", "L-7", "2026-05-20", {"value": 900.0}, known_at="2026-06-01")
    >>> feedback_history([score, won], as_of="2026-05-25")["outcome"].tolist()
    ['open']
    >>> feedback_history([score, won], as_of="2026-06-02")["outcome"].tolist()
    ['won']
    """
    columns = in_columns(
        (one.kind, one.lead, one.at, one.content, one.known_at, one.key, one.corrects, number)
        for number, one in enumerate(events)
    )
    return history_of(columns, np.arange(len(columns.codes)), as_of=as_of, bundle=bundle)


def history_of(
    columns: EventColumns, order: NDArray[np.int64], *, as_of: str, bundle: str | None = None
) -> pd.DataFrame:
    """Return the history of events that lie in columns; see `feedback_history`.

    Parameters
    ----------
    columns
        The events.
    order
        Their numbers, in the order in which they became known, (n,).
    as_of, bundle
        As there.
    """
    number, limit = columns.numbers, np.datetime64(instant(as_of)[:26], "us")
    seen = (number["at"] <= limit) & (number["known"] <= limit)
    linking = {row: event for row, event in columns.linking if seen[row]}
    standing = seen.copy()
    standing[columns.rows_of({event.corrects for event in linking.values()})] = False
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    names = standing_ids(linking[row] for row in sorted(linking, key=lambda row: int(place[row])))
    who, leads = _under_standing_ids(columns, names)
    events = order[standing[order]]

    scores = events[number["kind"][events] == KIND["scored"]]
    if bundle is not None:
        scores = scores[number["bundle"][scores] == columns.texts.get(bundle, -1)]
    # the first with which a lead was picked to be worked, else the first
    scores = scores[np.lexsort((number["at"][scores], number["picked"][scores] == 0, who[scores]))]
    scores = scores[np.unique(who[scores], return_index=True)[1]]
    scores = scores[_by_time(number["at"][scores], leads[who[scores]])]
    row_of = np.full(len(leads), -1, dtype=np.int64)
    row_of[who[scores]] = np.arange(len(scores))

    texts = np.array(list(columns.texts), dtype=object)
    found: dict[str, Any] = {
        "lead": leads[who[scores]],
        "scored_at": number["at"][scores],
        "codes": columns.codes[scores],
        **{name: texts[number[name][scores]] for name in _TEXTS},
        **{name: number[name][scores] for name in _NUMBERS},
        **_happened(columns, texts, events, row_of[who[events]], len(scores)),
    }
    series = {name: pd.Series(found.pop(name), dtype="str" if _is_text(name) else None) for name in _ORDER}
    return pd.DataFrame(series, copy=False)


def _by_time(at: NDArray[Any], leads: NDArray[np.object_]) -> NDArray[np.int64]:
    """Return the order by time, by id among those of one time."""
    times = pd.DataFrame({"at": at, "lead": pd.Series(leads, dtype="str")})
    return times.sort_values(["at", "lead"], kind="stable").index.to_numpy()


def _is_text(name: str) -> bool:
    return name in (*_TEXTS, "lead", "disposition", "reason", "outcome")


def _under_standing_ids(columns: EventColumns, names: dict[str, str]) -> tuple[NDArray[np.int32], NDArray[np.object_]]:
    """Return the number of the lead that each event is of, and the id of each lead."""
    numbers = dict(columns.leads) if names else columns.leads
    for one in names.values():
        numbers.setdefault(one, len(numbers))
    stands = np.arange(len(numbers), dtype=np.int32)
    for lead, one in names.items():
        if lead in numbers:
            stands[numbers[lead]] = numbers[one]
    return stands[columns.numbers["lead"]], np.array(list(numbers), dtype=object)


def _happened(
    columns: EventColumns, texts: NDArray[np.object_], events: NDArray[np.int64], row: NDArray[np.int64], count: int
) -> dict[str, Any]:
    """Return what became of each lead; of two of one kind, what became known later holds."""
    events, row = events[row >= 0], row[row >= 0]
    number = columns.numbers
    kind = number["kind"][events]

    def of(kinds: Iterable[str]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        chosen = np.isin(kind, [KIND[one] for one in kinds])
        return events[chosen], row[chosen]

    def best(kinds: Iterable[str], name: str, choose: np.ufunc) -> NDArray[Any]:
        mine, rows = of(kinds)
        times = np.full(count, _NEVER)
        choose.at(times, rows, number[name][mine])
        return times

    def last(kinds: Iterable[str]) -> NDArray[np.int64]:
        mine, rows = of(kinds)
        found = np.full(count, -1, dtype=np.int64)
        found[rows] = mine  # of those of one row, the last stays
        return found

    decided, ended = last(_DISPOSITIONS), last(_ENDS)
    names = np.array([one if one in _DISPOSITIONS else _ENDS.get(one, "") for one in KIND] + [""], dtype=object)
    disposition = np.where(decided < 0, "", names[_at(number["kind"], decided, -1)])
    outcome = np.where(ended < 0, "open", names[_at(number["kind"], ended, -1)])
    return {
        "worked_at": best(_WORKED, "at", np.fmin),
        "accepted_at": best(["accepted"], "at", np.fmin),
        "disposition": disposition,
        "disposition_at": _at(number["at"], decided, _NEVER),
        "reason": texts[_at(number["reason"], decided, 0)],
        "outcome": outcome,
        "closed_at": np.where(outcome == "open", _NEVER, _at(number["at"], ended, _NEVER)),
        "value": _at(number["value"], ended, np.nan),
        "followed_known_at": best((*_WORKED, *_DISPOSITIONS), "known", np.fmax),
        "ended_known_at": best(_ENDS, "known", np.fmax),
    }


def _at(column: NDArray[Any], rows: NDArray[np.int64], otherwise: Any) -> NDArray[Any]:
    """Return what a column has in some rows; something else where the row is -1."""
    found = np.full(len(rows), otherwise, dtype=column.dtype)
    found[rows >= 0] = column[rows[rows >= 0]]
    return found
