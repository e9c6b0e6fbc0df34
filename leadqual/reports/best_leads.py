"""The best leads of a table, each with everything its score says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from leadqual.errors import LeadError
from leadqual.scorer import Score, Scorer

__all__ = ["NamedScore", "best_leads"]


@dataclass(frozen=True, slots=True)
class NamedScore:
    """One lead's score.

    Parameters
    ----------
    lead
        The lead's id; its row number, from 1, where the table has no ids.
    score
        What the scorer says.
    age_days
        Whole days since the lead came; None where that is unknown.
    """

    lead: str
    score: Score
    age_days: int | None = None


def best_leads(
    scorer: Scorer, leads: pd.DataFrame, *, count: int = 10, age_days: Sequence[float] | None = None
) -> tuple[NamedScore, ...]:
    """Return the leads with most points, best first; equals keep the order of the table.

    Parameters
    ----------
    scorer
        What to score with.
    leads
        One row per lead.
    count
        How many leads at most, 1 or more.
    age_days
        Days since each came, NaN where unknown; None: unknown for all. Which leads are open is the caller's to say, see
        `leadqual.leads.open_leads.read_open_leads`.

    Raises
    ------
    LeadError
        When ``count`` is below 1.
    """
    if count < 1:
        raise LeadError(f"count is {count}, must be 1 or more; 10 is usual.")
    points = scorer.score(leads, reasons=0)["points"].to_numpy()
    best = (-points).argsort(kind="stable")[:count]
    id_field = scorer.bundle.id_field
    found = []
    for row in best.tolist():
        lead = leads.iloc[row]
        name = str(lead[id_field]) if id_field in leads.columns else f"row {row + 1}"
        age = None if age_days is None or math.isnan(age_days[row]) else int(age_days[row])
        found.append(NamedScore(name, scorer.score_one(lead), age))
    return tuple(found)
