"""Units of numbers in text: per cent, a currency, or none; amounts in different units cannot be compared."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from leadqual.tables.distinct import distinct_values

__all__ = ["Units", "scan_currencies", "scan_units"]

_FORM = re.compile(
    r"(?P<sign>[+-])?\s*(?P<before>R\$|[$€£¥₹]|[A-Z]{3}\s)?\s*[+-]?[\d.,'\u2019\s]*\d[\d.,]*(?:[eE][+-]?\d+)?"
    r"\s*(?P<after>[$€£¥₹%]|\s[A-Z]{3})?"
)
_CURRENCY_WORDS = ("currency", "währung", "waehrung", "devise", "moneda", "moeda", "valuta", "币种", "货币", "通貨")
_CURRENCY_CODE = r"[A-Z]{3}|[$€£¥₹]"
_MAY_BE_UNIT = r"[$€£¥₹%A-Z]"
_CODES = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "R$": "BRL"}
NO_UNIT = "no unit"
MIN_SHARE = 0.95  # of the values, in one unit: below it a column is no one number
WORTH_SAYING = 0.01


@dataclass(frozen=True, slots=True)
class Units:
    """The units of the numbers of a column.

    Parameters
    ----------
    counts
        Unit (``"%"``, a currency's code, ``"no unit"``) -> how many values have it, most frequent first.
    """

    counts: Mapping[str, int]

    @property
    def mixed(self) -> bool:
        """Whether other units than the most frequent one make up 1 % of the values, or more."""
        return self._others() >= WORTH_SAYING

    @property
    def several(self) -> bool:
        """Whether less than 95 % of the values share one unit."""
        return self._others() > 1 - MIN_SHARE

    @property
    def listed(self) -> str:
        """The units with their counts, as ``1,200 USD, 300 EUR``."""
        return ", ".join(
            f"{count:,} {'without a unit' if unit == NO_UNIT else unit}" for unit, count in self.counts.items()
        )

    def _others(self) -> float:
        total = sum(self.counts.values())
        return 1 - max(self.counts.values()) / total if total else 0.0


def scan_units(column: pd.Series) -> Units:
    """Count the units of a column (n,); text that is no number is not counted, where there are units at all.

    Examples
    --------
    >>> scan_units(pd.Series(["45%", "12 %", "0.3", "$ 5", "USD 7"])).listed
    '2 %, 2 USD, 1 without a unit'
    """
    counts: dict[str, int] = {}
    distinct = distinct_values(column)
    texts = pd.Series([value for value in distinct.values if isinstance(value, str)], dtype="str")
    if not texts.str.contains(_MAY_BE_UNIT).any():
        return Units({NO_UNIT: int(distinct.known.sum())} if distinct.known.any() else {})
    known = distinct.codes[distinct.known]
    weights = np.bincount(known, minlength=len(distinct.values))
    for value, weight in zip(distinct.values, weights.tolist(), strict=True):
        unit = _unit(value)
        if unit is not None and weight:
            counts[unit] = counts.get(unit, 0) + weight
    return Units(dict(sorted(counts.items(), key=lambda one: -one[1])))


def scan_currencies(table: pd.DataFrame) -> dict[str, Units]:
    """Return the columns that name the currency of each lead's amounts, where they name several.

    Examples
    --------
    >>> table = pd.DataFrame({"Amount": [5, 6, 7], "Amount Currency": ["EUR", "JPY", "EUR"]})
    >>> {name: units.listed for name, units in scan_currencies(table).items()}
    {'Amount Currency': '2 EUR, 1 JPY'}
    """
    found = {}
    for name in table.columns:
        if not any(word in str(name).casefold() for word in _CURRENCY_WORDS):
            continue
        codes = table[name].dropna().astype("str").str.strip().str.upper()
        if len(codes) and codes.str.fullmatch(_CURRENCY_CODE).all():
            units = Units({str(code): int(count) for code, count in codes.value_counts().items()})
            if units.mixed:
                found[str(name)] = units
    return found


def _unit(value: object) -> str | None:
    if not isinstance(value, str):
        return NO_UNIT if isinstance(value, (int, float, np.number)) and not isinstance(value, bool) else None
    found = _FORM.fullmatch(value.strip().replace("\u2212", "-"))
    if found is None:
        return None
    mark = (found["before"] or found["after"] or "").strip()
    return _CODES.get(mark, mark) or NO_UNIT
