"""Naive Bayes on counted frequencies: what the scoring built into many CRMs does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

__all__ = ["FrequencyBayes"]

_PARTS = 10
_MISSING = "(missing)"


class FrequencyBayes:
    """The odds of the win rate times, for each field, how much oftener winners have its value than others.

    Numbers fall into ten parts of equal size, a gap is a value of its own, and one is added to each count (Laplace):
    ``log odds = ln(wins / losses) + sum over fields of ln((w + 1) / (wins + k)) - ln((l + 1) / (losses + k))`` with w
    and l the wins and losses that have the field's value, and k how many values it has. A value not seen adds nothing.

    Parameters
    ----------
    numeric
        Names of the fields that hold numbers.

    References
    ----------
    Hand and Yu (2001), Idiot's Bayes: not so stupid after all? doi:10.1111/j.1751-5823.2001.tb00465.x.

    Examples
    --------
    >>> table = pd.DataFrame({"need": ["high", "low"] * 3})
    >>> FrequencyBayes([]).fit(table, [1, 0] * 3).predict_proba(table)[:2, 1].round(2).tolist()
    [0.8, 0.2]
    """

    def __init__(self, numeric: Sequence[str]) -> None:
        self.numeric = numeric

    def fit(self, table: pd.DataFrame, won: ArrayLike) -> Self:
        """Count values among wins and losses; both must be there."""
        outcome = np.asarray(won, dtype=np.float64)
        wins, losses = float(outcome.sum()), float((1 - outcome).sum())
        self.log_odds_ = np.log(wins / losses)
        self.edges_ = {name: self._edges(table[name]) for name in table.columns if name in self.numeric}
        self.worth_: dict[str, pd.Series] = {}
        for name in table.columns:
            counts = pd.crosstab(self._values(table[name]), outcome).reindex(columns=[0.0, 1.0], fill_value=0)
            of_wins = (counts[1.0] + 1) / (wins + len(counts))
            of_losses = (counts[0.0] + 1) / (losses + len(counts))
            self.worth_[str(name)] = np.log(of_wins) - np.log(of_losses)
        return self

    def predict_proba(self, table: pd.DataFrame) -> NDArray[np.float64]:
        """Return the probabilities of losing and winning, (n, 2)."""
        logits = np.full(len(table), self.log_odds_)
        for name, worth in self.worth_.items():
            logits += self._values(table[name]).map(worth).fillna(0.0).to_numpy(dtype=np.float64)
        won = expit(logits)
        return np.column_stack((1 - won, won))

    @staticmethod
    def _edges(column: pd.Series) -> NDArray[np.float64]:
        numbers = column.dropna().to_numpy(dtype=np.float64)
        return np.unique(np.quantile(numbers, np.arange(1, _PARTS) / _PARTS)) if len(numbers) else np.empty(0)

    def _values(self, column: pd.Series) -> pd.Series:
        if str(column.name) not in self.edges_:
            return column.fillna(_MISSING).reset_index(drop=True)
        numbers = column.to_numpy(dtype=np.float64)
        parts = np.searchsorted(self.edges_[str(column.name)], numbers, side="right").astype(np.float64)
        return pd.Series(np.where(np.isnan(numbers), -1.0, parts), name=column.name)
