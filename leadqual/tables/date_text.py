"""One raw value as a date: the formats that CRMs, spreadsheets and databases write."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.tables.date_words import CLOCK_BEGINS, plain_clock, worded_date

__all__ = [
    "FIRST_YEAR",
    "IMPOSSIBLE",
    "LAST_YEAR",
    "NO_DATE",
    "OUT_OF_RANGE",
    "DateReader",
    "Reading",
    "Readings",
    "read_many",
    "within_range",
]

FIRST_YEAR, LAST_YEAR = 1970, 2100

Whole: TypeAlias = NDArray[np.int64]

# Marks in the place of microseconds since 1970; every date is above them.
NO_DATE = int(np.iinfo(np.int64).min)
IMPOSSIBLE = NO_DATE + 1
OUT_OF_RANGE = NO_DATE + 2

_MICROSECONDS = 1_000_000
_MILLISECONDS_BEGIN = 1e12  # as seconds, that would be the year 33658
_END = (datetime.date(LAST_YEAR + 1, 1, 1) - datetime.date(FIRST_YEAR, 1, 1)).days * 86_400 * _MICROSECONDS
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SPLIT = re.compile(
    rf"(?P<date>.*?)(?:T|,? +(?:at |um |à |a las |às |alle |om )?|(?<=[日号號일]))(?P<clock>{CLOCK_BEGINS}.*)"
)
_CLOCK = re.compile(
    r"(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?"
    r"\s*(?P<half>[AaPp]\.?[Mm]\.?)?\s*(?P<zone>Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?"
)
_DAY_NAME = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?"
_MONTH_NAME = rf"(?P<month>{'|'.join(_MONTHS)})[a-z]*\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4}|\d{2})"
_NUMERIC = re.compile(rf"(?P<a>\d{{1,2}})(?P<mark>[/.-])(?P<b>\d{{1,2}})(?P=mark){_YEAR}")
_IN_ONE_ORDER = (
    re.compile(r"(?P<year>\d{4})(?P<mark>[-/.])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})"),
    re.compile(rf"{_DAY_NAME}{_DAY}[\s-]+{_MONTH_NAME}[\s,-]+{_YEAR}", re.IGNORECASE),
    re.compile(rf"{_DAY_NAME}{_MONTH_NAME}\s+{_DAY},?\s+(?P<year>\d{{4}})", re.IGNORECASE),
    re.compile(r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})"),
)
_EPOCH = re.compile(r"\d{10}(?:\.\d+)?|\d{13}(?:\.0)?")
_PLAIN = r"(?:19|20)\d{2}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})?)?"
_PLAIN_ZONE = r"(?:Z|:\d{2}(?:\.\d+)?[+-]\d{2}:\d{2})$"


class Reading(NamedTuple):
    """One value read as a date.

    Parameters
    ----------
    day_first, month_first
        Microseconds since 1970 in UTC with the day, or the month, taken first; the same where there is no choice.
        `IMPOSSIBLE` where that is no date, `OUT_OF_RANGE` where it is not from 1970 to 2100.
    zoned
        It says its time zone.
    timed
        It has a time of day.
    dotted
        It is written 3.4.2026.
    """

    day_first: int
    month_first: int
    zoned: bool = False
    timed: bool = False
    dotted: bool = False


UNREADABLE = Reading(IMPOSSIBLE, IMPOSSIBLE)


class DateReader:
    """Reads single values as dates, and remembers the dates and times of day it has met.

    Read are ISO 8601 (2026-05-01, 2026-05-01T10:00:00+0200, 2026/05/01 10:00, 20260501), 1/5/2026, 1.5.2026 and 1-5-26
    with or without a time (14:05, 2:05 PM), 1 May 2026, May 1, 2026, 1. März 2026 and 2026年5月1日 (`date_words`),
    seconds or milliseconds since 1970, and Python's own dates and datetimes. A date without a time zone counts as
    UTC. Years of two digits follow POSIX: 69 is 1969.

    Examples
    --------
    >>> reader = DateReader()
    >>> [day, month] = reader.read("3/4/2026")[:2]
    >>> str(np.datetime64(day, "us"))[:10], str(np.datetime64(month, "us"))[:10]
    ('2026-04-03', '2026-03-04')
    >>> reader.read("soon").day_first == IMPOSSIBLE
    True
    """

    def __init__(self) -> None:
        self._dates: dict[str, tuple[int, int, bool]] = {}
        self._clocks: dict[str, tuple[int, bool] | None] = {"": (0, False)}

    def read(self, value: object) -> Reading:
        """Read one value that is not missing."""
        if isinstance(value, str):
            return self._text(value.strip())
        if isinstance(value, (datetime.datetime, np.datetime64)):
            return _timestamp(pd.Timestamp(value))
        if isinstance(value, datetime.date):
            return self._text(value.isoformat())
        if isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool):
            return self._text(str(int(value))) if float(value).is_integer() else UNREADABLE
        return UNREADABLE

    def _text(self, text: str) -> Reading:
        if text[:10].isdigit() and _EPOCH.fullmatch(text):
            number = float(text)
            moment = _in_range(int(number * (1000 if number >= _MILLISECONDS_BEGIN else _MICROSECONDS)))
            return Reading(moment, moment, True, True)
        date, _, clock = text.partition(" ")
        if date not in self._dates or clock not in self._clocks:
            split = _SPLIT.fullmatch(text)
            date, clock = (split["date"], split["clock"]) if split else (text, "")
            if clock not in self._clocks:
                self._clocks[clock] = _clock(clock)
            if date not in self._dates:
                self._dates[date] = _date(date)
        day, month, dotted = self._dates[date]
        time = self._clocks[clock]
        if time is None:
            return UNREADABLE
        since, zoned = time
        return Reading(_at(day, since), _at(month, since), zoned, clock != "", dotted)


def _date(text: str) -> tuple[int, int, bool]:
    """Return microseconds since 1970 read day first and month first, and whether it is written with dots."""
    numeric = _NUMERIC.fullmatch(text)
    if numeric:
        a, b, year = int(numeric["a"]), int(numeric["b"]), _full_year(numeric["year"])
        return _midnight(year, b, a), _midnight(year, a, b), numeric["mark"] == "."
    for pattern in _IN_ONE_ORDER:
        found = pattern.fullmatch(text)
        if found:
            name = found["month"][:3].lower()
            month = _MONTHS.index(name) + 1 if name in _MONTHS else int(name)
            moment = _midnight(_full_year(found["year"]), month, int(found["day"]))
            return moment, moment, False
    worded = worded_date(text)
    moment = IMPOSSIBLE if worded is None else _midnight(*worded)
    return moment, moment, False


def _clock(text: str) -> tuple[int, bool] | None:
    """Return microseconds since midnight in UTC, and whether the time zone is said; None where it is no time."""
    found = _CLOCK.fullmatch(text) or _CLOCK.fullmatch(plain_clock(text))
    if not found:
        return None
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"][0] in "pP" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    fraction = int(((found["fraction"] or "") + "000000")[:6])
    since = (hour * 3600 + minute * 60 + second) * _MICROSECONDS + fraction
    return since - _offset(found["zone"]), found["zone"] is not None


def _offset(zone: str | None) -> int:
    if zone is None or zone[0] not in "+-":
        return 0
    digits = zone[1:].replace(":", "")
    seconds = int(digits[:2]) * 3600 + int(digits[2:] or 0) * 60
    return (seconds if zone[0] == "+" else -seconds) * _MICROSECONDS


def _full_year(text: str) -> int:
    year = int(text)
    return year if len(text) == len("2026") else year + (1900 if year > 68 else 2000)


def _midnight(year: int, month: int, day: int) -> int:
    try:
        return (datetime.date(year, month, day) - datetime.date(1970, 1, 1)).days * 86_400 * _MICROSECONDS
    except ValueError:
        return IMPOSSIBLE


def _at(midnight: int, since: int) -> int:
    return IMPOSSIBLE if midnight == IMPOSSIBLE else _in_range(midnight + since)


def _in_range(microseconds: int) -> int:
    return microseconds if 0 <= microseconds < _END else OUT_OF_RANGE


def _timestamp(moment: pd.Timestamp) -> Reading:
    zoned = moment.tzinfo is not None
    plain = moment.tz_convert("UTC").tz_localize(None) if zoned else moment
    read = _in_range(int(plain.to_datetime64().astype("datetime64[us]").astype(np.int64)))
    return Reading(read, read, zoned, True)


@dataclass(frozen=True, slots=True, eq=False)
class Readings:
    """What `read_many` read of n texts: the parts of `Reading` as arrays (n,), and which texts are done."""

    day_first: Whole
    month_first: Whole
    zoned: NDArray[np.bool_]
    timed: NDArray[np.bool_]
    dotted: NDArray[np.bool_]
    done: NDArray[np.bool_]

    def put(self, place: int, reading: Reading) -> None:
        """Set one reading."""
        self.day_first[place], self.month_first[place] = reading.day_first, reading.month_first
        self.zoned[place], self.timed[place], self.dotted[place] = reading.zoned, reading.timed, reading.dotted
        self.done[place] = True


def read_many(texts: pd.Series) -> Readings:
    """Read the dates among n texts that are plain ISO, or a date, a space and a time of day, all at once.

    A history holds a million different times; one by one they would take seconds a column. `DateReader` reads the same
    from the texts that are not done, whatever they are.
    """
    flags = (np.zeros(len(texts), dtype=np.bool_) for _ in range(4))
    impossible = np.full(len(texts), IMPOSSIBLE)
    read = Readings(impossible, impossible.copy(), *flags)
    places = np.flatnonzero(texts.str.fullmatch(_PLAIN).to_numpy(dtype=np.bool_))
    _read_plain(texts.iloc[places], places, read)
    _read_split(texts[~read.done], np.flatnonzero(~read.done), read)
    return read


def _read_plain(texts: pd.Series, places: NDArray[np.intp], read: Readings) -> None:
    moments = pd.to_datetime(texts, format="ISO8601", utc=True, errors="coerce").dt.tz_localize(None)
    read.day_first[places] = within_range(moments.to_numpy().astype("datetime64[us]").view(np.int64))
    read.month_first[places] = read.day_first[places]
    read.zoned[places] = texts.str.contains(_PLAIN_ZONE).to_numpy(dtype=np.bool_)
    read.timed[places] = (texts.str.len() > len("2026-05-01")).to_numpy(dtype=np.bool_)
    read.done[places] = True


def _read_split(texts: pd.Series, places: NDArray[np.intp], read: Readings) -> None:
    if not len(texts):
        return
    parts = texts.str.partition(" ")
    date_codes, dates = pd.factorize(parts[0])
    clock_codes, clocks = pd.factorize(parts[2])
    found = [_date(text) for text in dates]
    times = [(0, False) if text == "" else _clock(text) for text in clocks]
    good = np.array([day != IMPOSSIBLE or month != IMPOSSIBLE for day, month, _ in found])[date_codes]
    good &= np.array([time is not None for time in times])[clock_codes]
    since = np.array([time[0] if time else 0 for time in times], dtype=np.int64)[clock_codes][good]
    date_codes, clock_codes, places = date_codes[good], clock_codes[good], places[good]
    for part, moments in ((0, read.day_first), (1, read.month_first)):
        midnights = np.array([date[part] for date in found], dtype=np.int64)[date_codes]
        moments[places] = np.where(midnights == IMPOSSIBLE, IMPOSSIBLE, within_range(midnights + since))
    read.dotted[places] = np.array([date[2] for date in found], dtype=np.bool_)[date_codes]
    read.zoned[places] = np.array([bool(time and time[1]) for time in times], dtype=np.bool_)[clock_codes]
    read.timed[places] = np.array([text != "" for text in clocks], dtype=np.bool_)[clock_codes]
    read.done[places] = True


def within_range(microseconds: Whole) -> Whole:
    """Return the moments, marked where they are no date or outside 1970 to 2100."""
    inside = (microseconds >= 0) & (microseconds < _END)
    return np.where(inside, microseconds, np.where(microseconds == NO_DATE, IMPOSSIBLE, OUT_OF_RANGE))
