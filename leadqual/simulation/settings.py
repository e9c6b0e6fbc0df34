"""The knobs of the simulated CRM."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from leadqual.errors import LeadError

__all__ = ["SampleSettings"]

_WHOLE = {"leads": 1, "months": 1, "companies": 1, "owners": 1, "window_days": 1}
_RANGES = {
    "win_rate": (0.001, 0.5),
    "signal": (0.0, 5.0),
    "interaction": (-5.0, 5.0),
    "season": (0.0, 1.0),
    "drift": (-5.0, 5.0),
    "growth": (-1.9, 1.9),
    "median_days_to_win": (1.0, 1000.0),
    "days_spread": (0.05, 3.0),
    "never_closed": (0.0, 1.0),
    "worked_above": (0.0, 1.0),
    "worked_below": (0.0, 1.0),
    "unworked_odds": (0.001, 1.0),
    "mql_points": (-1000, 1000),
    "missing": (0.0, 0.3),
    "leak": (0.0, 10.0),
}


@dataclass(frozen=True, slots=True)
class SampleSettings:
    """What the simulated company is like; every effect on winning is in log-odds.

    No signal at all, for tests of refusing to learn: ``signal=0, season=0, drift=0, unworked_odds=1``.

    Parameters
    ----------
    leads
        How many leads the export holds.
    months
        How many calendar months the history covers; the export is made at the end of the last day.
    start
        The first day, ISO date.
    companies
        How many companies the leads come from. The leads of a company share its employees, industry and region.
    owners
        How many people work the leads.
    win_rate
        The mean of the true probabilities, 0.001 to 0.5: the share of leads that win within the window.
    window_days
        The window of the true probability, days.
    signal
        Multiplies every effect of a lead's fields on winning and on how long it takes, 0 to 5; at 0 the fields say
        nothing.
    interaction
        What an urgent need adds when a decision maker has it: the part that no points table can hold, multiplied by
        ``signal``.
    season
        0 to 1. Winning is this much easier in April and harder in October, and the number of leads swings through the
        year by this share of its mean.
    drift
        From the first to the last day the effect of the Webinar campaign falls by this much and that of Paid Search
        rises by it, and leads move from Trade Show to Webinar. 0: the world stands still.
    growth
        Leads per day on the last day less those on the first, as a share of the mean; -1.9 to 1.9.
    median_days_to_win
        Days from creation to a win, median for a company of 80 employees; larger companies take longer.
    days_spread
        Standard deviation of the logarithm of the days to win.
    never_closed
        The share of worked leads that do not win and that nobody ever closes as lost (twice that, at most 1, for
        unworked leads).
    worked_above, worked_below
        The probability that sales works a lead with at least ``mql_points`` by the old rule, and with fewer.
    unworked_odds
        An unworked lead has this multiple of the odds of winning that it would have had if worked, 0.001 to 1.
    mql_points
        The old rule's threshold for an MQL.
    missing
        About the share of missing values among the fields that people fill in, 0 to 0.3; the budget is missing more
        often, the rest less. Leads that only sign up for the newsletter state their need less often.
    leak
        How strongly `Calls Logged` gives the outcome away, 0 to 10: a won lead gets 6 times this many further calls on
        average, after it has won. 0: it tells the effort of sales only.

    Raises
    ------
    LeadError
        When a knob is out of its range.
    """

    leads: int = 20_000
    months: int = 24
    start: str = "2024-01-01"
    companies: int = 6_000
    owners: int = 12
    win_rate: float = 0.10
    window_days: int = 90
    signal: float = 1.0
    interaction: float = 0.4
    season: float = 0.25
    drift: float = 0.5
    growth: float = 0.3
    median_days_to_win: float = 30.0
    days_spread: float = 0.8
    never_closed: float = 0.15
    worked_above: float = 0.95
    worked_below: float = 0.35
    unworked_odds: float = 0.35
    mql_points: int = 30
    missing: float = 0.12
    leak: float = 1.0

    def __post_init__(self) -> None:
        for name, least in _WHOLE.items():
            value = getattr(self, name)
            if not isinstance(value, int) or isinstance(value, bool) or value < least:
                raise LeadError(f"{name} is {value!r}, it must be a whole number from {least}; choose one.")
        for name, (low, high) in _RANGES.items():
            value = getattr(self, name)
            if not isinstance(value, (int, float)) or not math.isfinite(value) or not low <= value <= high:
                raise LeadError(f"{name} is {value!r}, it must be a number from {low} to {high}; choose one.")
        try:
            date.fromisoformat(self.start)
        except (TypeError, ValueError):
            raise LeadError(f"start is {self.start!r}, it must be an ISO date such as 2024-01-01.") from None
