"""How sales follow up: hand-off and follow-up times by grade, what is overdue, and how much has ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from leadqual.bundle import Policy
from leadqual.feedback.history import moment

__all__ = ["FeedbackStatus", "GradeStatus", "feedback_status"]


@dataclass(frozen=True, slots=True)
class GradeStatus:
    """The leads of one grade.

    Parameters
    ----------
    grade
        Its name.
    leads, worked, accepted, rejected, won, lost
        How many were scored, taken up, and so on.
    median_hours
        Median time from score to first work, of those worked, hours; None where none was.
    overdue
        How many are past their follow-up deadline and not worked; None where the policy gives none.
    """

    grade: str
    leads: int
    worked: int
    accepted: int
    rejected: int
    won: int
    lost: int
    median_hours: float | None
    overdue: int | None


@dataclass(frozen=True, slots=True)
class FeedbackStatus:
    """What is in the ledger, as of a date.

    Parameters
    ----------
    leads
        How many leads were scored.
    bundles
        How many of them by each bundle's digest.
    picked
        How many by why they were picked.
    reasons
        How many were rejected for each reason, most frequent first.
    grades
        The leads of each grade.
    first, last
        When the first and the last lead were scored (ISO 8601); "" where none was.
    """

    leads: int
    bundles: Mapping[str, int]
    picked: Mapping[str, int]
    reasons: Mapping[str, int]
    grades: tuple[GradeStatus, ...]
    first: str
    last: str


def feedback_status(history: pd.DataFrame, *, as_of: str, policy: Policy | None = None) -> FeedbackStatus:
    """Count what sales did with scored leads.

    Parameters
    ----------
    history
        See `feedback_history`.
    as_of
        The date it is of (ISO 8601), by which follow-ups are due.
    policy
        Whose deadlines count; None: nothing is overdue.

    Examples
    --------
    >>> from leadqual.feedback.events import Event
    >>> from leadqual.feedback.history import feedback_history
    >>> score = Event("scored", "L-7", "2026-05-01", {"bundle": "b", "points": 120, "probability": 0.2, "grade": "A"})
    >>> worked = Event("worked", "L-7", "2026-05-01T06:00:00")
    >>> history = feedback_history([score, worked], as_of="2026-05-02")
    >>> feedback_status(history, as_of="2026-05-02").grades[0].median_hours
    6.0
    """
    hours = {} if policy is None else {grade.name: grade.follow_up_hours for grade in policy.grades}
    now = moment(as_of)
    rejected = history.loc[history["disposition"] == "rejected", "reason"]
    return FeedbackStatus(
        leads=len(history),
        bundles=_counts(history["bundle"]),
        picked=_counts(history["picked"]),
        reasons=_counts(rejected[rejected != ""]),
        grades=tuple(_grade(str(name), part, hours.get(str(name)), now) for name, part in history.groupby("grade")),
        first=history["scored_at"].min().isoformat() if len(history) else "",
        last=history["scored_at"].max().isoformat() if len(history) else "",
    )


def _grade(name: str, part: pd.DataFrame, hours: float | None, now: pd.Timestamp) -> GradeStatus:
    taken = (part["worked_at"] - part["scored_at"]).dt.total_seconds() / 3600
    waiting = part["worked_at"].isna() & (part["outcome"] == "open") & (part["disposition"] == "")
    late = waiting & (part["scored_at"] + pd.Timedelta(hours=hours or 0) < now)
    return GradeStatus(
        grade=name,
        leads=len(part),
        worked=int(part["worked_at"].notna().sum()),
        accepted=int((part["disposition"] == "accepted").sum()),
        rejected=int((part["disposition"] == "rejected").sum()),
        won=int((part["outcome"] == "won").sum()),
        lost=int((part["outcome"] == "lost").sum()),
        median_hours=float(taken.median()) if taken.notna().any() else None,
        overdue=None if hours is None else int(late.sum()),
    )


def _counts(column: pd.Series) -> dict[str, int]:
    return {str(value): int(count) for value, count in column.value_counts().items()}
