"""A week: Monday to Sunday in the teams' time zone, as instants in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.errors import MeetingError
from leadqual.feedback.history import moment

__all__ = ["Week"]


@dataclass(frozen=True, slots=True)
class Week:
    """One week of ISO 8601.

    Parameters
    ----------
    monday
        Its first day.
    zone
        The time zone in which days begin, such as ``"Europe/Lisbon"``.

    Examples
    --------
    >>> week = Week.before("2026-11-23T08:00:00Z", zone="Europe/Lisbon")
    >>> week.number, week.monday.isoformat(), week.sunday.isoformat()
    (47, '2026-11-16', '2026-11-22')
    """

    monday: date
    zone: str = "UTC"

    @classmethod
    def before(cls, as_of: str, *, zone: str = "UTC") -> Self:
        """Return the last week that had ended by a moment.

        Parameters
        ----------
        as_of
            The moment (ISO 8601; UTC where it names no zone).
        zone
            As in `Week`.

        Raises
        ------
        MeetingError
            When there is no such time zone.
        """
        try:
            local = moment(as_of).tz_localize("UTC").tz_convert(ZoneInfo(zone))
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise MeetingError(
                f"{zone!r} is no time zone, it must be one of the IANA database; pass one such as Europe/Lisbon."
            ) from None
        day = local.date()
        return cls(day - timedelta(days=day.weekday() + 7), zone)

    @property
    def number(self) -> int:
        """The number of the week in its year, 1 to 53."""
        return self.monday.isocalendar().week

    @property
    def sunday(self) -> date:
        """The last day."""
        return self.monday + timedelta(days=6)

    @property
    def start(self) -> np.datetime64:
        """When it begins, in UTC."""
        return _utc(self.monday, self.zone)

    @property
    def end(self) -> np.datetime64:
        """When the next one begins, in UTC."""
        return _utc(self.monday + timedelta(days=7), self.zone)

    def earlier(self, weeks: int = 1) -> Week:
        """Return the week so many weeks earlier."""
        return Week(self.monday - timedelta(weeks=weeks), self.zone)

    def holds(self, times: pd.Series) -> NDArray[np.bool_]:
        """Tell which times, (n,) in UTC without a zone, lie in the week; a missing one does not."""
        found = (times >= self.start) & (times < self.end)
        return np.asarray(found, dtype=np.bool_)


def _utc(day: date, zone: str) -> np.datetime64:
    local = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    return np.datetime64(local.astimezone(ZoneInfo("UTC")).replace(tzinfo=None), "us")
