"""Unusual dates: placeholders for "no date", Excel serial dates, and columns with day and month half swapped."""

from __future__ import annotations

import datetime
import re
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["far_off", "half_swapped", "is_sentinel", "read_serial"]

Mask: TypeAlias = NDArray[np.bool_]
Moments: TypeAlias = NDArray[np.datetime64]

_FIRST_YEAR = 1990  # there were no CRMs before: an earlier date is a typing error
# Excel counts days from 1899-12-30; numbers from 1990 to 2099 are taken for such days, no others.
_EXCEL_ZERO = (datetime.date(1899, 12, 30) - datetime.date(1970, 1, 1)).days
_EXCEL_FROM, _EXCEL_TO = 32_874.0, 73_051.0
_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
_YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
# What systems write for "never" or "not known": the first or last day that they can hold, and zero.
_SENTINEL_DAYS = frozenset(
    {
        *((1000, 1, 1), (1600, 1, 1), (1601, 1, 1), (1677, 9, 21), (1753, 1, 1), (1800, 1, 1), (1899, 12, 30)),
        *((1899, 12, 31), (1900, 1, 1), (1900, 1, 2), (1901, 1, 1), (1969, 12, 31), (1970, 1, 1), (2079, 6, 6)),
        (2100, 1, 1),
        (2200, 1, 1),
        (2262, 4, 11),
    }
)
_END_OF_TIME, _FAR_YEAR = 2999, 2050
_SENTINEL_NUMBERS = frozenset({-1.0, 0.0, 1.0, 2.0, -62_135_596_800.0, -2_208_988_800.0})
_MIN_OF_EACH = 5  # dates in each form: by chance, five and five look half-swapped once in 1,300 columns
_NEARLY_ALL = 0.99
_MONTHS = 12


def is_sentinel(value: object) -> bool:
    """Tell whether a value is a placeholder for "no date": 1900-01-01, 1970-01-01, 31.12.3999, 9999-12-31, zero, ...

    Examples
    --------
    >>> [is_sentinel(value) for value in ("1970-01-01 00:00:00", "31.12.3999", "12/31/2099", 0, "2026-05-01")]
    [True, True, True, True, False]
    """
    if isinstance(value, datetime.date):  # a datetime is one
        return _stands_for_none(value.year, value.month, value.day)
    if isinstance(value, np.datetime64):
        return is_sentinel(value.astype("datetime64[us]").item())
    if isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool):
        return _sentinel_number(float(value))
    if not isinstance(value, str):
        return False
    text = value.strip()
    found = _YEAR_FIRST.match(text)
    if found:
        return _stands_for_none(int(found[1]), int(found[2]), int(found[3]))
    found = _YEAR_LAST.match(text)
    if found:
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        return _stands_for_none(year, second, first) or _stands_for_none(year, first, second)
    return bool(_NUMBER.fullmatch(text)) and _sentinel_number(float(text))


def _stands_for_none(year: int, month: int, day: int) -> bool:
    if year <= 1 or year >= _END_OF_TIME or (year, month, day) in _SENTINEL_DAYS:
        return True
    return year >= _FAR_YEAR and (month, day) == (12, 31)


def _sentinel_number(number: float) -> bool:
    if number in _SENTINEL_NUMBERS or number / 1000 in _SENTINEL_NUMBERS - {-1.0, 1.0, 2.0}:
        return True
    last_day = 2_958_465  # 9999-12-31 as Excel counts
    if 401_404 <= number < last_day + 1:  # from 2999-01-01 on
        return True
    return any(253_402_214_400 <= seconds <= 253_402_300_800 for seconds in (number, number / 1000))


def read_serial(value: object) -> int | None:
    """Read an Excel serial date such as ``45123.4``, given as a number or text; microseconds since 1970, or None.

    Examples
    --------
    >>> str(np.datetime64(read_serial("45123.5"), "us"))
    '2023-07-16T12:00:00.000000'
    """
    if isinstance(value, str):
        text = value.strip()
        if not _SERIAL.fullmatch(text):
            return None
        number = float(text.replace(",", "."))
    elif isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool):
        number = float(value)
    else:
        return None
    if not _EXCEL_FROM <= number < _EXCEL_TO:
        return None
    return round((number + _EXCEL_ZERO) * 86_400) * 1_000_000


def half_swapped(moments: Moments, settled: Mask, one_way: Mask) -> tuple[int, int] | None:
    """Return how many dates of a column were swapped and how many were left, where a spreadsheet did that.

    A spreadsheet that takes the month first reads 3/4/2026 (3 April) as March 4, and leaves 25/4/2026 as text. Saved,
    the column holds dates written year first, none with a day above 12, and texts that all have a day above 12.

    Parameters
    ----------
    moments
        The n dates as they would be read, datetime64[us]; NaT where there is none.
    settled
        Which say their order by their form (2026-05-01, a datetime, Excel's number of a day), bool (n,).
    one_way
        Which can be read in one order of day and month only, bool (n,).
    """
    known = ~np.isnat(moments)
    swapped, rest = known & settled, known & ~settled
    if min(swapped.sum(), rest.sum()) < _MIN_OF_EACH:
        return None
    days = (moments[swapped].astype("datetime64[D]") - moments[swapped].astype("datetime64[M]")).astype(np.int64) + 1
    if np.mean(days <= _MONTHS) < _NEARLY_ALL or np.mean(one_way[rest]) < _NEARLY_ALL:
        return None
    return int(swapped.sum()), int(rest.sum())


def far_off(moments: Moments) -> Mask:
    """Return which of n dates lie far from all others: before 1990, or years after nearly all of the column.

    Parameters
    ----------
    moments
        datetime64[us], NaT where there is none.
    """
    known = ~np.isnat(moments)
    off = np.zeros(len(moments), dtype=np.bool_)
    if known.sum() < 20:
        return off
    days = moments[known].astype("datetime64[D]").astype(np.int64)
    low, high = np.quantile(days, [0.05, 0.95], method="lower")
    first = (datetime.date(_FIRST_YEAR, 1, 1) - datetime.date(1970, 1, 1)).days
    margin = max(5 * 365, int(high - low))
    off[known] = (days > high + margin) | (days < low - 2 * margin) | ((days < first) & (low >= first))
    return off
