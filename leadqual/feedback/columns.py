"""Events by columns: a million of them in arrays, where one object for each would take gigabytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice
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
_NOTHING: Mapping[str, Any] = {}


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
        """Return the rows of the events with some keys, as far as others correct them."""
        return [row for key in keys for row in self.corrected.get(key, ())]

    def unresolved(self) -> set[str]:
        """Return the keys that events correct and that none of the events has."""
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
    parts = [before.numbers or _parts([], [], leads, texts)]
    start, rest = len(before.codes), iter(rows)
    while some := list(islice(rest, _AT_ONCE)):
        contents = [_content(row[3]) for row in some]
        for place, row in enumerate(some):
            if row[0] == "merged" or row[6]:
                event = Event.as_stored(*row[:3], contents[place], *row[4:7])
                linking.append((start + len(keys) + place, event))
        keys += [row[5] for row in some]
        given = [
            content.get("codes") if row[0] == "scored" else None for row, content in zip(some, contents, strict=True)
        ]
        codes += [None if one is None else bands.setdefault(tuple(one), tuple(one)) for one in given]
        parts.append(_parts(some, contents, leads, texts))
    numbers = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    added = np.empty(len(codes), dtype=object)
    added[:] = codes
    corrected = _corrected(keys, start, linking)
    return EventColumns(
        leads, texts, tuple(linking), before.corrected | corrected, np.concatenate([before.codes, added]), numbers
    )


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
        return _NOTHING
    try:
        found = orjson.loads(content)
    except ValueError:  # the standard library reads more: NaN, half of a surrogate pair
        return stored_content(content)
    return found if isinstance(found, dict) else stored_content(content)


def _parts(
    rows: list[EventRow], contents: list[Mapping[str, Any]], leads: dict[str, int], texts: dict[str, int]
) -> dict[str, NDArray[Any]]:
    where = np.array([place for place, content in enumerate(contents) if content], dtype=np.int64)
    said = [content for content in contents if content]

    def spread(found: list[Any], empty: Any, dtype: type) -> NDArray[Any]:
        column: NDArray[Any] = np.full(len(rows), empty, dtype=dtype)
        column[where] = found
        return column

    def text(name: str) -> NDArray[Any]:
        found = [one.get(name) or "" for one in said]
        return spread([texts.setdefault(one, len(texts)) for one in found], 0, np.int32)

    def number(name: str) -> NDArray[Any]:
        return spread([one.get(name) for one in said], np.nan, np.float64)

    return {
        "number": np.array([row[7] for row in rows], dtype=np.int64),
        "kind": np.array([KIND.get(row[0], -1) for row in rows], dtype=np.int8),
        "lead": np.array([leads.setdefault(row[1], len(leads)) for row in rows], dtype=np.int32),
        "at": _times([row[2] for row in rows]),
        "known": _times([row[4] or row[2] for row in rows]),
        "points": np.array(
            [int(content["points"]) if row[0] == "scored" else 0 for row, content in zip(rows, contents, strict=True)],
            dtype=np.int64,
        ),
        **{name: number(name) for name in ("probability", "propensity", "value")},
        **{name: text(name) for name in ("bundle", "grade", "picked", "account", "reason")},
    }


def _times(texts: list[str]) -> NDArray[Any]:
    times = pd.to_datetime(pd.Series(texts, dtype="object"), format="ISO8601", utc=True)
    return np.asarray(times.dt.tz_localize(None).astype("datetime64[us]").to_numpy())
