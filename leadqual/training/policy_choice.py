"""The policy of a trained bundle: by what sales can work, what a win is worth, or what can be promised."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from numpy.typing import ArrayLike

from leadqual.calibration import account_effect
from leadqual.errors import PolicyError
from leadqual.evaluation import CalibratedCard
from leadqual.fact import Fact, fact
from leadqual.thresholds import By, Capacity, LeadValue, PolicyChoice, Promise, certify_precision, choose, cut_tie

__all__ = ["EXPLORE", "PolicyAim", "chosen_policy"]

EXPLORE = 0.1
"""The share of what sales work that is drawn at random where nobody says otherwise; 5 to 10 % are usual."""


@dataclass(frozen=True, slots=True)
class PolicyAim:
    """What a policy is to go by, and what it is to be compared with.

    Parameters
    ----------
    capacity
        How many leads sales can work.
    value
        What a win is worth and a contact costs; None when nobody said.
    promise
        The win rate that marketing promises for SQLs, in (0, 1); None without a promise.
    by
        Which of them decides; None: the promise where there is one, else the value, else the capacity.
    explore
        Share of what sales work that is drawn at random, 0 to 1.

    Raises
    ------
    PolicyError
        When the promise or the part drawn at random is no share, or what is to decide is not given.

    Examples
    --------
    >>> PolicyAim(Capacity(per_week=50), promise=0.3).way
    'precision'
    """

    capacity: Capacity
    value: LeadValue | None = None
    promise: float | None = None
    by: By | None = None
    explore: float = EXPLORE

    def __post_init__(self) -> None:
        if not 0 <= self.explore <= 1:
            raise PolicyError(f"explore is {self.explore:g}, it must be from 0 to 1; pass 0.1 for 10% of capacity.")
        if self.promise is not None and not (math.isfinite(self.promise) and 0 < self.promise < 1):
            raise PolicyError(f"the promise is {self.promise:g}, it must be above 0 and below 1; pass 0.3 for 30%.")
        given = {"capacity": self.capacity, "value": self.value, "precision": self.promise, None: self.capacity}
        if self.by not in given:
            raise PolicyError(f"policy_by is {self.by!r}, it must be capacity, value or precision; choose one.")
        if given[self.by] is None:
            needs = {"value": "what a win is worth and a contact costs", "precision": "a promise"}
            raise PolicyError(
                f"policy_by is {self.by}, it needs {needs[str(self.by)]}; pass it, or choose another way."
            )

    @property
    def way(self) -> By:
        """What decides."""
        if self.by is not None:
            return self.by
        if self.promise is not None:
            return "precision"
        return "capacity" if self.value is None else "value"


def chosen_policy(
    aim: PolicyAim,
    calibrated: CalibratedCard,
    points: ArrayLike,
    *,
    leads_per_week: float | None,
) -> tuple[PolicyChoice, Promise | None, tuple[Fact, ...]]:
    """Choose the policy, beside the other ways that there is enough for.

    A promise is certified on the leads that the curve was learned on, whose points come from scorecards of earlier
    leads. Where it cannot be certified yet, the policy goes by value or capacity instead, and a fact says so.

    Parameters
    ----------
    aim
        What to go by.
    calibrated
        The scorecard, its curve, and the points and outcomes behind it.
    points
        Whole points of n leads like those to come.
    leads_per_week
        Their number a week; None when unknown.

    Returns
    -------
    PolicyChoice, Promise or None, tuple of Fact
        What was chosen; what was certified, or not; and what stood in the way.
    """
    promise = None
    if aim.promise is not None:
        worth = None
        if calibrated.account is not None:
            effect = account_effect(calibrated.points, calibrated.won, calibrated.account)
            worth = None if effect is None else 1 / effect
        promise = certify_precision(calibrated.points, calibrated.won, precision=aim.promise, weight=worth)
    way = aim.way
    doubts: tuple[Fact, ...] = ()
    if promise is not None and not promise.certified:
        doubts = (promise.reason,)
        if way == "precision":
            way = "capacity" if aim.value is None else "value"
            doubts = (fact("promise_until_then", why=promise.reason, way=way),)
    choice = choose(
        way,
        points=points,
        curve=calibrated.curve,
        base_rate=calibrated.card.base_rate_,
        capacity=aim.capacity,
        value=aim.value,
        promise=promise,
        leads_per_week=leads_per_week,
        reach=(calibrated.card.points_table_.lowest, calibrated.card.points_table_.highest),
    )
    tie = cut_tie(points, aim.capacity, leads_per_week) if way == "capacity" else None
    doubts = doubts if tie is None else (*doubts, tie)
    options = [replace(one, policy=replace(one.policy, explore=aim.explore)) for one in (choice.chosen, *choice.others)]
    return replace(choice, chosen=options[0], others=tuple(options[1:])), promise, doubts
