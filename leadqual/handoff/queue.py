"""A seller's list: the leads they have, by deadline, with what speaks for each and where it is in the CRM."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from leadqual.bundle import Bundle
from leadqual.handoff.state import Episode, State
from leadqual.handoff.team import Team
from leadqual.reasons import Reason

__all__ = ["QueuedLead", "queue"]

_OPEN = ("assigned", "viewed", "accepted", "attempted", "contacted")


@dataclass(frozen=True, slots=True)
class QueuedLead:
    """One lead of a seller's list.

    Parameters
    ----------
    lead
        Its id.
    owner
        Whose it is.
    state
        How far they have come with it.
    due
        Until when a first attempt is owed (ISO 8601, UTC); "" where none is.
    overdue
        Whether that has passed without one.
    overdue_hours
        By how many working hours; None where it is not overdue, or its owner is not in the team.
    reasons
        What speaks for it, strongest first; their points are not for sellers whose team shows none. Empty where nothing
        does, the bundle that scored it was not given, or the person was forgotten.
    link
        Its address in the CRM; "" where the team gives none.
    grade, points, probability
        Of its score; "" or None where the team does not show it.
    """

    lead: str
    owner: str
    state: State
    due: str
    overdue: bool
    overdue_hours: float | None
    reasons: tuple[Reason, ...]
    link: str
    grade: str
    points: int | None
    probability: float | None


def queue(
    found: Iterable[Episode], team: Team, *, seller: str | None = None, bundle: Bundle | None = None, reasons: int = 3
) -> tuple[QueuedLead, ...]:
    """Return the leads that sellers have, the earliest deadline first; the order does not tell which were drawn.

    Parameters
    ----------
    found
        See `leadqual.handoff.episodes`.
    team
        Who sells, and what of the score they see.
    seller
        Whose list; None: everybody's.
    bundle
        What scored the leads, for what speaks for them; None: that is left out.
    reasons
        How many of these at most.

    Examples
    --------
    >>> from leadqual.feedback import Event
    >>> from leadqual.handoff import episodes, example_team
    >>> score = {"bundle": "b", "points": 120, "probability": 0.2, "grade": "A", "picked": "rank"}
    >>> told = [Event("scored", "L 7", "2026-05-04", score), Event("assigned", "L 7", "2026-05-04", {"seller": "S-1"})]
    >>> [one] = queue(episodes(told, as_of="2026-05-05"), example_team(), seller="S-1")
    >>> one.link, one.grade
    ('https://crm.example/lead/L%207', '')
    """
    mine = [one for one in found if one.owner and one.state in _OPEN and seller in (None, one.owner)]
    mine.sort(key=lambda one: (one.due or "9999", one.lead, one.number))
    return tuple(_queued(one, team, bundle, reasons) for one in mine)


def _queued(one: Episode, team: Team, bundle: Bundle | None, most: int) -> QueuedLead:
    return QueuedLead(
        lead=one.lead,
        owner=one.owner,
        state=one.state,
        due=one.due,
        overdue=one.overdue,
        overdue_hours=one.overdue_hours,
        reasons=() if bundle is None or bundle.digest != one.bundle else _reasons(one, bundle)[:most],
        link=team.crm_link.replace("{id}", quote(one.lead, safe="")),
        grade=one.grade if "grade" in team.shown else "",
        points=one.points if "points" in team.shown else None,
        probability=one.probability if "probability" in team.shown else None,
    )


def _reasons(one: Episode, bundle: Bundle) -> tuple[Reason, ...]:
    fields = bundle.points_table.fields
    if len(one.codes) != len(fields):
        return ()
    worth = (
        Reason(field.name, field.bands[code].label, field.bands[code].points - field.average_points)
        for field, code in zip(fields, one.codes, strict=True)
        if code is not None
    )
    return tuple(sorted((reason for reason in worth if reason.points > 0), key=lambda reason: -reason.points))
