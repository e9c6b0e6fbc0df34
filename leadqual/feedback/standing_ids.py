"""The id that stands for a lead: which ids are one lead, read from the merges that the ledger holds."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable

from leadqual.feedback.events import Event

__all__ = ["IdGroups", "all_ids", "linked_merges", "other_half", "other_id", "standing_ids"]


class IdGroups:
    """Ids that are one lead, and the id that stands for each."""

    def __init__(self) -> None:
        self._standing: dict[str, str] = {}
        self._members: dict[str, set[str]] = {}

    def standing(self, lead: str) -> str:
        """Return the id that stands for a lead."""
        return self._standing.get(lead, lead)

    def merge(self, lead: str, into: str) -> None:
        """Record that a lead was merged into another; where merges form a circle, the last one holds."""
        old, new = self.standing(lead), self.standing(into)
        if old == new:
            if lead == old:  # the former standing id is now one of the merged ids
                self._stand(self._members.pop(old, {old}), into)
            return
        self._stand(self._members.pop(old, {old}) | self._members.pop(new, {new}), new)

    def _stand(self, members: set[str], standing: str) -> None:
        self._members[standing] = members
        self._standing.update(dict.fromkeys(members, standing))

    def pairs(self) -> dict[str, str]:
        """Return the standing id of each merged id."""
        return {lead: standing for lead, standing in self._standing.items() if lead != standing}


def standing_ids(events: Iterable[Event]) -> dict[str, str]:
    """Return the id that stands now, by each id that was merged into another.

    Chains are followed to their end; where ids go in a circle, the last statement holds. A merge that was withdrawn
    does not count.

    Parameters
    ----------
    events
        Events in the order in which they became known; only merges and what corrects them matter.

    Examples
    --------
    >>> told = [Event("merged", "L-1", "2026-05-01", {"into": "L-2"}),
    ...         Event("merged", "L-2", "2026-05-02", {"into": "L-3"})]
    >>> standing_ids(told)
    {'L-1': 'L-3', 'L-2': 'L-3'}
    """
    merges, void = [], set()
    for event in events:
        if event.corrects:
            void.add(event.corrects)
        if event.kind == "merged" and "into" in event.content:
            merges.append(event)
    groups = IdGroups()
    for event in merges:
        if event.key not in void and other_half(event.key) not in void:
            groups.merge(event.lead, event.content["into"])
    return dict(sorted(groups.pairs().items()))


def linked_merges(leads: Collection[str], read: Callable[[Collection[str]], Iterable[Event]]) -> list[Event]:
    """Return the merges of some leads, of the leads that these name, and so on to the end of each chain.

    Parameters
    ----------
    leads
        Ids.
    read
        Reads merges, and what corrects them, of some ids.

    Returns
    -------
    list of Event
        Each once, in the order in which they became known.
    """
    found: dict[str, Event] = {}
    pending, seen = set(leads), set(leads)
    while pending:
        linked = set()
        for event in read(pending):
            found[event.key] = event
            linked |= {str(event.content[name]) for name in ("into", "from") if name in event.content}
        pending = linked - seen
        seen |= linked
    # the order within one moment is that of the ledger for each lead; "into" decides, and each lead has its own
    return sorted(found.values(), key=lambda event: event.known_at)


def all_ids(lead: str, read: Callable[[Collection[str]], Iterable[Event]]) -> set[str]:
    """Return every id that a lead goes or went by.

    Parameters
    ----------
    lead
        One of them.
    read
        See `linked_merges`.
    """
    standing = standing_ids(linked_merges([lead], read))
    mine = standing.get(lead, lead)
    return {lead, mine} | {one for one, other in standing.items() if other == mine}


def other_id(event: Event) -> str:
    """Return the other id that a merge names; "" for any other event."""
    return str(next(iter(event.content.values()), "")) if event.kind == "merged" else ""


def other_half(key: str) -> str:
    """Return the key of the event that tells the same merge from the other id."""
    return hashlib.sha256(f"{key} from".encode()).hexdigest()
