"""Threshold: SQL, MQL or a grade begins at so many points."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Literal, get_args

from leadqual.agreement.edits.change import Change
from leadqual.agreement.edits.checks import check_points
from leadqual.errors import ProposalError

__all__ = ["MoveThreshold", "Threshold"]

Threshold = Literal["SQL", "MQL", "A", "B", "C"]


@dataclass(frozen=True, slots=True)
class MoveThreshold(Change):
    """SQL, MQL or a grade begins at so many points.

    Parameters
    ----------
    threshold
        ``"SQL"``, ``"MQL"`` or the grade ``"A"``, ``"B"`` or ``"C"``.
    points
        Where it begins.

    Examples
    --------
    >>> print(MoveThreshold("SQL", 120), MoveThreshold("A", 150), sep="; ")
    SQL from 120 points; grade A from 150 points
    """

    kind: ClassVar[str] = "threshold"
    of_policy: ClassVar[bool] = True

    threshold: Threshold
    points: int

    def __str__(self) -> str:
        what = self.threshold if len(self.threshold) > 1 else f"grade {self.threshold}"
        return f"{what} from {self.points} points"

    @property
    def target(self) -> tuple[object, ...]:
        """The threshold."""
        return (self.threshold,)

    def check(self) -> None:
        """Refuse a threshold that there is not."""
        check_points(self.points)
        if self.threshold not in get_args(Threshold) or self.points is None:
            raise ProposalError(f"a threshold must be one of {', '.join(get_args(Threshold))}; correct the edit.")

    def conflict(self, other: Change, *, later: bool) -> str | None:
        """Refuse other points for the same threshold."""
        theirs = other.starts.get(self.threshold, self.points)
        return None if theirs == self.points else f"move {self.threshold} to {self.points} and {theirs} points"

    @property
    def starts(self) -> Mapping[str, int]:
        """The threshold and its points."""
        return {self.threshold: self.points}

    def with_starts(self, starts: Mapping[str, int]) -> MoveThreshold:
        """Return the change with the threshold at the points given for it."""
        return replace(self, points=starts[self.threshold])
