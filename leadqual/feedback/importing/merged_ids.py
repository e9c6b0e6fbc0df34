"""Ids that changed: a lead that was merged into another, or converted, is one lead under the id that stands now."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadqual.errors import FeedbackError
from leadqual.feedback.events import KINDS, Event, instant, is_email
from leadqual.feedback.lead_ids import read_lead_ids

if TYPE_CHECKING:
    import pandas as pd

    from leadqual.feedback.store import FeedbackStore

__all__ = ["MergedIds", "all_ids", "linked_merges", "merge_ids", "other_id", "standing_ids"]

_OF_LEADS = tuple(kind for kind in KINDS if kind not in ("merged", "withdrawn", "forgotten"))


@dataclass(frozen=True, slots=True)
class MergedIds:
    """What came of telling the ledger which ids changed.

    Parameters
    ----------
    rows
        Rows of the table.
    pairs
        How many ids it says have become another one.
    new
        How many of these the ledger did not know.
    unknown
        How many of these name two ids that the ledger has no event of; they are kept all the same.
    notes
        Rows that say nothing, or were left out; counts, never an id.
    """

    rows: int
    pairs: int
    new: int
    unknown: int
    notes: tuple[str, ...] = ()


class _Groups:
    """Ids that are one lead, and the id that stands for each."""

    def __init__(self) -> None:
        self._standing: dict[str, str] = {}
        self._members: dict[str, set[str]] = {}

    def standing(self, lead: str) -> str:
        """Return the id that stands for a lead."""
        return self._standing.get(lead, lead)

    def merge(self, lead: str, into: str) -> None:
        """Take in that a lead became another; of statements in a circle the last one holds."""
        old, new = self.standing(lead), self.standing(into)
        if old == new:
            if lead == old:  # the id that stood has become one of its own
                self._stand(self._members.pop(old, {old}), into)
            return
        self._stand(self._members.pop(old, {old}) | self._members.pop(new, {new}), new)

    def _stand(self, members: set[str], standing: str) -> None:
        self._members[standing] = members
        self._standing.update(dict.fromkeys(members, standing))

    def pairs(self) -> dict[str, str]:
        """Return the id that stands, by each id that it is not."""
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
    groups = _Groups()
    for event in merges:
        if event.key not in void and _other_half(event.key) not in void:
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


def merge_ids(store: FeedbackStore, table: pd.DataFrame, *, was: str, into: str, known_at: str) -> MergedIds:
    """Tell the ledger that leads go by another id now; telling it again changes nothing.

    Each pair becomes an event; nothing is rewritten. From then on both ids are one lead: what was scored under the one
    is won under the other, picks and imports know it under both, and forgetting either erases both.

    Parameters
    ----------
    store
        The ledger.
    table
        One row for each id that changed; rows with only one id, or twice the same, say nothing.
    was, into
        The columns of the id that went, and of the id that stands now.
    known_at
        When that became known (ISO 8601).

    Raises
    ------
    FeedbackError
        When a column is missing, ids were rounded, or are e-mail addresses.

    Examples
    --------
    >>> import tempfile
    >>> import pandas as pd
    >>> from leadqual.feedback import FeedbackStore
    >>> store = FeedbackStore(f"{tempfile.mkdtemp()}/feedback.db")
    >>> table = pd.DataFrame({"Id": ["L-1"], "MasterRecordId": ["L-2"]})
    >>> merge_ids(store, table, was="Id", into="MasterRecordId", known_at="2026-05-01").new
    1
    >>> merge_ids(store, table, was="Id", into="MasterRecordId", known_at="2026-06-01").new
    0
    """
    asked, silent = _pairs(table, was, into)
    gone = store.forgotten({lead for pair in asked.items() for lead in pair})
    kept = {old: new for old, new in asked.items() if old not in gone and new not in gone}
    everyone = {lead for pair in kept.items() for lead in pair}
    merges = store.merges(everyone)
    standing = standing_ids(merges)
    last = max((event.key for event in merges), default="")
    events = []
    for old, new in kept.items():
        same = standing.get(old, old) == standing.get(new, new)
        if same and standing.get(old, old) != old:
            continue
        events += _merge(old, new, at=known_at, follows=last if same else "")
    known = {event.lead for event in store.events_about(everyone, kinds=_OF_LEADS)}
    added = store.append(events, known_at=known_at)
    unknown = sum(old not in known and new not in known for old, new in kept.items())
    return MergedIds(
        len(table), len(asked), added // 2, unknown, tuple(_notes(silent, len(asked) - len(kept), unknown))
    )


def _pairs(table: pd.DataFrame, was: str, into: str) -> tuple[dict[str, str], int]:
    """Return what each id has become at the end of its chain in the table, and how many rows say nothing."""
    lacking = [name for name in (was, into) if list(table.columns).count(name) != 1]
    if lacking:
        raise FeedbackError(f"the table must have {' and '.join(lacking)} exactly once; name its columns of ids.")
    columns = [read_lead_ids(table[name]).texts for name in (was, into)]
    emails = sum(lead is not None and is_email(lead) for column in columns for lead in column)
    if emails:
        raise FeedbackError(
            f"{was} and {into} hold e-mail addresses in {emails} cells, a lead must be named by its id in the CRM; "
            "name the columns of ids."
        )
    groups, silent = _Groups(), 0
    for old, new in zip(*columns, strict=True):
        if old is None or new is None or old == new:
            silent += 1
        else:
            groups.merge(old, new)
    return groups.pairs(), silent


def _merge(old: str, new: str, *, at: str, follows: str) -> list[Event]:
    """Return a merge as two events, so that it is found from either id."""
    key = hashlib.sha256(f"merged\0{old}\0{new}\0{follows}".encode()).hexdigest()
    moment = instant(at)
    return [
        Event("merged", old, moment, {"into": new}, key=key),
        Event("merged", new, moment, {"from": old}, key=_other_half(key)),
    ]


def _other_half(key: str) -> str:
    return hashlib.sha256(f"{key} from".encode()).hexdigest()


def _notes(silent: int, forgotten: int, unknown: int) -> list[str]:
    found = []
    if silent:
        found.append(f"Rows without two different ids, which say nothing: {silent}.")
    if forgotten:
        found.append(
            f"Pairs left out, as one of the ids is of a person who was forgotten: {forgotten}; forget the other id "
            "too, if the ledger has it."
        )
    if unknown:
        found.append(f"Pairs of which the ledger knows neither id so far: {unknown}; they are kept for what comes.")
    return found
