"""Ids that changed: a lead that was merged into another, or converted, is one lead under the id that stands now."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadqual.errors import FeedbackError
from leadqual.feedback.events import KINDS, Event, instant, is_email
from leadqual.feedback.lead_ids import read_lead_ids
from leadqual.feedback.standing_ids import IdGroups, other_half, standing_ids

if TYPE_CHECKING:
    import pandas as pd

    from leadqual.feedback.store import FeedbackStore

__all__ = ["MergedIds", "merge_ids"]

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
    groups, silent = IdGroups(), 0
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
        Event("merged", new, moment, {"from": old}, key=other_half(key)),
    ]


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
