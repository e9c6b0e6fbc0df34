"""Changes: which events of an export are new; a lead may return to an earlier state."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from leadqual.feedback.events import Event, instant

__all__ = ["FOLLOWED_KINDS", "changes", "last_known", "says_nothing_new"]

# of the events of one row, the last holds
_STATES = {
    "accepted": "disposition",
    "rejected": "disposition",
    "recycled": "disposition",
    "stage": "stage",
    "won": "outcome",
    "lost": "outcome",
    "reopened": "outcome",
}
FOLLOWED_KINDS = (*_STATES, "withdrawn")
"""The kinds of event that `changes` must see of the ledger."""


def changes(
    exported: Sequence[Event], ledger: Iterable[Event], *, known_at: str, standing: Mapping[str, str] | None = None
) -> list[Event]:
    """Return the events of an export that the ledger lacks, in the order in which they happened.

    An export says how each lead stands. Where it stood so before and otherwise since, the event is the same as one that
    the ledger has, but has happened again: it gets a key that says what it comes after. Where the ledger says already
    that the lead stands so, or had it and somebody took it back, nothing is new.

    Parameters
    ----------
    exported
        What the export says; of a lead with several rows, all of them.
    ledger
        The ledger's events of `FOLLOWED_KINDS`, in the order in which they became known.
    known_at
        When the export was made (ISO 8601): how the lead stood then is what counts.
    standing
        The id that stands, by each that was merged into it; see `standing_ids`.

    Examples
    --------
    >>> won, lost = Event("won", "L-7", "2026-05-01"), Event("lost", "L-7", "2026-05-09")
    >>> known = [replace(won, known_at="2026-05-02"), replace(lost, known_at="2026-05-10")]
    >>> [event.kind for event in changes([won], known, known_at="2026-05-20")]
    ['won']
    >>> changes([lost], known, known_at="2026-05-20")
    []
    """
    limit, names = instant(known_at), standing or {}
    of_state: dict[tuple[str, str], list[Event]] = {}
    for event in sorted(exported, key=lambda one: one.at):
        of_state.setdefault(_state(event, names), []).append(event)
    before: dict[tuple[str, str], list[Event]] = {}
    void = set()
    for event in ledger:
        if event.corrects:
            void.add(event.corrects)
        if event.kind in _STATES and _state(event, names) in of_state:
            before.setdefault(_state(event, names), []).append(event)
    found = []
    for state, events in of_state.items():
        found += _new(events, before.get(state, []), void, limit) if state[1] else events
    return sorted(found, key=lambda one: one.at)


def says_nothing_new(
    exported: Sequence[Event], ledger: Iterable[Event], *, standing: Mapping[str, str] | None = None
) -> bool:
    """Tell whether the ledger has had all that an export says of how leads stand, whatever came after.

    Then it is an export that was imported before: that of a later day has at least one lead that stands as never
    before, as its dates move on.

    Parameters
    ----------
    exported, ledger, standing
        See `changes`.

    Examples
    --------
    >>> won, lost = Event("won", "L-7", "2026-05-01"), Event("lost", "L-7", "2026-05-09")
    >>> says_nothing_new([won], [won, lost]), says_nothing_new([won], [lost])
    (True, False)
    """
    names = standing or {}
    known = {(names.get(event.lead, event.lead), *_what(event)) for event in ledger}
    mine = (event for event in exported if event.kind in _STATES)
    return all((names.get(event.lead, event.lead), *_what(event)) in known for event in mine)


def last_known(exported: Sequence[Event], ledger: Iterable[Event], *, standing: Mapping[str, str] | None = None) -> str:
    """Return when the ledger had learned all that it knows of what an export says; "" where it knows nothing of it.

    Parameters
    ----------
    exported, ledger, standing
        See `changes`.

    Examples
    --------
    >>> won = Event("won", "L-7", "2026-05-01")
    >>> last_known([won], [replace(won, known_at="2026-05-02")])[:10]
    '2026-05-02'
    """
    names = standing or {}
    first: dict[tuple[str, str, str, str], str] = {}
    for event in ledger:
        first.setdefault((names.get(event.lead, event.lead), *_what(event)), event.known_at)
    mine = (event for event in exported if event.kind in _STATES)
    return max((first.get((names.get(event.lead, event.lead), *_what(event)), "") for event in mine), default="")


def _new(exported: list[Event], before: list[Event], void: set[str], limit: str) -> list[Event]:
    """Return what is new of one lead's events of one state, in the order in which they happened."""
    known = {_what(event) for event in before}
    taken_back = {_what(event) for event in before if event.key in void} - {
        _what(event) for event in before if event.key not in void
    }
    *earlier, last = exported
    new = [event for event in earlier if _what(event) not in known and _what(event) != _what(last)]
    standing = [event for event in before if event.key not in void and event.known_at <= limit]
    if _what(last) in taken_back or (not new and standing and _what(standing[-1]) == _what(last)):
        return new
    follows = standing[-1].key if standing else ""
    return [*new, _again(last, follows) if _what(last) in known else last]


def _again(event: Event, follows: str) -> Event:
    """Return an event that repeats an earlier state after another one; reading the export twice gives one event."""
    return replace(event, key=hashlib.sha256(f"{event.key} after {follows}".encode()).hexdigest())


def _state(event: Event, names: Mapping[str, str]) -> tuple[str, str]:
    return names.get(event.lead, event.lead), _STATES.get(event.kind, "")


def _what(event: Event) -> tuple[str, str, str]:
    return event.kind, event.at, json.dumps(dict(event.content), sort_keys=True)
