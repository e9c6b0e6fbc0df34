"""Columns of dates: one order of day and month for a column, decided by its dates or by the schema, never guessed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

from leadqual.errors import LeadError
from leadqual.tables.date_oddities import far_off, half_swapped
from leadqual.tables.date_text import FIRST_YEAR, LAST_YEAR
from leadqual.tables.rows import RowNumbers
from leadqual.tables.scanned_dates import DateText, Mask, Moments

__all__ = [
    "agreed_day_first",
    "date_notes",
    "days_of",
    "read_dates",
    "read_unchecked",
    "refuse_half_swapped",
    "settled_order",
]

_MICROSECONDS_A_DAY = 86_400_000_000
_MAX_OUTSIDE = 0.05  # share of dates outside the range that may be typing errors


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
    >>> import pandas as pd
    >>> from leadqual.tables.scanned_dates import scan_dates
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
    >>> import pandas as pd
    >>> from leadqual.tables.scanned_dates import scan_dates
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
    """Return notes on the unusual ones among n dates: Excel serial dates, placeholders, and dates far off."""
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
    if outside.sum() > _MAX_OUTSIDE * dates.present.sum():
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
