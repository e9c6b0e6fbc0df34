"""The scorecard as a scikit-learn classifier."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Literal, Self

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils import Tags
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, check_array, check_is_fitted, column_or_1d, validate_data

from leadqual.bundle.points_table import PointsTable
from leadqual.bundle.values import MISSING_VALUES
from leadqual.errors import ConstraintError, EvidenceError, RuleError, SchemaError
from leadqual.leads.accounts import dependence, draw_weights, numbered
from leadqual.leads.schema import Feature
from leadqual.scorecard.account_likeness import outcome_correlation
from leadqual.scorecard.constraints import Constraint, check_constraints, settled_constraints
from leadqual.scorecard.fit import one_thread
from leadqual.scorecard.forward import PRIOR_WEIGHTS, STRENGTHS, Choice, WalkForward, recency
from leadqual.scorecard.kinds import guess_features
from leadqual.scorecard.points import MOST_BANDS, UNIT, fine_fit, points_table
from leadqual.scorecard.rows import banded_rows
from leadqual.scorecard.settings import check_prior, check_settings
from leadqual.scorecard.shares import with_shares
from leadqual.scorecard.total import lead_points

__all__ = ["ScorecardClassifier"]

_MOST_FINE_LEADS = 200_000
_Auto = Literal["auto"]


class ScorecardClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """An additive logistic model in few bands and whole points, 20 points to double the odds.

    Fine bands (8 to 64 a numeric field, rare categories pooled, missing a band of its own); a penalised additive
    logistic fit, with a strength for each field by empirical Bayes around a common one; bands merged to ``max_bands``
    by weighted least squares; refitted; rounded. Constraints hold during the fit. `points_table_` is the result;
    everything deployed reads only that.

    Parameters
    ----------
    features
        The fields to score, with their kinds; None: all columns, numbers as numeric, the rest by their values.
    constraints
        `Direction`, `Cap`, `Pin` and `Exclude`, from `leadqual.scorecard`.
    prior
        Today's rule as a points table. The fit starts from it: with outcomes of one kind only the scorecard is the
        rule.
    max_bands
        Most bands of a field, the one of missing values included.
    strength
        Strength of the penalty, independent of the number of leads. ``"auto"``: chosen by walking forward when `fit`
        gets ``created_at``, else 10.
    prior_weight
        Share of the prior's points to start from, 0 to 1. ``"auto"`` likewise, else 1.
    half_life
        Age in days (or the unit of a numeric ``created_at``) at which a lead counts half; None: all count alike.
        ``"auto"`` likewise, else None.
    missing_values
        Texts that mean "no value".
    random_state
        Seed of the sample from which the bands are found when there are more than 200,000 leads; everything else is
        without chance.

    Attributes
    ----------
    points_table_ : PointsTable
        Fields, bands and points.
    base_rate_ : float
        Weighted share of wins in training, what 100 points stand for.
    choice_ : Choice
        The strength, prior weight and half-life used, and those tried.
    correlation_ : Correlation or None
        How alike outcomes within accounts are; None without accounts.
    dependence_ : Dependence or None
        How many accounts there are, and how many leads are worth one; None without accounts.
    classes_ : ndarray of shape (2,)
        The second is "won".
    n_features_in_, feature_names_in_
        As in scikit-learn.

    References
    ----------
    Wood and Fasiolo (2017), doi:10.1111/biom.12666 (strengths); Eilers and Marx (1996), doi:10.1214/ss/1038425655
    (difference penalties).

    Examples
    --------
    >>> leads = pd.DataFrame({"need": ["urgent", "low"] * 100, "visits": [9, 1, 3, None] * 50})
    >>> card = ScorecardClassifier().fit(leads, [1, 0, 0, 0] * 50)
    >>> [band.label for band in card.points_table_.field("need").bands]
    ['urgent', 'low']
    """

    def __init__(
        self,
        features: Sequence[Feature] | None = None,
        *,
        constraints: Sequence[Constraint] = (),
        prior: PointsTable | None = None,
        max_bands: int = MOST_BANDS,
        strength: float | _Auto = "auto",
        prior_weight: float | _Auto = "auto",
        half_life: float | _Auto | None = "auto",
        missing_values: tuple[str, ...] = MISSING_VALUES,
        random_state: int = 0,
    ) -> None:
        self.features = features
        self.constraints = constraints
        self.prior = prior
        self.max_bands = max_bands
        self.strength = strength
        self.prior_weight = prior_weight
        self.half_life = half_life
        self.missing_values = missing_values
        self.random_state = random_state

    def fit(
        self,
        X: Any,
        y: ArrayLike,
        sample_weight: ArrayLike | None = None,
        created_at: ArrayLike | None = None,
        account: ArrayLike | None = None,
        progress: Callable[[str, int, int], None] | None = None,
    ) -> Self:
        """Learn the points table.

        Parameters
        ----------
        X
            DataFrame or array of n leads; missing values, text, categories and booleans as they are.
        y
            Outcome of each lead, two classes, (n,); the greater one is "won".
        sample_weight
            Weight of each lead, (n,); 2 counts as two leads.
        created_at
            Dates or numbers that order the leads, (n,); lets the fit choose its settings by walking forward.
        account
            The account (company) each lead belongs to, (n,), a missing one standing alone: as far as outcomes are alike
            within accounts, their leads count less, and shares of bands count each account once in 28 days. None:
            leads are independent.
        progress
            Called with a step, what is done and what there is to do.

        Raises
        ------
        EvidenceError
            When all outcomes are of one kind and there is no prior rule.
        ConstraintError
            When constraints contradict each other or the fields.
        RuleError
            When the prior scores a field that is not among the features.
        """
        check_settings(self)
        table = self._table(X, reset=True)
        won = self._outcomes(y, len(table))
        weight = np.ones(len(table)) if sample_weight is None else self._weights(sample_weight, X)
        features = self._features(table)
        kinds = {feature.name: feature.kind for feature in features}
        check_constraints(self.constraints, kinds)
        constraints = settled_constraints(self.constraints, kinds, self.missing_values)
        time = None if created_at is None else _order(created_at, len(table))
        counted = weight > 0
        numbers = None if account is None else numbered(account, len(table))[counted]
        table, won, weight = table.loc[counted].reset_index(drop=True), won[counted], weight[counted]
        time = time if time is None else time[counted]
        if len(np.unique(won)) < 2:
            return self._keep_rule(table, won, weight)
        walk = WalkForward(
            table,
            won,
            weight,
            np.zeros(len(won)) if time is None else time,
            features,
            self.missing_values,
            constraints,
            self.prior,
            self.max_bands,
            progress,
            numbers,
        )
        with one_thread():
            walk = walk if numbers is None else replace(walk, within=outcome_correlation(walk, self.random_state))
            self.choice_ = self._choose(walk, with_time=time is not None)
            weight = walk.counted(np.arange(len(won))) * recency(walk.time, self.choice_.half_life)
            self.base_rate_ = float(weight @ won) / float(weight.sum())
            self.points_table_ = self._learn(table, won, weight, features, constraints)
        if not self.points_table_.fields:
            raise EvidenceError(
                f"0 of {len(features)} fields have two bands to tell leads apart, at least 1 must; add fields that "
                "differ between leads, or exclude fewer."
            )
        self.correlation_, self.dependence_ = walk.within, None
        if numbers is not None and walk.within is not None:
            self.dependence_ = dependence(numbers, walk.within)
            once = draw_weights(numbers, time) * recency(walk.time, self.choice_.half_life)
            self.points_table_ = with_shares(self.points_table_, table, once)
        return self

    def points(self, X: Any) -> NDArray[np.int64]:
        """Return each lead's whole points, (n,)."""
        check_is_fitted(self, "points_table_")
        return lead_points(self.points_table_, self._table(X, reset=False))

    def decision_function(self, X: Any) -> NDArray[np.float64]:
        """Return each lead's log-odds of winning, (n,): ``(points - 100) ln 2 / 20 + logit(base rate)``."""
        unit = np.log(2) / self.points_table_.points_to_double_odds if hasattr(self, "points_table_") else UNIT
        logits = (self.points(X) - 100) * unit + np.log(self.base_rate_ / (1 - self.base_rate_))
        return np.asarray(logits, dtype=np.float64)

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Return the probabilities of losing and winning, (n, 2), by the points' own odds; not calibrated."""
        won = expit(self.decision_function(X))
        return np.column_stack((1 - won, won))

    def predict(self, X: Any) -> NDArray[Any]:
        """Return the likelier class of each lead, (n,)."""
        check_is_fitted(self, "points_table_")
        likelier: NDArray[Any] = self.classes_[(self.decision_function(X) > 0).astype(int)]
        return likelier

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        tags.input_tags.allow_nan = True
        tags.input_tags.string = True
        tags.input_tags.categorical = True
        return tags

    def _table(self, X: Any, *, reset: bool) -> pd.DataFrame:
        if not isinstance(X, pd.DataFrame):
            X = check_array(X, dtype=None, ensure_all_finite="allow-nan", estimator=self)
        elif len(X) == 0:
            raise EvidenceError(
                "Found array with 0 sample(s) while a minimum of 1 is required; pass at least one lead."
            )
        validate_data(self, X, reset=reset, skip_check_array=True)
        if isinstance(X, pd.DataFrame):
            return X.reset_index(drop=True).set_axis([str(name) for name in X.columns], axis=1)
        return pd.DataFrame(X, columns=[f"x{i}" for i in range(X.shape[1])])

    def _outcomes(self, y: ArrayLike, leads: int) -> NDArray[np.float64]:
        if y is None:
            raise EvidenceError("requires y to be passed, but the target y is None; pass each lead's outcome.")
        values = column_or_1d(y, warn=True)
        check_classification_targets(values)
        if len(values) != leads:
            raise EvidenceError(f"y has {len(values)} outcomes for {leads} leads; pass one outcome for each lead.")
        self.classes_, codes = np.unique(values, return_inverse=True)
        if len(self.classes_) > 2:
            raise EvidenceError(
                f"Only binary classification is supported. The type of the target is multiclass, with "
                f"{len(self.classes_)} "
                "classes; leave out undecided leads."
            )
        if len(self.classes_) == 1 and self.prior is None:
            raise EvidenceError(
                f"all {leads} leads are of one class; there must be won and lost leads to learn from; wait for more "
                "outcomes, or pass today's rule as prior."
            )
        if len(self.classes_) == 1:
            only = self.classes_[0]
            if only not in (0, 1):
                raise EvidenceError(
                    f"all {leads} leads are of one class that is neither 1 nor 0, so it cannot be told whether it is "
                    "won; pass 1 for won and 0 for not won."
                )
            self.classes_ = np.array([0, 1])
            return np.full(leads, float(only == 1))
        return codes.astype(np.float64)

    def _weights(self, sample_weight: ArrayLike, X: Any) -> NDArray[np.float64]:
        return np.asarray(_check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True))

    def _features(self, table: pd.DataFrame) -> list[Feature]:
        features = guess_features(table, self.missing_values) if self.features is None else list(self.features)
        absent = [feature.name for feature in features if feature.name not in table.columns]
        if absent:
            raise SchemaError(
                f"X lacks {len(absent)} of the features ({', '.join(absent)}); it must have a column "
                f"for each; add them or "
                "leave those features out."
            )
        if self.prior is not None:
            unknown = sorted(set(self.prior.names) - {feature.name for feature in features})
            if unknown:
                raise RuleError(
                    f"the prior rule scores {', '.join(unknown)}, which must be among the features; "
                    f"add these fields to the "
                    "schema as known at creation, or take their rules out."
                )
            check_prior(self.prior)
        return features

    def _choose(self, walk: WalkForward, *, with_time: bool) -> Choice:
        strengths = STRENGTHS if self.strength == "auto" else (float(self.strength),)
        weights = PRIOR_WEIGHTS if self.prior_weight == "auto" else (float(self.prior_weight),)
        fixed = () if self.half_life is None or self.half_life == "auto" else (float(self.half_life),)
        if not with_time:
            if fixed:
                raise EvidenceError("a half_life needs the leads' dates; pass created_at to fit, or half_life=None.")
            strengths, weights = strengths[:1], weights[:1]
        open_choice = len(strengths) + (len(weights) if self.prior is not None else 1) > 2 or self.half_life == "auto"
        if with_time and open_choice:
            choice = walk.choose(strengths, weights, None if self.half_life == "auto" else ())
        else:
            choice = walk.default(strengths, weights)
        return Choice(choice.strength, fixed[0], choice.trials) if fixed else choice

    def _learn(
        self,
        table: pd.DataFrame,
        won: NDArray[np.float64],
        weight: NDArray[np.float64],
        features: list[Feature],
        constraints: Sequence[Constraint],
    ) -> PointsTable:
        strength, everyone = self.choice_.strength, slice(None)
        few: Any = everyone
        if len(table) > _MOST_FINE_LEADS:
            few = np.sort(np.random.default_rng(self.random_state).choice(len(table), _MOST_FINE_LEADS, replace=False))
        rows = banded_rows(
            table.iloc[few], won[few], weight[few], features, self.missing_values, constraints, self.prior
        )
        fit = fine_fit(rows, strength, constraints, self.max_bands)
        if few is not everyone:
            fit = fit.with_rows(fit.rows.encoded(table, won, weight, self.missing_values))
        return points_table(fit, strength, constraints, self.missing_values)

    def _keep_rule(self, table: pd.DataFrame, won: NDArray[np.float64], weight: NDArray[np.float64]) -> Self:
        """Without wins or losses nothing can be learned: the scorecard is the rule, with the average lead at 100."""
        if self.prior is None:
            raise EvidenceError(
                "all leads with weight are of one class; there must be won and lost leads to learn from; wait for more "
                "outcomes, or pass today's rule as prior."
            )
        if self.constraints:
            raise ConstraintError(
                f"{len(self.constraints)} constraints cannot be held, as all leads are of one class and the scorecard "
                "is the prior rule as it is; wait for more outcomes, or write them into the rule."
            )
        total = float(weight.sum())
        average = round(float(weight @ lead_points(self.prior, table)) / total)
        self.points_table_ = replace(self.prior, base_points=self.prior.base_points + 100 - average)
        self.base_rate_ = (float(weight @ won) + 0.5) / (total + 1)
        self.choice_ = Choice.rule_only()
        self.correlation_, self.dependence_ = None, None
        return self


def _order(created_at: ArrayLike, leads: int) -> NDArray[np.float64]:
    """Return times as numbers: days for dates, the numbers themselves otherwise."""
    values = pd.Series(np.asarray(created_at) if not isinstance(created_at, pd.Series) else created_at.to_numpy())
    if len(values) != leads:
        raise EvidenceError(f"created_at has {len(values)} values for {leads} leads; pass one for each lead.")
    if not pd.api.types.is_numeric_dtype(values):
        dates = pd.to_datetime(values, errors="coerce", utc=True, format="ISO8601")
        values = (dates - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(days=1)
    numbers = values.to_numpy(np.float64)
    if not np.isfinite(numbers).all():
        raise EvidenceError(
            f"created_at has {int((~np.isfinite(numbers)).sum())} values that are neither dates nor "
            f"numbers; pass one for "
            "each lead, or leave created_at out."
        )
    return numbers
