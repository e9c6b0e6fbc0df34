"""Walking forward inside the training period: how strong the prior, how long the memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle.points_table import PointsTable
from leadqual.errors import EvidenceError
from leadqual.leads.accounts import Correlation
from leadqual.leads.schema import Feature
from leadqual.leads.splits import forward_folds
from leadqual.measures import log_odds_losses
from leadqual.scorecard.constraints import Constraint
from leadqual.scorecard.fit import one_thread
from leadqual.scorecard.points import UNIT, Strength, fine_fit, points_table
from leadqual.scorecard.rows import BandedRows, banded_rows
from leadqual.scorecard.total import lead_points

__all__ = ["STRENGTHS", "Choice", "Trial", "WalkForward", "recency"]

Floats = NDArray[np.float64]
Progress = Callable[[str, int, int], None]

STRENGTHS = (10.0, 3.0, 30.0, 1.0)
"""Strengths to try; 10 is the robust default and wins ties."""
PRIOR_WEIGHTS = (1.0, 0.5, 0.25, 0.0)
MIN_WINS = 100
"""With fewer wins or losses in the whole history nothing is chosen: the defaults hold."""
_MAX_LEADS = 20_000
_SHARES_OF_SPAN = (1.0, 0.5, 0.25)
_MIN_IN_FOLD = 5


@dataclass(frozen=True, slots=True)
class Trial:
    """One setting and how it did on later leads.

    Parameters
    ----------
    strength
        Strength of the penalty and weight of the prior rule.
    half_life
        Age at which a lead counts half, in the unit of the time; None: all count alike.
    log_loss
        Mean log loss over the leads of the later blocks, in nats.
    """

    strength: Strength
    half_life: float | None
    log_loss: float


@dataclass(frozen=True, slots=True)
class Choice:
    """The settings that did best on later leads, and all that were tried.

    Parameters
    ----------
    strength, half_life
        As in `Trial`.
    trials
        What was tried, in order; empty where the history was too small to choose.
    """

    strength: Strength
    half_life: float | None
    trials: tuple[Trial, ...] = ()

    @classmethod
    def rule_only(cls) -> Choice:
        """Return the settings of a scorecard that is its prior rule, with nothing learned."""
        return cls(Strength(), None)


@dataclass(frozen=True, slots=True, eq=False)
class WalkForward:
    """The training leads in time order, cut into a first part and later blocks, each predicted from what came before.

    Parameters
    ----------
    table, won, weight, time
        Raw values, outcomes (1 or 0), weights and times of n leads.
    features, missing_values, constraints, prior, max_bands
        As in `leadqual.scorecard.ScorecardClassifier`.
    progress
        Called with a step, what is done and what there is to do; or None.
    account
        Number of each lead's account, (n,); None: leads are independent.
    within
        How alike outcomes within an account are: each lead counts by how many leads its account has among those that
        are learned from.
    """

    table: pd.DataFrame
    won: Floats
    weight: Floats
    time: Floats
    features: Sequence[Feature]
    missing_values: tuple[str, ...]
    constraints: Sequence[Constraint] = ()
    prior: PointsTable | None = None
    max_bands: int = 6
    progress: Progress | None = None
    account: NDArray[np.int64] | None = None
    within: Correlation | None = None

    def counted(self, rows: NDArray[np.int64]) -> Floats:
        """Return how much each of some leads counts among them, whatever its age, (len(rows),)."""
        if self.account is None or self.within is None:
            return self.weight[rows]
        return np.asarray(self.weight[rows] * self.within.weights(self.account[rows]))

    def _worth(self, rows: NDArray[np.int64]) -> float:
        """Return how many independent leads some leads are worth, weights aside."""
        if self.account is None or self.within is None:
            return float(len(rows))
        return float(self.within.weights(self.account[rows]).sum())

    def choose(
        self, strengths: Sequence[float], prior_weights: Sequence[float], half_lives: Sequence[float] | None
    ) -> Choice:
        """Choose by log loss on later leads: first the strength, then the prior's weight, then the half-life.

        A half-life replaces an even memory only when it is better by more than two standard errors: on most histories
        forgetting hurts.

        Parameters
        ----------
        strengths, prior_weights
            What to try; the first is the default.
        half_lives
            What to try beside an even memory; None: the span of the time, a half and a quarter of it.
        """
        default = self.default(strengths, prior_weights).strength
        sparse = min(float(self.won.sum()), float((1 - self.won).sum())) < MIN_WINS
        if sparse:
            return Choice(default, None)
        if half_lives is None:
            span = float(self.time.max() - self.time.min())
            half_lives = [span * share for share in _SHARES_OF_SPAN] if span > 0 else []
        small = self._thinned()
        folds = list(small._folds())
        if not folds:
            return Choice(default, None)
        weights = prior_weights if self.prior is not None else prior_weights[:1]
        total = len(strengths) + len(weights) - 1 + len(half_lives)
        trials: list[Trial] = []
        losses: dict[tuple[Strength, float | None], Floats] = {}
        worth = sum(small._worth(later) for _, _, later in folds)

        def tried(strength: Strength, half_life: float | None) -> float:
            if (strength, half_life) not in losses:
                loss, mass = small._losses(folds, strength, half_life)
                losses[strength, half_life] = loss
                trials.append(Trial(strength, half_life, float(np.average(loss, weights=mass))))
                if self.progress is not None:
                    self.progress("choosing the strength on later leads", len(trials), total)
            return next(t.log_loss for t in trials if (t.strength, t.half_life) == (strength, half_life))

        best = min((replace(default, common=common) for common in strengths), key=lambda s: tried(s, None))
        best = min((replace(best, prior_weight=weight) for weight in weights), key=lambda s: tried(s, None))
        half_life = None
        for candidate in half_lives:
            tried(best, candidate)
            gain = losses[best, half_life] - losses[best, candidate]
            if float(gain.mean()) > 2 * float(gain.std(ddof=1)) / worth**0.5:
                half_life = candidate
        return Choice(best, half_life, tuple(trials))

    @staticmethod
    def default(strengths: Sequence[float], prior_weights: Sequence[float]) -> Choice:
        """Return the first of each, without trying any."""
        return Choice(Strength(strengths[0], prior_weights[0]), None)

    def points(self, choice: Choice, base_rate: float) -> Floats:
        """Return each later lead's points, (n,), from a scorecard of the leads before its block; NaN for the first.

        Each scorecard's own base rate is translated to ``base_rate``, so that 100 points mean the same in every block.
        """
        points = np.full(len(self.won), np.nan)
        folds = list(self._folds())
        for done, (rows, earlier, later) in enumerate(folds, start=1):
            with one_thread():
                logits = self._logits(rows, earlier, later, choice.strength, choice.half_life)
            points[later] = np.rint(100 + (logits - _logit(base_rate)) / UNIT)
            if self.progress is not None:
                self.progress("scoring each block of leads from those before it", done, len(folds))
        return points

    def _folds(self) -> Iterator[tuple[BandedRows, NDArray[np.int64], NDArray[np.int64]]]:
        try:
            folds = forward_folds(self.time)
        except EvidenceError:  # most leads stand at one time, such as an import day: there is no later block
            return
        for earlier, later in folds:
            wins = float(self.won[earlier].sum())
            if min(wins, len(earlier) - wins) < _MIN_IN_FOLD or len(later) == 0:
                continue
            rows = banded_rows(
                self.table.iloc[earlier],
                self.won[earlier],
                self.counted(earlier),
                self.features,
                self.missing_values,
                self.constraints,
                self.prior,
            )
            yield rows, earlier, later

    def _losses(
        self,
        folds: list[tuple[BandedRows, NDArray[np.int64], NDArray[np.int64]]],
        strength: Strength,
        half_life: float | None,
    ) -> tuple[Floats, Floats]:
        losses, masses = [], []
        for rows, earlier, later in folds:
            logits = self._logits(rows, earlier, later, strength, half_life)
            losses.append(log_odds_losses(self.won[later], logits))
            masses.append(self.counted(later))
        return np.concatenate(losses), np.concatenate(masses)

    def _logits(
        self,
        rows: BandedRows,
        earlier: NDArray[np.int64],
        later: NDArray[np.int64],
        strength: Strength,
        half_life: float | None,
    ) -> Floats:
        weight = self.counted(earlier) * recency(self.time[earlier], half_life)
        rows = replace(rows, weight=weight)
        table = points_table(
            fine_fit(rows, strength, self.constraints, self.max_bands), strength, self.constraints, self.missing_values
        )
        rate = float(weight @ rows.won) / float(weight.sum())
        points = lead_points(table, self.table.iloc[later])
        return np.asarray((points - 100) * UNIT + _logit(rate), dtype=np.float64)

    def _thinned(self) -> WalkForward:
        """Return every k-th lead in time, at most 20,000: a strength is found as well on them."""
        n = len(self.won)
        if n <= _MAX_LEADS:
            return self
        keep = np.argsort(self.time, kind="stable")[:: -(-n // _MAX_LEADS)]
        return replace(
            self,
            table=self.table.iloc[keep],
            won=self.won[keep],
            weight=self.weight[keep],
            time=self.time[keep],
            account=None if self.account is None else self.account[keep],
        )


def recency(time: Floats, half_life: float | None) -> Floats:
    """Return how much each lead counts by its age: 1 for the newest, 1/2 at the half-life.

    Examples
    --------
    >>> recency(np.array([0.0, 30.0, 60.0]), 30.0).tolist()
    [0.25, 0.5, 1.0]
    """
    if half_life is None:
        return np.ones(len(time))
    return np.asarray(0.5 ** ((time.max() - time) / half_life), dtype=np.float64)


def _logit(rate: float) -> float:
    return float(np.log(rate / (1 - rate)))
