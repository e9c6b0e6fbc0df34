"""A change of points or policy: what every kind answers about itself, and when two changes disagree."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from typing import Any, ClassVar, Self

from leadqual.bundle import PointsTable
from leadqual.errors import ProposalError
from leadqual.scorecard import Constraint
from leadqual.thresholds import Capacity

__all__ = ["Change", "Limits", "disagreement", "narrowed"]

Limits = tuple[int | None, int | None]


@dataclass(frozen=True, slots=True)
class Change(ABC):
    """What is to change; a kind of change overrides what is peculiar to it. `str` is its sentence.

    What a kind does not override says: nothing is demanded of a refit, and neither the table nor the policy changes.
    """

    kind: ClassVar[str]
    """Its name in a proposal's file."""
    of_policy: ClassVar[bool] = False
    """Whether it changes the policy alone, and no points."""
    reshapes: ClassVar[bool] = False
    """Whether it changes which fields and bands there are."""

    @abstractmethod
    def __str__(self) -> str:
        """Return the change as a sentence, as ledgers and the command line show it."""

    @property
    @abstractmethod
    def target(self) -> tuple[object, ...]:
        """What it is about: of two changes of one kind and target, the later replaces the earlier."""

    @abstractmethod
    def check(self) -> None:
        """Raise ProposalError where the change says nothing, or what no bundle can hold."""

    def conflict(self, other: Change, *, later: bool) -> str | None:
        """Return why this and another change cannot both hold, as the end of a sentence; None where they can.

        Parameters
        ----------
        other
            The other change.
        later
            Whether the other was made after this one.
        """
        return None

    def about(self, field: str) -> bool:
        """Tell whether the change is about this field."""
        return False

    def apply(self, table: PointsTable, *, points: bool) -> PointsTable:
        """Return the table with the change made; ProposalError where it cannot be.

        Parameters
        ----------
        table
            Fields, bands and points as they are.
        points
            False where only fields and bands are to change, since the points are learned anew.
        """
        return table

    def holds(self, table: PointsTable) -> bool:
        """Tell whether a table to which it was applied still has what it demands."""
        return True

    @property
    def constraint(self) -> Constraint | None:
        """What it demands of a whole field in a refit, in the vocabulary of `leadqual.scorecard`; None for nothing."""
        return None

    @property
    def limits(self) -> Mapping[tuple[str, str], Limits]:
        """The fewest and most points of the bands that it limits, by field and label; None leaves an end open."""
        return {}

    @property
    def reshaped_bands(self) -> frozenset[str]:
        """Labels of the bands that it merges or splits."""
        return frozenset()

    @property
    def added_field(self) -> str | None:
        """The field that it adds to the scored ones, which only a refit can; None where it adds none."""
        return None

    @property
    def starts(self) -> Mapping[str, int]:
        """The points at which thresholds begin, for those that it moves, such as ``{"SQL": 120}``."""
        return {}

    def with_starts(self, starts: Mapping[str, int]) -> Change:
        """Return the change with the thresholds that it moves at other points."""
        return self

    @property
    def capacity(self) -> Capacity | None:
        """What sales can work under it; None where it does not say."""
        return None

    def to_dict(self) -> dict[str, Any]:
        """Return the change as JSON holds it; what is not given is left out."""
        given = {key: value for key, value in asdict(self).items() if value not in (None, ())}
        return {"edit": self.kind} | {
            key: list(value) if isinstance(value, tuple) else value for key, value in given.items()
        }

    @classmethod
    def from_dict(cls, value: Mapping[str, Any], where: str) -> Self:
        """Read a change of this kind from parsed JSON; raises ProposalError, naming ``where``."""
        known = {field.name: field for field in fields(cls)}
        lacking = [name for name, field in known.items() if field.default is MISSING and name not in value]
        if set(value) - set(known) or lacking:
            raise ProposalError(
                f"{where} must have {', '.join(known)} and nothing else beside author, role and reason."
            )
        return cls(**{key: tuple(entry) if isinstance(entry, list) else entry for key, entry in value.items()})


def narrowed(one: Limits, other: Limits) -> Limits:
    """Return the limits that hold where two hold at once; the fewest is above the most where no points are left.

    Parameters
    ----------
    one, other
        The fewest and most points; None leaves an end open.

    Examples
    --------
    >>> narrowed((None, 10), (5, 20))
    (5, 10)
    """
    fewest = [end for end in (one[0], other[0]) if end is not None]
    most = [end for end in (one[1], other[1]) if end is not None]
    return max(fewest, default=None), min(most, default=None)


def disagreement(one: Change, other: Change) -> str | None:
    """Return what two changes disagree about, as the end of a sentence; None where both can hold.

    Parameters
    ----------
    one, other
        The earlier and the later change.

    Examples
    --------
    >>> from leadqual.agreement import LeaveOut, PinBand
    >>> disagreement(PinBand("Source", "Fair", 3), LeaveOut("Source"))
    'score Source and leave it out'
    """
    return one.conflict(other, later=True) or other.conflict(one, later=False)
