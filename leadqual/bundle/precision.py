"""Numbers of few bits (NumPy's float16 and float32): they are read as the shortest decimal that writes them."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterable

__all__ = ["as_written", "is_narrow", "widened"]

_MAX_DIGITS = 9  # they tell any two float32 apart
_JSON_PLACES = 10  # pandas' to_json rounds to these
_MIN_DIGITS, _MIN_ROUNDED = 13, 8  # a double of fewer digits may be meant as it stands: 99.875 beside 99.9

_NARROW = ("float16", "float32")


def is_narrow(value: object) -> bool:
    """Tell whether a value is a single NumPy float16 or float32."""
    return type(value).__name__ in _NARROW and type(value).__module__ == "numpy"


def as_written(value: object) -> float:
    """Return a float16 or float32 as the number that its shortest decimal writes: what JSON or CSV would hold.

    Widened bit by bit, the float32 nearest to 0.7 is 0.699999988, on the other side of a border at 0.7.

    Examples
    --------
    >>> import numpy as np
    >>> as_written(np.float32(0.7)), float(np.float32(0.7)) < 0.7
    (0.7, True)
    """
    return float(str(value))


def widened(numbers: Iterable[float]) -> dict[float, float]:
    """Return the doubles that float32 numbers become on their way, with the numbers that they stand for.

    pandas turns a float32 into a double when it hands out a row (``iloc``, ``to_dict``), and rounds that to ten places
    in ``to_json``. Such a double is told from others only beside a number that matters: 0.699999988079071 is 0.7 where
    0.7 is a border, as no other double near it has so few bits. Doubles that people may have meant are left alone.

    Parameters
    ----------
    numbers
        Borders, ends of ranges and codes for no value.

    Examples
    --------
    >>> widened([0.7, 3.0])
    {0.699999988079071: 0.7, 0.6999999881: 0.7}
    """
    wanted = set(numbers)
    found: dict[float, float] = {}
    for number in sorted(wanted):
        wide = _as_float32(number)
        if _digits(wide) < _MIN_DIGITS or _shortest(wide) != number:
            continue
        for double, fewest in ((wide, _MIN_DIGITS), (round(wide, _JSON_PLACES), _MIN_ROUNDED)):
            if double not in wanted and _digits(double) >= fewest:
                found.setdefault(double, number)
    return found


def _as_float32(number: float) -> float:
    try:
        wide: float = struct.unpack("f", struct.pack("f", number))[0]
    except OverflowError:
        return math.inf
    return wide


def _shortest(wide: float) -> float:
    for digits in range(1, _MAX_DIGITS + 1):
        short = float(f"{wide:.{digits}g}")
        if _as_float32(short) == wide:
            return short
    return wide


def _digits(number: float) -> int:
    """Return how many digits a number has, zeros at its ends aside; 0 for a whole or infinite one."""
    if not math.isfinite(number) or number.is_integer():
        return 0
    return len(repr(number).partition("e")[0].replace(".", "").strip("-0"))
