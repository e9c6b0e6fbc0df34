"""Checks that several kinds of change share: names that are texts, points in range, numbers that are finite."""

from __future__ import annotations

import math
from typing import TypeGuard

from leadqual.agreement.ledger_text import check_text
from leadqual.errors import ProposalError

__all__ = ["MAX_POINTS", "check_names", "check_points", "is_number"]

MAX_POINTS = 1000
"""The most points that an edit may give a band, and the fewest with a minus."""


def check_names(*names: str, **listed: tuple[str, ...]) -> None:
    """Refuse names of fields, bands and values that are no texts, and ``listed`` ones that are no list."""
    for key, value in listed.items():
        if not isinstance(value, tuple):
            raise ProposalError(f"{key} must be a list of names; correct the edit.")
        names += value
    if not all(isinstance(name, str) and name for name in names):
        raise ProposalError("fields, bands and values must be named by texts; correct the edit.")
    for name in names:
        check_text(name, "a name in the edit", ProposalError)


def check_points(*points: int | None) -> None:
    """Refuse points that are no whole numbers, or too many; None passes."""
    for number in points:
        if number is not None and (number.__class__ is not int or abs(number) > MAX_POINTS):
            raise ProposalError(f"points must be whole numbers from -{MAX_POINTS} to {MAX_POINTS}; correct the edit.")


def is_number(value: object) -> TypeGuard[float]:
    """Tell whether a value is a finite number."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number that no float holds
        return False
