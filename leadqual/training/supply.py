"""How many leads come, beside how many sales can work."""

from __future__ import annotations

from datetime import date

import numpy as np

from leadqual.errors import PolicyError
from leadqual.leads import Outcomes
from leadqual.thresholds import Capacity

__all__ = ["capacity_share"]

_NEARLY_ALL = 0.8
_ALIKE = 0.1


def capacity_share(capacity: Capacity, outcomes: Outcomes) -> tuple[float, tuple[str, ...]]:
    """Return the share of leads that sales can work, and a warning where it is nearly all of them.

    How many leads come is measured over the last 13 weeks.

    Parameters
    ----------
    capacity
        What sales can work.
    outcomes
        The labelled history.

    Raises
    ------
    PolicyError
        When sales can work as many leads as come, or more, and it was not said that they work all; when the capacity
        is a number per week and how many come is unknown.
    """
    supply = outcomes.leads_per_week
    if capacity.per_week is None or supply is None:
        return capacity.share_of(supply), ()
    if capacity.per_week >= supply:
        raise PolicyError(
            f"capacity is {capacity.describe()}, but only {_described(outcomes, supply)}: every lead would be an SQL, "
            f"and nothing would be chosen; say less than {supply:.4g}/week, or all to work every lead and grade it by "
            "its probability."
        )
    share = capacity.share_of(supply)
    if share < _NEARLY_ALL:
        return share, ()
    note = (
        f"Sales can work {share:.0%} of the leads that come ({capacity.describe()}, and {_described(outcomes, supply)})"
        ": thresholds leave out hardly any lead, and a few leads less a week leave out none. Capacity all grades leads "
        "by their probability instead."
    )
    return share, (note,)


def _described(outcomes: Outcomes, supply: float) -> str:
    """Return how many leads come a week, and how many did over the whole history where that differs."""
    note = f"{supply:.4g} leads came a week in the last 13 weeks of the history"
    whole = _whole_history(outcomes)
    if whole is None or abs(whole - supply) <= _ALIKE * supply:
        return note
    return f"{note} ({whole:.4g} over all of it)"


def _whole_history(outcomes: Outcomes) -> float | None:
    """Return how many leads came a week from the first to the last lead; None without dates."""
    if outcomes.first_lead is None or outcomes.last_lead is None or outcomes.as_of is None:
        return None
    first, last, until = (date.fromisoformat(day) for day in (outcomes.first_lead, outcomes.last_lead, outcomes.as_of))
    after = float(np.datetime64(until, "D").astype(np.int64)) + 1
    came = int(np.sum(np.isfinite(outcomes.time) & (outcomes.time < after)))
    return came * 7 / ((last - first).days + 1)
