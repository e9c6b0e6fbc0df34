"""Constraints and the prior rule on lists of choices, translated to the choices that the fit scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from leadqual.bundle.points_table import PointsTable
from leadqual.errors import ConstraintError, RuleError
from leadqual.leads.choices import fields_of
from leadqual.leads.schema import Feature
from leadqual.scorecard.constraints import Cap, Constraint, Exclude
from leadqual.scorecard.rows import rule_of_kind

__all__ = ["constraints_on_choices", "rule_on_choices"]


def constraints_on_choices(constraints: Sequence[Constraint], features: Sequence[Feature]) -> tuple[Constraint, ...]:
    """Return the constraints, a cap or exclusion of a list as one of each of its choices.

    Parameters
    ----------
    constraints
        What is demanded.
    features
        The features to score, lists of choices as one feature for each choice.

    Raises
    ------
    ConstraintError
        When points are pinned, or a direction demanded, of a list as a whole.

    Examples
    --------
    >>> from leadqual.bundle import Choice
    >>> features = [Feature(f"Products: {one}", "boolean", choice=Choice("Products", one, ";")) for one in ("BI", "HR")]
    >>> constraints_on_choices([Exclude("Products")], features)
    (Exclude(field='Products: BI'), Exclude(field='Products: HR'))
    """
    columns = {feature.choice.column for feature in features if feature.choice is not None}
    settled: list[Constraint] = []
    for constraint in constraints:
        if constraint.field not in columns or constraint.field in {feature.name for feature in features}:
            settled.append(constraint)
        elif isinstance(constraint, Cap | Exclude):
            settled += [replace(constraint, field=name) for name in fields_of([constraint.field], features)]
        else:
            raise ConstraintError(
                f"a constraint is on {constraint.field}, which is a list of choices; a pin or direction must be on one "
                f"of its choices: name the field {fields_of([constraint.field], features)[0]!r} or another choice, "
                "with the value yes or no."
            )
    return tuple(settled)


def rule_on_choices(rule: PointsTable, features: Sequence[Feature]) -> PointsTable:
    """Return today's rule with its points on choices read from the lists that hold them.

    Parameters
    ----------
    rule
        A points table whose fields may be named after choices (``"Products: ERP"``).
    features
        As in `constraints_on_choices`.

    Raises
    ------
    RuleError
        When the rule speaks of a list as a whole.
    """
    choices = {feature.name: feature for feature in features if feature.choice is not None}
    whole = sorted({one.choice.column for one in choices.values() if one.choice is not None} & set(rule.names))
    whole = [name for name in whole if name not in {feature.name for feature in features}]
    if whole:
        example = fields_of(whole[:1], features)[0]
        raise RuleError(
            f"the prior rule scores {', '.join(whole)}, which is a list of choices; a rule must be on one of its "
            f"choices: write field = {example!r} and is = true."
        )
    fields = [
        replace(rule_of_kind(field, choices[field.name]), choice=choices[field.name].choice)
        if field.name in choices
        else field
        for field in rule.fields
    ]
    return replace(rule, fields=tuple(fields))
