"""The learners that leadqual is measured beside, in their default settings; one that is not installed says so."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

__all__ = ["EBM", "LIGHTGBM", "LIGHTGBM_ONE_THREAD", "LOGISTIC", "Peer", "fit_pipeline"]

Scores = Callable[[pd.DataFrame], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Peer:
    """A learner to compare with.

    Parameters
    ----------
    name
        As it stands in the tables.
    package
        The import that it needs.
    learn
        Takes raw fields and outcomes, returns what turns other leads into probabilities of winning, (n,). What a
        learner needs done to the raw fields is part of both.
    """

    name: str
    package: str
    learn: Callable[[pd.DataFrame, NDArray[np.int64]], Scores]

    @property
    def available(self) -> bool:
        """Whether its package is installed."""
        return importlib.util.find_spec(self.package) is not None


def _lightgbm(threads: int) -> Callable[[pd.DataFrame, NDArray[np.int64]], Scores]:
    def learn(table: pd.DataFrame, won: NDArray[np.int64]) -> Scores:
        from lightgbm import LGBMClassifier

        model = LGBMClassifier(n_jobs=threads, verbose=-1).fit(_with_categories(table), won)
        return lambda leads: _of_winning(model, _with_categories(leads))

    return learn


def _ebm(table: pd.DataFrame, won: NDArray[np.int64]) -> Scores:
    from interpret.glassbox import ExplainableBoostingClassifier

    with warnings.catch_warnings():
        # It says on each fit that its plots leave gaps out; nobody plots here.
        warnings.filterwarnings("ignore", message="Missing values detected", category=UserWarning)
        model = ExplainableBoostingClassifier(n_jobs=2).fit(table, won)
    return lambda leads: _of_winning(model, leads)


def _logistic(table: pd.DataFrame, won: NDArray[np.int64]) -> Scores:
    model = fit_pipeline(table, won)
    return lambda leads: _of_winning(model, leads)


def fit_pipeline(table: pd.DataFrame, won: NDArray[np.int64]) -> Any:
    """Return a fitted scikit-learn pipeline: a ColumnTransformer, then logistic regression."""
    numbers = table.select_dtypes("number").columns.tolist()
    others = [name for name in table.columns if name not in numbers]
    columns = ColumnTransformer(
        [
            ("numbers", make_pipeline(SimpleImputer(), StandardScaler()), numbers),
            ("others", OneHotEncoder(handle_unknown="ignore"), others),
        ]
    )
    return make_pipeline(columns, LogisticRegression(max_iter=1000)).fit(table, won)


def _with_categories(leads: pd.DataFrame) -> pd.DataFrame:
    return leads.astype(dict.fromkeys(leads.select_dtypes(["str", "object"]).columns, "category"))


def _of_winning(model: Any, leads: pd.DataFrame) -> NDArray[np.float64]:
    return np.asarray(model.predict_proba(leads)[:, 1], dtype=np.float64)


LIGHTGBM = Peer("LightGBM, 2 threads", "lightgbm", _lightgbm(2))
LIGHTGBM_ONE_THREAD = Peer("LightGBM, 1 thread", "lightgbm", _lightgbm(1))
EBM = Peer("EBM, 2 processes", "interpret", _ebm)
LOGISTIC = Peer("scikit-learn pipeline", "sklearn", _logistic)
