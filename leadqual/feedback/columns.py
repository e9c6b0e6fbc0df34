"""Events by columns: a million of them in arrays, where one object for each would take gigabytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

import numpy as np
import orjson
import pandas as pd
from numpy.typing import NDArray

from leadqual.feedback.events import KINDS, Event, stored_content

__all__ = ["KIND", "EventColumns", "EventRow", "in_columns"]

EventRow: TypeAlias = tuple[str, str, str, str | Mapping[str, Any], str, str, str, int]
"""Kind, lead, time, content (as JSON where it is text), when it was known, key, the key of what it corrects, number."""

KIND = {kind: number for number, kind in enumerate(KINDS)}
"""The number of each kind of event."""

_AT_ONCE = 20_000
_NUMBERS = ("probability", "propensity", "value")
_TEXTS = ("bundle", "grade", "picked", "account", "reason")
_EMPTY: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True, eq=False)
class EventColumns:
    """n events, in the order in which they were given.

    Parameters
    ----------
    leads, texts
        Number of each lead's id, and of each text that contents say.
    linking
        Number and whole of the few events that merge ids or correct others.
    corrected
        The rows of the events that others correct, by their key.
    codes
        The bands of each score, None where there are none, (n,).
    numbers
        A column each, (n,): ``number`` (the event's in the ledger), ``kind``, ``lead``, ``at``, ``known``; and what it
        says, as far as it does: ``points``, ``probability``, ``propensity``, ``value``, and numbers of the texts
        ``bundle``, ``grade``, ``picked``, ``account`` and ``reason``.
    """

    leads: dict[str, int]
    texts: dict[str, int]
    linking: tuple[tuple[int, Event], ...]
    corrected: dict[str, tuple[int, ...]]
    codes: NDArray[np.object_]
    numbers: dict[str, NDArray[Any]]

    def rows_of(self, keys: Iterable[str]) -> list[int]:
        """Return the rows of the events with these keys; only keys of corrected events are known."""
        return [row for key in keys for row in self.corrected.get(key, ())]

    def unresolved(self) -> set[str]:
        """Return the keys of corrected events that are not among these events."""
        return {event.corrects for _, event in self.linking if event.corrects} - self.corrected.keys()

    def with_corrected(self, numbers: Mapping[str, int]) -> EventColumns:
        """Return the columns where they also know which of their events go by some keys.

        Parameters
        ----------
        numbers
            The number of an event in the ledger, by its key.
        """
        held = self.numbers["number"]
        rows = {key: int(np.searchsorted(held, number)) for key, number in numbers.items()}
        found = {key: (row,) for key, row in rows.items() if row < len(held) and held[row] == numbers[key]}
        return replace(self, corrected=self.corrected | found)


def in_columns(rows: Iterable[EventRow], *, before: EventColumns | None = None) -> EventColumns:
    """Return events by columns.

    Parameters
    ----------
    rows
        Events; a time when it was known that is "" is that at which it happened. A key may be "" where no event among
        them corrects that one.
    before
        Events that come before them; None: none do.

    Raises
    ------
    FeedbackError
        When the content of one cannot be read.
    """
    before = before or EventColumns({}, {"": 0}, (), {}, np.empty(0, dtype=object), {})
    leads, texts, linking = dict(before.leads), dict(before.texts), list(before.linking)
    bands: dict[tuple[int | None, ...], tuple[int | None, ...]] = {}
    keys: list[str] = []
    codes: list[tuple[int | None, ...] | None] = []
    some = _Gathered()
    parts = [dict(before.numbers) or some.as_arrays(leads, texts)]
    start = len(before.codes)
    for row in rows:
        content = _content(row[3])
        some.add(row, content)
        if row[0] == "merged" or row[6]:
            linking.append((start + len(keys), Event.as_stored(*row[:3], content, *row[4:7])))
        keys.append(row[5])
        given = content.get("codes") if row[0] == "scored" else None
        codes.append(None if given is None else bands.setdefault(band := tuple(given), band))
        if len(some.number) == _AT_ONCE:
            parts.append(some.as_arrays(leads, texts))
            some = _Gathered()
    parts.append(some.as_arrays(leads, texts))
    corrected = _corrected(keys, start, linking)
    added = np.empty(len(codes), dtype=object)
    added[:] = codes
    del keys, codes, some  # a million entries each: what follows needs the memory
    numbers = {name: np.concatenate([part.pop(name) for part in parts]) for name in tuple(parts[0])}
    return EventColumns(
        leads, texts, tuple(linking), before.corrected | corrected, np.concatenate([before.codes, added]), numbers
    )


class _Gathered:
    """Some events as one list for each column.

    Lists of texts and numbers: dicts or tuples that are kept make Python's garbage collector traverse all of them
    several times, which took a quarter of the time.
    """

    def __init__(self) -> None:
        self.number: list[int] = []
        self.kind: list[int] = []
        self.lead: list[str] = []
        self.at: list[str] = []
        self.known: list[str] = []
        self.points: list[int] = []
        self.filled: list[int] = []
        self.numbers: dict[str, list[float | None]] = {name: [] for name in _NUMBERS}
        self.texts: dict[str, list[str]] = {name: [] for name in _TEXTS}

    def add(self, row: EventRow, content: Mapping[str, Any]) -> None:
        """Add an event, whose content was read."""
        kind, lead, at, _, known, _, _, number = row
        if content:
            self.filled.append(len(self.number))
            for name, values in self.numbers.items():
                values.append(content.get(name))
            for name, words in self.texts.items():
                words.append(content.get(name) or "")
        self.number.append(number)
        self.kind.append(KIND.get(kind, -1))
        self.lead.append(lead)
        self.at.append(at)
        self.known.append(known or at)
        self.points.append(int(content["points"]) if kind == "scored" else 0)

    def as_arrays(self, leads: dict[str, int], texts: dict[str, int]) -> dict[str, NDArray[Any]]:
        """Return the columns as arrays; leads and texts without a number get the next one."""
        filled = np.array(self.filled, dtype=np.int64)

        def spread(found: Sequence[Any], empty: Any, dtype: type) -> NDArray[Any]:
            column: NDArray[Any] = np.full(len(self.number), empty, dtype=dtype)
            column[filled] = found
            return column

        def numbered(words: list[str]) -> list[int]:
            for word in dict.fromkeys(words):
                texts.setdefault(word, len(texts))
            return [texts[word] for word in words]

        return {
            "number": np.array(self.number, dtype=np.int64),
            "kind": np.array(self.kind, dtype=np.int8),
            "lead": np.array([leads.setdefault(lead, len(leads)) for lead in self.lead], dtype=np.int32),
            "at": _times(self.at),
            "known": _times(self.known),
            "points": np.array(self.points, dtype=np.int64),
            **{name: spread(values, np.nan, np.float64) for name, values in self.numbers.items()},
            **{name: spread(numbered(words), 0, np.int32) for name, words in self.texts.items()},
        }


def _corrected(keys: list[str], start: int, linking: list[tuple[int, Event]]) -> dict[str, tuple[int, ...]]:
    wanted = {event.corrects for _, event in linking if event.corrects}
    found: dict[str, tuple[int, ...]] = {}
    for row, key in enumerate(keys, start) if wanted else ():
        if key in wanted:
            found[key] = (*found.get(key, ()), row)
    return found


def _content(content: str | Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what an event says."""
    if not isinstance(content, str):
        return content
    if content == "{}":  # half of all events say nothing but their kind
        return _EMPTY
    try:
        found = orjson.loads(content)
    except ValueError:  # the standard library reads more: NaN, half of a surrogate pair
        return stored_content(content)
    return found if isinstance(found, dict) else stored_content(content)


def _times(texts: list[str]) -> NDArray[Any]:
    times = pd.to_datetime(pd.Series(texts, dtype="object"), format="ISO8601", utc=True)
    return np.asarray(times.dt.tz_localize(None).astype("datetime64[us]").to_numpy())
