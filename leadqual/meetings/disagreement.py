"""Leads on which the score and people disagree: scored high and rejected, or scored low and won."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from leadqual.meetings.week import Week

__all__ = ["Disagreement", "disagreements"]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A lead for the teams to talk about.

    Parameters
    ----------
    lead
        Its id.
    grade, probability
        What it was scored, the probability 0 to 1.
    happened
        ``"rejected"`` or ``"won"``.
    reason
        Why it was rejected, as the ledger has it; "" where it has none, or the lead won.
    days
        Days from its score to what happened, at least 0.
    drawn
        Whether it was drawn at random.
    """

    lead: str
    grade: str
    probability: float
    happened: Literal["rejected", "won"]
    reason: str
    days: float
    drawn: bool


def disagreements(
    history: pd.DataFrame, week: Week, *, high: Collection[str], low: Collection[str]
) -> tuple[Disagreement, ...]:
    """Return the leads that were rejected or won in a week against their score, the farthest from it first.

    Parameters
    ----------
    history
        See `leadqual.feedback.feedback_history`.
    week
        In which they were rejected, or won.
    high, low
        The grades whose leads should not be rejected, and those whose leads should not win.
    """
    rejected = (history["disposition"] == "rejected").to_numpy() & week.holds(history["disposition_at"])
    won = (history["outcome"] == "won").to_numpy() & week.holds(history["closed_at"])
    against = history["grade"].isin(list(high)).to_numpy() & rejected & (history["picked"] != "").to_numpy()
    for_it = history["grade"].isin(list(low)).to_numpy() & won
    found = [
        *_rows(history[against & ~won], "rejected", "disposition_at"),
        *_rows(history[for_it], "won", "closed_at"),
    ]
    surprise = {"rejected": lambda one: one.probability, "won": lambda one: 1 - one.probability}
    return tuple(sorted(found, key=lambda one: (-surprise[one.happened](one), one.lead)))


def _rows(leads: pd.DataFrame, happened: Literal["rejected", "won"], column: str) -> list[Disagreement]:
    days = np.maximum(np.asarray((leads[column] - leads["scored_at"]).dt.total_seconds()) / 86400, 0.0)
    columns = (leads[name].tolist() for name in ("lead", "grade", "probability", "reason", "picked"))
    return [
        Disagreement(lead, grade, chance, happened, reason if happened == "rejected" else "", took, why == "random")
        for lead, grade, chance, reason, why, took in zip(*columns, days.tolist(), strict=True)
    ]
