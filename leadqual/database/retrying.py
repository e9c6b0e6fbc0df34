"""Retries while another process holds a lock, up to a time limit."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

__all__ = ["retried"]

_MAX_PAUSE = 0.05
_Result = TypeVar("_Result")


def retried(act: Callable[[], _Result], *, again: Callable[[Exception], bool], seconds: float) -> _Result:
    """Do something, again and again while its error says that this may help.

    Parameters
    ----------
    act
        What to do; it must leave nothing behind where it fails.
    again
        Whether an error is worth another try.
    seconds
        After how long no other try begins.

    Returns
    -------
    object
        What ``act`` returned.

    Raises
    ------
    Exception
        The last error of ``act``.

    Examples
    --------
    >>> retried(lambda: 7, again=lambda error: True, seconds=1.0)
    7
    """
    end = time.monotonic() + seconds
    while True:
        try:
            return act()
        except Exception as error:  # `again` decides which of the driver's errors are temporary
            if not again(error) or time.monotonic() > end:
                raise
            time.sleep(random.random() * _MAX_PAUSE)  # noqa: S311  # only so that two writers part
