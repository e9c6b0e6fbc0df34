"""Deadlines: by when each lead was to be worked, in working time where a seller had it, by the clock elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle import Policy
from leadqual.feedback.events import instant
from leadqual.feedback.history import moment
from leadqual.handoff import Episode

__all__ = ["Deadlines"]

_HOUR = 3_600_000_000  # microseconds


class Deadlines:
    """The deadlines of a policy and of what was given to sellers.

    Parameters
    ----------
    policy
        Its hours count, by the clock from the score, for leads without a seller.
    episodes
        The leads that were given to sellers; the first episode of each counts, as a history holds that.

    Examples
    --------
    See ``tests/meetings/test_deadlines.py``.
    """

    def __init__(self, policy: Policy, episodes: Sequence[Episode] = ()) -> None:
        self._hours = {grade.name: grade.follow_up_hours for grade in policy.grades}
        given = [one for one in episodes if one.number == 1 and one.due]
        self._given = {one.lead: (instant(one.assigned), moment(one.due).to_datetime64()) for one in given}

    def of(self, history: pd.DataFrame, *, as_of: str) -> NDArray[np.datetime64]:
        """Return the deadline of each lead, in UTC, (n,); NaT where there is none.

        Parameters
        ----------
        history
            See `leadqual.feedback.feedback_history`, n leads.
        as_of
            Leads given later than that (ISO 8601) have their deadline by the clock.
        """
        hours = np.asarray(history["grade"].map(self._hours), dtype=np.float64)
        timed = np.isfinite(hours)
        spans = (np.where(timed, hours, 0.0) * _HOUR).astype("timedelta64[us]")
        scored = history["scored_at"].to_numpy().astype("datetime64[us]")
        found = np.where(timed, scored + spans, np.datetime64("NaT", "us"))
        now = instant(as_of)
        for place, lead in enumerate(history["lead"]) if self._given else ():
            assigned, due = self._given.get(lead, ("", None))
            if due is not None and assigned <= now:
                found[place] = due
        return found

    def by_team(self, leads: pd.DataFrame) -> int:
        """Return how many of some leads have a deadline in working time."""
        return int(leads["lead"].isin(self._given).sum())
