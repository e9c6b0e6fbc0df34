"""Where each lead stands in time: by its dates, by a column that orders the leads, or by its row alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle.missing_codes import MissingCodes
from leadqual.bundle.values import is_missing, read_number
from leadqual.errors import LeadError
from leadqual.leads.outcome_states import WON, column_of
from leadqual.tables.dates import days_of, read_dates
from leadqual.tables.rows import RowNumbers
from leadqual.tables.scanned_dates import scan_dates

if TYPE_CHECKING:
    from leadqual.leads.reading import Leads

__all__ = ["MAX_GAP", "LeadTimes", "day_text", "place_in_time"]

MAX_GAP = 90
"""Days without a new lead; the few leads that are dated after a longer gap count as typing errors."""
_TYPED_WRONG = 0.01
_ALTERNATIVES = "or name created_at, and closed_at if there is one, in the schema"


@dataclass(frozen=True, slots=True, eq=False)
class LeadTimes:
    """The place in time of n leads.

    Parameters
    ----------
    basis
        ``"dates"``, ``"creation"``, ``"order"`` or ``"none"``, as in `Outcomes`.
    time
        Days since 1970-01-01 with their fraction, the rank of the order value, or the row position, float64 (n,);
        NaN where the lead has none.
    dated
        False where ``time`` is NaN, bool (n,).
    created, closed
        Whole days since 1970-01-01, int64 (n,), 0 where there is none; ``created`` is None without creation dates,
        ``closed`` without closing dates.
    has_closed
        Where ``closed`` holds a day, bool (n,); None when ``closed`` is.
    latest
        The latest day on which a lead was created, a hundredth of them at most set aside beyond a gap of more than
        `MAX_GAP` days, which are typing errors; 0 without dates. Closing dates do not count: a deal may be won with
        a date that lies ahead, such as the start of its contract.
    latest_stands_alone_by
        Days between that day and the one before it among the creation dates, 0 when there is no other.
    warnings
        What this basis cannot check, and how to fix that.
    """

    basis: Literal["dates", "creation", "order", "none"]
    time: NDArray[np.float64]
    dated: NDArray[np.bool_]
    created: NDArray[np.int64] | None = None
    closed: NDArray[np.int64] | None = None
    has_closed: NDArray[np.bool_] | None = None
    latest: int = 0
    latest_stands_alone_by: int = 0
    warnings: tuple[str, ...] = ()


def day_text(day: int) -> str:
    """Return days since 1970-01-01 as an ISO date.

    Examples
    --------
    >>> day_text(0), day_text(20_000)
    ('1970-01-01', '2024-10-04')
    """
    return date.fromordinal(date(1970, 1, 1).toordinal() + day).isoformat()


def place_in_time(leads: Leads, states: NDArray[np.int8]) -> LeadTimes:
    """Place leads in time by the best that the schema names: creation dates, an order column, or the rows.

    Parameters
    ----------
    leads
        n leads; created_at and closed_at columns hold datetimes.
    states
        Won, lost or open, int8 (n,).

    Raises
    ------
    SchemaError
        When a column that the schema names is not there.
    LeadError
        When the creation or order column is empty, or the order column mixes numbers, dates and other text.
    """
    if leads.schema.created_at is not None:
        return _by_dates(leads, states)
    if leads.schema.order is not None:
        return _by_order(leads, leads.schema.order)
    return _by_row(leads, len(states))


def _by_dates(leads: Leads, states: NDArray[np.int8]) -> LeadTimes:
    schema, table = leads.schema, leads.table
    assert schema.created_at is not None  # noqa: S101  # the caller checked; for the type checker
    time = _days(column_of(table, schema.created_at, "created_at"))
    dated = ~np.isnan(time)
    if not dated.any():
        raise LeadError(
            f"{schema.created_at} has no date in {len(table)} leads, it must say when each was created; fill it in the "
            "export, or take created_at out of the schema."
        )
    created = np.floor(np.where(dated, time, 0)).astype(np.int64)
    warnings = _missing_time(schema.created_at, int(np.sum(~dated)), len(table))
    closed, has_closed = None, None
    if schema.closed_at is not None:
        closing = _days(column_of(table, schema.closed_at, "closed_at"))
        has_closed = ~np.isnan(closing)
        closing_days = np.floor(np.where(has_closed, closing, 0)).astype(np.int64)
        if np.any(has_closed & (states == WON)):
            closed = closing_days
    latest, alone = _latest(created[dated])
    return LeadTimes(
        basis="creation" if closed is None else "dates",
        time=time,
        dated=dated,
        created=created,
        closed=closed,
        has_closed=None if closed is None else has_closed,
        latest=latest,
        latest_stands_alone_by=alone,
        warnings=(*warnings, *(_creation_alone(schema.closed_at) if closed is None else ())),
    )


def _latest(created: NDArray[np.int64]) -> tuple[int, int]:
    """Return the last day on which leads came in, and how far it is from the one before it."""
    days, counts = np.unique(created, return_counts=True)
    last, beyond = len(days) - 1, 0
    for place in range(len(days) - 1, 0, -1):
        beyond += int(counts[place])
        if beyond > _TYPED_WRONG * len(created):
            break
        if days[place] - days[place - 1] > MAX_GAP:
            last = place - 1
    return int(days[last]), int(days[last] - days[last - 1]) if last else 0


def _creation_alone(closed_at: str | None) -> tuple[str, ...]:
    fix = (
        "name the closing date as closed_at in the schema"
        if closed_at is None
        else f"fill {closed_at}, which is empty for every won lead"
    )
    return (
        (
            "There is no closing date: whether a lead won inside the window cannot be checked, so every mature won "
            "lead counts, and older leads had longer to win; nor can outcomes after as_of be told from earlier ones. "
            f"To fix this, {fix}."
        ),
    )


def _by_order(leads: Leads, name: str) -> LeadTimes:
    column = column_of(leads.table, name, "order")
    values = _order_values(column, name, leads)
    dated = ~np.isnan(values)
    time = np.full(len(values), np.nan)
    time[dated] = np.unique(values[dated], return_inverse=True)[1]
    warnings = (
        (
            f"The leads have no dates, only their order by {name}: whether a label had time to settle, how long a win "
            "takes and how many leads come per week cannot be checked, and the latest leads may look worse than they "
            "are. To fix this, name created_at, and closed_at if there is one, in the schema."
        ),
    )
    return LeadTimes("order", time, dated, warnings=(*_missing_time(name, int(np.sum(~dated)), len(values)), *warnings))


def _by_row(leads: Leads, size: int) -> LeadTimes:
    unused = (
        f" {leads.schema.closed_at} alone does not help: open leads have no closing date."
        if leads.schema.closed_at is not None
        else ""
    )
    warnings = (
        (
            "The leads have no dates and no order: the rows are taken to be in time order, which cannot be checked; if "
            "they are not, the test is not on later leads and looks better than the future will be. To fix this, name "
            f"created_at in the schema, or as order a column that grows with time, such as a lead number.{unused}"
        ),
    )
    return LeadTimes("none", np.arange(size, dtype=np.float64), np.ones(size, dtype=np.bool_), warnings=warnings)


def _days(column: pd.Series) -> NDArray[np.float64]:
    """Return days since 1970-01-01 with their fraction, NaN where there is no date."""
    if column.dtype.kind != "M":
        raise LeadError(
            f"{column.name} has type {column.dtype}, it must hold datetimes; pass the table through read_leads, which "
            "reads dates."
        )
    return days_of(column.to_numpy())


def _missing_time(name: str, missing: int, size: int) -> tuple[str, ...]:
    if not missing:
        return ()
    return (f"{name} is empty in {missing} of {size} leads, which therefore do not count; fill it in the export.",)


def _order_values(column: pd.Series, name: str, leads: Leads) -> NDArray[np.float64]:
    """Return the order column as numbers that grow with time, NaN where it says nothing."""
    values = _days(column) if column.dtype.kind == "M" else _read_order(column, name, leads)
    if np.isnan(values).all():
        raise LeadError(
            f"{name} is empty in all {len(values)} leads, an order column must place them in time; fill it, "
            f"{_ALTERNATIVES}."
        )
    return values


def _read_order(column: pd.Series, name: str, leads: Leads) -> NDArray[np.float64]:
    nothing = MissingCodes.of(leads.schema.missing_values)
    codes, distinct = pd.factorize(column, use_na_sentinel=True)
    missing = np.array([is_missing(value, nothing) for value in distinct] + [True])[codes]
    numbers = [read_number(value, leads.schema.decimal, leads.schema.thousands) for value in distinct]
    values = np.array([np.nan if number is None else number for number in numbers] + [np.nan])[codes]
    if not np.any(np.isnan(values) & ~missing):
        return np.where(missing, np.nan, values)
    dates = scan_dates(column, leads.schema.missing_values)
    strange = dates.present & ~dates.readable
    if strange.any():
        unread = int(np.sum(np.isnan(values) & ~missing))
        raise LeadError(
            f"{name} has {unread} values that are no numbers and {int(strange.sum())} that are no dates, "
            f"{RowNumbers.count(len(values)).named(strange)}; an order column must hold numbers alone or dates alone: "
            f"correct it, {_ALTERNATIVES}."
        )
    moments, _ = read_dates(name, dates, RowNumbers.count(len(values)), day_first=leads.schema.day_first)
    return days_of(moments)
