"""Yardsticks: learners that are not deployed; beside them the scorecard shows what readability costs."""

from __future__ import annotations

import importlib.util
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

from leadqual.errors import DependencyError, EvidenceError
from leadqual.leads.field_values import field_values
from leadqual.leads.schema import Feature
from leadqual.learners.frequency import FrequencyBayes

__all__ = ["YARDSTICKS", "Yardstick"]

Floats = NDArray[np.float64]
_MIN_OF_A_CATEGORY = 10
_MAX_CATEGORIES = 250


@dataclass(frozen=True, slots=True)
class Yardstick:
    """A learner to compare with, in settings that suit histories of hundreds to many thousands of leads.

    Parameters
    ----------
    name
        What people call it.
    estimator
        Makes a new scikit-learn classifier from the features and a seed; it takes what `field_values` gives.
    package
        The import that it needs beyond scikit-learn; None where there is none.
    """

    name: str
    estimator: Callable[[Sequence[Feature], int], Any]
    package: str | None = None

    @property
    def available(self) -> bool:
        """Whether the package that it needs is installed."""
        return self.package is None or importlib.util.find_spec(self.package) is not None

    def fit(
        self,
        table: pd.DataFrame,
        won: Floats,
        features: Sequence[Feature],
        missing_values: tuple[str, ...],
        *,
        seed: int = 0,
    ) -> Callable[[pd.DataFrame], Floats]:
        """Learn from n leads, and return what turns other leads into probabilities of winning.

        Parameters
        ----------
        table
            Raw values of n leads.
        won
            Outcome of each, 1 or 0, (n,).
        features, missing_values
            As in `leadqual.learners.field_values`.
        seed
            Seed of whatever is random.

        Raises
        ------
        DependencyError
            When the package it needs is not installed.
        EvidenceError
            When an outcome is neither 1 nor 0.
        """
        if not self.available:
            raise DependencyError(
                f"the yardstick {self.name} needs {self.package}, which is not installed; "
                'pip install "leadqual[bench]", or leave it out.'
            )
        if not np.isin(won, (0, 1)).all():
            raise EvidenceError("won has values that are not 1 or 0, a yardstick needs these; say 1 for won leads.")
        inputs = field_values(table, features, missing_values)
        # A field that says nothing at all in these leads is no input: some learners refuse it.
        kept = [feature for feature in features if len(inputs[feature.name].unique()) > 1]
        if not kept:
            rate = float(won.mean())
            return lambda later: np.full(len(later), rate)
        with warnings.catch_warnings():
            # EBM's plots leave gaps out and it says so on each fit; nobody plots this one.
            warnings.filterwarnings("ignore", message="Missing values detected", category=UserWarning)
            fitted = self.estimator(kept, seed).fit(inputs[[feature.name for feature in kept]], won)

        def probability(later: pd.DataFrame) -> Floats:
            return np.asarray(fitted.predict_proba(field_values(later, kept, missing_values))[:, 1], dtype=np.float64)

        return probability


def _logistic(features: Sequence[Feature], seed: int) -> Any:
    numbers = make_pipeline(SimpleImputer(strategy="median", add_indicator=True), StandardScaler())
    return make_pipeline(_columns(features, numbers, _one_hot()), LogisticRegression(max_iter=2000, random_state=seed))


def _boosting(features: Sequence[Feature], seed: int) -> Any:
    codes = OrdinalEncoder(
        handle_unknown="use_encoded_value",
        unknown_value=np.nan,
        encoded_missing_value=np.nan,
        max_categories=_MAX_CATEGORIES,
    )
    encoded = _columns(features, "passthrough", codes)
    listed = [feature.kind != "numeric" for feature in sorted(features, key=lambda f: f.kind != "numeric")]
    # Without early stopping, its default below 10,000 leads, it learns small histories by heart.
    trees = HistGradientBoostingClassifier(
        learning_rate=0.05,
        max_iter=500,
        early_stopping=True,
        validation_fraction=0.2,
        categorical_features=listed,
        random_state=seed,
    )
    return make_pipeline(encoded, trees)


def _explainable_boosting(features: Sequence[Feature], seed: int) -> Any:
    from interpret.glassbox import ExplainableBoostingClassifier

    kinds = ["continuous" if feature.kind == "numeric" else "nominal" for feature in features]
    return ExplainableBoostingClassifier(feature_types=kinds, random_state=seed, n_jobs=1)


def _frequency(features: Sequence[Feature], seed: int) -> Any:  # noqa: ARG001  # nothing is random in counting
    return FrequencyBayes([feature.name for feature in features if feature.kind == "numeric"])


def _columns(features: Sequence[Feature], numbers: Any, listed: Any) -> ColumnTransformer:
    numeric = [feature.name for feature in features if feature.kind == "numeric"]
    others = [feature.name for feature in features if feature.kind != "numeric"]
    return ColumnTransformer([("numbers", numbers, numeric), ("listed", listed, others)])


def _one_hot() -> Any:
    # a gap is a value of its own to it
    return OneHotEncoder(handle_unknown="infrequent_if_exist", min_frequency=_MIN_OF_A_CATEGORY)


YARDSTICKS: Mapping[str, Yardstick] = MappingProxyType(
    {
        one.name: one
        for one in (
            Yardstick("logistic regression", _logistic),
            Yardstick("gradient boosting", _boosting),
            Yardstick("naive Bayes", _frequency),
            Yardstick("explainable boosting", _explainable_boosting, "interpret"),
        )
    }
)
"""The yardsticks by name."""
