"""Whole columns of lists of choices to columns of yes and no, with pandas: each distinct list is split once."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from leadqual.bundle.choices import NONE_SCORED, UNREADABLE_LIST, ChoiceList, ChoiceLists
from leadqual.bundle.points_table import PointsTable
from leadqual.errors import LeadError

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["distinct_cells", "numbered_cells", "split_choices", "with_choices"]

_TEXTS = ("no", "yes", NONE_SCORED, UNREADABLE_LIST, None)


def with_choices(
    leads: pd.DataFrame,
    choices: ChoiceLists | PointsTable,
    *,
    noted: bool = False,
) -> pd.DataFrame:
    """Return the leads with a column of yes and no for each choice that is scored.

    Parameters
    ----------
    leads
        One row per lead. Columns that are there already stay as they are.
    choices
        The lists of choices, or the points table that scores them.
    noted
        True to tell leads none of whose choices is scored from those without one choice, for the notes of a score;
        False: both have "no".

    Raises
    ------
    LeadError
        When a list's column occurs twice.
    """
    lists = choices if isinstance(choices, ChoiceLists) else ChoiceLists(choices.fields, choices.missing_values)
    for one in lists.lists:
        leads = split_choices(leads, one, noted=noted)
    return leads


def split_choices(leads: pd.DataFrame, one: ChoiceList, *, noted: bool = False) -> pd.DataFrame:
    """Return the leads with the columns of one list of choices; see `with_choices`."""
    import numpy as np
    import pandas as pd

    wanted = [name for name in one.fields.values() if name not in leads.columns]
    if one.column not in leads.columns or not wanted:
        return leads
    cells = leads[one.column]
    if cells.ndim != 1:
        raise LeadError(f"{one.column} is {cells.shape[1]} columns, must be one; rename or drop all but one.")
    positions, values = distinct_cells(cells)
    number = {text: i for i, text in enumerate(_TEXTS)}
    number[NONE_SCORED] = number[NONE_SCORED] if noted else number["no"]
    read = [one.read(value) for value in values]
    texts = pd.array(_TEXTS, dtype="str")
    added = {}
    for name in wanted:
        codes = np.array([number[row[name]] for row in read] + [number[None]], dtype=np.int64)
        added[name] = texts.take(codes[positions])
    return pd.concat([leads, pd.DataFrame(added, index=leads.index)], axis=1)


def distinct_cells(cells: pd.Series) -> tuple[Any, list[object]]:
    """Return the number of each cell among the distinct ones, -1 where it may be empty, and these.

    Lists are equal where their items are.
    """
    if cells.dtype != object:
        try:
            positions, values = cells.factorize(use_na_sentinel=True)
        except (NotImplementedError, TypeError):  # a dtype, such as lists in Arrow, that pandas cannot compare
            pass
        else:
            return positions, list(values)
    return numbered_cells(cells, _key)


def numbered_cells(cells: pd.Series, key: Callable[[Any], Any]) -> tuple[Any, list[object]]:
    """Return the number of each cell among the distinct ones, and these.

    Parameters
    ----------
    cells
        One value per lead, n of them.
    key
        What is equal for equal cells. A cell whose key has no hash equals no other.
    """
    import numpy as np

    places: dict[Any, int] = {}
    found: list[object] = []
    positions = np.empty(len(cells), dtype=np.int64)
    for row, value in enumerate(cells):
        try:
            place = places.setdefault(key(value), len(found))
        except TypeError:
            place = len(found)
        if place == len(found):
            found.append(value)
        positions[row] = place
    return positions, found


def _key(value: Any) -> Any:
    """Return what tells a cell from others: of a list its items with their types, as 1 and True are equal."""
    if isinstance(value, str):
        return value
    if not hasattr(type(value), "__len__"):
        return type(value), value
    items = tuple(value)
    return type(value), items, tuple(map(type, items))
