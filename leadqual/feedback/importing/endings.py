"""What an export says of endings without a date: losses that have none, and ended leads that are open again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from leadqual.errors import FeedbackError, counted
from leadqual.feedback.events import Event, instant
from leadqual.feedback.importing.changes import last_known, says_nothing_new

__all__ = ["reopened", "undated_losses"]

_ENDS = ("won", "lost")
_OUTCOMES = (*_ENDS, "reopened")
_MANY = 10


def undated_losses(
    leads: Collection[str], ledger: Iterable[Event], *, known_at: str, standing: Mapping[str, str]
) -> list[Event]:
    """Return a loss for each lead that an export calls lost without saying when.

    A lead that the ledger has as lost was lost then, so that the next export brings nothing new; any other was lost
    when the export was made, which is when the loss became known. A loss that was taken back stays so.

    Parameters
    ----------
    leads
        The lost leads.
    ledger
        The ledger's events, in the order in which they became known.
    known_at
        When the export was made (ISO 8601).
    standing
        See `leadqual.feedback.standing_ids`.

    Examples
    --------
    >>> [event.at[:10] for event in undated_losses(["L-7"], [], known_at="2026-06-01", standing={})]
    ['2026-06-01']
    """
    events = list(ledger)
    last = _last_outcomes(events, standing, instant(known_at), withdrawn=False)
    taken_back = _last_outcomes(events, standing, instant(known_at), withdrawn=True)
    found = []
    for lead in dict.fromkeys(leads):
        name = standing.get(lead, lead)
        before = last.get(name) or taken_back.get(name)
        at = before.at if before is not None and before.kind == "lost" else known_at
        content = before.content if before is not None and before.kind == "lost" else {}
        found.append(Event("lost", lead, at, content))
    return found


def reopened(
    leads: Collection[str],
    exported: Sequence[Event],
    ledger: Iterable[Event],
    *,
    known_at: str,
    standing: Mapping[str, str],
    newest: bool = False,
    listed: bool = False,
) -> tuple[list[Event], tuple[str, ...]]:
    """Return that leads are open again which the ledger has as won or lost, and an export as open.

    An export says nothing of when that happened: it is dated to the export. Nothing is reopened by an export that may
    be older than the ending: one that says nothing which the ledger learned with or after the ending.

    Parameters
    ----------
    leads
        The open leads of the export.
    exported
        What else it says.
    ledger, known_at, standing
        See `undated_losses`.
    newest
        Whether the export is known to be newer than all that were imported before.
    listed
        Whether people said which values mean open.

    Returns
    -------
    events, notes
        Notes are counts, in sentences.

    Raises
    ------
    FeedbackError
        When more than half of the ended leads, and at least 10, would be open again, and nobody said which values mean
        open: then the mapping most likely lacks a value.
    """
    events = list(ledger)
    last = _last_outcomes(events, standing, instant(known_at), withdrawn=False)
    ended = {lead: one for lead, one in last.items() if one.kind in _ENDS}
    mine = {standing.get(lead, lead): lead for lead in leads}
    again = {name: lead for name, lead in mine.items() if name in ended}
    also_ended = {standing.get(event.lead, event.lead) for event in exported if event.kind in _ENDS} & set(ended)
    if not listed and len(again) >= _MANY and len(again) > len(also_ended):
        raise FeedbackError(
            f"{len(again)} of the {len(again) + len(also_ended)} leads that have ended in the ledger would be open "
            "again, as their outcome is neither among won nor among lost; see that the mapping lists all values of "
            "both, or list those that mean open (open=...)."
        )
    until = last_known(exported, events, standing=standing)
    may_be_old = bool(until) and not newest and says_nothing_new(exported, events, standing=standing)
    doubted = {name for name in again if may_be_old and ended[name].known_at > until}
    found = [Event("reopened", lead, known_at) for name, lead in again.items() if name not in doubted]
    notes = []
    if found:
        notes.append(f"Leads that had ended in the ledger and are open again, recorded as reopened: {len(found)}.")
    if doubted:
        notes.append(
            f"{counted(len(doubted), 'lead')} ended in the ledger and open here stay ended, as nothing here is newer "
            "than that: the export was taken for an older one; if it is the newest, say so (--newest)."
        )
    return found, tuple(notes)


def _last_outcomes(
    ledger: Sequence[Event], standing: Mapping[str, str], limit: str, *, withdrawn: bool
) -> dict[str, Event]:
    """Return the last outcome of each lead that holds, or the last that was taken back, as known by a moment."""
    void = {event.corrects for event in ledger if event.corrects}
    chosen = (
        event
        for event in ledger
        if event.kind in _OUTCOMES and event.known_at <= limit and (event.key in void) == withdrawn
    )
    return {standing.get(event.lead, event.lead): event for event in chosen}
