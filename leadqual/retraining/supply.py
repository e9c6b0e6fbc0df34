"""How many leads come now, beside the capacity that was agreed."""

from __future__ import annotations

from leadqual.bundle import Policy
from leadqual.fact import Fact, fact
from leadqual.retraining.experience import Experience

__all__ = ["short_supply"]

_RECENT_DAYS = 91
_MIN_DAYS = 28


def short_supply(policy: Policy, experience: Experience) -> tuple[Fact, ...]:
    """Return a fact where no more leads come a week than sales can work; the policy stays as it was agreed.

    Parameters
    ----------
    policy
        What was agreed; nothing is returned where its capacity is a share.
    experience
        See `gather_experience`. Leads are counted over its last 13 weeks, or all of it; nothing is returned under 4
        weeks.
    """
    capacity = policy.capacity_per_week
    days = min(_RECENT_DAYS, experience.until)
    if capacity is None or days < _MIN_DAYS:
        return ()
    supply = len(experience.recent) * 7 / days
    if supply > capacity:
        return ()
    figures = {"capacity": capacity, "supply": supply, "weeks": round(days / 7)}
    if policy.capacity_share is None:
        return (fact("supply_below_capacity", **figures),)
    return (fact("supply_below_agreed_share", **figures, share=policy.capacity_share),)
