"""Which leads of a table are still open: not closed or deleted by its own columns, and inside their window."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.errors import LeadError
from leadqual.leads.left_out import deleted_rows
from leadqual.leads.outcome_states import OPEN, read_states
from leadqual.leads.schema import Schema
from leadqual.tables.dates import agreed_day_first, read_dates
from leadqual.tables.odoo_cells import name_references
from leadqual.tables.rows import RowNumbers
from leadqual.tables.scanned_dates import scan_dates

__all__ = ["OpenLeads", "read_open_leads"]

_STALE_DAYS = 14


@dataclass(frozen=True, slots=True, eq=False)
class OpenLeads:
    """What a table says of its n leads.

    Parameters
    ----------
    closed
        Which it calls won or lost, bool (n,); all False where it does not say.
    deleted
        Which it marks as deleted or merged, as `leadqual.leads.left_out.deleted_rows` tells, bool (n,).
    past
        Whose window has passed, bool (n,); all False without creation dates or a window.
    age_days
        Whole days since each was created, float64 (n,); NaN where that is unknown.
    as_of
        The day as of which ages count, ISO date; "" without creation dates.
    notes
        What could not be told, or was assumed, in sentences.
    """

    closed: NDArray[np.bool_]
    deleted: NDArray[np.bool_]
    past: NDArray[np.bool_]
    age_days: NDArray[np.float64]
    as_of: str
    notes: tuple[str, ...] = ()


def read_open_leads(
    table: pd.DataFrame,
    schema: Schema | None,
    *,
    window_days: int | None,
    as_of: str | date | None = None,
    latest: str | date | None = None,
) -> OpenLeads:
    """Tell which leads are closed, deleted, or past their window.

    The window of a lead that was created on day d has passed when ``d + window_days <= as_of``, as in `label_outcomes`.

    Parameters
    ----------
    table
        The leads, n rows, as they came.
    schema
        What the columns say; None: nothing can be told, which a note says.
    window_days
        Days a lead has to win; None: unknown.
    as_of
        A day or a moment (ISO 8601); None: the latest creation in the table.
    latest
        The day after which no creation is believed (ISO 8601), such as today; None: any is.

    Raises
    ------
    SchemaError
        When the outcome has a value that the schema does not list.
    LeadError
        When dates or ``as_of`` cannot be read.

    Examples
    --------
    >>> schema = Schema((), outcome="stage", won=("Won",), lost=("Lost",), open=("New",), created_at="created")
    >>> table = pd.DataFrame({"stage": ["Won", "New", "New"], "created": ["2026-05-01", "2026-01-02", "2026-05-03"]})
    >>> found = read_open_leads(table, schema, window_days=90)
    >>> found.closed.tolist(), found.past.tolist(), found.age_days.tolist()
    ([True, False, False], [False, True, False], [2.0, 121.0, 0.0])
    """
    nobody = np.zeros(len(table), dtype=np.bool_)
    unknown = np.full(len(table), np.nan)
    if schema is None:
        note = (
            "Without a schema (--schema) leads that are closed in the file cannot be told from open ones, nor how old "
            "they are."
        )
        return OpenLeads(nobody, nobody, nobody, unknown, "", (note,))
    notes, closed, deleted, past, age, day = [], nobody, nobody, nobody, unknown, ""
    named = [column for column in (schema.outcome, schema.deleted) if column in table.columns]
    table = table.assign(**dict(name_references(table[named])[0].items()))  # type: ignore[arg-type]  # names are texts
    if schema.outcome in table.columns:
        closed = read_states(table, schema) != OPEN
    else:
        notes.append(
            "The file has no outcome column that the schema names: closed leads cannot be told from open ones."
        )
    if schema.deleted in table.columns:
        deleted = deleted_rows(table[schema.deleted], schema.missing_values)
    if schema.created_at in table.columns and len(table):
        age, day, said_of_dates = _ages(table, schema, as_of, latest)
        notes += said_of_dates
        if window_days is not None:
            past = age >= window_days
    else:
        notes.append("The file has no creation dates that the schema names: nobody can tell whose window has passed.")
    return OpenLeads(closed, deleted, past, age, day, tuple(notes))


def _ages(
    table: pd.DataFrame, schema: Schema, as_of: str | date | None, latest: str | date | None
) -> tuple[NDArray[np.float64], str, list[str]]:
    name = str(schema.created_at)
    names = [one for one in (schema.created_at, schema.closed_at) if one in table.columns]
    scanned = {str(one): scan_dates(table[one], schema.missing_values) for one in names}
    others = agreed_day_first(scanned.values())  # a column with evidence of its own goes by that
    rows = RowNumbers.count(len(table), first=2)
    created, more = read_dates(name, scanned[name], rows, day_first=schema.day_first, others=others)
    notes, days = list(more), created.astype("datetime64[D]")
    known = ~np.isnat(days)
    if not known.any():
        return (
            np.full(len(table), np.nan),
            "",
            [*notes, f"{name} has no dates: nobody can tell whose window has passed."],
        )
    believed = known if latest is None else known & (days <= np.datetime64(_day(latest)))
    newest = days[believed if believed.any() else known].max()
    today = newest if as_of is None else np.datetime64(_day(as_of))
    if latest is not None and np.datetime64(_day(latest)) - today > np.timedelta64(_STALE_DAYS, "D"):
        notes = [
            *notes,
            f"The latest lead of the file is of {today}: windows count as of then; pass --at for another day.",
        ]
    age = np.where(known, (today - days) / np.timedelta64(1, "D"), np.nan)
    return age, str(today), notes


def _day(as_of: str | date) -> str:
    try:
        return date.fromisoformat(str(as_of)[:10]).isoformat()
    except ValueError:
        raise LeadError("as_of is not an ISO date; write year, month and day, such as 2026-05-01.") from None
