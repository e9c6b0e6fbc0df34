"""The points of one field: a few bands, each worth a whole number of points."""

from dataclasses import dataclass
from typing import Annotated, Literal

from leadqual.bundle.declared import Name, Number, Points, Share, Since, Words, one_of

__all__ = ["Band", "Choice", "FieldPoints", "Kind"]

Kind = Literal["numeric", "category", "boolean"]


@dataclass(frozen=True, slots=True)
class Band:
    """One bin of a field and what it is worth.

    Parameters
    ----------
    label
        What people read: ``"3 to 7"``, ``"Webinar, Fair"``, ``"missing"``.
    points
        Whole points a lead in this band gets.
    share
        Share of the training leads in this band, 0 to 1; 0 where the table was not learned (a hand-made rule).
    values
        The category or boolean values in this band, as text; empty for a numeric interval.
    interval
        ``(low, high)`` of a numeric band, low included, high not; None at an end means that it is open. None for a
        band that holds no numbers.
    missing
        True when leads without a value fall in this band.
    other
        True when category values that no band of the field lists fall in this band.
    """

    label: Name
    points: Points
    share: Share = 0.0
    values: tuple[Words, ...] = ()
    interval: tuple[Number | None, Number | None] | None = None
    missing: bool = False
    other: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One choice of a column that holds a list of choices, such as ``ERP;BI``.

    Parameters
    ----------
    column
        The column of the lead that holds the list.
    choice
        The choice, as it is spelt in the list; compared without surrounding space.
    separator
        What stands between two choices: ``";"``, ``","``, ``"|"``, or ``"json"`` for a JSON list.
    """

    column: Name
    choice: Name
    separator: Annotated[str, one_of(";", ",", "|", "json")]


@dataclass(frozen=True, slots=True)
class FieldPoints:
    """The bands of one field.

    A value that no band takes (missing where training never saw it missing, a category never seen where no band is
    marked ``other``, text in a numeric field) counts as the average lead: it gets ``average_points``, and the score
    says so in its notes.

    Parameters
    ----------
    name
        The column of the lead.
    kind
        ``"numeric"``, ``"category"`` or ``"boolean"``.
    bands
        Numeric: the intervals from low to high, without gaps, then the missing band if there is one. Category and
        boolean: in the order in which people should read them.
    average_points
        The average points of the training leads in this field, rounded to a whole number.
    decimal
        The decimal mark of numbers that come as text, ``"."`` or ``","``.
    seen
        Lowest and highest number seen in training, the greatest float (1.8e308) where an infinite one was; None for
        other kinds, or where nothing was seen.
    dimension
        What the field is evidence of (need, intent, budget, decision chain, fit, engagement), or None.
    actionable
        True when a person can influence it.
    thousands
        The mark between groups of three digits of numbers that come as text, ``"."``, ``","``, ``"'"`` or ``" "`` (any
        kind of space); None when nobody said, which takes any of them but the decimal mark.
    aliases
        Other names of the column: a CRM's label and API name of one field.
    choice
        The choice whose presence in a list this boolean field tells; None for a column of its own.
    """

    name: Name
    kind: Kind
    bands: tuple[Band, ...]
    average_points: Points = 0
    decimal: Annotated[str, one_of(".", ",")] = "."
    seen: tuple[Number, Number] | None = None
    dimension: Name | None = None
    actionable: bool = False
    thousands: Annotated[Annotated[str, one_of(".", ",", "'", " ")] | None, Since(3, None)] = None
    aliases: Annotated[tuple[Name, ...], Since(3, [])] = ()
    choice: Annotated[Choice | None, Since(3, None)] = None

    @property
    def column(self) -> str:
        """The column that it is read from: its own, or the list of choices that it is one of."""
        return self.name if self.choice is None else self.choice.column
