"""The leads that were handed to sales in one week: how many, what they were expected to win, and what sales did."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["HandedOver", "count_handed_over", "handed_over"]


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Leads that were handed to sales.

    Parameters
    ----------
    name
        The grade; ``""`` for leads of all grades.
    leads
        How many.
    expected_wins
        The sum of their calibrated probabilities when they were scored, in wins.
    accepted, rejected, recycled, disqualified
        How many of them sales took, refused, sent back for later, or found not worth it after contact.
    due
        How many have a follow-up deadline that is over, or were worked before it; leads that sales decided on, or that
        ended, before the deadline without a recorded first work are not counted, as nothing was due any more.
    in_time
        How many of the due ones were worked by the deadline.
    overdue
        How many are past the deadline and neither worked, nor decided on, nor ended.
    """

    name: str
    leads: int
    expected_wins: float
    accepted: int
    rejected: int
    recycled: int
    disqualified: int
    due: int
    in_time: int
    overdue: int

    @property
    def decided(self) -> int:
        """How many were accepted or rejected; who was disqualified after contact had been taken."""
        return self.accepted + self.disqualified + self.rejected

    @property
    def taken(self) -> int:
        """How many of the decided ones were not rejected."""
        return self.accepted + self.disqualified

    @property
    def late(self) -> int:
        """How many of the due ones were not worked by the deadline."""
        return self.due - self.in_time


def handed_over(history: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell which leads of a history were handed to sales: those picked by rank, at random or by hand, (n,).

    Parameters
    ----------
    history
        See `leadqual.feedback.feedback_history`.
    """
    return np.asarray(history["picked"] != "", dtype=np.bool_)


def count_handed_over(
    name: str, leads: pd.DataFrame, deadline: NDArray[np.datetime64], *, now: np.datetime64
) -> HandedOver:
    """Count what became of some leads.

    Parameters
    ----------
    name
        What they are called.
    leads
        Rows of a history, n leads that were handed over.
    deadline
        By when each was to be worked, in UTC, (n,); NaT where there is no deadline.
    now
        The moment by which deadlines are over, in UTC.
    """
    worked = leads["worked_at"].to_numpy()
    settled = leads[["disposition_at", "closed_at"]].min(axis=1).to_numpy()
    timed = ~np.isnat(deadline)
    before = timed & (worked <= deadline)
    done = timed & np.isnat(worked) & (settled <= deadline)
    due = before | (timed & ~done & ((deadline < now) | (worked > deadline)))
    waiting = np.isnat(worked) & np.isnat(settled)
    counts = leads["disposition"].value_counts()
    return HandedOver(
        name=name,
        leads=len(leads),
        expected_wins=float(leads["probability"].sum()),
        accepted=int(counts.get("accepted", 0)),
        rejected=int(counts.get("rejected", 0)),
        recycled=int(counts.get("recycled", 0)),
        disqualified=int(counts.get("disqualified", 0)),
        due=int(due.sum()),
        in_time=int(before.sum()),
        overdue=int((timed & waiting & (deadline < now)).sum()),
    )
