"""What stands for "no value" in a table of leads: texts, and the numbers that some of these texts write."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Self

from leadqual.bundle.precision import widened

__all__ = ["MissingCodes", "whole_text"]

_PLAIN = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?", re.ASCII)
_COMMA = re.compile(r"[+-]?[0-9]+,(?:[0-9]{1,2}|[0-9]{4,})", re.ASCII)  # three digits may be thousands
_WHOLE = re.compile(r"-?(?:0|[1-9][0-9]{0,15})\.0", re.ASCII)


class MissingCodes(frozenset[str]):
    """Texts that mean "no value", in lower case and without space around them.

    A text that writes a number stands for that number too: ``"-999"`` for -999, -999.0 and ``"-999.0"``.

    Attributes
    ----------
    numbers
        The numbers that mean "no value", with the doubles that they become as float32; empty under the first rule of
        reading, which knows texts alone.
    takes_false
        Whether the boolean False means "no value", as the text "false" is among them; never under the first rule.

    Examples
    --------
    >>> codes = MissingCodes.of(["-999", " N/A "])
    >>> sorted(codes), sorted(codes.numbers), sorted(MissingCodes.of(["-999"], reading=1).numbers)
    (['-999', 'n/a'], [-999.0], [])
    """

    __slots__ = ("numbers", "takes_false")
    numbers: frozenset[float]
    takes_false: bool

    @classmethod
    def of(cls, texts: Iterable[str], reading: int = 2) -> Self:
        """Return the codes that these texts declare, under a points table's rule of reading."""
        plain = {text.strip().lower() for text in texts}
        if reading == 1:
            return cls._with(plain, frozenset(), takes_false=False)
        numbers = frozenset(number for text in plain if (number := _number(text)) is not None)
        every = plain | {whole_text(text) for text in plain}
        return cls._with(every, numbers | frozenset(widened(numbers)), takes_false="false" in plain)

    @classmethod
    def _with(cls, texts: Iterable[str], numbers: frozenset[float], *, takes_false: bool) -> Self:
        codes = cls(texts)
        codes.numbers, codes.takes_false = numbers, takes_false
        return codes

    def __reduce__(self) -> tuple[object, ...]:
        return _restored, (tuple(sorted(self)), self.numbers, self.takes_false)


def _restored(texts: tuple[str, ...], numbers: frozenset[float], takes_false: bool) -> MissingCodes:
    return MissingCodes._with(texts, numbers, takes_false=takes_false)


def whole_text(text: str) -> str:
    """Return the text of a whole number without the ".0" that a column of floats writes behind it.

    Only that form is touched: ``"007"``, ``"3.00"`` and ``"3,0"`` are texts of their own.

    Examples
    --------
    >>> whole_text("3.0"), whole_text("-999.0"), whole_text("-0.0"), whole_text("007.0"), whole_text("3.00")
    ('3', '-999', '0', '007.0', '3.00')
    """
    if not text.endswith(".0") or not _WHOLE.fullmatch(text):
        return text
    return "0" if text == "-0.0" else text[:-2]


def _number(text: str) -> float | None:
    text = text.replace("\u2212", "-")
    if not _PLAIN.fullmatch(text) and not _COMMA.fullmatch(text):
        return None
    number = float(text.replace(",", "."))
    return number if number - number == 0 else None
