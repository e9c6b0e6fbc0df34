"""What the rows of a table are: deleted records, several rows of one lead, days of bulk import, imported customers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.errors import SchemaError
from leadqual.inference.profile import ColumnProfile
from leadqual.leads.imported import bulk_days, imported_customers
from leadqual.leads.lead_times import day_text
from leadqual.leads.left_out import deleted_rows
from leadqual.leads.outcome_states import WON, read_states
from leadqual.leads.schema import Schema
from leadqual.tables.dates import days_of
from leadqual.tables.distinct import distinct_values
from leadqual.vocabulary.personal import contact_value

__all__ = ["FoundHistory", "check_header", "find_history", "unread_dates"]

_BEGIN_OR_END = ("created", "closed", "won", "lost", "converted", "creation", "close")
_FEW_VALUES = 4  # Yes and No, spelled in two ways
_DAY_WORDS = ("date", "time", "day", "at", "on")
_MIN_LEADS, _MAX_ROWS, _NEARLY_ALL = 20, 50, 0.95
_MAX_DAYS = 3  # days of bulk creation named in the note


@dataclass(frozen=True, slots=True)
class FoundHistory:
    """What was found about the rows of a table.

    Parameters
    ----------
    customers
        How many leads are customers imported as leads.
    why_imported
        The reason for leaving them out, with their share of the wins; "" where there are none.
    notes
        A sentence for each thing that a person should know.
    """

    customers: int
    why_imported: str
    notes: tuple[str, ...]


def check_header(columns: Iterable[str]) -> None:
    """Refuse a table whose column names look like the values of a lead.

    Raises
    ------
    SchemaError
        When a column name is an e-mail address or a telephone number; it does not name it.
    """
    reached = sum(contact_value(str(column)) for column in columns)
    if reached:
        raise SchemaError(
            f"{reached} column names look like e-mail addresses or telephone numbers, the first row must hold the "
            "columns' names; add a header row to the file."
        )


def unread_dates(profiles: Iterable[ColumnProfile]) -> list[str]:
    """Say which columns are named as the dates on which leads begin or end, and hold something that cannot be read.

    Parameters
    ----------
    profiles
        The columns that could play such a role.
    """
    notes = []
    for profile in profiles:
        named = profile.has(*_BEGIN_OR_END) and (profile.has(*_DAY_WORDS) or len(profile.words) == 1)
        if not named or profile.is_date or profile.is_number or profile.distinct <= _FEW_VALUES:
            continue
        notes.append(
            f"{profile.name!r} is named as a date, but only {int(profile.dates * profile.count):,} of its "
            f"{profile.count:,} values are dates that can be read: it plays no role. Write dates as 2026-05-01, or "
            "name the role with --role and add the texts that stand for no date to missing_values in [reading]."
        )
    return notes


def find_history(table: pd.DataFrame, schema: Schema, moments: Mapping[str, NDArray[np.datetime64]]) -> FoundHistory:
    """Look at the rows of a table as its schema describes them.

    Parameters
    ----------
    table
        Raw values of n rows.
    schema
        What the columns are.
    moments
        The dates of ``created_at`` and ``closed_at`` by column, datetime64[us] (n,), as `read_unchecked` reads them.

    Returns
    -------
    FoundHistory
    """
    notes = []
    days = {name: days_of(column) for name, column in moments.items()}
    if schema.deleted is not None:
        out = deleted_rows(table[schema.deleted], schema.missing_values)
        if out.any():
            notes.append(
                f"{int(out.sum()):,} of {len(table):,} records are deleted or merged into others ({schema.deleted}): "
                "they will be left out."
            )
            table, days = table[~out], {name: column[~out] for name, column in days.items()}
    if schema.id is not None:
        notes += _repeats(table, schema.id, schema)
    if schema.created_at is None:
        return FoundHistory(0, "", tuple(notes))
    created = days[schema.created_at]
    if schema.id is None:
        notes += _unnamed_ids(table, created, schema)
    found = np.zeros(len(table), dtype=np.bool_)
    reason = ""
    if schema.outcome is not None and schema.closed_at is not None and len(table):
        won = read_states(table, schema) == WON
        found = imported_customers(created, days[schema.closed_at], won)
        if found.any():
            with_, without = float(won.mean()), float(won[~found].mean())
            reason = (
                f"{int(found.sum()):,} won leads were won before they were created, or as they were: customers "
                f"imported as leads; {with_:.1%} of all leads are won with them and {without:.1%} without; "
                'write imported = "keep" to learn from them all the same'
            )
            notes.append(f"{reason[0].upper()}{reason[1:]}." if schema.imported is None else f"{reason}.")
    for bulk in bulk_days(created[~found])[:_MAX_DAYS]:
        notes.append(
            f"{bulk.leads:,} of {len(table):,} leads share one day of creation, {day_text(bulk.day)}: if they were "
            f'imported then, they have no history before it; created_after = "{day_text(bulk.day)}" in [lead] leaves '
            "them out."
        )
    return FoundHistory(int(found.sum()), reason, tuple(notes))


def _repeats(table: pd.DataFrame, name: str, schema: Schema) -> list[str]:
    known = distinct_values(table[name], schema.missing_values).known
    several = table.duplicated(name, keep=False).to_numpy() & known
    note = []
    if not known.all():
        note.append(
            f"{name!r} is empty in {int((~known).sum()):,} of {len(table):,} rows; it is measured on the others."
        )
    if several.any():
        leads = int(table.loc[several, name].nunique())
        way = (
            f"the {schema.repeats} row of each will be kept"
            if schema.repeats
            else 'write repeats = "first" or "last" in [lead] (or --role repeats=first) to keep one row of each; until '
            "then they are refused where the rows differ"
        )
        note.append(f"{name!r} repeats: {leads:,} leads stand in {int(several.sum()):,} rows; {way}.")
    return note


def _unnamed_ids(table: pd.DataFrame, created: NDArray[np.float64], schema: Schema) -> list[str]:
    """Note the column that may be an id of leads with several rows: the rows of each value share a creation time."""
    for name in table.columns:
        if name in (schema.created_at, schema.closed_at, schema.outcome):
            continue
        found = distinct_values(table[name], schema.missing_values)
        codes = found.codes[found.known & ~np.isnan(created)]
        sizes = np.bincount(codes, minlength=1)
        several = sizes > 1
        if several.sum() < _MIN_LEADS or sizes[sizes > 0].mean() > _MAX_ROWS:
            continue
        moments = pd.Series(created[found.known & ~np.isnan(created)]).groupby(codes).nunique()
        alike = moments.reindex(np.flatnonzero(several)) == 1
        if alike.mean() >= _NEARLY_ALL:
            note = (
                f"{name!r} may be the id of a lead: {int(several.sum()):,} of its values stand in "
                f"{int(sizes[several].sum()):,} rows, and the rows of each were created at one moment. Leads in "
                f'several rows count several times; name it with --role "id={name}" and say repeats, or look at why.'
            )
            return [note]
    return []
