"""States: where each handed-over lead stands as of a time, whose it is and how overdue; from events alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from leadqual.feedback.events import Event, instant
from leadqual.feedback.standing_ids import standing_ids
from leadqual.handoff.team import Team
from leadqual.handoff.working_time import WorkingTime

__all__ = ["Episode", "State", "assigned_event", "episodes", "escalated_event", "returned_event"]

State = Literal[
    "pool", "assigned", "viewed", "accepted", "attempted", "contacted", "rejected", "disqualified", "recycled",
    "returned", "won", "lost",
]  # fmt: skip

# how far a seller has come: what is lower does not take a lead back
_PROGRESS = {"assigned": 1, "viewed": 2, "accepted": 3, "worked": 4, "attempted": 4, "contacted": 5}
_TRIED = ("worked", "attempted", "contacted", "disqualified")
_CLOSING = ("rejected", "disqualified", "recycled", "returned", "won", "lost")
_NAMES = {"worked": "attempted"}
_UNDONE_BY = {"reopened": ("won", "lost"), "accepted": ("rejected", "recycled")}


@dataclass(frozen=True, slots=True)
class Episode:
    """One hand-over of a lead to sales, from the score with which it was picked.

    Parameters
    ----------
    lead
        Its id: the one that stands, where ids were merged.
    number
        1 for its first episode. One that was recycled and picked again later has a next one.
    follows
        When the episode before began (ISO 8601); "" for the first.
    began
        When it was scored and picked (ISO 8601).
    points, probability, grade
        Of that score.
    drawn
        Whether it was drawn at random.
    bundle
        Digest of the bundle that scored it.
    codes
        The band of each field then, None where no band took the value; empty where the person was forgotten.
    state
        ``"pool"`` before it has a seller, ``"returned"`` after it was taken from one; ``"rejected"``: not worth a try,
        ``"disqualified"``: not worth it after contact, ``"recycled"``: later. A lead that was worked without saying
        how is ``"attempted"``.
    owner
        The seller who has it, or had it when it ended; "" in the pool.
    assigned
        When they got it (ISO 8601); "" in the pool.
    due
        Until when a first attempt is owed (ISO 8601); "" in the pool, or where none is.
    overdue
        Whether that has passed without an attempt, the lead not closed.
    overdue_hours
        By how many working hours of its owner's team; None where it is not overdue, or its owner is not in the team.
    escalated
        When somebody was told (ISO 8601); "" where nobody was since it has this owner.
    reason
        Why it was rejected, disqualified, recycled, returned or lost; "" where nobody said, or it was not.
    until
        Until when it was recycled (ISO 8601); "" where nobody said, or it was not.
    taken_from
        The seller from whom it was last returned to the pool; "" where it was not.
    turns
        How many times it was given to a seller, those that were withdrawn too.
    """

    lead: str
    number: int
    follows: str
    began: str
    points: int
    probability: float
    grade: str
    drawn: bool
    bundle: str
    codes: tuple[int | None, ...]
    state: State
    owner: str
    assigned: str
    due: str
    overdue: bool
    overdue_hours: float | None
    escalated: str
    reason: str
    until: str
    taken_from: str
    turns: int


def episodes(events: Iterable[Event], *, as_of: str, team: Team | None = None) -> tuple[Episode, ...]:
    """Return every episode of every lead that was picked, as it stood at a time.

    Parameters
    ----------
    events
        The ledger's, in the order in which they became known; see `leadqual.feedback.FeedbackStore.events`.
    as_of
        The time (ISO 8601): only what had happened and was known by then counts.
    team
        In whose working hours leads are overdue; None: they are overdue without a number of hours.

    Returns
    -------
    tuple of Episode
        By when they began, then by lead.

    Examples
    --------
    >>> score = {"bundle": "b", "points": 120, "probability": 0.2, "grade": "A", "picked": "rank"}
    >>> told = [Event("scored", "L-7", "2026-05-04T08:00:00Z", score),
    ...         Event("assigned", "L-7", "2026-05-04T08:00:00Z", {"seller": "S-1", "due": "2026-05-04T10:00:00Z"})]
    >>> [one] = episodes(told, as_of="2026-05-04T12:00:00Z")
    >>> one.state, one.owner, one.overdue
    ('assigned', 'S-1', True)
    """
    now = instant(as_of)
    seen = [event for event in events if event.at <= now and (event.known_at or event.at) <= now]
    void = {event.corrects for event in seen if event.corrects}
    names = standing_ids(seen)
    of_lead: dict[str, list[Event]] = {}
    for event in seen:
        of_lead.setdefault(names.get(event.lead, event.lead), []).append(event)
    clocks = _Clocks(team)
    found = [one for lead, mine in of_lead.items() for one in _of_lead(lead, mine, void, now, clocks)]
    return tuple(sorted(found, key=lambda one: (one.began, one.lead)))


def assigned_event(episode: Episode, *, seller: str, due: str, at: str) -> Event:
    """Return the event that gives a lead to a seller.

    Its key says which turn of which episode it is and not whose: of two who give it away at once, one succeeds.

    Parameters
    ----------
    episode
        The lead's, in the pool or returned.
    seller
        To whom.
    due
        Until when a first attempt is owed (ISO 8601); "" where none is.
    at
        Now (ISO 8601).
    """
    content = {"seller": seller} | ({"due": instant(due)} if due else {})
    return Event("assigned", episode.lead, at, content, key=_key("assigned", episode, episode.turns + 1))


def escalated_event(episode: Episode, *, to: str, at: str) -> Event:
    """Return the event that somebody was told of an overdue lead; once for each seller who lets it wait.

    Parameters
    ----------
    episode
        The lead's, overdue.
    to
        Who is told.
    at
        Now (ISO 8601).
    """
    return Event("escalated", episode.lead, at, {"to": to}, key=_key("escalated", episode, episode.turns))


def returned_event(episode: Episode, *, reason: str, at: str) -> Event:
    """Return the event that takes a lead from its seller, back to the pool; once for each seller.

    Parameters
    ----------
    episode
        The lead's, with an owner.
    reason
        Why, as a short label.
    at
        Now (ISO 8601).
    """
    return Event("returned", episode.lead, at, {"reason": reason}, key=_key("returned", episode, episode.turns))


def _key(kind: str, episode: Episode, turn: int) -> str:
    text = json.dumps([kind, episode.lead, episode.began, turn])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class _Clocks:
    """The working time of each seller's team, made once for each team."""

    def __init__(self, team: Team | None) -> None:
        self._team = team
        self._times: dict[str, WorkingTime] = {}

    def hours(self, seller: str, start: str, end: str) -> float | None:
        one = None if self._team is None else self._team.seller(seller)
        if self._team is None or one is None:
            return None
        clock = self._times.get(one.team)
        if clock is None:
            clock = self._times[one.team] = WorkingTime(self._team.hours_of(one))
        return clock.working_hours_between(datetime.fromisoformat(start), datetime.fromisoformat(end))


def _of_lead(lead: str, events: list[Event], void: set[str], now: str, clocks: _Clocks) -> list[Episode]:
    """Return a lead's episodes: another begins with a picked score after the one before was recycled."""
    parts: list[list[Event]] = []
    recycled = False
    for event in sorted(events, key=lambda event: event.at):  # of one time in the order in which they became known
        stands = event.key not in void
        if stands and event.kind == "scored" and event.content.get("picked") and (recycled or not parts):
            parts.append([])
            recycled = False
        if parts:
            parts[-1].append(event)
        if stands and event.kind in ("recycled", "accepted"):
            recycled = event.kind == "recycled"
    found: list[Episode] = []
    for number, part in enumerate(parts, 1):
        found.append(_episode(lead, number, found[-1].began if found else "", part, void, now, clocks))
    return found


class _Course:
    """How one episode went, event by event in the order of their times."""

    def __init__(self) -> None:
        self.progress = "pool"
        self.owned: Event | None = None
        self.closed: Event | None = None
        self.tried = False
        self.escalated = self.taken_from = ""

    @property
    def state(self) -> str:
        return self.progress if self.closed is None else self.closed.kind

    def take(self, event: Event) -> None:
        kind, closed = event.kind, "" if self.closed is None else self.closed.kind
        if kind == "assigned":
            self.progress, self.owned, self.closed, self.tried, self.escalated = kind, event, None, False, ""
        elif kind in _CLOSING:
            self.closed = event
            if kind == "returned" and self.owned is not None:
                self.taken_from, self.owned = str(self.owned.content.get("seller", "")), None
        elif closed in _UNDONE_BY.get(kind, ()):
            self.closed = None
        if _PROGRESS.get(kind, 0) > _PROGRESS.get(self.progress, 0):
            self.progress = _NAMES.get(kind, kind)
        self.tried = self.tried or kind in _TRIED
        if kind == "escalated":
            self.escalated = event.at


def _episode(
    lead: str, number: int, follows: str, events: list[Event], void: set[str], now: str, clocks: _Clocks
) -> Episode:
    course, score = _Course(), events[0]
    for event in events:
        if event.key not in void:
            course.take(event)
    owned = {} if course.owned is None else course.owned.content
    said = {} if course.closed is None else course.closed.content
    owner, due, until = (str(one or "") for one in (owned.get("seller"), owned.get("due"), said.get("until")))
    due = instant(due) if due else ""
    overdue = bool(due) and due < now and course.closed is None and not course.tried
    return Episode(
        lead=lead,
        number=number,
        follows=follows,
        began=score.at,
        points=int(score.content["points"]),
        probability=float(score.content["probability"]),
        grade=str(score.content["grade"]),
        drawn=score.content["picked"] == "random",
        bundle=str(score.content["bundle"]),
        codes=tuple(score.content.get("codes") or ()),
        state=course.state,  # type: ignore[arg-type]
        owner=owner,
        assigned="" if course.owned is None else course.owned.at,
        due=due,
        overdue=overdue,
        overdue_hours=clocks.hours(owner, due, now) if overdue else None,
        escalated="" if course.owned is None else course.escalated,
        reason=str(said.get("reason", "")),
        until=instant(until) if until else "",
        taken_from=course.taken_from,
        turns=sum(event.kind == "assigned" for event in events),
    )
