"""Events by columns: a million of them in arrays, where one object for each would take gigabytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.feedback.events import KINDS, Event

__all__ = ["KIND", "EventColumns", "EventRow", "in_columns"]

EventRow: TypeAlias = tuple[str, str, str, Mapping[str, Any], str, str, str]
"""Kind, lead, time, content, when it was known, key, and the key of what it corrects."""

KIND = {kind: number for number, kind in enumerate(KINDS)}
"""The number of each kind of event."""

_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class EventColumns:
    """n events, in the order in which they were given.

    Parameters
    ----------
    leads, texts
        Number of each lead's id, and of each text that contents say.
    linking
        Number and whole of the few events that merge ids or correct others.
    key
        What makes each event itself, n of them.
    codes
        The bands of each score, None where there are none, (n,).
    numbers
        A column each, (n,): ``kind``, ``lead``, ``at``, ``known``; and what it says, as far as it does: ``points``,
        ``probability``, ``propensity``, ``value``, and numbers of the texts ``bundle``, ``grade``, ``picked``,
        ``account`` and ``reason``.
    """

    leads: dict[str, int]
    texts: dict[str, int]
    linking: tuple[tuple[int, Event], ...]
    key: list[str]
    codes: NDArray[np.object_]
    numbers: dict[str, NDArray[Any]]

    def rows_of(self, keys: set[str]) -> list[int]:
        """Return the numbers of the events with some keys."""
        return [row for row, key in enumerate(self.key) if key in keys] if keys else []


def in_columns(rows: Iterable[EventRow]) -> EventColumns:
    """Return events by columns.

    Parameters
    ----------
    rows
        Events; a time when it was known that is "" is that at which it happened.
    """
    leads: dict[str, int] = {}
    texts: dict[str, int] = {"": 0}
    bands: dict[tuple[int | None, ...], tuple[int | None, ...]] = {}
    linking: list[tuple[int, Event]] = []
    key: list[str] = []
    codes: list[tuple[int | None, ...] | None] = []
    parts = [_parts([], leads, texts)]
    rest = iter(rows)
    while some := list(islice(rest, _AT_ONCE)):
        for number, row in enumerate(some, len(key)):
            if row[0] == "merged" or row[6]:
                linking.append((number, Event.as_stored(*row)))
        key += [row[5] for row in some]
        for row in some:
            said = row[3].get("codes") if row[0] == "scored" else None
            codes.append(None if said is None else bands.setdefault(tuple(said), tuple(said)))
        parts.append(_parts(some, leads, texts))
    numbers = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    held = np.empty(len(codes), dtype=object)
    held[:] = codes
    return EventColumns(leads, texts, tuple(linking), key, held, numbers)


def _parts(rows: list[EventRow], leads: dict[str, int], texts: dict[str, int]) -> dict[str, NDArray[Any]]:
    # half of all events say nothing but their kind
    where = np.array([number for number, row in enumerate(rows) if row[3]], dtype=np.int64)
    said = [row[3] for row in rows if row[3]]

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
        "kind": np.array([KIND.get(row[0], -1) for row in rows], dtype=np.int8),
        "lead": np.array([leads.setdefault(row[1], len(leads)) for row in rows], dtype=np.int32),
        "at": _times([row[2] for row in rows]),
        "known": _times([row[4] or row[2] for row in rows]),
        "points": np.array([int(row[3]["points"]) if row[0] == "scored" else 0 for row in rows], dtype=np.int64),
        **{name: number(name) for name in ("probability", "propensity", "value")},
        **{name: text(name) for name in ("bundle", "grade", "picked", "account", "reason")},
    }


def _times(texts: list[str]) -> NDArray[Any]:
    times = pd.to_datetime(pd.Series(texts, dtype="object"), format="ISO8601", utc=True)
    return np.asarray(times.dt.tz_localize(None).astype("datetime64[us]").to_numpy())
