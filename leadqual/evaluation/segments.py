"""Whether probabilities come true in every part of the business, not only on average."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from leadqual.calibration.interval import clopper_pearson
from leadqual.evaluation.outcome import read_outcome, read_probability
from leadqual.leads.accounts import correlation, numbered

__all__ = ["Segment", "segments"]

MIN_LEADS = 30
_MAX_SEGMENTS = 8


@dataclass(frozen=True, slots=True)
class Segment:
    """Leads that share a value, and what came of what was promised for them.

    Parameters
    ----------
    field, value
        The field, and the value as it is named in the points table's way of reading; ``"(missing)"`` for gaps.
    leads, wins
        How many there were, and how many won.
    promised
        Mean probability.
    actual, low, high
        Share that won, with its 95 % Clopper-Pearson interval.
    """

    field: str
    value: str
    leads: int
    wins: int
    promised: float
    actual: float
    low: float
    high: float

    @property
    def kept(self) -> bool:
        """Whether the promise is inside the interval of what came."""
        return self.low <= self.promised <= self.high


def segments(
    won: ArrayLike, probability: ArrayLike, values: pd.DataFrame, *, account: ArrayLike | None = None
) -> tuple[Segment, ...]:
    """Compare promise and outcome for the most frequent values of each field that is not numeric.

    Parameters
    ----------
    won
        Outcome of n leads, 1 won, 0 not won.
    probability
        Their probability, (n,).
    values
        Fields as `leadqual.leads.field_values.field_values` reads them, n rows; numeric ones are passed over.
    account
        Number of each lead's account, (n,): intervals count leads by how alike outcomes within accounts are. None:
        leads are independent.

    Returns
    -------
    tuple of Segment
        Field by field, the most frequent value first: at most eight of each that at least 30 leads have.

    Examples
    --------
    >>> found = segments([1, 0] * 40, [0.5] * 80, pd.DataFrame({"source": ["fair"] * 80}, dtype=object))
    >>> found[0].value, found[0].leads, found[0].kept
    ('fair', 80, True)
    """
    outcome = read_outcome(won)
    promised = read_probability(probability, len(outcome))
    numbers = None if account is None else numbered(account, len(outcome))
    within = None if numbers is None else correlation(outcome, promised, numbers)
    found: list[Segment] = []
    for name in values.columns:
        if values[name].dtype.kind == "f":
            continue
        texts = values[name].where(values[name].notna(), "(missing)").astype("str").to_numpy()
        named, counts = np.unique(texts, return_counts=True)
        frequent = [str(named[i]) for i in np.argsort(-counts, kind="stable")[:_MAX_SEGMENTS] if counts[i] >= MIN_LEADS]
        for value in frequent:
            inside = texts == value
            effect = 1.0 if numbers is None or within is None else within.design_effect(numbers[inside])
            found.append(_segment(str(name), value, inside, outcome, promised, effect))
    return tuple(found)


def _segment(
    field: str, value: str, inside: np.ndarray, outcome: np.ndarray, promised: np.ndarray, effect: float
) -> Segment:
    leads, wins = int(inside.sum()), float(outcome[inside].sum())
    low, high = clopper_pearson(np.array([wins / effect]), np.array([leads / effect]), 0.025)
    return Segment(
        field=field,
        value=value,
        leads=leads,
        wins=int(wins),
        promised=round(float(promised[inside].mean()), 6),
        actual=round(wins / leads, 6),
        low=float(low[0]),
        high=float(high[0]),
    )
