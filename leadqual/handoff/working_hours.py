"""Working hours: a team's week, its time zone, the holidays of its country, and single days that differ."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from zoneinfo import ZoneInfo

from leadqual.errors import HandoffError
from leadqual.handoff.public_holidays import check_country, days_off, make_up_days

__all__ = ["WEEKDAYS", "Span", "WorkingHours", "read_zone"]

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Span = tuple[int, int]
"""From when to when, in minutes of the day's local time, 0 to 1440."""


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When a team works.

    Parameters
    ----------
    team
        Its name.
    zone
        Its time zone in the IANA database.
    week
        The spans of each day, Monday first, in order; lunch is the gap between two. A day without spans is free.
    country, subdivision
        ISO 3166 codes of the place whose public holidays are free, such as ``"DE"`` and ``"BE"``; "" for none. Where
        the country makes up for holidays at weekends, as China does, those days are worked.
    make_up
        The spans of such days and of those in ``open_days``; empty: those of the first day of the week that has any.
    closed_days, open_days
        Days that are free, or worked, whatever else holds.

    Raises
    ------
    HandoffError
        When zone, country or subdivision is unknown, spans overlap or are no time of day, no day has any, or a day is
        both closed and open.

    Examples
    --------
    >>> hours = WorkingHours("north", "Europe/Berlin", (((540, 720), (780, 1080)),) * 5 + ((),) * 2, "DE")
    >>> from datetime import date
    >>> hours.spans(date(2026, 12, 24)), hours.spans(date(2026, 12, 25))
    (((540, 720), (780, 1080)), ())
    """

    team: str
    zone: str
    week: tuple[tuple[Span, ...], ...]
    country: str = ""
    subdivision: str = ""
    make_up: tuple[Span, ...] = ()
    closed_days: frozenset[date] = field(default_factory=frozenset)
    open_days: frozenset[date] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        read_zone(self.zone, self.team)
        if len(self.week) != len(WEEKDAYS):
            raise HandoffError(f"team {self.team!r} has {len(self.week)} days of hours, it must have 7; correct them.")
        for name, spans in zip((*WEEKDAYS, "make_up"), (*self.week, self.make_up), strict=True):
            _check_spans(self.team, name, spans)
        if not any(self.week):
            raise HandoffError(f"team {self.team!r} has no hours, it must work on some day; add them under hours.")
        both = sorted(self.closed_days & self.open_days)
        if both:
            raise HandoffError(f"team {self.team!r} is closed and open on {both[0]}, it must be one; correct it.")
        if self.subdivision and not self.country:
            raise HandoffError(f"team {self.team!r} has a subdivision, its country must be given too; add it.")
        if self.country:
            check_country(self.country, self.subdivision, self.team)

    def spans(self, day: date) -> tuple[Span, ...]:
        """Return the spans that are worked on a day of the local calendar, in order; empty where it is free.

        Parameters
        ----------
        day
            The day.
        """
        if day in self.closed_days:
            return ()
        usual = self.week[day.weekday()]
        extra = usual or self.make_up or next(spans for spans in self.week if spans)
        if day in self.open_days:
            return extra
        if self.country and day in make_up_days(self.country, self.subdivision, day.year):
            return extra
        if self.country and day in days_off(self.country, self.subdivision, day.year):
            return ()
        return usual


def read_zone(name: str, team: str) -> ZoneInfo:
    """Return a time zone.

    Raises
    ------
    HandoffError
        When the IANA database has none of that name.
    """
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise HandoffError(
            f"team {team!r} has zone {name!r}, it must be one of the IANA database; write one such as Europe/Lisbon."
        ) from None


def _check_spans(team: str, day: str, spans: tuple[Span, ...]) -> None:
    for start, end in spans:
        if not 0 <= start < end <= 1440:
            raise HandoffError(
                f"team {team!r} has hours on {day} that end no later than they begin, or lie outside the day; they "
                "must begin first and end by 24:00; give hours over midnight as two spans, one on each day."
            )
    if any(after[0] < before[1] for before, after in pairwise(spans)):
        raise HandoffError(
            f"team {team!r} has hours on {day} that overlap or are not in order, each span must begin after the one "
            "before has ended; correct them."
        )
