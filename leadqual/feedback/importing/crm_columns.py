"""The mapping of a CRM's export: which of its columns say what, and which of their values mean what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from leadqual.bundle.values import MISSING_VALUES
from leadqual.errors import FeedbackError
from leadqual.feedback.events import is_label

__all__ = ["KNOWN", "FeedbackColumns"]

KNOWN = "known"
"""As ``lost_at``: a loss without a date is of the day on which the export was made."""

_SEVERAL = ("accepted", "rejected", "recycled", "won", "lost", "open", "reasons", "stages", "missing_values")
_READING = ("encoding", "sheet", "day_first", "decimal", "thousands", "missing_values")
_COLUMNS = (
    *("worked_at", "disposition", "disposition_at", "reason"),
    *("stage", "stage_at", "outcome", "closed_at", "value"),
)


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
    reasons
        The reasons that may be kept, compared without case; empty: those that people seem to have chosen from a list.
    reasons_as_other
        Whether a reason that may not be kept becomes "other"; else it is left out.
    stage, stage_at
        The stage it is in, and since when.
    stages
        The stages that may be kept, as with ``reasons``.
    outcome, closed_at, value
        How it ended, when, and what it was worth.
    won, lost
        The values of ``outcome`` that mean each, compared without case.
    decimal, thousands
        The marks of ``value``: ``"."`` or ``","``, and what stands between thousands. Without them, values such as
        1.200 that can be read in two ways are refused where nothing settles it.
    day_first
        How 3/4/2026 is read; None: decided by the dates that can be read in one way only.
    missing_values
        Texts that mean "no value".
    encoding, sheet
        How the file is read, as in a schema.
    open
        The values of ``outcome`` that mean that the lead is open (again), compared without case; empty: any other.
    lost_at
        Where ``closed_at`` is empty for a lost lead: the column that says when it was lost instead, or ``"known"``:
        when the export was made. None: such rows are left out, and counted.

    Raises
    ------
    FeedbackError
        When a column that must come with another is missing, or a reason or stage is no label.
    """

    lead: str
    worked_at: str | None = None
    disposition: str | None = None
    disposition_at: str | None = None
    reason: str | None = None
    accepted: tuple[str, ...] = ("accepted",)
    rejected: tuple[str, ...] = ("rejected",)
    recycled: tuple[str, ...] = ("recycled",)
    reasons: tuple[str, ...] = ()
    reasons_as_other: bool = False
    stage: str | None = None
    stage_at: str | None = None
    stages: tuple[str, ...] = ()
    outcome: str | None = None
    closed_at: str | None = None
    value: str | None = None
    won: tuple[str, ...] = ("won", "closed won")
    lost: tuple[str, ...] = ("lost", "closed lost")
    decimal: str | None = None
    thousands: str | None = None
    day_first: bool | None = None
    missing_values: tuple[str, ...] = MISSING_VALUES
    encoding: str | None = None
    sheet: str | None = None
    open: tuple[str, ...] = ()
    lost_at: str | None = None

    def __post_init__(self) -> None:
        for what, when in (("disposition", "disposition_at"), ("stage", "stage_at"), ("outcome", "closed_at")):
            dated = getattr(self, when) is not None or (what == "outcome" and self.lost_at is not None)
            if getattr(self, what) is not None and not dated:
                raise FeedbackError(f"the mapping has {what} without {when}, an event must have its time; add it.")
        for what, needed in (("reason", "disposition"), ("value", "outcome"), ("lost_at", "outcome")):
            if getattr(self, what) is not None and getattr(self, needed) is None:
                raise FeedbackError(f"the mapping has {what} without {needed}, which it belongs to; add it.")
        if not all(is_label(label) for label in (*self.reasons, *self.stages)):
            raise FeedbackError(
                "the mapping's reasons and stages must be short labels of at most 80 characters, without addresses or "
                "long numbers; correct them."
            )
        if self.decimal not in (None, ".", ","):
            raise FeedbackError('the mapping\'s decimal must be "." or ","; correct it.')
        if self.thousands not in (None, ".", ",", "'", " ") or (self.thousands or "") == (self.decimal or "."):
            raise FeedbackError(
                'the mapping\'s thousands must be ".", ",", "\'" or " " and another mark than decimal; correct it.'
            )

    @classmethod
    def from_mapping(cls, mapping: Mapping[str, Any]) -> FeedbackColumns:
        """Read a mapping as it is written by people; several values are separated by ``|`` or in a list.

        Raises
        ------
        FeedbackError
            When it names something that is not there, or no lead, or holds what is no text.
        """
        known = {field.name for field in fields(cls)}
        reading = mapping.get("reading")
        if isinstance(reading, Mapping):
            if set(reading) - set(_READING):
                raise FeedbackError(f"[reading] of a mapping may have {', '.join(_READING)}; correct it.")
            mapping = {name: value for name, value in mapping.items() if name != "reading"} | dict(reading)
        if set(mapping) - known or "lead" not in mapping:
            raise FeedbackError(
                f"a mapping must name lead, and may name {', '.join(sorted(known - {'lead'}))}; correct it."
            )
        return cls(**{name: _read(name, value) for name, value in mapping.items()})

    def named(self) -> list[str]:
        """Return the columns that it names."""
        found = [self.lead, *(column for name in _COLUMNS if (column := getattr(self, name)) is not None)]
        return found if self.lost_at in (None, KNOWN, *found) else [*found, str(self.lost_at)]


def _read(name: str, value: Any) -> Any:
    if name in ("reasons_as_other", "day_first"):
        if isinstance(value, bool) or value in ("true", "false"):
            return value in (True, "true")
        raise FeedbackError(f"the mapping's {name} must be true or false; correct it.")
    if name == "thousands" and value == " ":
        return value
    if name in _SEVERAL:
        parts = value.split("|") if isinstance(value, str) else value
        if isinstance(parts, list | tuple) and all(isinstance(part, str) and part.strip() for part in parts):
            return tuple(part.strip() for part in parts)
        what = "a text, or a list of texts"
    elif isinstance(value, str) and value.strip():
        return value
    else:
        what = "a text"
    raise FeedbackError(
        f"the mapping's {name} must be {what} that is not empty, and is {_named(value)}; put it in quotes."
    )


def _named(value: object) -> str:
    kinds = {
        str: "an empty text",
        bool: "true or false",
        int: "a number",
        float: "a number",
        list: "a list with something else",
    }
    return next((kind for of, kind in kinds.items() if isinstance(value, of)), "a table or a date")
