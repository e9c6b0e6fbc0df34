"""Rows that are no leads to learn from: deleted records, further rows of one lead, imports; each kind is counted."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle.values import read_boolean, read_category
from leadqual.errors import LeadError
from leadqual.leads.imported import imported_customers
from leadqual.leads.outcome_states import WON, read_states
from leadqual.leads.schema import Schema
from leadqual.tables.dates import days_of
from leadqual.tables.distinct import distinct_values
from leadqual.tables.rows import RowNumbers
from leadqual.vocabulary.outcome_words import says_no, says_removed

__all__ = ["Kept", "customers", "deleted_rows", "without_deleted", "without_imports", "without_repeats"]


class Kept(NamedTuple):
    """The rows that were kept, and what is said of the others.

    Parameters
    ----------
    table
        The rows, with the index they came with.
    rows
        Their row numbers.
    notes
        A sentence for each kind of row that was left out; empty where none was.
    """

    table: pd.DataFrame
    rows: RowNumbers
    notes: list[str]


def deleted_rows(column: pd.Series, missing_values: tuple[str, ...]) -> NDArray[np.bool_]:
    """Tell which rows (n,) a column marks as deleted or merged: by Yes, by a date, or by the record merged into.

    Where some of its values are words for it (a status "Duplicate"), these alone mark a row.

    Examples
    --------
    >>> deleted_rows(pd.Series(["true", "False", None, "0", "00Q1"]), ("",)).tolist()
    [True, False, False, False, True]
    >>> deleted_rows(pd.Series(["Open", "Merged", "Won"]), ("",)).tolist()
    [False, True, False]
    """
    found = distinct_values(column, missing_values)
    words = np.fromiter((says_removed(read_category(value)) for value in found.values), np.bool_, len(found.values))
    if (words & ~found.missing).any():
        return found.spread(words & ~found.missing)
    stands = (read_boolean(value) == "no" or says_no(read_category(value)) for value in found.values)
    marks = ~np.fromiter(stands, np.bool_, len(found.values))
    return found.spread(marks & ~found.missing)


def without_deleted(table: pd.DataFrame, schema: Schema, rows: RowNumbers) -> Kept:
    """Leave out the records that the schema's ``deleted`` column marks.

    Raises
    ------
    LeadError
        When every record is marked.
    """
    if schema.deleted is None or schema.deleted not in table.columns:
        return Kept(table, rows, [])
    out = deleted_rows(table[schema.deleted], schema.missing_values)
    if not out.any():
        return Kept(table, rows, [])
    if out.all():
        raise LeadError(
            f"{schema.deleted} marks all {len(table)} leads as deleted or merged, some must remain; correct the "
            "export, or take deleted out of [lead]."
        )
    note = (
        f"{int(out.sum()):,} of {len(table):,} records are deleted or merged into others ({schema.deleted}) and were "
        f"left out: {rows.named(out)}."
    )
    return Kept(table[~out], rows.keep(~out), [note])


def without_repeats(table: pd.DataFrame, schema: Schema, rows: RowNumbers) -> Kept:
    """Keep one row a lead: drop rows that repeat another throughout, and of the others keep what ``repeats`` says.

    Raises
    ------
    LeadError
        When an id stands in several rows that differ, and the schema does not say which of them to keep.
    """
    if schema.id is None:
        return Kept(table, rows, [])
    table = table.reset_index(drop=True)
    known = distinct_values(table[schema.id], schema.missing_values).known
    notes = [] if known.all() else [f"{schema.id} is missing in {rows.named(~known)}; such leads are kept."]
    again = table.duplicated(schema.id).to_numpy() & known
    if not again.any():
        return Kept(table, rows, notes)
    suspects = table[table.duplicated(schema.id, keep=False).to_numpy() & known]
    repeats = np.zeros(len(table), dtype=np.bool_)
    repeats[suspects.index[suspects.astype("str").duplicated()]] = True
    if repeats.any():
        notes.append(f"{int(repeats.sum())} rows that repeat another throughout were dropped: {rows.named(repeats)}.")
    table, rows, known = table[~repeats].reset_index(drop=True), rows.keep(~repeats), known[~repeats]
    again = table.duplicated(schema.id).to_numpy() & known
    if not again.any():
        return Kept(table, rows, notes)
    several = table.duplicated(schema.id, keep=False).to_numpy() & known
    leads = int((several & ~again).sum())
    note = f"{schema.id} repeats, with other values beside it: {leads:,} leads stand in {int(several.sum()):,} rows"
    if schema.repeats is None:
        raise LeadError(
            f"{note}, {rows.named(again)}; one row must stand for a lead, or leads with many rows count many times: "
            'write repeats = "first" or repeats = "last" in [lead] to keep that row of each, or take id out of [lead] '
            "if it does not identify leads."
        )
    out = again if schema.repeats == "first" else table.duplicated(schema.id, keep="last").to_numpy() & known
    notes.append(f"{note}; the {schema.repeats} row of each was kept and {int(out.sum()):,} rows were left out.")
    states = read_states(table, schema)
    differing = pd.Series(states[several]).groupby(table.loc[several, schema.id].to_numpy()).nunique()
    if (differing > 1).any():
        notes.append(
            f"The rows of {int((differing > 1).sum()):,} of these leads disagree about the outcome; that of the "
            f"{schema.repeats} row counts."
        )
    return Kept(table[~out].reset_index(drop=True), rows.keep(~out), notes)


def without_imports(table: pd.DataFrame, schema: Schema, rows: RowNumbers) -> Kept:
    """Leave out leads created too early, and customers imported as leads, where the schema asks for it.

    Parameters
    ----------
    table
        Leads whose creation and closing columns hold datetimes.
    schema, rows
        As everywhere.

    Raises
    ------
    LeadError
        When no lead is left.
    """
    notes = []
    if schema.created_after is not None:
        created = _days(table, schema.created_at)
        out = created < np.datetime64(schema.created_after, "D").astype(np.int64) + 1
        if out.all():
            raise LeadError(
                f"all {len(table)} leads were created by {schema.created_after}, some must remain; set an earlier "
                "created_after in [lead], or delete it."
            )
        if out.any():
            notes.append(
                f"{int(out.sum()):,} of {len(table):,} leads were created on {schema.created_after} or before "
                "(created_after) and were left out."
            )
            table, rows = table[~out], rows.keep(~out)
    if schema.imported == "leave_out":
        out = customers(table, schema)
        if out.any():
            notes.append(
                f"{int(out.sum()):,} of {len(table):,} leads were customers when they were created (imported) and were "
                f"left out: {rows.named(out)}."
            )
            table, rows = table[~out], rows.keep(~out)
    return Kept(table, rows, notes)


def customers(table: pd.DataFrame, schema: Schema) -> NDArray[np.bool_]:
    """Tell which leads (n,) are customers imported as leads; none where there are no creation and closing dates."""
    if schema.created_at is None or schema.closed_at is None or schema.outcome is None:
        return np.zeros(len(table), dtype=np.bool_)
    won = read_states(table, schema) == WON
    return imported_customers(_days(table, schema.created_at), _days(table, schema.closed_at), won)


def _days(table: pd.DataFrame, name: str | None) -> NDArray[np.float64]:
    return days_of(pd.to_datetime(table[name]).to_numpy())
