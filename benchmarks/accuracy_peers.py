"""Learners that leadqual's accuracy is measured beside and that need packages nobody else here needs.

Boosting stops early on the last fifth of the history: with its defaults it learns histories of this size by heart.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.linear_model import LogisticRegression

from leadqual.leads import Feature
from leadqual.learners.yardsticks import Yardstick

__all__ = ["ACCURACY_PEERS"]

Floats = NDArray[np.float64]
Scores = Callable[[pd.DataFrame], Floats]
_GAP = "(nothing)"


class _Learner:
    """What scikit-learn would call a classifier, around a function that learns and returns what predicts."""

    def __init__(self, learn: Callable[[pd.DataFrame, Floats], Scores]) -> None:
        self.learn = learn

    def fit(self, table: pd.DataFrame, won: ArrayLike) -> Self:
        self.scores = self.learn(table, np.asarray(won, dtype=np.float64))
        return self

    def predict_proba(self, table: pd.DataFrame) -> Floats:
        winning = self.scores(table)
        return np.column_stack((1 - winning, winning))


def _lightgbm(features: Sequence[Feature], seed: int) -> _Learner:
    from lightgbm import LGBMClassifier, early_stopping

    names = _listed(features)

    def learn(table: pd.DataFrame, won: Floats) -> Scores:
        types = {name: pd.CategoricalDtype(sorted(table[name].dropna().unique())) for name in names}
        known, cut = table.astype(types), _last_fifth(won)
        model = LGBMClassifier(n_estimators=2000, learning_rate=0.03, n_jobs=1, verbose=-1, random_state=seed)
        stop = early_stopping(50, verbose=False)
        model.fit(known[:cut], won[:cut], eval_set=[(known[cut:], won[cut:])], callbacks=[stop])
        return lambda leads: np.asarray(model.predict_proba(leads.astype(types))[:, 1])

    return _Learner(learn)


def _catboost(features: Sequence[Feature], seed: int) -> _Learner:
    from catboost import CatBoostClassifier

    names = _listed(features)

    def learn(table: pd.DataFrame, won: Floats) -> Scores:
        known, cut = _without_gaps(table, names), _last_fifth(won)
        model = CatBoostClassifier(
            iterations=2000,
            cat_features=names,
            random_seed=seed,
            thread_count=1,
            verbose=False,
            allow_writing_files=False,
        )
        model.fit(known[:cut], won[:cut], eval_set=(known[cut:], won[cut:]), early_stopping_rounds=50)
        return lambda leads: np.asarray(model.predict_proba(_without_gaps(leads, names))[:, 1])

    return _Learner(learn)


def _optbinning(features: Sequence[Feature], seed: int) -> _Learner:
    from optbinning import BinningProcess, Scorecard

    names = _listed(features)

    def learn(table: pd.DataFrame, won: Floats) -> Scores:
        known = _without_gaps(table, names)
        binning = BinningProcess(list(table.columns), categorical_variables=names, max_n_bins=6)
        card = Scorecard(binning, LogisticRegression(max_iter=2000, random_state=seed)).fit(known, won)
        return lambda leads: np.asarray(card.predict_proba(_without_gaps(leads, names))[:, 1])

    return _Learner(learn)


def _listed(features: Sequence[Feature]) -> list[str]:
    return [feature.name for feature in features if feature.kind != "numeric"]


def _without_gaps(table: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    return table.assign(**{name: table[name].astype(object).where(table[name].notna(), _GAP) for name in names})


def _last_fifth(won: Floats) -> int:
    return len(won) - len(won) // 5


ACCURACY_PEERS: Mapping[str, Yardstick] = MappingProxyType(
    {
        one.name: one
        for one in (
            Yardstick("LightGBM", _lightgbm, "lightgbm"),
            Yardstick("CatBoost", _catboost, "catboost"),
            Yardstick("optbinning scorecard", _optbinning, "optbinning"),
        )
    }
)
"""The peers by name."""
