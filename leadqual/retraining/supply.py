"""How many leads come now, beside the capacity that was agreed."""

from __future__ import annotations

from leadqual.bundle import Policy
from leadqual.retraining.experience import Experience

__all__ = ["short_supply"]

_RECENT_DAYS = 91
_FEWEST_DAYS = 28


def short_supply(policy: Policy, experience: Experience) -> tuple[str, ...]:
    """Return a sentence where no more leads come a week than sales can work; the policy stays as it was agreed.

    Parameters
    ----------
    policy
        What was agreed; nothing is said where its capacity is a share.
    experience
        See `gather_experience`. Leads are counted over its last 13 weeks, or all of it; nothing is said under 4 weeks.
    """
    capacity = policy.capacity_per_week
    days = min(_RECENT_DAYS, experience.until)
    if capacity is None or days < _FEWEST_DAYS:
        return ()
    supply = len(experience.recent) * 7 / days
    if supply > capacity:
        return ()
    agreed = "" if policy.capacity_share is None else f" ({policy.capacity_share:.0%} of those that came then)"
    said = (
        f"Sales can work {capacity:g} leads a week{agreed}, but only {supply:.3g} a week were scored in the last "
        f"{days / 7:.0f} weeks. The agreed thresholds stay; agree on a smaller capacity, or on all, which grades every "
        "lead by its probability."
    )
    return (said,)
