"""A history of leads, and the scorecard with its curve that is learned from any part of it.

Training, the test on later leads and every step of walking forward learn in this one way, so that what is judged is
what is deployed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadqual.bundle import PointsTable, ProbabilityCurve
from leadqual.calibration import Following, fit_curve, follow_recent, read_follow_up
from leadqual.errors import EvidenceError
from leadqual.evaluation.signal import Signal, signal
from leadqual.leads import Leads, Outcomes
from leadqual.leads.accounts import account_numbers
from leadqual.leads.choices import expanded_leads
from leadqual.scorecard import Choice, Constraint, ScorecardClassifier, WalkForward
from leadqual.scorecard.choices import constraints_on_choices
from leadqual.scorecard.rows import read_as_leads

__all__ = ["CalibratedCard", "History", "probabilities"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Progress = Callable[[str, int, int], None]

_MIN_LATER = 20
_STRETCHES = 8
_CALIBRATED_ON_THE_SAME = (
    "Too few outcomes to calibrate on later leads; the probabilities rest on the leads that the points were fitted to, "
    "and lean on the prior rule."
)


@dataclass(frozen=True, slots=True, eq=False)
class CalibratedCard:
    """A scorecard, what its points mean, and whether they say anything.

    Parameters
    ----------
    card
        The scorecard.
    curve
        From points to probability.
    points, won
        Whole points and outcomes of the m leads that the curve was learned on; their points come from scorecards of
        earlier leads, (m,).
    signal
        Whether these points rank won leads higher.
    warnings
        What the curve cannot promise.
    following
        Whether the curve follows leads whose window has not passed, and why; None where it could not: without such
        leads, without closing dates, or without the day up to which things were known.
    account
        Number of each lead's account, (m,); None where leads are taken as independent.
    """

    card: ScorecardClassifier
    curve: ProbabilityCurve
    points: Rows
    won: Floats
    signal: Signal
    warnings: tuple[str, ...] = ()
    following: Following | None = None
    account: Rows | None = None


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """Leads with their outcomes, and the demands on every scorecard that is fitted to some of them.

    Parameters
    ----------
    leads, outcomes
        The leads and their labels, in the same order. Lists of choices are turned into their yes/no fields at once for
        the whole history, by how often a choice occurs and no outcome: each part is scored by the same fields.
    constraints, prior
        As in `leadqual.scorecard.ScorecardClassifier`; the prior rule reads values as the schema says.
    seed
        Seed of whatever is random.
    progress
        Called with a step, what is done and what there is to do; or None.
    """

    leads: Leads
    outcomes: Outcomes
    constraints: tuple[Constraint, ...] = ()
    prior: PointsTable | None = None
    seed: int = 0
    progress: Progress | None = None

    def __post_init__(self) -> None:
        named = {constraint.field for constraint in self.constraints}.union(self.prior.names if self.prior else ())
        object.__setattr__(self, "leads", expanded_leads(self.leads, named=named))
        mine = constraints_on_choices(self.constraints, self.leads.schema.features)
        object.__setattr__(self, "constraints", mine)
        if self.prior is not None:
            schema = self.leads.schema
            object.__setattr__(self, "prior", read_as_leads(self.prior, schema.features, schema.missing_values))

    @property
    def account(self) -> Rows | None:
        """Number of each lead's account, (n,); None where the schema names none."""
        schema = self.leads.schema
        if schema.account is None or schema.account not in self.leads.table:
            return None
        return account_numbers(self.leads.table[schema.account], schema.missing_values)

    def scorecard(self, rows: Rows, choice: Choice | None = None) -> ScorecardClassifier:
        """Fit a scorecard to some leads, with settings chosen among them or taken from ``choice``."""
        settings: dict[str, Any] = {}
        if choice is not None:
            settings = {
                "strength": choice.strength.common,
                "prior_weight": choice.strength.prior_weight,
                "half_life": choice.half_life,
            }
        card = ScorecardClassifier(
            self.leads.schema.scored,
            constraints=self.constraints,
            prior=self.prior,
            missing_values=self.leads.schema.missing_values,
            random_state=self.seed,
            **settings,
        )
        return card.fit(
            self.leads.table.iloc[rows],
            self.outcomes.label[rows],
            created_at=self.outcomes.time[rows],
            account=None if (account := self.account) is None else account[rows],
            progress=self.progress,
        )

    def calibrated(self, rows: Rows, card: ScorecardClassifier, *, until: float | None = None) -> CalibratedCard:
        """Learn what points mean on leads whose points come from scorecards that only knew earlier ones.

        Where younger leads make it predict better, and there are dates to see it by, the curve uses them too; see
        `leadqual.calibration.follow_recent`.

        Parameters
        ----------
        rows
            The leads that the card was fitted to.
        card
            The card.
        until
            The last day, since 1970-01-01, of which anything is known; None: only the outcomes of ``rows`` are.

        Raises
        ------
        EvidenceError
            When fewer than 20 leads could be scored so.
        """
        won, time, every = self.outcomes.label[rows], self.outcomes.time[rows], self.account
        account = None if every is None else every[rows]
        walk = WalkForward(
            self.leads.table.iloc[rows].reset_index(drop=True),
            won,
            np.ones(len(rows)),
            time,
            self.leads.schema.scored,
            self.leads.schema.missing_values,
            self.constraints,
            self.prior,
            progress=self.progress,
            account=account,
            within=card.correlation_,
        )
        points = walk.points(card.choice_, card.base_rate_)
        later = np.flatnonzero(~np.isnan(points))
        warnings: tuple[str, ...] = ()
        if self.prior is not None and len(np.unique(won[later])) < 2:
            # Too few outcomes to walk forward: the points are the rule's, which was not learned from these leads.
            points, later = card.points(self.leads.table.iloc[rows]).astype(np.float64), np.arange(len(rows))
            warnings = (_CALIBRATED_ON_THE_SAME,)
        if len(later) < _MIN_LATER:
            raise EvidenceError(
                f"{len(later)} leads could be scored by a scorecard of earlier ones, {_MIN_LATER} "
                f"are needed to calibrate; "
                f"the history has {int(won.sum())} wins in {len(won)} leads, and a scorecard needs 5 wins and 5 losses "
                "before the leads it scores; wait for more outcomes, or pass today's rule as prior."
            )
        of_later = None if account is None else account[later]
        curve = fit_curve(
            points[later],
            won[later],
            base_rate=card.base_rate_,
            time=time[later],
            account=of_later,
            points_to_double_odds=card.points_table_.points_to_double_odds,
        )
        following = self._following(curve, card, rows[later], points[later], until)
        return CalibratedCard(
            card=card,
            curve=curve if following is None else following.curve,
            points=points[later].astype(np.int64),
            won=won[later],
            signal=signal(won[later], points[later], _blocks(time[later]), account=of_later),
            warnings=warnings,
            following=following,
            account=of_later,
        )

    def _following(
        self, curve: ProbabilityCurve, card: ScorecardClassifier, rows: Rows, points: Floats, until: float | None
    ) -> Following | None:
        """Let the curve follow leads whose window had not passed on a day; the card has seen none of their outcomes."""
        outcomes = self.outcomes
        if until is None or outcomes.won_after is None or outcomes.window_days is None:
            return None
        day = np.floor(outcomes.time)
        young = np.flatnonzero((day <= until) & (day + outcomes.window_days > until))
        # in a short history the card was fitted to some of them all the same
        young = np.setdiff1d(young, np.flatnonzero(outcomes.mature & (outcomes.time <= outcomes.time[rows].max())))
        if len(young) == 0:
            return None
        every = np.concatenate((rows, young))
        account = self.account
        seen = read_follow_up(
            np.concatenate((points, card.points(self.leads.table.iloc[young]))),
            day[every],
            outcomes.won_after[every],
            until=until,
            window_days=outcomes.window_days,
            weight=None
            if account is None or card.correlation_ is None
            else card.correlation_.weights(account[every], upper=True),
        )
        return follow_recent(
            curve,
            seen,
            base_rate=card.base_rate_,
            points_to_double_odds=card.points_table_.points_to_double_odds,
        )


def _blocks(time: Floats) -> NDArray[np.int64]:
    """Return eight stretches of time of equal numbers of leads, within which leads are compared."""
    return np.asarray(np.searchsorted(np.sort(time), time, side="left") * _STRETCHES // len(time), dtype=np.int64)


def probabilities(curve: ProbabilityCurve, points: ArrayLike) -> Floats:
    """Return the curve's probability at each lead's whole points, (n,).

    Examples
    --------
    >>> curve = fit_curve([90, 110] * 50, [0, 1, 0, 0] * 25, base_rate=0.25)
    >>> probabilities(curve, [90, 110])[0] < probabilities(curve, [90, 110])[1]
    np.True_
    """
    entries = np.clip(np.asarray(points, dtype=np.int64) - curve.first_points, 0, len(curve.probability) - 1)
    return np.asarray(curve.probability, dtype=np.float64)[entries]
