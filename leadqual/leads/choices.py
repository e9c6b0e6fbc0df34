"""Lists of choices in a history: which choices are fields of their own, and the leads with those fields."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from leadqual.bundle import Choice, FieldPoints
from leadqual.bundle.choices import ChoiceList, ChoiceLists, choice_name, read_choices
from leadqual.bundle.missing_codes import MissingCodes
from leadqual.errors import SchemaError
from leadqual.leads.reading import Leads
from leadqual.leads.schema import Feature
from leadqual.scorer.choice_columns import split_choices, with_choices
from leadqual.tables.distinct import distinct_lists

__all__ = [
    "MIN_LEADS_OF_CHOICE",
    "MAX_CHOICES",
    "choice_features",
    "expanded_leads",
    "fields_of",
    "split_features",
    "with_choice_fields",
]

MAX_CHOICES = 20
"""The most choices of a list that become fields; with more, people could not read the points table."""
MIN_LEADS_OF_CHOICE = 20
"""The fewest leads that must have a choice, and the fewest with a list that must be without it."""
_LEADS_A_CHOICE = 100  # a short history keeps few: one choice for so many leads with a list, but never fewer than three
_MIN_CHOICES = 3
_PERSONAL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}|(?=(?:\D*\d){8,15}\D*$)(?:\+|00|\(|0)[\d\s()./-]{7,24}")


def choice_features(
    feature: Feature, column: pd.Series, missing_values: tuple[str, ...], *, named: Collection[str] = ()
) -> tuple[tuple[Feature, ...], int]:
    """Return a yes/no feature for each choice of a list that matters, and how many choices the list has in all.

    The one that splits the leads most evenly comes first.

    A choice matters when at least 20 leads have it and at least 20 leads with a list do not. The ones that split the
    leads most evenly are taken, at most 20 a list, and at most one for every 100 leads with a list but up to three in
    any history. Only how often a choice occurs decides, never an outcome: a later test, or walking forward, learns
    nothing from it about who won, so it may be decided once on the whole history. A choice that looks like an e-mail
    address or a telephone number is never a field.

    Parameters
    ----------
    feature
        The list, of kind ``"choices"``.
    column
        Its raw values.
    missing_values
        Texts that mean "no value".
    named
        Names of fields that a rule, a constraint or a bundle speaks of (``"Products: ERP"``): these are fields however
        rare the choice is.

    Examples
    --------
    >>> products = Feature("Products", "choices", separator=";")
    >>> column = pd.Series(["ERP;BI", "BI", "HR", None] * 30)
    >>> features, count = choice_features(products, column, ())
    >>> [one.name for one in features], count
    (['Products: BI', 'Products: ERP', 'Products: HR'], 3)
    """
    separator = feature.separator or ";"
    found = distinct_lists(column)
    nothing = MissingCodes.of(missing_values)
    counts = np.bincount(found.codes[found.codes >= 0], minlength=len(found.values)).tolist()
    leads: Counter[str] = Counter()
    listed = 0
    for value, count in zip(found.values, counts, strict=True):
        choices = read_choices(value, separator, nothing)
        listed += count if choices else 0
        for choice in choices or ():
            leads[choice] += count
    telling = {choice: min(count, listed - count) for choice, count in leads.items()}
    order = sorted(telling, key=lambda choice: (-telling[choice], choice))
    enough = [c for c in order if telling[c] >= MIN_LEADS_OF_CHOICE and not _PERSONAL.fullmatch(c)]
    kept = enough[: min(MAX_CHOICES, max(_MIN_CHOICES, listed // _LEADS_A_CHOICE))]
    start = choice_name(feature.name, "")
    asked = [name.removeprefix(start) for name in named if name.startswith(start) and name != start]
    made = dict.fromkeys((*kept, *asked))
    return tuple(
        replace(
            feature,
            name=choice_name(feature.name, choice),
            kind="boolean",
            separator=None,
            choice=Choice(feature.name, choice, separator),
        )
        for choice in made
    ), len(leads)


def with_choice_fields(
    table: pd.DataFrame,
    features: Sequence[Feature],
    missing_values: tuple[str, ...],
    *,
    named: Collection[str] = (),
) -> tuple[pd.DataFrame, tuple[Feature, ...], tuple[str, ...]]:
    """Return a table with a column of yes and no for each choice that matters, the features that score them, and notes.

    Where the list is missing, all its choices are: an export does not tell "none chosen" from "not asked", so a missing
    list is missing as any other field is, and has points of its own.

    Parameters
    ----------
    table
        Raw values of n leads.
    features
        Those of kind ``"choices"`` give way to their choices, in their place; the others stay.
    missing_values, named
        As in `choice_features`.

    Raises
    ------
    SchemaError
        When a choice would have the name of another feature.
    """
    if all(feature.kind != "choices" for feature in features):
        return table, tuple(features), ()
    notes: list[str] = []
    expanded: list[Feature] = []
    for feature in features:
        if feature.kind != "choices":
            expanded.append(feature)
            continue
        own, count = choice_features(feature, table[feature.name], missing_values, named=named)
        notes.append(_note(feature.name, len(own), count))
        fields = {one.choice.choice: one.name for one in own if one.choice is not None}
        table = split_choices(table, ChoiceList(feature.name, feature.separator or ";", fields, missing_values))
        expanded += own
    names = [feature.name for feature in expanded]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise SchemaError(
            f"{len(twice)} choices of a list have the name of another feature ({', '.join(twice)}), each must have its "
            "own; rename that column, or take it out of the features."
        )
    return table, tuple(expanded), tuple(notes)


def _note(name: str, scored: int, count: int) -> str:
    rest = (
        ""
        if scored >= count
        else f"; a choice needs {MIN_LEADS_OF_CHOICE} leads with it and {MIN_LEADS_OF_CHOICE} with a list but "
        f"without it, a list has at most {MAX_CHOICES}, and one for {_LEADS_A_CHOICE} leads in a short history"
    )
    what = "none" if not scored else "all" if scored >= count else str(scored)
    return f"{name} is a list of choices: {what} of its {count:,} choices are fields of their own{rest}."


def expanded_leads(leads: Leads, *, named: Collection[str] = ()) -> Leads:
    """Return leads whose lists of choices that are scored are yes/no fields; see `with_choice_fields`.

    A list that is not scored stays as it is.

    Examples
    --------
    >>> from leadqual.leads import Schema
    >>> schema = Schema((Feature("Products", "choices", separator=";"),))
    >>> leads = expanded_leads(Leads(pd.DataFrame({"Products": ["ERP;BI", "BI", "HR"] * 20}), schema))
    >>> leads.table["Products: ERP"].tolist()[:3], leads.schema.scored[0].choice
    (['yes', 'no', 'no'], Choice(column='Products', choice='BI', separator=';'))
    """
    schema = leads.schema
    if all(feature.kind != "choices" for feature in schema.scored):
        return leads
    table, expanded, notes = with_choice_fields(leads.table, schema.scored, schema.missing_values, named=named)
    features: list[Feature] = []
    for feature in schema.features:
        own = [one for one in expanded if feature.name == one.column]
        features += [feature] if feature.known == "later" else own
    schema = replace(schema, features=tuple(features))
    return replace(leads, table=table, schema=schema, notes=(*leads.notes, *notes))


def split_features(table: pd.DataFrame, features: Sequence[Feature], missing_values: tuple[str, ...]) -> pd.DataFrame:
    """Return a table with a column of yes and no for each feature that is a choice, where it is not there already.

    Examples
    --------
    >>> erp = Feature("Products: ERP", "boolean", choice=Choice("Products", "ERP", ";"))
    >>> split_features(pd.DataFrame({"Products": ["BI", "BI;ERP"]}), [erp], ())["Products: ERP"].tolist()
    ['no', 'yes']
    """
    fields = [FieldPoints(one.name, "boolean", (), choice=one.choice) for one in features if one.choice is not None]
    return with_choices(table, ChoiceLists(fields, missing_values))


def fields_of(names: Collection[str], features: Sequence[Feature]) -> tuple[str, ...]:
    """Return names of fields where a list's column stands for all its choices, each once.

    Examples
    --------
    >>> erp = Feature("Products: ERP", "boolean", choice=Choice("Products", "ERP", ";"))
    >>> fields_of(["Products", "Visits"], [erp])
    ('Products: ERP', 'Visits')
    """
    fields: dict[str, None] = {}
    for name in names:
        own = [one.name for one in features if one.choice is not None and one.choice.column == name]
        fields |= dict.fromkeys(own or [name])
    return tuple(fields)
