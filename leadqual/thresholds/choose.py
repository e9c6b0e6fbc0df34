"""Three ways to choose a policy, side by side: what each gives, and what it gives up against the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from leadqual.bundle import Policy, ProbabilityCurve
from leadqual.errors import PolicyError
from leadqual.fact import Fact, fact
from leadqual.thresholds.capacity import Capacity
from leadqual.thresholds.grades import FOLLOW_UP_HOURS, read_points
from leadqual.thresholds.policy import policy_at, policy_from_capacity
from leadqual.thresholds.promise import Promise
from leadqual.thresholds.value import LeadValue, worthwhile_points

__all__ = ["By", "PolicyChoice", "PolicyOption", "choose"]

By = Literal["capacity", "value", "precision"]


@dataclass(frozen=True, slots=True)
class PolicyOption:
    """One way to choose, and what to expect of it.

    Parameters
    ----------
    by
        ``"capacity"``, ``"value"`` or ``"precision"``.
    policy
        The policy.
    share
        Share of leads that are SQL.
    per_week
        SQLs per week; None where the volume is unknown.
    wins_found
        Expected share of all wins among the SQLs.
    precision
        Expected win rate of the SQLs; None where there are none.
    value_per_lead
        Expected money per lead, worked or not, when exactly the SQLs are worked; None without a `LeadValue`.
    """

    by: By
    policy: Policy
    share: float
    per_week: float | None
    wins_found: float
    precision: float | None
    value_per_lead: float | None


@dataclass(frozen=True, slots=True)
class PolicyChoice:
    """The policy that was chosen, beside the others.

    Parameters
    ----------
    chosen
        What was asked for.
    others
        The other ways for which there was what they need.
    gives_up
        What the chosen one gives up, or gains, against each other way.
    """

    chosen: PolicyOption
    others: tuple[PolicyOption, ...]
    gives_up: tuple[tuple[Fact, ...], ...]


def choose(
    by: By,
    *,
    points: ArrayLike,
    curve: ProbabilityCurve,
    base_rate: float,
    capacity: Capacity | None = None,
    value: LeadValue | None = None,
    promise: Promise | None = None,
    leads_per_week: float | None = None,
    follow_up_hours: Sequence[float | None] = FOLLOW_UP_HOURS,
    reach: tuple[int, int] | None = None,
) -> PolicyChoice:
    """Choose a policy by what sales can work, what a win is worth, or what was promised.

    - ``"capacity"``: as many SQLs as sales can work.
    - ``"value"``: every lead whose expected value is not below the cost of a contact.
    - ``"precision"``: every lead at or above the threshold that is certified to keep the promise.

    Parameters
    ----------
    by
        Which way.
    points
        Whole points of n leads like those to come.
    curve, base_rate
        Their calibrated probabilities, and the win rate over all leads.
    capacity, value, promise
        What each way needs; a way without it is not compared.
    leads_per_week, follow_up_hours, reach
        As in `leadqual.thresholds.policy_from_capacity`.

    Raises
    ------
    PolicyError
        When the way asked for lacks what it needs, or the promise is not certified.

    Examples
    --------
    >>> curve = ProbabilityCurve(90, (0.1, 0.3), (0.0, 0.2), (0.2, 0.4), 0.95, "none", "", 100, 20)
    >>> made = choose("value", points=[90] * 8 + [91] * 2, curve=curve, base_rate=0.14, value=LeadValue(1000, 200),
    ...               capacity=Capacity(share=0.5))
    >>> made.chosen.policy.sql_points, made.chosen.value_per_lead
    (91, 20.0)
    """
    whole = read_points(points)
    probability = np.array([curve.at(int(at))[0] for at in whole])
    policies = _policies(whole, curve, base_rate, capacity, value, promise, leads_per_week, follow_up_hours, reach)
    if by not in policies:
        raise PolicyError(_lacking(by, promise))
    options = {way: _option(way, policy, whole, probability, value, leads_per_week) for way, policy in policies.items()}
    chosen = options.pop(by)
    others = tuple(options.values())
    return PolicyChoice(chosen, others, tuple(_against(chosen, other) for other in others))


def _policies(
    points: np.ndarray,
    curve: ProbabilityCurve,
    base_rate: float,
    capacity: Capacity | None,
    value: LeadValue | None,
    promise: Promise | None,
    leads_per_week: float | None,
    follow_up_hours: Sequence[float | None],
    reach: tuple[int, int] | None,
) -> dict[By, Policy]:
    made: dict[By, Policy] = {}
    if capacity is not None:
        made["capacity"] = policy_from_capacity(
            points,
            curve=curve,
            base_rate=base_rate,
            capacity=capacity,
            leads_per_week=leads_per_week,
            follow_up_hours=follow_up_hours,
            reach=reach,
        )
    thresholds: dict[By, tuple[int, Fact]] = {}
    if value is not None:
        sql = worthwhile_points(curve, value, points)
        contact, win = float(value.per_contact), float(value.per_win)
        why = fact("policy_value", contact=contact, win=win, probability=round(value.break_even, 6))
        thresholds["value"] = (sql, why)
    if promise is not None and promise.points is not None:
        thresholds["precision"] = (promise.points, promise.reason)
    for way, (sql, why) in thresholds.items():
        made[way] = policy_at(
            sql,
            points=points,
            curve=curve,
            base_rate=base_rate,
            why=(why,),
            leads_per_week=leads_per_week,
            follow_up_hours=follow_up_hours,
        )
    return made


def _lacking(by: str, promise: Promise | None) -> str:
    if by == "precision" and promise is not None:
        lacking = "more outcomes" if promise.more_outcomes or not promise.tested else "fields that say more"
        about = f"about {promise.more_outcomes:,} " if promise.more_outcomes else ""
        return (
            f"a win rate of {promise.precision:.1%} or more is not certified with {promise.confidence:.0%} confidence, "
            f"it needs {about}{lacking}; choose by capacity or value until then."
        )
    needs = {"capacity": "a Capacity", "value": "a LeadValue", "precision": "a Promise from certify_precision"}
    if by not in needs:
        return f"by is {by!r}, it must be one of {', '.join(needs)}; choose one."
    return f"a policy by {by} got nothing to go by, it needs {needs[by]}; pass it."


def _option(
    by: By,
    policy: Policy,
    points: np.ndarray,
    probability: np.ndarray,
    value: LeadValue | None,
    leads_per_week: float | None,
) -> PolicyOption:
    selected = points >= policy.sql_points
    share = float(selected.mean())
    return PolicyOption(
        by=by,
        policy=policy,
        share=share,
        per_week=None if leads_per_week is None else share * leads_per_week,
        wins_found=float(probability[selected].sum() / probability.sum()),
        precision=float(probability[selected].mean()) if selected.any() else None,
        value_per_lead=None if value is None else round(float(value.of(probability)[selected].sum()) / len(points), 6),
    )


def _against(chosen: PolicyOption, other: PolicyOption) -> tuple[Fact, ...]:
    found = [
        fact(
            "choice_shares",
            by=chosen.by,
            other=other.by,
            share=chosen.share,
            other_share=other.share,
            wins=chosen.wins_found,
            other_wins=other.wins_found,
        )
    ]
    if chosen.precision is not None and other.precision is not None:
        found.append(fact("choice_win_rates", rate=chosen.precision, other_rate=other.precision))
    if chosen.value_per_lead is not None and other.value_per_lead is not None:
        found.append(fact("choice_values", value=chosen.value_per_lead, other_value=other.value_per_lead))
    return tuple(found)
