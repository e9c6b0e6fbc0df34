"""Numbers in text: which mark is the decimal mark, which one separates thousands, and the values that settle it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from leadqual.bundle.values import read_number
from leadqual.tables.distinct import distinct_values

__all__ = ["NumberMarks", "SettledMarks", "agreed_decimal", "scan_numbers", "settle_marks"]

_DRESSING = re.compile(r"[^\d.,'\u2019 \u00a0\u202f\u2009\u2007]+")
_SPACE = r"[ \u00a0\u202f\u2009\u2007]"
_APOSTROPHES, _SPACES = re.compile(r"\d['\u2019]\d{3}(?!\d)"), re.compile(rf"\d{_SPACE}\d{{3}}(?!\d)")
_ONE_MARK = re.compile(r"(\d*)([.,])(\d*)")
_SEVERAL = re.compile(r"\d{1,3}(?:([.,])\d{2,3})(?:\1\d{2,3})*\1\d{3}")
_BOTH = re.compile(r"\d{1,3}([.,])(?:\d{2,3}\1)*\d{3}([.,])\d*")
_LOOKED_AT = 20_000  # distinct values; evenly spaced where there are more
_OTHER = {".": ",", ",": "."}


@dataclass(frozen=True, slots=True)
class NumberMarks:
    """The evidence in one column for its decimal mark and its thousands separator.

    Parameters
    ----------
    decimal
        Decimal mark -> how many values can be read with that one only: 12.5, 1.234,5, 1.234.567, 0.125.
    open
        Mark -> how many values have it once, with exactly three digits behind and one to three before, so that 1.200
        is 1.2 or 1200.
    spaced
        ``"'"`` or ``" "`` where thousands are kept apart by these; None else.
    small, large
        How many values without any mark are below 1000, and how many are not.
    """

    decimal: Mapping[str, int]
    open: Mapping[str, int]
    spaced: str | None = None
    small: int = 0
    large: int = 0

    @property
    def certain(self) -> str | None:
        """The decimal mark that the column's own values say; None where they say none, or contradict each other."""
        certain = [mark for mark, count in self.decimal.items() if count]
        return certain[0] if len(certain) == 1 else None

    @property
    def asks(self) -> str | None:
        """The mark that can be read in two ways and that the column itself does not settle; None without one."""
        marks = [mark for mark, count in self.open.items() if count]
        if self.certain is not None or self.spaced is not None or len(marks) != 1:
            return None
        return marks[0]


@dataclass(frozen=True, slots=True)
class SettledMarks:
    """How the numbers of a column are read.

    Parameters
    ----------
    decimal, thousands
        The marks; ``thousands`` None where no value has one.
    why
        What settled it; "" where there was nothing to settle.
    """

    decimal: str
    thousands: str | None = None
    why: str = ""


def scan_numbers(column: pd.Series) -> NumberMarks:
    """Look at the marks in the texts of a column (n,).

    Examples
    --------
    >>> scan_numbers(pd.Series(["950", "1.200", "12.000"])).asks
    '.'
    >>> scan_numbers(pd.Series(["950", "1.200", "0,5"])).certain
    ','
    """
    decimal, unsettled = {".": 0, ",": 0}, {".": 0, ",": 0}
    apart = {"'": 0, " ": 0}
    small = large = 0
    distinct = distinct_values(column)
    known = np.flatnonzero(~distinct.missing)
    for place in known[np.linspace(0, len(known) - 1, min(len(known), _LOOKED_AT)).astype(np.int64)].tolist():
        value = distinct.values[place]
        if not isinstance(value, str):
            continue
        if read_number(value, ".") is None and read_number(value, ",") is None:
            continue
        text = _DRESSING.sub("", value.replace("e", "").replace("E", "")).strip()
        apart["'"] += bool(_APOSTROPHES.search(text))
        apart[" "] += bool(_SPACES.search(text))
        mark, certain = _mark(re.sub(rf"['\u2019]|{_SPACE}", "", text))
        if mark is not None:
            (decimal if certain else unsettled)[mark] += 1
        elif text.isdecimal():
            small, large = small + (len(text) < 4), large + (len(text) > 3)
    spaced = [mark for mark, count in apart.items() if count]
    return NumberMarks(decimal, unsettled, spaced[0] if len(spaced) == 1 else None, small, large)


def _mark(text: str) -> tuple[str | None, bool]:
    """Return the decimal mark of a number and True; the mark that may be one and False; None without any."""
    both = _BOTH.fullmatch(text)
    if both and both[1] != both[2]:
        return both[2], True
    several = _SEVERAL.fullmatch(text)
    if several:
        return _OTHER[several[1]], True
    one = _ONE_MARK.fullmatch(text)
    if not one:
        return None, False
    before, mark, behind = one.groups()
    grouped = len(behind) == 3 and 1 <= len(before) <= 3 and not before.startswith("0")
    return mark, not grouped


def agreed_decimal(columns: Mapping[str, NumberMarks]) -> str | None:
    """Return the decimal mark on which all columns that say one agree; None without one.

    Examples
    --------
    >>> agreed_decimal({"a": scan_numbers(pd.Series(["1,5"])), "b": scan_numbers(pd.Series(["1.200"]))})
    ','
    """
    certain = {mark for column in columns.values() for mark, count in column.decimal.items() if count}
    return certain.pop() if len(certain) == 1 else None


def settle_marks(marks: NumberMarks, *, agreed: str | None, told: str | None = None) -> SettledMarks | None:
    """Settle how the numbers of a column are read; None where two ways remain.

    Parameters
    ----------
    marks
        What its values say.
    agreed
        The decimal mark of the other columns.
    told
        The decimal mark as a person says it; it is not contradicted here.

    Examples
    --------
    >>> marks = scan_numbers(pd.Series(["950", "1.200"]))
    >>> settle_marks(marks, agreed=None), settle_marks(marks, agreed=",").thousands
    (None, '.')
    """
    if told is not None:
        return _settled(told, marks, "said by you")
    if marks.certain is not None:
        return _settled(marks.certain, marks, "")
    if marks.spaced is not None:
        mark = next((mark for mark, count in marks.open.items() if count), agreed or ".")
        return _settled(mark, marks, "")
    if marks.asks is None:
        return _settled(agreed or ".", marks, "")
    if marks.asks == "," and agreed != "," and marks.small and not marks.large:
        return _settled(".", marks, "all its values from 1000 on have the comma and those below have none")
    if agreed is not None:
        return _settled(agreed, marks, f"the other columns have {_named(agreed)} as decimal mark")
    return None


def _named(mark: str) -> str:
    return "a comma" if mark == "," else "a dot"


def _settled(decimal: str, marks: NumberMarks, why: str) -> SettledMarks:
    other = _OTHER[decimal]
    thousands = "." if decimal == "," and marks.open["."] else None
    if marks.spaced is not None and not marks.open[other]:
        thousands = marks.spaced
    if not marks.open[decimal] and not marks.open[other]:
        why = ""
    read = f"read as thousands ({_example(other)} is 1200)" if marks.open[other] else "read as decimals"
    return SettledMarks(decimal, thousands, f"{read}, because {why}" if why else "")


def _example(mark: str) -> str:
    return f"1{mark}200"
