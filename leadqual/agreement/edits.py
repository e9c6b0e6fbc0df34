"""What may be proposed about points and policy: each change says what it is about, in data and in a sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from types import MappingProxyType
from typing import Any, Literal, TypeGuard, get_args

from leadqual.agreement.ledger_text import check_text
from leadqual.errors import ProposalError

__all__ = [
    "CHANGES",
    "BringBack",
    "CapBand",
    "Change",
    "Edit",
    "ForceDirection",
    "LeaveOut",
    "MergeBands",
    "MoveThreshold",
    "PinBand",
    "SetCapacity",
    "SplitBand",
    "Threshold",
]

Threshold = Literal["SQL", "MQL", "A", "B", "C"]
_MOST_POINTS = 1000


@dataclass(frozen=True, slots=True)
class PinBand:
    """A band is worth exactly so many points."""

    field: str
    band: str
    points: int

    def __str__(self) -> str:
        return f"{self.field}, {self.band}: {self.points} points"


@dataclass(frozen=True, slots=True)
class CapBand:
    """A band is worth at most, or at least, so many points; None leaves an end open."""

    field: str
    band: str
    at_most: int | None = None
    at_least: int | None = None

    def __str__(self) -> str:
        ends = [f"at least {self.at_least}"] if self.at_least is not None else []
        ends += [f"at most {self.at_most}"] if self.at_most is not None else []
        return f"{self.field}, {self.band}: {' and '.join(ends)} points"


@dataclass(frozen=True, slots=True)
class ForceDirection:
    """More of a numeric field never is worth less (``"up"``) or never worth more (``"down"``)."""

    field: str
    direction: Literal["up", "down"]

    def __str__(self) -> str:
        return f"{self.field}: points only go {self.direction} as the number rises"


@dataclass(frozen=True, slots=True)
class LeaveOut:
    """The field is no longer scored."""

    field: str

    def __str__(self) -> str:
        return f"{self.field}: not scored"


@dataclass(frozen=True, slots=True)
class BringBack:
    """A field of the schema that is not scored is scored again."""

    field: str

    def __str__(self) -> str:
        return f"{self.field}: scored again"


@dataclass(frozen=True, slots=True)
class MergeBands:
    """Several bands of a field become one; of a number, neighbours only."""

    field: str
    bands: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.field}: {' with '.join(self.bands)} as one band"


@dataclass(frozen=True, slots=True)
class SplitBand:
    """A band becomes two: below ``at`` and from it on, or the ``values`` named and the rest."""

    field: str
    band: str
    at: float | None = None
    values: tuple[str, ...] = ()

    def __str__(self) -> str:
        where = f"at {self.at:g}" if self.at is not None else f"with {', '.join(self.values)} apart"
        return f"{self.field}, {self.band}: split {where}"


@dataclass(frozen=True, slots=True)
class MoveThreshold:
    """SQL, MQL or a grade begins at so many points."""

    threshold: Threshold
    points: int

    def __str__(self) -> str:
        what = self.threshold if len(self.threshold) > 1 else f"grade {self.threshold}"
        return f"{what} from {self.points} points"


@dataclass(frozen=True, slots=True)
class SetCapacity:
    """Sales can work so many leads: a number per week, or a share of all; one of the two."""

    per_week: float | None = None
    share: float | None = None

    def __str__(self) -> str:
        if self.share is None:
            return f"capacity {self.per_week:g} leads a week"
        return f"capacity {100 * self.share:.4g} % of leads"


Change = (
    PinBand | CapBand | ForceDirection | LeaveOut | BringBack | MergeBands | SplitBand | MoveThreshold | SetCapacity
)

CHANGES: Mapping[str, type] = MappingProxyType(
    {
        "pin": PinBand,
        "cap": CapBand,
        "direction": ForceDirection,
        "leave out": LeaveOut,
        "bring back": BringBack,
        "merge": MergeBands,
        "split": SplitBand,
        "threshold": MoveThreshold,
        "capacity": SetCapacity,
    }
)
"""The kinds of change by the name they have in a proposal's file."""
_NAMES = {kind: name for name, kind in CHANGES.items()}


@dataclass(frozen=True, slots=True)
class Edit:
    """A change, and who wants it why.

    Parameters
    ----------
    change
        What is to change.
    author, role
        Who proposes it, and for which team, such as ``"marketing"``.
    reason
        Why, in their words; "" when they gave none.

    Raises
    ------
    ProposalError
        When the change says nothing, or points are no whole numbers from -1000 to 1000.

    Examples
    --------
    >>> edit = Edit(PinBand("Source", "Webinar", 10), "Ana", "sales", "too many students")
    >>> Edit.from_dict(edit.to_dict()) == edit, str(edit.change)
    (True, 'Source, Webinar: 10 points')
    """

    change: Change
    author: str = ""
    role: str = ""
    reason: str = ""

    def __post_init__(self) -> None:
        _check(self.change)
        for text, what in ((self.author, "the author"), (self.role, "the role"), (self.reason, "the reason")):
            check_text(text, what, ProposalError)

    def to_dict(self) -> dict[str, Any]:
        """Return the edit as JSON holds it; what is not said is left out."""
        said = {key: value for key, value in asdict(self.change).items() if value not in (None, ())}
        said = {key: list(value) if isinstance(value, tuple) else value for key, value in said.items()}
        return {
            "edit": _NAMES[type(self.change)],
            **said,
            "author": self.author,
            "role": self.role,
            "reason": self.reason,
        }

    @classmethod
    def from_dict(cls, value: Mapping[str, Any], where: str = "the edit") -> Edit:
        """Read an edit from parsed JSON; raises ProposalError where it is not one, naming ``where``."""
        named = value.get("edit") if isinstance(value, Mapping) else None
        kind = CHANGES.get(named) if isinstance(named, str) else None
        if kind is None:
            raise ProposalError(f'{where} must say "edit" with one of {", ".join(CHANGES)}; correct it.')
        known = {field.name: field for field in fields(kind)}
        said = {key: entry for key, entry in value.items() if key not in ("edit", "author", "role", "reason")}
        lacking = [name for name, field in known.items() if field.default is MISSING and name not in said]
        if set(said) - set(known) or lacking:
            raise ProposalError(
                f"{where} must have {', '.join(known)} and nothing else beside author, role and reason."
            )
        people = {key: value.get(key, "") for key in ("author", "role", "reason")}
        if not all(isinstance(text, str) for text in people.values()):
            raise ProposalError(f"{where} must have texts as author, role and reason; correct it.")
        whole = {key: tuple(entry) if isinstance(entry, list) else entry for key, entry in said.items()}
        try:
            return cls(kind(**whole), **people)
        except ProposalError as error:
            raise ProposalError(f"{where}: {error}") from None


def _check(change: Change) -> None:
    _check_names(change)
    if isinstance(change, PinBand) and change.points is None:
        raise ProposalError("a pin must say how many points the band is worth; correct the edit.")
    points = [getattr(change, key, None) for key in ("points", "at_most", "at_least")]
    for number in points:
        if number is not None and (number.__class__ is not int or abs(number) > _MOST_POINTS):
            raise ProposalError(
                f"points must be whole numbers from -{_MOST_POINTS} to {_MOST_POINTS}; correct the edit."
            )
    if isinstance(change, CapBand):
        _check_cap(change)
    if isinstance(change, ForceDirection) and change.direction not in ("up", "down"):
        raise ProposalError('a direction must be "up" or "down"; correct the edit.')
    if isinstance(change, MergeBands) and len(set(change.bands)) < 2:
        raise ProposalError("a merge names fewer than two bands; name those that are to be one.")
    if isinstance(change, SplitBand) and (change.at is None) == (not change.values):
        raise ProposalError("a split must have either at or values; give one of the two.")
    if isinstance(change, SplitBand) and change.at is not None and not _is_number(change.at):
        raise ProposalError("a split must be at a finite number; correct the edit.")
    if isinstance(change, MoveThreshold) and (change.threshold not in get_args(Threshold) or change.points is None):
        raise ProposalError(f"a threshold must be one of {', '.join(get_args(Threshold))}; correct the edit.")
    if isinstance(change, SetCapacity):
        _check_capacity(change)


def _check_names(change: Change) -> None:
    names = [getattr(change, key) for key in ("field", "band") if hasattr(change, key)]
    for key in ("bands", "values"):
        listed = getattr(change, key, ())
        if not isinstance(listed, tuple):
            raise ProposalError(f"{key} must be a list of names; correct the edit.")
        names += listed
    if not all(isinstance(name, str) and name for name in names):
        raise ProposalError("fields, bands and values must be named by texts; correct the edit.")
    for name in names:
        check_text(name, "a name in the edit", ProposalError)


def _check_cap(change: CapBand) -> None:
    if change.at_most is None and change.at_least is None:
        raise ProposalError("a cap has no end; it must have at_most or at_least; give one.")
    if change.at_most is not None and change.at_least is not None and change.at_most < change.at_least:
        raise ProposalError("a cap has at_most below at_least, which leaves no points; exchange them.")


def _check_capacity(change: SetCapacity) -> None:
    if (change.per_week is None) == (change.share is None):
        raise ProposalError("a capacity must have either per_week or share; give one of the two.")
    number = change.per_week if change.share is None else change.share
    if not _is_number(number) or number < 0 or (change.share is not None and number > 1):
        raise ProposalError("a capacity must be 0 or more leads a week, or a share from 0 to 1; correct the edit.")


def _is_number(value: object) -> TypeGuard[float]:
    if not isinstance(value, int | float) or isinstance(value, bool):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number that no float holds
        return False
