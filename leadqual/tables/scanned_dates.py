"""Columns of dates as they were scanned: each distinct value read day first and month first, the order left open."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle.values import MISSING_VALUES
from leadqual.tables.date_oddities import is_sentinel, read_serial
from leadqual.tables.date_text import NO_DATE, OUT_OF_RANGE, DateReader, Reading, read_many, within_range
from leadqual.tables.distinct import distinct_values

__all__ = ["DateText", "Mask", "Moments", "scan_dates"]

Mask: TypeAlias = NDArray[np.bool_]
Moments: TypeAlias = NDArray[np.datetime64]

_MICROSECONDS_A_DAY = 86_400_000_000
_FAR = int(np.datetime64("2050-01-01", "us").astype(np.int64))
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
    """Return which of m distinct values are placeholders for "no date"; a column without other dates has none."""
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
