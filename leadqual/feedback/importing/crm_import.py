"""A CRM's export as events: what its columns say about follow-up and outcome, read once or many times."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from leadqual.bundle.missing_codes import MissingCodes
from leadqual.bundle.values import is_missing, read_number, read_reference
from leadqual.errors import FeedbackError, LeadError
from leadqual.feedback.events import Event, is_email
from leadqual.feedback.importing.changes import FOLLOWED_KINDS, changes, says_nothing_new
from leadqual.feedback.importing.crm_columns import KNOWN, FeedbackColumns
from leadqual.feedback.importing.endings import reopened, undated_losses
from leadqual.feedback.importing.import_notes import import_notes
from leadqual.feedback.importing.picklist import chosen
from leadqual.feedback.lead_ids import LeadIds, read_lead_ids
from leadqual.feedback.standing_ids import standing_ids
from leadqual.feedback.store import FeedbackStore
from leadqual.tables.dates import agreed_day_first, read_dates
from leadqual.tables.number_marks import SettledMarks, scan_numbers, settle_marks
from leadqual.tables.rows import RowNumbers
from leadqual.tables.scanned_dates import scan_dates

__all__ = ["Imported", "import_events"]

_OLD = (
    "Some leads stand otherwise in the ledger, but it has had all that this export says: it was taken for one that was "
    "imported before, and changes nothing."
)
_Told = tuple[str, str, dict[str, Any]]


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
    notes
        What was read otherwise than it is written, or left out of events that count all the same; no row's content.
    leads, unscored
        How many leads it says something of, and how many of these have no score in the ledger.
    """

    rows: int
    events: int
    new: int
    refused: Mapping[str, int]
    notes: tuple[str, ...] = ()
    leads: int = 0
    unscored: int = 0

    @property
    def doubt(self) -> str:
        """A sentence where most leads are unknown; "" else."""
        if 2 * self.unscored <= self.leads:
            return ""
        return (
            f"{self.unscored} of the {self.leads} leads that the export says something of have no score in the ledger; "
            "see that the column named as lead is the one that scores are recorded by."
        )


def import_events(
    store: FeedbackStore, table: pd.DataFrame, columns: FeedbackColumns, *, known_at: str, newest: bool = False
) -> Imported:
    """Take the follow-up and outcomes of an export into the ledger; doing it again changes nothing.

    What the ledger knew already is not taken in again, unless the lead has been something else since. An export that
    says nothing at all that the ledger has not had is one that was imported before, and changes nothing. A lead that
    had ended and is open in the export is recorded as reopened, when the export was made.

    Parameters
    ----------
    store
        The ledger.
    table
        The export as it came, one row per lead, or several.
    columns
        What its columns say.
    known_at
        When the export was made (ISO 8601). Exports are best imported in that order.
    newest
        Whether the export is known to be newer than all that were imported before; else one that looks as if it had
        been imported before changes nothing.

    Raises
    ------
    FeedbackError
        When a column is missing or there twice, ids are e-mail addresses or rounded, dates cannot be read, or the
        ledger does not take the events.

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
    export = _Export(table, columns)
    merges = store.merges(export.leads)
    standing = standing_ids(merges)
    everyone = export.leads | {one for event in merges for one in (event.lead, *event.content.values())}
    ledger = list(store.events_about(everyone, kinds=("scored", *FOLLOWED_KINDS)))
    export.read_labels(ledger)
    dated = [event for row in range(len(table)) for event in export.events(row)]
    # events of forgotten people are never stored, so they must not make an old export look new
    gone = store.forgotten(export.leads)
    exported = [event for event in dated if event.lead not in gone]
    exported += undated_losses(export.lost - gone, ledger, known_at=known_at, standing=standing)
    ends = {standing.get(event.lead, event.lead) for event in exported if event.kind in ("won", "lost")}
    still_open = {lead for lead in export.open - gone if standing.get(lead, lead) not in ends}
    again, notes = reopened(
        still_open, exported, ledger,
        known_at=known_at, standing=standing, newest=newest, listed=bool(columns.open),
    )  # fmt: skip
    new = changes(exported, ledger, known_at=known_at, standing=standing)
    old = not newest and not again and any(event.kind in FOLLOWED_KINDS for event in new)
    if old and says_nothing_new(exported, ledger, standing=standing):
        new = [event for event in new if event.kind not in FOLLOWED_KINDS]
        notes = (*notes, _OLD)
    added = store.append([*new, *again], known_at=known_at)
    about = {event.lead for event in (*dated, *exported, *again)}
    scored = {standing.get(event.lead, event.lead) for event in ledger if event.kind == "scored"}
    unscored = sum(standing.get(lead, lead) not in scored for lead in about)
    events = len(dated) + len(export.lost - gone) + len(again)
    return Imported(len(table), events, added, export.refused, (*export.notes, *notes), len(about), unscored)


class _Export:
    """An export's columns, read whole, and its rows one by one."""

    def __init__(self, table: pd.DataFrame, columns: FeedbackColumns) -> None:
        _check_columns(table, columns)
        self.refused: dict[str, int] = {}
        self._columns = columns
        ids = read_lead_ids(table[columns.lead])
        _check_emails(ids, columns.lead)
        self._ids, self._leads = ids, ids.texts
        self._dates, self._read = _dates(table, columns)
        self.leads = {lead for lead in ids.texts if lead is not None and not is_email(lead)}
        self.lost: set[str] = set()
        self.open: set[str] = set()
        self._dispositions, self._outcomes, self._why, self._where = (
            _texts(table, column, columns)
            for column in (columns.disposition, columns.outcome, columns.reason, columns.stage)
        )
        self._values = None if columns.value is None else table[columns.value].tolist()
        self._marks = _marks(table, columns)

    def read_labels(self, ledger: Iterable[Event]) -> None:
        """Read reasons and stages; what the ledger has kept as one before stays one."""
        columns = self._columns
        known: dict[str, set[str]] = {"reason": set(), "stage": set()}
        for event in ledger:
            for name in known.keys() & event.content.keys():
                known[name].add(str(event.content[name]))
        reasons = chosen(self._why, allowed=columns.reasons, others=columns.reasons_as_other, known=known["reason"])
        stages = chosen(self._where, allowed=columns.stages, known=known["stage"])
        self._reasons, self._stages = reasons.labels, stages.labels
        self._labels = (reasons, stages)

    @property
    def notes(self) -> tuple[str, ...]:
        """What was read otherwise than it is written; complete once all rows were read."""
        return (*self._read, *import_notes(self._ids, *self._labels, self._columns, self._undated(), self._unlisted()))

    def events(self, row: int) -> list[Event]:
        """Return what one row says."""
        lead = self._leads[row]
        if lead is None or is_email(lead):
            self._refuse("no id" if lead is None else "an e-mail address as its id")
            return []
        told = (self._worked(row), self._disposition(row), self._stage(row), self._outcome(row))
        found = []
        for kind, at, content in (one for one in told if one is not None):
            try:
                found.append(Event(kind, lead, at, content))
            except FeedbackError:
                self._refuse("an id or a label that cannot be kept")
        return found

    def _refuse(self, why: str) -> None:
        self.refused[why] = self.refused.get(why, 0) + 1

    def _at(self, name: str, row: int) -> str | None:
        return self._dates[name][row] if name in self._dates else None

    def _worked(self, row: int) -> _Told | None:
        at = self._at("worked_at", row)
        return None if at is None else ("worked", at, {})

    def _disposition(self, row: int) -> _Told | None:
        columns, at = self._columns, self._at("disposition_at", row)
        meanings = {name: getattr(columns, name) for name in ("accepted", "rejected", "recycled")}
        kind = _meaning(self._dispositions[row], meanings)
        if kind is not None and at is None:
            self._refuse("a disposition without its time")
        if kind is None or at is None:
            return None
        reason = self._reasons[row]
        return kind, at, {"reason": reason} if reason and kind != "accepted" else {}

    def _stage(self, row: int) -> _Told | None:
        stage, at = self._stages[row], self._at("stage_at", row)
        return None if stage is None or at is None else ("stage", at, {"stage": stage})

    def _outcome(self, row: int) -> _Told | None:
        columns, at, outcome = self._columns, self._at("closed_at", row), self._outcomes[row]
        kind = _meaning(outcome, {"won": columns.won, "lost": columns.lost})
        if kind is None:
            if outcome is not None and (not columns.open or _meaning(outcome, {"open": columns.open})):
                self.open.add(str(self._leads[row]))
            return None
        if at is None and kind == "lost":
            at = self._at("lost_at", row)
            if at is None and columns.lost_at == KNOWN:
                self.lost.add(str(self._leads[row]))
                return None
        if at is None:
            self._refuse("a win without its time" if kind == "won" else "a loss without its time")
            return None
        marks, value = self._marks, None if self._values is None or kind == "lost" else self._values[row]
        worth = None if is_missing(value, _nothing(columns)) else read_number(value, marks.decimal, marks.thousands)
        return kind, at, {} if worth is None or not math.isfinite(worth) else {"value": worth}

    def _undated(self) -> tuple[int, int]:
        """Return how many rows are lost, and how many of them wait for a date."""
        lost = sum(_meaning(outcome, {"lost": self._columns.lost}) is not None for outcome in self._outcomes)
        return lost, self.refused.get("a loss without its time", 0)

    def _unlisted(self) -> Counter[str]:
        """Return the outcome words that the mapping does not list, with how many rows have each."""
        columns = self._columns
        listed = {"won": columns.won, "lost": columns.lost, "open": columns.open}
        return Counter(
            outcome for outcome in self._outcomes if outcome is not None and _meaning(outcome, listed) is None
        )


def _check_columns(table: pd.DataFrame, columns: FeedbackColumns) -> None:
    lacking = [name for name in columns.named() if name not in table.columns]
    if lacking:
        raise FeedbackError(f"the export lacks {', '.join(lacking)}, which the mapping names; correct the mapping.")
    doubled = [name for name in dict.fromkeys(columns.named()) if list(table.columns).count(name) > 1]
    if doubled:
        raise FeedbackError(
            f"the export has {', '.join(doubled)} more than once, each column must have a name of its own; rename them."
        )


def _check_emails(ids: LeadIds, column: str) -> None:
    if 2 * ids.emails > len(ids.texts):
        raise FeedbackError(
            f"{column} holds e-mail addresses in {ids.emails} of {len(ids.texts)} rows, a lead must be named by its id "
            "in the CRM, which names no person; name the column of ids as lead."
        )


def _nothing(columns: FeedbackColumns) -> MissingCodes:
    return MissingCodes.of(columns.missing_values)


def _marks(table: pd.DataFrame, columns: FeedbackColumns) -> SettledMarks:
    """Return how the values are read, as the mapping says or as they say themselves."""
    if columns.value is None or columns.decimal is not None:
        return SettledMarks(columns.decimal or ".", columns.thousands)
    if columns.thousands is not None:
        return SettledMarks("," if columns.thousands == "." else ".", columns.thousands)
    marks = scan_numbers(table[columns.value])
    settled = settle_marks(marks, agreed=None)
    if settled is None:
        mark = marks.asks or "."
        other = "," if mark == "." else "."
        raise FeedbackError(
            f"{columns.value} has numbers such as 1{mark}200 that can be read as 1200 or as 1.2, and none that can be "
            f"read in one way only; say which with --mapping decimal={other} (1200) or --mapping decimal={mark} (1.2)."
        )
    return settled


def _dates(table: pd.DataFrame, columns: FeedbackColumns) -> tuple[dict[str, list[str | None]], list[str]]:
    """Return the dates as texts, and what was assumed in reading them."""
    names = {
        name: column
        for name in ("worked_at", "disposition_at", "stage_at", "closed_at", "lost_at")
        if (column := getattr(columns, name)) is not None and (name, column) != ("lost_at", KNOWN)
    }
    scanned = {name: scan_dates(table[column], columns.missing_values) for name, column in names.items()}
    others = agreed_day_first(scanned.values())
    rows = RowNumbers.count(len(table), first=2)
    found: dict[str, list[str | None]] = {}
    notes: list[str] = []
    for name, column in names.items():
        try:
            moments, more = read_dates(column, scanned[name], rows, day_first=columns.day_first, others=others)
        except LeadError as error:
            raise FeedbackError(_in_mapping(str(error))) from None
        notes += more
        found[name] = [None if np.isnat(moment) else str(moment) for moment in moments]
    return found, notes


def _in_mapping(message: str) -> str:
    """Return a message about dates with the way out that a mapping has."""
    advice = "set day_first = true or false in [reading]"
    return message.replace(
        advice, "pass --mapping day_first=true or --mapping day_first=false, or set it in the mapping"
    )


def _texts(table: pd.DataFrame, column: str | None, columns: FeedbackColumns) -> list[str | None]:
    if column is None:
        return [None] * len(table)
    nothing = _nothing(columns)
    return [
        None if is_missing(value, nothing) else read_reference(value) or str(value).strip() for value in table[column]
    ]


def _meaning(text: str | None, meanings: Mapping[str, tuple[str, ...]]) -> str | None:
    if text is None:
        return None
    for meaning, values in meanings.items():
        if text.lower() in {value.lower() for value in values}:
            return meaning
    return None
