"""Working time: deadlines and durations in the hours that a team works, counted between instants in UTC."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from math import isfinite
from zoneinfo import ZoneInfo

from leadqual.errors import HandoffError
from leadqual.handoff.working_hours import WorkingHours, read_zone

__all__ = ["WorkingTime"]

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
_MOMENT = timedelta(microseconds=1)
# without working hours for so long there will be none
_MAX_FREE_DAYS = 366
_MAX_HOURS = 100_000.0


class WorkingTime:
    """The working time of one team.

    Times are compared and subtracted in UTC only: a difference of two local times ignores that clocks were changed
    between them. A span covers the time that passes between its local beginning and end, so that a night in which
    clocks go back is an hour longer; a beginning or end that clocks skip is the moment in which they do.

    Parameters
    ----------
    hours
        When the team works.

    Examples
    --------
    >>> hours = WorkingHours("north", "Europe/Berlin", (((540, 720), (780, 1080)),) * 5 + ((),) * 2, "DE")
    >>> friday = datetime(2026, 3, 27, 16, tzinfo=UTC)  # 17:00 in Berlin; clocks go forward on Sunday
    >>> WorkingTime(hours).deadline(friday, 2).isoformat()  # 10:00 on Monday
    '2026-03-30T08:00:00+00:00'
    """

    def __init__(self, hours: WorkingHours) -> None:
        self.hours = hours
        self._zone = read_zone(hours.zone, hours.team)
        self._worked: dict[date, tuple[tuple[datetime, datetime], ...]] = {}

    def deadline(self, start: datetime, hours: float) -> datetime:
        """Return the first moment at which so many working hours have passed, in UTC.

        Parameters
        ----------
        start
            From when, with a time zone; it need not be working time.
        hours
            At least 0; rounded to the microsecond.

        Raises
        ------
        HandoffError
            When ``start`` has no time zone, ``hours`` is no such number, or a whole year has no working time.
        """
        if isinstance(hours, bool) or not isfinite(hours) or not 0 <= hours <= _MAX_HOURS:
            raise HandoffError(f"hours is {hours}, it must be a number from 0 to {_MAX_HOURS:,.0f}; pass one.")
        begin, left = _utc(start), _HOUR * hours
        if not left:
            return begin
        free = 0
        for spans in self._days(begin):
            free = free + 1 if not spans else 0
            if free > _MAX_FREE_DAYS:
                break
            for opens, closes in spans:
                opens = max(opens, begin)
                if closes - opens >= left:
                    return opens + left
                left -= max(closes - opens, timedelta())
        raise HandoffError(
            f"team {self.hours.team!r} has no working hours for a year after the start, it must have some; correct its "
            "hours and closed days."
        )

    def working_hours_between(self, start: datetime, end: datetime) -> float:
        """Return how many working hours lie between two moments, at least 0.

        Parameters
        ----------
        start, end
            With time zones; the end not before the start.

        Raises
        ------
        HandoffError
            When one has no time zone, or the end is before the start.

        Examples
        --------
        >>> hours = WorkingHours("north", "Europe/Berlin", (((540, 720), (780, 1080)),) * 5 + ((),) * 2)
        >>> evening, morning = datetime(2026, 5, 4, 16, tzinfo=UTC), datetime(2026, 5, 5, 8, tzinfo=UTC)
        >>> WorkingTime(hours).working_hours_between(evening, morning)  # 18:00 to 10:00
        1.0
        """
        begin, until = _utc(start), _utc(end)
        if until < begin:
            raise HandoffError("the end is before the start, it must not be; swap them.")
        worked = timedelta()
        for spans in self._days(begin, until):
            for opens, closes in spans:
                worked += max(min(closes, until) - max(opens, begin), timedelta())
        return worked / _HOUR

    def local_day(self, moment: datetime) -> date:
        """Return the day of the team's calendar on which a moment lies.

        Parameters
        ----------
        moment
            With a time zone.
        """
        return _utc(moment).astimezone(self._zone).date()

    def _days(self, begin: datetime, until: datetime | None = None) -> Iterator[tuple[tuple[datetime, datetime], ...]]:
        day, last = self.local_day(begin), date.max if until is None else self.local_day(until)
        while day <= last and day < date.max:
            yield self._spans(day)
            day += _DAY

    def _spans(self, day: date) -> tuple[tuple[datetime, datetime], ...]:
        """Return what is worked on a local day, in UTC; spans that clocks shift onto each other count once."""
        if day not in self._worked:
            spans: list[tuple[datetime, datetime]] = []
            for start, end in self.hours.spans(day):
                opens, closes = (_instant(day, minutes, self._zone) for minutes in (start, end))
                opens = max(opens, spans[-1][1]) if spans else opens
                if opens < closes:
                    spans.append((opens, closes))
            self._worked[day] = tuple(spans)
        return self._worked[day]


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise HandoffError("a time has no time zone, it must have one; pass a datetime with tzinfo, such as UTC.")
    return moment.astimezone(UTC)


def _instant(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """Return when a wall clock shows so many minutes of a day: the first time, or when clocks skip it."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    late = wall.replace(tzinfo=zone).astimezone(UTC)
    if late.astimezone(zone).replace(tzinfo=None) == wall:
        return late
    early = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    before = early.astimezone(zone).utcoffset()
    while late - early > _MOMENT:
        middle = early + (late - early) // 2
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late
