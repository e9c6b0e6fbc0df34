"""Numbers of few bits (NumPy's float16 and float32): they are read as the shortest decimal that writes them."""

from __future__ import annotations

__all__ = ["as_written", "is_narrow"]

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
