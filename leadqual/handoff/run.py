"""A run of the hand-off: what waits too long is escalated or taken back, and what is in the pool gets a seller."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from leadqual.bundle import Policy
from leadqual.errors import HandoffError, counted
from leadqual.feedback.events import Event, instant
from leadqual.handoff.assign import Assignment, Candidate, Held, assign
from leadqual.handoff.state import Episode, assigned_event, episodes, escalated_event, returned_event
from leadqual.handoff.team import Team
from leadqual.handoff.working_time import WorkingTime

__all__ = ["HandOver", "hand_over"]

OVERDUE = "overdue"
"""The reason with which a lead goes back to the pool."""


@dataclass(frozen=True, slots=True)
class HandOver:
    """What one run did, and the events that say so.

    Parameters
    ----------
    events
        To be appended to the ledger, in this order; empty where nothing was to be done.
    assignment
        Who got what: the leads that were in the pool, or came back to it.
    escalated, returned
        The leads that somebody is told of, and those that were taken from their sellers, longest open first.
    ownerless
        Leads whose seller is not in the team, longest open first: somebody must decide, they stay where they are.
    not_given
        Leads in the pool whose fields were not given, longest open first: they stay there, as nobody knows whose they
        are.
    """

    events: tuple[Event, ...]
    assignment: Assignment
    escalated: tuple[str, ...]
    returned: tuple[str, ...]
    ownerless: tuple[str, ...]
    not_given: tuple[str, ...]


def hand_over(
    events: Iterable[Event],
    *,
    team: Team,
    policy: Policy,
    fields: Mapping[str, Mapping[str, str | None]],
    seed: int,
    as_of: str,
) -> HandOver:
    """Escalate what is overdue, take back what is too long, and give what is in the pool to sellers.

    Nothing is written: whoever keeps the events may run it as often as they like, as a second run at the same time
    finds nothing left to do. A first attempt is due within the policy's hours for the lead's grade, counted from now
    in the working time of its seller's team. A drawn lead has the hours of one that goes out with it by rank, chosen by
    hash, as its own would tell that it was drawn. A lead that is taken back goes to another seller, or stays in the
    pool.

    Parameters
    ----------
    events
        The ledger's, in the order in which they became known; those of the pick included.
    team
        Who sells.
    policy
        The signed policy, whose hours count.
    fields
        The fields of leads by id, as text, from which their sellers are found.
    seed
        Of the ties.
    as_of
        Now (ISO 8601).

    Raises
    ------
    HandoffError
        When leads have a grade that the policy does not have.

    Examples
    --------
    ``tests/handoff/test_run.py`` hands over the leads of two weeks.
    """
    now = datetime.fromisoformat(instant(as_of))
    found = episodes(events, as_of=as_of, team=team)
    latest = {one.lead: one for one in found}
    open_ones = sorted(latest.values(), key=lambda one: (one.began, one.lead))
    late = [one for one in open_ones if one.overdue]
    rule = team.escalation
    told = [one for one in late if rule and not one.escalated and _at_least(one, rule.after_hours)]
    back = [one for one in late if rule and _at_least(one, rule.pool_after_hours)]
    taken_from = {one.lead: one.owner for one in back}
    pool = [one for one in open_ones if one.state in ("pool", "returned") or one.lead in taken_from]
    given = [one for one in pool if one.lead in fields]
    candidates = [
        Candidate(
            one.lead, one.probability, one.points, one.drawn, fields[one.lead],
            taken_from.get(one.lead) or (one.taken_from if one.state == "returned" else ""),
        )
        for one in given
    ]  # fmt: skip
    assignment = assign(candidates, team, _held(found, set(taken_from), team, now), seed=seed, as_of=now)
    made = [escalated_event(one, to=rule.to, at=as_of) for one in told if rule]
    made += [returned_event(one, reason=OVERDUE, at=as_of) for one in back]
    made += _assigned(assignment, latest, team, policy, seed, now)
    return HandOver(
        tuple(made),
        assignment,
        tuple(one.lead for one in told),
        tuple(taken_from),
        tuple(one.lead for one in open_ones if _is_open(one) and team.seller(one.owner) is None),
        tuple(one.lead for one in pool if one.lead not in fields),
    )


def _is_open(one: Episode) -> bool:
    return bool(one.owner) and one.state in ("assigned", "viewed", "accepted", "attempted", "contacted")


def _at_least(one: Episode, hours: float | None) -> bool:
    return hours is not None and one.overdue_hours is not None and one.overdue_hours >= hours


def _held(found: Iterable[Episode], back: set[str], team: Team, now: datetime) -> list[Held]:
    """Return what was handed over this week, by the calendar of each seller's team, whatever became of it."""
    held = []
    for one in found:
        seller = team.seller(one.owner)
        if seller is None or (one.lead in back and _is_open(one)):
            continue
        clock = WorkingTime(team.hours_of(seller))
        if _week(clock.local_day(datetime.fromisoformat(one.assigned))) == _week(clock.local_day(now)):
            # ids have no such character: an earlier episode is not taken for the lead that waits now
            held.append(Held(f"{one.lead}\0{one.number}", one.owner, one.probability, one.drawn))
    return held


def _week(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]


def _assigned(
    assignment: Assignment, latest: Mapping[str, Episode], team: Team, policy: Policy, seed: int, now: datetime
) -> list[Event]:
    owed = {grade.name: grade.follow_up_hours for grade in policy.grades}
    strange = sum(latest[one.lead].grade not in owed for one in assignment.assigned)
    if strange:
        raise HandoffError(
            f"{counted(strange, 'lead')} in the pool have a grade that the policy does not have, and it must say when "
            "they are due; pass the bundle that scored them."
        )
    ranked = [owed[latest[one.lead].grade] for one in assignment.assigned if not one.drawn]
    named = [hours for hours in owed.values() if hours is not None]
    usual: list[float | None] = [hours for hours in ranked if hours is not None] or [max(named, default=None)]
    made = []
    for one in assignment.assigned:
        hours = None if one.drawn else owed[latest[one.lead].grade]
        hours = usual[_number(seed, one.lead) % len(usual)] if hours is None else hours
        seller = team.seller(one.seller)
        if seller is None:
            raise AssertionError("leads are assigned to sellers of the team")
        due = "" if hours is None else WorkingTime(team.hours_of(seller)).deadline(now, float(hours)).isoformat()
        made.append(assigned_event(latest[one.lead], seller=one.seller, due=due, at=now.isoformat()))
    return made


def _number(seed: int, lead: str) -> int:
    return int.from_bytes(hashlib.sha256(f"due\0{seed}\0{lead}".encode("utf-8", "surrogatepass")).digest()[:8], "big")
