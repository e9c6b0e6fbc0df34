"""What each seller has: leads in hand, how many are overdue, and the capacity of the week to come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from leadqual.feedback.events import instant
from leadqual.handoff import Episode, Team
from leadqual.meetings.week import Week

__all__ = ["SellerWeek", "seller_weeks"]

_IN_HAND = ("assigned", "viewed", "accepted", "attempted", "contacted")


@dataclass(frozen=True, slots=True)
class SellerWeek:
    """One seller, as the teams meet.

    Parameters
    ----------
    seller
        The id.
    given
        How many leads they were given in the week, whatever became of them.
    in_hand
        How many leads they have that are neither closed nor taken back.
    overdue
        How many of these are past their deadline without an attempt.
    capacity
        How many they can take a week.
    away
        Whether they are away on the day on which the next week begins.
    """

    seller: str
    given: int
    in_hand: int
    overdue: int
    capacity: float
    away: bool


def seller_weeks(episodes: Sequence[Episode], team: Team, week: Week) -> tuple[SellerWeek, ...]:
    """Return each seller of a team, in the order of its file.

    Parameters
    ----------
    episodes
        See `leadqual.handoff.episodes`, as of the meeting.
    team
        Who sells.
    week
        The week they meet over.

    Examples
    --------
    See ``tests/meetings/test_seller_week.py``.
    """
    start, end = (instant(str(moment)) for moment in (week.start, week.end))
    found = []
    for one in team.sellers:
        mine = [episode for episode in episodes if episode.owner == one.id]
        found.append(
            SellerWeek(
                one.id,
                sum(start <= instant(episode.assigned) < end for episode in mine if episode.assigned),
                sum(episode.state in _IN_HAND for episode in mine),
                sum(episode.overdue for episode in mine),
                one.weekly_capacity,
                one.is_away(week.earlier(-1).monday),
            )
        )
    return tuple(found)
