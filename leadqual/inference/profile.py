"""What each column of a table holds, measured without knowing its meaning."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle.values import is_single, read_boolean, read_category, read_number
from leadqual.inference.choice_guess import ChoiceGuess, guess_choices
from leadqual.tables.distinct import Distinct, distinct_values
from leadqual.tables.scanned_dates import scan_dates
from leadqual.vocabulary.header_words import english_words
from leadqual.vocabulary.outcome_words import yes_or_no
from leadqual.vocabulary.personal import personal_values

__all__ = ["ColumnProfile", "profile_column"]

_LOOKED_AT = 5_000  # distinct values; evenly spaced where there are more
_LISTED = 60
_MIN_DATES = 0.95
_DATE_WORDS = frozenset({"at", "on", "created", "closed", "day"})
_DATE_PARTS = (
    *("date", "time", "datum", "zeit", "erstellt", "fecha", "data", "creado", "criado", "cerrado", "fechado", "créé"),
    *("时间", "日期", "時間", "日付", "日時", "創建", "创建", "날짜", "일자", "дата"),
)


@dataclass(frozen=True, slots=True, eq=False)
class ColumnProfile:
    """What a column of n leads holds.

    Parameters
    ----------
    name, words
        The column and the words of its name, in English where they are known in another language.
    filled
        Which leads have a value, bool (n,); a date that stands for none (9999-12-31) is no value.
    distinct
        How many different values there are.
    numbers
        Share of the filled leads whose value is a number, read with ``decimal`` as decimal mark, 0 to 1.
    decimal
        ``"."`` or ``","``, whichever reads more of the values.
    whole
        True when all those numbers are whole.
    dates
        Share of the filled leads whose value is a date, 0 to 1.
    boolean
        True when all values read as Yes or No.
    personal
        What its values look like where they name or reach people: ``"e-mail addresses"``, ``"names of people"``, ...;
        None where they do not.
    length
        Average number of characters of a distinct value.
    values
        The distinct values as text, most frequent first; empty where there are more than 60.
    choices
        What lists of choices it holds; None where it holds none.
    counts
        How many leads have each of ``values``.
    yes, no
        The values of a column with two that mean yes and no, in any known language; empty for every other column.
    """

    name: str
    words: tuple[str, ...]
    filled: NDArray[np.bool_]
    distinct: int
    numbers: float
    decimal: str
    whole: bool
    dates: float
    boolean: bool
    personal: str | None
    length: float
    values: tuple[str, ...]
    choices: ChoiceGuess | None = None
    counts: tuple[int, ...] = ()
    yes: str = ""
    no: str = ""

    @property
    def count(self) -> int:
        """How many leads have a value."""
        return int(self.filled.sum())

    @property
    def share(self) -> float:
        """Share of the leads with a value, 0 to 1."""
        return float(self.filled.mean()) if len(self.filled) else 0.0

    @property
    def unique(self) -> bool:
        """Whether every lead has a value of its own."""
        return self.distinct == len(self.filled) > 0

    @property
    def is_date(self) -> bool:
        """Whether nearly all values are dates."""
        return self.count > 0 and self.dates >= _MIN_DATES

    @property
    def is_number(self) -> bool:
        """Whether nearly all values are numbers."""
        return self.count > 0 and self.numbers >= 0.95

    def has(self, *words: str) -> bool:
        """Tell whether one of the words is in the column's name."""
        return not set(words).isdisjoint(self.words)


def profile_column(name: str, column: pd.Series) -> ColumnProfile:
    """Measure a column of raw values (n,)."""
    distinct = distinct_values(column)
    filled = distinct.known
    words = english_words(name)
    dates = _date_share(name, words, column, distinct)
    if dates >= _MIN_DATES:
        filled = filled & ~scan_dates(column).sentinel
    counts = np.bincount(distinct.codes[filled], minlength=len(distinct.values))
    order = np.argsort(-counts, kind="stable")[: int(np.sum(~distinct.missing))]
    looked_at = order[np.linspace(0, len(order) - 1, min(len(order), _LOOKED_AT)).astype(np.int64)]
    values = [distinct.values[place] for place in looked_at.tolist()]
    weights = counts[looked_at]
    read = {mark: [read_number(value, mark) for value in values] for mark in ".,"}
    shares = {mark: _weighed([number is not None for number in read[mark]], weights) for mark in ".,"}
    decimal = "," if shares[","] > shares["."] else "."
    texts = [read_category(value) if is_single(value) else "" for value in values]
    numbers = [number for number in read[decimal] if number is not None]
    listed = _listed(texts, weights) if len(order) <= _LISTED else {}
    yes, no = yes_or_no(tuple(listed))
    return ColumnProfile(
        name=name,
        words=words,
        filled=filled,
        distinct=len(order),
        numbers=shares[decimal] if column.dtype.kind not in "bM" else 0.0,
        decimal=decimal,
        whole=bool(numbers) and all(float(number).is_integer() for number in numbers),
        dates=dates,
        boolean=bool(values) and len(order) <= 4 and all(read_boolean(value) is not None for value in values),
        personal=personal_values(texts, leads=int(filled.sum())) if column.dtype.kind not in "bM" else None,
        length=float(np.mean([len(text) for text in texts])) if texts else 0.0,
        values=tuple(listed),
        choices=guess_choices(values, weights.tolist()),
        counts=tuple(listed.values()),
        yes=yes,
        no=no,
    )


def _listed(texts: list[str], weights: NDArray[np.int64]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for text, weight in zip(texts, weights.tolist(), strict=True):
        counts[text] = counts.get(text, 0) + weight
    return counts


def _weighed(flags: list[bool], weights: NDArray[np.int64]) -> float:
    return float(np.average(flags, weights=weights)) if flags else 0.0


def _date_share(name: str, words: tuple[str, ...], column: pd.Series, distinct: Distinct) -> float:
    """Return the share of the values that are dates; placeholders for "no date" are not counted."""
    if column.dtype.kind == "M":
        return 1.0
    known = np.flatnonzero(~distinct.missing)
    if column.dtype.kind == "b" or not len(known):
        return 0.0
    places = known[np.linspace(0, len(known) - 1, min(len(known), _LOOKED_AT)).astype(np.int64)]
    values = [distinct.values[place] for place in places.tolist()]
    # A number that could be a moment (seconds since 1970, 20260501) is one only where the name says so.
    named = not _DATE_WORDS.isdisjoint(words) or any(part in name.casefold() for part in _DATE_PARTS)
    if not named and all(_digits(str(value)) for value in values):
        return 0.0
    counts = np.bincount(distinct.codes[distinct.known], minlength=len(distinct.values))[places]
    scanned = scan_dates(pd.Series(values, dtype=object))
    flags, weights = scanned.readable[~scanned.sentinel], counts[~scanned.sentinel]
    return _weighed(flags.tolist(), weights)


def _digits(text: str) -> bool:
    return text.replace(".", "", 1).replace(",", "", 1).isdigit()
