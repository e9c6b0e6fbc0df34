"""Columns of dates: one order of day and month for a column, decided by its dates or by the schema, never guessed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle.values import MISSING_VALUES
from leadqual.errors import LeadError
from leadqual.tables.date_oddities import far_off, half_swapped, is_sentinel, read_serial
from leadqual.tables.date_text import (
    FIRST_YEAR,
    LAST_YEAR,
    NO_DATE,
    OUT_OF_RANGE,
    DateReader,
    Reading,
    read_many,
    within_range,
)
from leadqual.tables.distinct import distinct_values
from leadqual.tables.rows import RowNumbers

__all__ = [
    "DateText",
    "agreed_day_first",
    "date_notes",
    "days_of",
    "read_dates",
    "read_unchecked",
    "refuse_half_swapped",
    "scan_dates",
    "settled_order",
]

Mask: TypeAlias = NDArray[np.bool_]
Moments: TypeAlias = NDArray[np.datetime64]

_MICROSECONDS_A_DAY = 86_400_000_000
_FAR = int(np.datetime64("2050-01-01", "us").astype(np.int64))
_MOST_OUTSIDE = 0.05  # share of dates outside the range that may be typing errors
_ZERO_DATE = r"0000-00-00(?:[T ]00:00:00)?"


@dataclass(frozen=True, slots=True, eq=False)
class DateText:
    """The dates of n values, before the order of day and month is settled.

    Parameters
    ----------
    codes
        Which distinct value each one is, int64 (n,); -1 where it is missing.
    day_first, month_first
        Microseconds since 1970 (UTC) of each distinct value with the day, or the month, taken first, int64; a mark of
        `date_text` where that is no date.
    zoned, timed, dotted
        Whether each distinct value says its time zone, has a time of day, is written 3.4.2026.
    serial
        Whether each distinct value is a number of days as Excel counts them.
    sentinel
        Which of the n values are dates that stand for none (1900-01-01, 9999-12-31); they count as missing.
    """

    codes: NDArray[np.int64]
    day_first: NDArray[np.int64]
    month_first: NDArray[np.int64]
    zoned: Mask
    timed: Mask
    dotted: Mask
    serial: Mask
    sentinel: Mask

    @property
    def readable(self) -> Mask:
        """Which of the n values are dates, in one order at least."""
        return self._of_values((self.day_first > OUT_OF_RANGE) | (self.month_first > OUT_OF_RANGE))

    @property
    def present(self) -> Mask:
        """Which of the n values are not missing."""
        return self.codes >= 0

    @property
    def out_of_range(self) -> Mask:
        """Which of the n values are dates before 1970 or after 2100."""
        return ~self.readable & self._of_values((self.day_first == OUT_OF_RANGE) | (self.month_first == OUT_OF_RANGE))

    @property
    def only_day_first(self) -> Mask:
        """Which of the n values are dates with the day first alone, such as 25/3/2026."""
        return self._of_values((self.day_first > OUT_OF_RANGE) & (self.month_first <= OUT_OF_RANGE))

    @property
    def only_month_first(self) -> Mask:
        """Which of the n values are dates with the month first alone, such as 3/25/2026."""
        return self._of_values((self.month_first > OUT_OF_RANGE) & (self.day_first <= OUT_OF_RANGE))

    @property
    def settled(self) -> Mask:
        """Which of the n values are one date, however day and month are taken: 2026-05-01."""
        return self._of_values((self.day_first > OUT_OF_RANGE) & (self.day_first == self.month_first))

    @property
    def serials(self) -> int:
        """How many of the n values are days as Excel counts them."""
        return int(self._of_values(self.serial).sum())

    @property
    def either(self) -> Mask:
        """Which of the n values are two different dates, such as 3/4/2026."""
        both = (self.day_first > OUT_OF_RANGE) & (self.month_first > OUT_OF_RANGE)
        return self._of_values(both & (self.day_first != self.month_first))

    def moments(self, *, day_first: bool) -> Moments:
        """Return the n dates as datetime64[us], NaT where a value is missing or is no date."""
        first, second = (self.day_first, self.month_first) if day_first else (self.month_first, self.day_first)
        chosen = np.where(first > OUT_OF_RANGE, first, second)
        values = np.append(np.where(chosen > OUT_OF_RANGE, chosen, NO_DATE), NO_DATE)
        return values[self.codes].view("datetime64[us]")

    def _of_values(self, distinct: Mask) -> Mask:
        return np.append(distinct, False)[self.codes]

    def zones(self) -> tuple[int, int]:
        """Return how many values have a time of day with a time zone, and how many have one without."""
        return int(self._of_values(self.timed & self.zoned).sum()), int(self._of_values(self.timed & ~self.zoned).sum())

    def all_dotted(self, mask: Mask) -> bool:
        """Tell whether all values under the mask (n,) are written 3.4.2026."""
        return bool(self._of_values(self.dotted)[mask].all())


def scan_dates(column: pd.Series, missing_values: Collection[str] = MISSING_VALUES) -> DateText:
    """Read each distinct value of a column (n,) as a date; see `date_text.DateReader` for the formats.

    Parameters
    ----------
    column
        Raw values.
    missing_values
        Texts that mean "no value". A zero date (0000-00-00) is missing as well, and so are dates that stand for none.
    """
    if column.dtype.kind == "M":
        return _scan_moments(column)
    distinct = distinct_values(column, missing_values)
    values = distinct.values
    texts = pd.Series([value if isinstance(value, str) else "" for value in values], dtype="str").str.strip()
    missing = distinct.missing | texts.str.fullmatch(_ZERO_DATE).to_numpy(dtype=np.bool_)
    many = read_many(texts)
    reader = DateReader()
    for place in np.flatnonzero(~(many.done | missing)).tolist():
        many.put(place, reader.read(values[place]))
    unread = np.flatnonzero((many.day_first <= OUT_OF_RANGE) & (many.month_first <= OUT_OF_RANGE) & ~missing)
    serial = np.zeros(len(values), dtype=np.bool_)
    for place in unread.tolist():
        moment = read_serial(values[place])
        if moment is not None:
            many.put(place, Reading(moment, moment, timed=True))
            serial[place] = True
    none = _sentinels(values, many.day_first, many.month_first) & ~missing
    codes = np.where(np.append(missing | none, True)[distinct.codes], -1, distinct.codes)
    sentinel = np.append(none, False)[distinct.codes]
    return DateText(codes, many.day_first, many.month_first, many.zoned, many.timed, many.dotted, serial, sentinel)


def _sentinels(values: Sequence[object], day_first: NDArray[np.int64], month_first: NDArray[np.int64]) -> Mask:
    """Return which of m distinct values are dates that stand for none; none of them where there is no other date."""
    odd = np.ones(len(values), dtype=np.bool_)
    for moments in (day_first, month_first):  # both orders have one year: an ordinary date in one is no sentinel
        odd &= (moments < _MICROSECONDS_A_DAY) | (moments >= _FAR)
    for place in np.flatnonzero(odd).tolist():
        odd[place] = is_sentinel(values[place])
    readable = (day_first > OUT_OF_RANGE) | (month_first > OUT_OF_RANGE)
    return odd if (readable & ~odd).any() else np.zeros(len(values), dtype=np.bool_)


def _scan_moments(column: pd.Series) -> DateText:
    zoned = isinstance(column.dtype, pd.DatetimeTZDtype)
    plain = column.dt.tz_convert("UTC").dt.tz_localize(None) if zoned else column
    moments = plain.to_numpy().astype("datetime64[us]")
    read = within_range(moments.view(np.int64))
    none = _sentinels(moments.tolist(), read, read) & ~np.isnat(moments)
    codes = np.where(np.isnat(moments) | none, -1, np.arange(len(read)))
    yes, no = np.ones(len(read), dtype=np.bool_), np.zeros(len(read), dtype=np.bool_)
    return DateText(codes, read, read, yes if zoned else no, yes, no, no, none)


def days_of(moments: Moments) -> NDArray[np.float64]:
    """Return n moments as days since 1970-01-01 with their fraction, NaN where there is none.

    Examples
    --------
    >>> days_of(np.array(["1970-01-02T12:00", "NaT"], dtype="datetime64[us]")).tolist()
    [1.5, nan]
    """
    exact = moments.astype("datetime64[us]")
    return np.where(np.isnat(exact), np.nan, exact.view(np.int64) / _MICROSECONDS_A_DAY)


def agreed_day_first(scanned: Iterable[DateText]) -> bool | None:
    """Return the order of day and month that the unambiguous dates of several columns agree on; None without one.

    Examples
    --------
    >>> agreed_day_first([scan_dates(pd.Series(["3/4/2026"])), scan_dates(pd.Series(["25/4/2026"]))])
    True
    """
    columns = list(scanned)
    day = any(bool(column.only_day_first.any()) for column in columns)
    month = any(bool(column.only_month_first.any()) for column in columns)
    return None if day == month else day


def settled_order(dates: DateText, *, day_first: bool | None = None, others: bool | None = None) -> bool | None:
    """Return whether the day comes first in a column of dates; the one rule for it.

    The order is ``day_first`` where that is given; else what the column's own unambiguous dates say; else ``others``;
    else day first where all dates are written 3.4.2026, as they are wherever dots are used.

    Parameters
    ----------
    dates
        The scanned column.
    day_first
        What the schema says.
    others
        What the other date columns of the table agree on.

    Returns
    -------
    bool or None
        None where the column's unambiguous dates contradict each other, or nothing settles the ambiguous ones. True
        where each date reads the same in both orders.

    Examples
    --------
    >>> settled_order(scan_dates(pd.Series(["3/4/2026", "3/25/2026"])), others=True)
    False
    """
    if day_first is not None:
        return day_first
    day, month = bool(dates.only_day_first.any()), bool(dates.only_month_first.any())
    if day or month:
        return None if day and month else day
    either = dates.either
    if not either.any():
        return True
    if others is not None:
        return others
    return True if dates.all_dotted(either) else None


def read_unchecked(scanned: Mapping[str, DateText], *, day_first: bool | None = None) -> dict[str, Moments]:
    """Return the dates of several columns of one table by the same order as `read_dates`, but refuse nothing.

    This is for a first look at a table: a column whose order `settled_order` cannot tell is read day first here, and
    refused by `read_dates` later.

    Parameters
    ----------
    scanned
        Column -> its n scanned values.
    day_first
        What the schema says.

    Returns
    -------
    dict
        Column -> datetime64[us] (n,), NaT where a value is missing or is no date.
    """
    others = agreed_day_first(scanned.values())
    return {
        name: dates.moments(day_first=settled_order(dates, day_first=day_first, others=others) is not False)
        for name, dates in scanned.items()
    }


def read_dates(
    name: str, dates: DateText, rows: RowNumbers, *, day_first: bool | None = None, others: bool | None = None
) -> tuple[Moments, tuple[str, ...]]:
    """Settle the order of day and month as `settled_order` does, and return the dates of a column.

    Parameters
    ----------
    name
        The column.
    dates
        Its scanned values, n of them.
    rows
        Their row numbers.
    day_first
        The schema's word on it.
    others
        What the other date columns of the table agree on.

    Returns
    -------
    datetime64[us] (n,), NaT where a value is missing; and notes on what was assumed.

    Raises
    ------
    LeadError
        When values are no dates, lie outside 1970 to 2100, contradict each other or ``day_first``, or may be read in
        two ways and nothing settles it. The message names the rows.
    """
    _refuse_unreadable(name, dates, rows)
    refuse_half_swapped(name, dates)
    order, notes = _order(name, dates, rows, day_first, others)
    moments = dates.moments(day_first=order)
    off = far_off(moments)
    moments[off] = np.datetime64("NaT")
    notes += date_notes(name, dates, off | dates.out_of_range, rows)
    zoned, unzoned = dates.zones()
    if zoned and unzoned:
        notes.append(f"{name} has {zoned} times with a time zone and {unzoned} without, which count as UTC.")
    return moments, tuple(notes)


def date_notes(name: str, dates: DateText, off: Mask, rows: RowNumbers) -> list[str]:
    """Say which of n dates were read as such, or count as empty, though they do not look so."""
    notes = []
    if dates.serials:
        notes.append(
            f"{name} has {dates.serials:,} dates as Excel counts days (such as 45123.4), which were read as dates."
        )
    if dates.sentinel.any():
        notes.append(
            f"{name} has {int(dates.sentinel.sum()):,} dates that stand for none (such as 1900-01-01, 1970-01-01, "
            "9999-12-31), which count as empty."
        )
    if off.any():
        notes.append(
            f"{name} has {int(off.sum()):,} dates with years far off (before 1990, or years from all others) in "
            f"{rows.named(off)}, which count as empty; correct them."
        )
    return notes


def refuse_half_swapped(name: str, dates: DateText) -> None:
    """Refuse a column in which a spreadsheet has swapped day and month of the dates where it could.

    Raises
    ------
    LeadError
        When all dates written like 2026-05-01 have a day up to 12, and all written like 25/4/2026 one above 12.
    """
    one_way = dates.only_day_first | dates.only_month_first
    found = half_swapped(dates.moments(day_first=True), dates.settled, one_way)
    if found is None:
        return
    swapped, left = found
    raise LeadError(
        f"{name} has {swapped:,} dates such as 2026-04-03, all with a day up to 12, beside {left:,} such as 25/4/2026, "
        "all with one above 12: a spreadsheet swapped day and month where it could, so the first are wrong. Export the "
        "leads again and do not open the file in a spreadsheet before (or import the column as text)."
    )


def _refuse_unreadable(name: str, dates: DateText, rows: RowNumbers) -> None:
    way_out = "or add the text that stands for no date to missing_values in [reading]."
    outside = dates.out_of_range
    if outside.sum() > _MOST_OUTSIDE * dates.present.sum():
        raise LeadError(
            f"{name} has {int(outside.sum())} dates before {FIRST_YEAR} or after {LAST_YEAR} in {rows.named(outside)}; "
            f"correct them, {way_out}"
        )
    unread = dates.present & ~dates.readable & ~outside
    if unread.any():
        raise LeadError(
            f"{name} has {int(unread.sum())} values that are no dates in {rows.named(unread)}; write them as "
            f"2026-05-01 or 2026-05-01T10:00:00+02:00, {way_out}"
        )


def _order(
    name: str, dates: DateText, rows: RowNumbers, day_first: bool | None, others: bool | None
) -> tuple[bool, list[str]]:
    """Return whether the day comes first, with a note where that was concluded; refuse what `settled_order` leaves."""
    day, month, either = dates.only_day_first, dates.only_month_first, dates.either
    if day_first is not None:
        against = month if day_first else day
        if against.any():
            raise LeadError(
                f"{name} has {int(against.sum())} dates that contradict day_first = {str(day_first).lower()} in "
                f"{rows.named(against)}; correct day_first in [reading], or those dates."
            )
        return day_first, []
    if day.any() and month.any():
        raise LeadError(
            f"{name} has {int(day.sum())} dates that are day first only, in {rows.named(day)}, and {int(month.sum())} "
            f"that are month first only, in {rows.named(month)}; a column must have one order: write 2026-05-01."
        )
    order = settled_order(dates, others=others)
    if order is None:
        raise LeadError(
            f"{name} has {int(either.sum())} dates such as 3/4/2026 that can be read day first or month first, in "
            f"{rows.named(either)}, and none that can be read in one way only; set day_first = true or false in "
            "[reading]."
        )
    if not either.any():
        return order, []
    if day.any() or month.any():
        because = f"the only way to read {int((day | month).sum())} of its dates"
    else:
        because = "as dates with dots are" if others is None else "as those of the other date column are"
    read = "day first" if order else "month first"
    return order, [f"{name} has {int(either.sum())} dates such as 3/4/2026, read {read}, {because}."]
