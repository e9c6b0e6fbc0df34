"""Why each lead was picked, and by what chance: read from the columns of a file."""

from __future__ import annotations

import pandas as pd

from leadqual.bundle.values import is_missing, read_number
from leadqual.errors import FeedbackError
from leadqual.feedback.events import PICKED

__all__ = ["read_picked", "read_propensity"]


def read_picked(column: pd.Series) -> list[str]:
    """Return why each lead was picked; "" where it was not, which an empty cell or "none" says.

    Raises
    ------
    FeedbackError
        When values mean nothing that is known.

    Examples
    --------
    >>> read_picked(pd.Series(["Rank", "random", "none", None]))
    ['rank', 'random', '', '']
    """
    read = ["" if is_missing(value) else str(value).strip().lower() for value in column]
    wrong = sum(why not in PICKED for why in read)
    if wrong:
        raise FeedbackError(
            f"{column.name} holds {wrong} values that are not rank, random, override or none, and says why a lead was "
            "picked; correct them, or name another column."
        )
    return read


def read_propensity(column: pd.Series) -> list[float | None]:
    """Return the chance with which each lead was drawn; None where it was not.

    Raises
    ------
    FeedbackError
        When values are no chances.

    Examples
    --------
    >>> read_propensity(pd.Series(["0.05", ""]))
    [0.05, None]
    """
    read = [None if is_missing(value) else read_number(value) for value in column]
    wrong = sum(
        not is_missing(value) and (chance is None or not 0 < chance <= 1)
        for value, chance in zip(column, read, strict=True)
    )
    if wrong:
        raise FeedbackError(
            f"{column.name} holds {wrong} values that are no number above 0 and up to 1, and says with what chance a "
            "lead was drawn; correct them, or name another column."
        )
    return read
