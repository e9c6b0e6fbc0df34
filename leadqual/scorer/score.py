"""The score of one lead: what it is worth, what that means, what is owed to it, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from leadqual.bundle.policy import Qualification
from leadqual.reasons import Reason

__all__ = ["Score"]

_SHOWN = 3


@dataclass(frozen=True, slots=True, repr=False)
class Score:
    """One lead's score.

    Parameters
    ----------
    points
        Whole points: the table's base points plus the points of the lead's band in each field.
    score
        The lead's rank among the training leads, 0 to 100.
    probability
        Calibrated probability of winning within the bundle's window.
    low, high
        Interval of the probability.
    grade
        ``"A"`` to ``"D"``, or as the policy names them.
    qualification
        ``"SQL"``, ``"MQL"`` or ``"none"``.
    follow_up_hours
        Within how many hours sales follow up; None when they need not.
    reasons
        One per field, strongest first; their points sum to ``points`` minus the average lead's.
    notes
        What is unusual about the lead, in the order of the fields; empty when nothing is.
    """

    points: int
    score: int
    probability: float
    low: float
    high: float
    grade: str
    qualification: Qualification
    follow_up_hours: float | None
    reasons: tuple[Reason, ...]
    notes: tuple[str, ...] = ()

    @property
    def reasons_for(self) -> tuple[Reason, ...]:
        """The reasons with points above 0, strongest first."""
        return tuple(reason for reason in self.reasons if reason.points > 0)

    @property
    def reasons_against(self) -> tuple[Reason, ...]:
        """The reasons with points below 0, strongest first."""
        return tuple(reason for reason in self.reasons if reason.points < 0)

    def to_dict(self) -> dict[str, Any]:
        """Return the score as dicts, lists and scalars, ready for JSON."""
        plain = {key: getattr(self, key) for key in self.__slots__ if key not in ("reasons", "notes")}
        reasons = [
            {"field": reason.field, "band": reason.band, "points": reason.points, "note": reason.note}
            for reason in self.reasons
        ]
        return plain | {"reasons": reasons, "notes": list(self.notes)}

    def __repr__(self) -> str:
        return (
            f"Score({self.points} points, score {self.score}, probability {self.probability:.1%} "
            f"({self.low:.1%} to {self.high:.1%}), grade {self.grade}, qualification {self.qualification})"
        )

    def __str__(self) -> str:
        hours = "no follow-up due" if self.follow_up_hours is None else f"follow up within {self.follow_up_hours:g} h"
        probability = f"probability {self.probability:.1%} ({self.low:.1%} to {self.high:.1%})"
        lines = [
            f"grade {self.grade}, qualification {self.qualification}, {hours}",
            f"score {self.score} of 100, {self.points} points, {probability}",
        ]
        lines += [f"  + {reason}" for reason in self.reasons_for[:_SHOWN]]
        lines += [f"  - {reason}" for reason in self.reasons_against[:_SHOWN]]
        lines += [f"  ! {note}" for note in self.notes]
        return "\n".join(lines)

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self) if cycle else str(self))
