"""Capacity: sales can work so many leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from leadqual.agreement.edits.change import Change
from leadqual.agreement.edits.checks import is_number
from leadqual.errors import ProposalError
from leadqual.thresholds import Capacity

__all__ = ["SetCapacity"]


@dataclass(frozen=True, slots=True)
class SetCapacity(Change):
    """Sales can work so many leads: a number per week, or a share of all; one of the two.

    Parameters
    ----------
    per_week
        Leads a week; None where a share is given.
    share
        Share of all leads, 0 to 1; None where a number is given.

    Examples
    --------
    >>> print(SetCapacity(share=0.25))
    capacity 25% of leads
    """

    kind: ClassVar[str] = "capacity"
    of_policy: ClassVar[bool] = True

    per_week: float | None = None
    share: float | None = None

    def __str__(self) -> str:
        if self.share is None:
            return f"capacity {self.per_week:g} leads a week"
        return f"capacity {100 * self.share:.4g}% of leads"

    @property
    def target(self) -> tuple[object, ...]:
        """Nothing further: there is one capacity."""
        return ()

    def check(self) -> None:
        """Refuse both or none of the two, and numbers out of range."""
        if (self.per_week is None) == (self.share is None):
            raise ProposalError("a capacity must have either per_week or share; give one of the two.")
        number = self.per_week if self.share is None else self.share
        if not is_number(number) or number < 0 or (self.share is not None and number > 1):
            raise ProposalError("a capacity must be 0 or more leads a week, or a share from 0 to 1; correct the edit.")

    def conflict(self, other: Change, *, later: bool) -> str | None:
        """Refuse another capacity, and points for SQL, which begins where the capacity ends."""
        if other.capacity is not None and other != self:
            return "set different capacities"
        return "set SQL by capacity and by points" if "SQL" in other.starts else None

    @property
    def capacity(self) -> Capacity:
        """The capacity."""
        return Capacity(per_week=self.per_week, share=self.share)
