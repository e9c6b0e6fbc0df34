"""Today's rule, read as the leads are: a rule says which numbers count, not how a file writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from leadqual.bundle.points_table import FieldPoints, PointsTable
from leadqual.leads.feature import Feature

__all__ = ["read_as_leads"]


def read_as_leads(
    rule: PointsTable, fields: Sequence[Feature | FieldPoints], missing_values: Sequence[str], *, reading: int = 2
) -> PointsTable:
    """Return today's rule with the marks of numbers, the codes for no value and the aliases that the leads have.

    Without that, "1.200" is 1.2 to a rule on leads with a decimal comma, and -999 a number.

    Parameters
    ----------
    rule
        Its fields; those that are not among ``fields`` keep their marks.
    fields
        How the leads' fields are read.
    missing_values
        Texts that mean "no value" in the leads.
    reading
        The rule by which the leads' values are read; see `PointsTable`.

    Examples
    --------
    >>> from leadqual.bundle import Band
    >>> size = FieldPoints("Size", "numeric", (Band("any", 5, interval=(None, None)),))
    >>> read = read_as_leads(PointsTable((size,)), [Feature("Size", "numeric", decimal=",", thousands=".")], ("-999",))
    >>> read.fields[0].decimal, read.fields[0].thousands, read.missing_values
    (',', '.', ('-999',))
    """
    known = {field.name: field for field in fields}

    def settled(field: FieldPoints) -> FieldPoints:
        own = known.get(field.name)
        if own is None:
            return field
        return replace(
            field,
            decimal=own.decimal or ".",
            thousands=own.thousands,
            aliases=own.aliases,
            dimension=own.dimension,
            actionable=own.actionable,
        )

    return replace(rule, fields=tuple(map(settled, rule.fields)), missing_values=tuple(missing_values), reading=reading)
