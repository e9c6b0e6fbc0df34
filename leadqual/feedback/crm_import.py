"""A CRM's export as events: what its columns say about follow-up and outcome, read once or many times."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import pandas as pd

from leadqual.bundle.values import MISSING_VALUES, is_missing, read_number
from leadqual.errors import FeedbackError, LeadError
from leadqual.feedback.events import Event
from leadqual.feedback.store import FeedbackStore
from leadqual.leads.dates import agreed_day_first, read_dates, scan_dates
from leadqual.leads.rows import RowNumbers

__all__ = ["FeedbackColumns", "Imported", "events_in", "import_events"]

_Said = tuple[str, str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class FeedbackColumns:
    """Which columns of an export say what.

    Parameters
    ----------
    lead
        The lead's id.
    worked_at
        When sales first took it up; None: the export does not say.
    disposition, disposition_at, reason
        What sales decided, when, and why.
    accepted, rejected, recycled
        The values of ``disposition`` that mean each, compared without case.
    stage, stage_at
        The stage it is in, and since when.
    outcome, closed_at, value
        How it ended, when, and what it was worth.
    won, lost
        The values of ``outcome`` that mean each, compared without case; any other is open.
    decimal
        The decimal mark of ``value``.

    Raises
    ------
    FeedbackError
        When a column that must come with another is missing.
    """

    lead: str
    worked_at: str | None = None
    disposition: str | None = None
    disposition_at: str | None = None
    reason: str | None = None
    accepted: tuple[str, ...] = ("accepted",)
    rejected: tuple[str, ...] = ("rejected",)
    recycled: tuple[str, ...] = ("recycled",)
    stage: str | None = None
    stage_at: str | None = None
    outcome: str | None = None
    closed_at: str | None = None
    value: str | None = None
    won: tuple[str, ...] = ("won", "closed won")
    lost: tuple[str, ...] = ("lost", "closed lost")
    decimal: str = "."

    def __post_init__(self) -> None:
        for what, when in (("disposition", "disposition_at"), ("stage", "stage_at"), ("outcome", "closed_at")):
            if getattr(self, what) is not None and getattr(self, when) is None:
                raise FeedbackError(f"the mapping has {what} without {when}, an event must have its time; add it.")

    @classmethod
    def from_mapping(cls, said: Mapping[str, str | list[str]]) -> FeedbackColumns:
        """Read a mapping as it is written by people; several values are separated by ``|`` or in a list.

        Raises
        ------
        FeedbackError
            When it names something that is not there, or no lead.
        """
        known = {field.name for field in fields(cls)}
        if set(said) - known or "lead" not in said:
            raise FeedbackError(
                f"a mapping must name lead, and may name {', '.join(sorted(known - {'lead'}))}; correct it."
            )
        several = {"accepted", "rejected", "recycled", "won", "lost"}
        whole = {}
        for name, value in said.items():
            parts = value if isinstance(value, list) else value.split("|")
            whole[name] = tuple(part.strip() for part in parts) if name in several else str(value)
        return cls(**whole)  # type: ignore[arg-type]  # names and kinds were checked above


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of an import.

    Parameters
    ----------
    rows
        Rows of the export.
    events
        Events that its rows say.
    new
        How many of them were not in the ledger, and not about someone who was forgotten.
    refused
        Why rows say nothing that can be kept, and how many of them; no row's content.
    """

    rows: int
    events: int
    new: int
    refused: Mapping[str, int]


def import_events(store: FeedbackStore, table: pd.DataFrame, columns: FeedbackColumns, *, known_at: str) -> Imported:
    """Take the follow-up and outcomes of an export into the ledger; doing it again changes nothing.

    Parameters
    ----------
    store
        The ledger.
    table
        The export as it came, one row per lead.
    columns
        What its columns say.
    known_at
        When the export was made (ISO 8601).

    Raises
    ------
    FeedbackError
        When a column is missing, dates cannot be read, or the ledger does not take the events.

    Examples
    --------
    >>> import tempfile
    >>> store = FeedbackStore(f"{tempfile.mkdtemp()}/feedback.db")
    >>> table = pd.DataFrame({"Id": ["L-7", "L-8"], "Stage": ["Won", "Open"], "Closed": ["2026-05-01", None]})
    >>> columns = FeedbackColumns("Id", outcome="Stage", closed_at="Closed")
    >>> import_events(store, table, columns, known_at="2026-06-01").new
    1
    >>> import_events(store, table, columns, known_at="2026-06-02").new
    0
    """
    events, refused = events_in(table, columns)
    return Imported(len(table), len(events), store.append(events, known_at=known_at), refused)


def events_in(table: pd.DataFrame, columns: FeedbackColumns) -> tuple[list[Event], dict[str, int]]:
    """Return the events that an export's rows say, and why other rows say none; see `import_events`."""
    named = [columns.lead, *_columns_of(columns)]
    lacking = [name for name in named if name not in table.columns]
    if lacking:
        raise FeedbackError(f"the export lacks {', '.join(lacking)}, which the mapping names; correct the mapping.")
    export = _Export(table, columns)
    events = [event for row, lead in enumerate(table[columns.lead]) for event in export.events(row, lead)]
    return events, export.refused


class _Export:
    """An export's columns, read whole, and its rows one by one."""

    def __init__(self, table: pd.DataFrame, columns: FeedbackColumns) -> None:
        self.refused: dict[str, int] = {}
        self._columns, self._dates = columns, _dates(table, columns)
        self._texts = {
            name: _texts(table, getattr(columns, name)) for name in ("disposition", "reason", "stage", "outcome")
        }
        self._values = None if columns.value is None else table[columns.value].tolist()

    def events(self, row: int, lead: object) -> list[Event]:
        """Return what one row says."""
        if is_missing(lead):
            self._refuse("no id")
            return []
        said = (self._worked(row), self._disposition(row), self._stage(row), self._outcome(row))
        found = []
        for kind, at, content in (one for one in said if one is not None):
            try:
                found.append(Event(kind, str(lead).strip(), at, content))
            except FeedbackError:
                self._refuse("a reason, stage or id that is no short label")
        return found

    def _refuse(self, why: str) -> None:
        self.refused[why] = self.refused.get(why, 0) + 1

    def _at(self, name: str, row: int) -> str | None:
        return self._dates[name][row] if name in self._dates else None

    def _worked(self, row: int) -> _Said | None:
        at = self._at("worked_at", row)
        return None if at is None else ("worked", at, {})

    def _disposition(self, row: int) -> _Said | None:
        columns, at = self._columns, self._at("disposition_at", row)
        meanings = {name: getattr(columns, name) for name in ("accepted", "rejected", "recycled")}
        kind = _meaning(self._texts["disposition"][row], meanings)
        if kind is not None and at is None:
            self._refuse("a disposition without its time")
        if kind is None or at is None:
            return None
        reason = self._texts["reason"][row]
        return kind, at, {"reason": reason} if reason and kind != "accepted" else {}

    def _stage(self, row: int) -> _Said | None:
        stage, at = self._texts["stage"][row], self._at("stage_at", row)
        return None if stage is None or at is None else ("stage", at, {"stage": stage})

    def _outcome(self, row: int) -> _Said | None:
        columns, at = self._columns, self._at("closed_at", row)
        kind = _meaning(self._texts["outcome"][row], {"won": columns.won, "lost": columns.lost})
        if kind is not None and at is None:
            self._refuse("an outcome without its time")
        if kind is None or at is None:
            return None
        worth = None if self._values is None or kind == "lost" else read_number(self._values[row], columns.decimal)
        return kind, at, {} if worth is None or not math.isfinite(worth) else {"value": worth}


def _columns_of(columns: FeedbackColumns) -> list[str]:
    names = (
        *("worked_at", "disposition", "disposition_at", "reason"),
        *("stage", "stage_at", "outcome", "closed_at", "value"),
    )
    return [column for name in names if (column := getattr(columns, name)) is not None]


def _dates(table: pd.DataFrame, columns: FeedbackColumns) -> dict[str, list[str | None]]:
    names = {
        name: column
        for name in ("worked_at", "disposition_at", "stage_at", "closed_at")
        if (column := getattr(columns, name)) is not None
    }
    scanned = {name: scan_dates(table[column]) for name, column in names.items()}
    others = agreed_day_first(scanned.values())
    rows = RowNumbers.count(len(table), first=2)
    found: dict[str, list[str | None]] = {}
    for name, column in names.items():
        try:
            moments, _ = read_dates(column, scanned[name], rows, others=others)
        except LeadError as error:
            raise FeedbackError(str(error)) from None
        found[name] = [None if np.isnat(moment) else str(moment) for moment in moments]
    return found


def _texts(table: pd.DataFrame, column: str | None) -> list[str | None]:
    if column is None:
        return [None] * len(table)
    return [None if is_missing(value, MISSING_VALUES) else str(value).strip() for value in table[column]]


def _meaning(said: str | None, meanings: Mapping[str, tuple[str, ...]]) -> str | None:
    if said is None:
        return None
    for meaning, values in meanings.items():
        if said.lower() in {value.lower() for value in values}:
            return meaning
    return None
