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
from sklearn.utils.validation import check_array, check_is_fitted, validate_data

from leadqual.bundle.field_points import FieldPoints
from leadqual.bundle.points_table import PointsTable
from leadqual.bundle.values import MISSING_VALUES
from leadqual.errors import ConstraintError, EvidenceError, RuleError, SchemaError
from leadqual.leads.accounts import dependence, draw_weights, numbered
from leadqual.leads.choices import split_features, with_choice_fields
from leadqual.leads.schema import Feature
from leadqual.scorecard.account_likeness import outcome_correlation
from leadqual.scorecard.choices import constraints_on_choices, rule_on_choices
from leadqual.scorecard.constraints import Constraint, check_constraints, settled_constraints
from leadqual.scorecard.fit import one_thread
from leadqual.scorecard.forward import PRIOR_WEIGHTS, STRENGTHS, Choice, WalkForward, recency
from leadqual.scorecard.kinds import guess_features
from leadqual.scorecard.points import MAX_BANDS, UNIT, fine_fit, points_table
from leadqual.scorecard.rows import banded_rows, read_as_leads
from leadqual.scorecard.sampled_rows import sampled_rows, with_whole_range
from leadqual.scorecard.settings import check_prior, check_settings
from leadqual.scorecard.shares import with_shares
from leadqual.scorecard.total import lead_points
from leadqual.scorecard.training_input import read_classes, read_order, read_weights
from leadqual.scorecard.won_label import won_position

__all__ = ["ScorecardClassifier"]

_MAX_FINE_LEADS = 200_000
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
        The fields to score, with their kinds; None: all columns, numbers as numeric, columns of Python lists as
        choices, the rest by their values. A list of choices (``Feature("Products", "choices", separator=";")``) is
        scored as a yes/no field for each choice that matters among the leads of `fit`; X keeps its one column.
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
    pos_label
        The label in y that means won. None: booleans, 0 and 1 and -1 and 1 by their size; words by what they mean
        ("Gewonnen" and "Verloren", "converted" and "not converted", "成交" and "未成交", "yes" and "no");
        else the greater label, with an `leadqual.errors.OutcomeWarning` that names it.
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
        The labels in ascending order, as everywhere in scikit-learn: columns of `predict_proba`, and the sign of
        `decision_function`, go by them. For 0 and 1 the second is won.
    won_class_ : label
        The one that means won; `won_probability` is its probability.
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
        max_bands: int = MAX_BANDS,
        strength: float | _Auto = "auto",
        prior_weight: float | _Auto = "auto",
        half_life: float | _Auto | None = "auto",
        missing_values: tuple[str, ...] = MISSING_VALUES,
        random_state: int = 0,
        pos_label: object = None,
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
        self.pos_label = pos_label

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
            Outcome of each lead, two classes, (n,); see ``pos_label`` for which is won.
        sample_weight
            Weight of each lead, (n,), from 0; 2 counts as two leads. Weights whose mean, over the leads that have any,
            is below 1 are shares, such as those that sum to 1: they are multiplied so that it is 1.
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
            When all outcomes are of one kind and there is no prior rule, when weights are negative, infinite, missing
            or all 0, when ``pos_label`` is no label or both labels mean the same, or when no field tells leads apart.
        ConstraintError
            When constraints contradict each other or the fields.
        RuleError
            When the prior scores a field that is not among the features.
        """
        check_settings(self)
        table = self._table(X, reset=True)
        won = self._outcomes(y, len(table))
        weight = np.ones(len(table)) if sample_weight is None else read_weights(sample_weight, X)
        table, features = self._features(table)
        prior = None if self.prior is None else read_as_leads(self.prior, features, self.missing_values)
        kinds = {feature.name: feature.kind for feature in features}
        mine = constraints_on_choices(self.constraints, features)
        check_constraints(mine, kinds)
        constraints = settled_constraints(mine, kinds, self.missing_values)
        time = None if created_at is None else read_order(created_at, len(table))
        counted = weight > 0
        numbers = None if account is None else numbered(account, len(table))[counted]
        table, won, weight = table.loc[counted].reset_index(drop=True), won[counted], weight[counted]
        time = time if time is None else time[counted]
        if len(np.unique(won)) < 2:
            return self._keep_rule(table, won, weight, features, prior)
        walk = WalkForward(
            table,
            won,
            weight,
            np.zeros(len(won)) if time is None else time,
            features,
            self.missing_values,
            constraints,
            prior,
            self.max_bands,
            progress,
            numbers,
        )
        with one_thread():
            walk = walk if numbers is None else replace(walk, within=outcome_correlation(walk, self.random_state))
            self.choice_ = self._choose(walk, with_time=time is not None)
            weight = walk.counted(np.arange(len(won))) * recency(walk.time, self.choice_.half_life)
            self.base_rate_ = float(weight @ won) / float(weight.sum())
            self.points_table_ = self._learn(table, won, weight, features, constraints, prior)
        if not any(_tells_apart(field) for field in self.points_table_.fields):
            raise EvidenceError(
                f"0 of {len(features)} fields have two bands with different points to tell leads apart, at least 1 "
                "must; add fields that differ between won and lost leads, exclude or constrain fewer, or wait for more "
                "outcomes."
            )
        self.correlation_, self.dependence_ = walk.within, None
        if numbers is not None and walk.within is not None:
            self.dependence_ = dependence(numbers, walk.within)
            once = walk.weight * draw_weights(numbers, time) * recency(walk.time, self.choice_.half_life)
            self.points_table_ = with_shares(self.points_table_, table, once)
        return self

    def points(self, X: Any) -> NDArray[np.int64]:
        """Return each lead's whole points, (n,)."""
        check_is_fitted(self, "points_table_")
        return lead_points(self.points_table_, self._table(X, reset=False))

    def log_odds(self, X: Any) -> NDArray[np.float64]:
        """Return each lead's log-odds of winning, (n,): ``(points - 100) ln 2 / 20 + logit(base rate)``."""
        unit = np.log(2) / self.points_table_.points_to_double_odds if hasattr(self, "points_table_") else UNIT
        logits = (self.points(X) - 100) * unit + np.log(self.base_rate_ / (1 - self.base_rate_))
        return np.asarray(logits, dtype=np.float64)

    def won_probability(self, X: Any) -> NDArray[np.float64]:
        """Return each lead's probability of winning, (n,), by the points' own odds; not calibrated."""
        return np.asarray(expit(self.log_odds(X)), dtype=np.float64)

    def decision_function(self, X: Any) -> NDArray[np.float64]:
        """Return each lead's log-odds of the second of ``classes_``, (n,): of winning where that is won."""
        logits = self.log_odds(X)
        return logits if self.won_class_ == self.classes_[1] else -logits

    def predict_proba(self, X: Any) -> NDArray[np.float64]:
        """Return the probability of each of ``classes_``, (n, 2), by the points' own odds; not calibrated."""
        second = expit(self.decision_function(X))
        return np.column_stack((1 - second, second))

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
        # A column made of a list is no input where the list is there: leads to score have the list alone.
        choices = [one for one in self.features or () if one.choice is not None]
        made = [
            one.name for one in choices if one.choice is not None and one.choice.column in getattr(X, "columns", ())
        ]
        given = X.drop(columns=made, errors="ignore") if made else X
        validate_data(self, given, reset=reset, skip_check_array=True)
        if isinstance(X, pd.DataFrame):
            split = split_features(X, choices, self.missing_values)
            return split.reset_index(drop=True).set_axis([str(name) for name in split.columns], axis=1)
        return pd.DataFrame(X, columns=[f"x{i}" for i in range(X.shape[1])])

    def _outcomes(self, y: ArrayLike, leads: int) -> NDArray[np.float64]:
        codes, self.classes_ = read_classes(y, leads, alone=self.prior is not None)
        won = won_position(self.classes_, self.pos_label)
        self.won_class_ = self.classes_[won]
        return np.asarray(codes == won, dtype=np.float64)

    def _features(self, table: pd.DataFrame) -> tuple[pd.DataFrame, list[Feature]]:
        """Return the fields to score, lists of choices as one field for each choice, and the table with these."""
        features = guess_features(table, self.missing_values) if self.features is None else list(self.features)
        named = [*(constraint.field for constraint in self.constraints), *(self.prior.names if self.prior else ())]
        absent = [feature.name for feature in features if feature.name not in table.columns]
        if absent:
            raise SchemaError(
                f"X lacks {len(absent)} of the features ({', '.join(absent)}); it must have a column "
                f"for each; add them or "
                "leave those features out."
            )
        table, expanded, _ = with_choice_fields(table, features, self.missing_values, named=named)
        features = list(expanded)
        if self.prior is not None:
            rule_on_choices(self.prior, features)
            unknown = sorted(set(self.prior.names) - {feature.name for feature in features})
            if unknown:
                raise RuleError(
                    f"the prior rule scores {', '.join(unknown)}, which must be among the features; "
                    f"add these fields to the "
                    "schema as known at creation, or take their rules out."
                )
            check_prior(self.prior)
        return table, features

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
        prior: PointsTable | None,
    ) -> PointsTable:
        strength, everyone = self.choice_.strength, slice(None)
        few: Any = everyone
        if len(table) > _MAX_FINE_LEADS:
            few = sampled_rows(table, features, self.missing_values, most=_MAX_FINE_LEADS, seed=self.random_state)
        rows = banded_rows(table.iloc[few], won[few], weight[few], features, self.missing_values, constraints, prior)
        fit = fine_fit(rows, strength, constraints, self.max_bands)
        if few is everyone:
            return points_table(fit, strength, constraints, self.missing_values)
        fit = fit.with_rows(fit.rows.encoded(table, won, weight, self.missing_values))
        learned = points_table(fit, strength, constraints, self.missing_values)
        return with_whole_range(learned, table, features, self.missing_values)

    def _keep_rule(
        self,
        table: pd.DataFrame,
        won: NDArray[np.float64],
        weight: NDArray[np.float64],
        features: list[Feature],
        prior: PointsTable | None,
    ) -> Self:
        """Without wins or losses nothing can be learned: the scorecard is the rule, with the average lead at 100."""
        if prior is None:
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
        rule = rule_on_choices(prior, features)
        average = round(float(weight @ lead_points(rule, table)) / total)
        self.points_table_ = replace(rule, base_points=rule.base_points + 100 - average)
        self.base_rate_ = (float(weight @ won) + 0.5) / (total + 1)
        self.choice_ = Choice.rule_only()
        self.correlation_, self.dependence_ = None, None
        return self


def _tells_apart(field: FieldPoints) -> bool:
    return len({field.average_points, *(band.points for band in field.bands)}) > 1
