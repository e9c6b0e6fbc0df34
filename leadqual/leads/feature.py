"""A feature: one column that may be scored, of which kind it is, and when its value is known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from leadqual.bundle.field_points import Choice
from leadqual.errors import SchemaError
from leadqual.vocabulary.crms.export import Known

__all__ = ["DECIMALS", "SEPARATORS", "THOUSANDS", "Feature", "Kind", "Known"]

Kind = Literal["numeric", "category", "boolean", "choices"]
DECIMALS = (".", ",")
THOUSANDS = (".", ",", "'", " ")
SEPARATORS = (";", ",", "|", "json")


@dataclass(frozen=True, slots=True)
class Feature:
    """One column that may be scored.

    Parameters
    ----------
    name
        The column.
    kind
        ``"numeric"``, ``"category"``, ``"boolean"`` (Yes/No, true/false, 1/0) or ``"choices"`` (a list such as
        ``ERP;BI``, each choice of which is scored as a yes/no field of its own).
    known
        ``"at_creation"``: its value is there when the lead is scored. ``"later"``: it is filled in as the lead is
        worked or closed, so it is never scored. ``"unknown"``: nobody has said yet; it is scored all the same.
    decimal
        The decimal mark of numbers that come as text: ``"."`` or ``","``; None takes the schema's. Of no effect on
        other kinds.
    thousands
        The mark between groups of three digits: ``"."``, ``","``, ``"'"`` or ``" "`` (any kind of space); None takes
        the schema's.
    separator
        What stands between two choices of a list: ``";"``, ``","``, ``"|"`` or ``"json"``; needed for choices, None
        for every other kind.
    dimension
        What the field is evidence of (need, intent, budget, decision chain, fit, engagement); None when nobody said.
    actionable
        True when a person can influence it.
    choice
        The choice whose presence in a list this boolean feature tells; None for a column of its own. A schema's file
        names the list alone: its choices are found in the leads, see `leadqual.leads.choices`.
    aliases
        Other names of the column, such as a CRM's label and API name of one field; scoring reads them where the column
        itself is absent.
    """

    name: str
    kind: Kind
    known: Known = "at_creation"
    decimal: str | None = None
    dimension: str | None = None
    actionable: bool = False
    thousands: str | None = None
    separator: str | None = None
    choice: Choice | None = None
    aliases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if isinstance(self.aliases, str):
            raise SchemaError(f"feature {self.name!r} has one text as aliases; they must be several: give a tuple.")
        object.__setattr__(self, "aliases", tuple(self.aliases))
        if not self.name:
            raise SchemaError("a feature has an empty name; name the column, or delete the feature.")
        for key, value, allowed in (
            ("kind", self.kind, get_args(Kind)),
            ("known", self.known, get_args(Known)),
            ("decimal", self.decimal, DECIMALS),
            ("thousands", self.thousands, THOUSANDS),
            ("separator", self.separator, SEPARATORS),
        ):
            if value not in allowed and not (value is None and key in ("decimal", "thousands", "separator")):
                raise SchemaError(
                    f"feature {self.name!r} has {key} = {value!r}; {key} must be one of "
                    f"{', '.join(map(repr, allowed))}: choose one of them."
                )
        if (self.separator is None) == (self.kind == "choices"):
            raise SchemaError(
                f"feature {self.name!r} is {self.kind} and has "
                f"{'no separator' if self.separator is None else 'a separator'}; a list of choices must have one and "
                'no other kind may: write kind = "choices" and separator = ";", or leave both out.'
            )

    @property
    def column(self) -> str:
        """The column that it is read from: its own, or the list of choices that it is one of."""
        return self.name if self.choice is None else self.choice.column
