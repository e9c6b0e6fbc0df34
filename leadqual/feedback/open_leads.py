"""What the ledger knows of leads that may be handed out: which ended, which sales had, which were in a draw."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from leadqual.feedback.events import KINDS, Event
from leadqual.feedback.standing_ids import standing_ids
from leadqual.feedback.store import FeedbackStore

__all__ = ["KnownLeads", "known_leads"]

_WORKED = ("worked", "accepted", "rejected", "attempted", "contacted", "disqualified")
_OUTCOMES = ("won", "lost", "reopened")


@dataclass(frozen=True, slots=True)
class KnownLeads:
    """What the ledger knows of some leads, each named by the id under which it was asked for.

    Parameters
    ----------
    standing
        The id that stands for each of them; itself where nobody said otherwise.
    forgotten
        Those whom the ledger must not know.
    ended
        Those that were won or lost, and not reopened since.
    handed_out
        Those that were picked, worked, accepted or rejected.
    recycled
        Those among ``handed_out`` that sales gave back last.
    drawn_from
        Those that were in a draw, whether it fell on them or not: their chance is used up.
    first_scored
        When each was first scored (ISO 8601, UTC); without those that never were.
    """

    standing: dict[str, str]
    forgotten: frozenset[str]
    ended: frozenset[str]
    handed_out: frozenset[str]
    recycled: frozenset[str]
    drawn_from: frozenset[str]
    first_scored: dict[str, str]


def known_leads(store: FeedbackStore, leads: Sequence[str]) -> KnownLeads:
    """Return what the ledger knows of some leads; events that were corrected or withdrawn do not count.

    A lead was in a draw where one of its scores says with what chance, or was recorded together with one that was drawn
    (as ledgers of earlier versions have it).

    Parameters
    ----------
    store
        The ledger.
    leads
        Their ids.

    Examples
    --------
    >>> import tempfile
    >>> store = FeedbackStore(f"{tempfile.mkdtemp()}/feedback.db")
    >>> store.append([Event("won", "L-7", "2026-05-01")], known_at="2026-05-02")
    1
    >>> sorted(known_leads(store, ["L-7", "L-8"]).ended)
    ['L-7']
    """
    merges = store.merges(leads)
    standing = standing_ids(merges)
    everyone = {*leads} | {str(one) for event in merges for one in (event.lead, *event.content.values())}
    events = list(store.events_about(everyone, kinds=tuple(KINDS)))
    void = {event.corrects for event in events if event.corrects}
    of_lead: dict[str, list[Event]] = {}
    draws = set()
    for event in events:
        if event.key not in void:
            of_lead.setdefault(standing.get(event.lead, event.lead), []).append(event)
            if event.content.get("picked") == "random":
                draws.add(_scoring(event))
    found: dict[str, set[str]] = {name: set() for name in ("ended", "handed_out", "recycled", "drawn_from")}
    first = {}
    for lead in leads:
        mine = of_lead.get(standing.get(lead, lead), [])
        for name, holds in _states(mine, draws):
            if holds:
                found[name].add(lead)
        scored = [event.at for event in mine if event.kind == "scored"]
        if scored:
            first[lead] = min(scored)
    return KnownLeads(
        standing={lead: standing.get(lead, lead) for lead in leads},
        forgotten=frozenset(store.forgotten(everyone)),
        first_scored=first,
        **{name: frozenset(some) for name, some in found.items()},
    )


def _states(events: Sequence[Event], draws: set[tuple[object, str]]) -> Iterable[tuple[str, bool]]:
    outcomes = [event.kind for event in events if event.kind in _OUTCOMES]
    sales = [event.kind for event in events if event.kind in (*_WORKED, "recycled")]
    scores = [event for event in events if event.kind == "scored"]
    yield "ended", bool(outcomes) and outcomes[-1] != "reopened"
    yield "handed_out", bool(sales) or any(event.content.get("picked") for event in scores)
    yield "recycled", bool(sales) and sales[-1] == "recycled"
    yield "drawn_from", any(event.content.get("propensity") is not None or _scoring(event) in draws for event in scores)


def _scoring(event: Event) -> tuple[object, str]:
    return event.content.get("bundle"), event.at
