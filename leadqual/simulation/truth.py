"""What makes a simulated lead win: the truth that the export does not show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, ndtr

from leadqual.errors import LeadError
from leadqual.simulation.leads import SimulatedLeads
from leadqual.simulation.settings import SampleSettings

__all__ = ["EFFECTS", "NEVER", "SimulatedOutcomes", "Truth", "draw_outcomes", "find_truth"]

NEVER = np.iinfo(np.int64).max

# Log-odds of a win, beside the average lead, of each category.
EFFECTS: dict[str, dict[str, float]] = {
    "Campaign": {
        "Paid Search": -0.2,
        "Organic Search": 0.1,
        "Webinar": 0.2,
        "Content Download": -0.3,
        "Trade Show": -0.5,
        "Referral": 0.8,
        "Partner": 0.5,
        "Bought List": -1.0,
    },
    "Need": {"None stated": -0.9, "Exploring": -0.4, "Planned": 0.3, "Urgent": 1.1},
    "Intent": {
        "Newsletter signup": -0.9,
        "Whitepaper": -0.4,
        "Contact form": 0.1,
        "Pricing question": 0.6,
        "Demo request": 1.0,
    },
    "Decision Role": {"Decision maker": 0.6, "Recommender": 0.25, "User": -0.2, "Student": -1.6},
    "Industry": {
        "Software": 0.4,
        "Manufacturing": 0.25,
        "Retail": -0.2,
        "Finance": 0.1,
        "Healthcare": 0.0,
        "Logistics": 0.15,
        "Education": -0.5,
        "Public Sector": -0.6,
    },
    "Region": {
        "North America": 0.0,
        "Western Europe": 0.1,
        "Eastern Europe": -0.05,
        "Asia Pacific": 0.0,
        "Latin America": -0.1,
        "Africa": -0.1,
    },
    "Business Email": {"Yes": 0.25, "No": -0.35},
    "Phone Given": {"Yes": 0.3, "No": -0.15},
}
_SLOWER_WHEN_LARGE = 0.15  # added to the log of the days to win when the employees are e times as many
_MAX_LIKELY_EMPLOYEES = 250
_MEDIAN_DAYS_TO_LOSE, _SPREAD_TO_LOSE = 40, 0.9


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What is true of n leads when they are created.

    Parameters
    ----------
    probability
        Of winning within the window, before anybody knows whether sales will work the lead, float64 (n,): what the
        best score could say.
    if_worked
        The same when sales works it, float64 (n,).
    worked_share
        The probability that sales works it, float64 (n,).
    ever_worked, ever_unworked
        Of ever winning, worked or not, float64 (n,).
    log_days
        Mean of the logarithm of the days to win, float64 (n,).
    """

    probability: NDArray[np.float64]
    if_worked: NDArray[np.float64]
    worked_share: NDArray[np.float64]
    ever_worked: NDArray[np.float64]
    ever_unworked: NDArray[np.float64]
    log_days: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedOutcomes:
    """What became of n leads, whenever that was.

    Parameters
    ----------
    worked
        True where sales worked the lead, bool (n,).
    won
        True where the lead wins some day, bool (n,).
    closed
        Day of closing, whole days since 1970-01-01, `NEVER` where nobody ever closes the lead, int64 (n,).
    """

    worked: NDArray[np.bool_]
    won: NDArray[np.bool_]
    closed: NDArray[np.int64]


def find_truth(settings: SampleSettings, leads: SimulatedLeads, old_points: NDArray[np.int64]) -> Truth:
    """Return the true probabilities of n leads.

    The log-odds of ever winning are additive in the fields, plus one interaction, season and drift; the intercept is
    set so that the mean probability within the window is ``settings.win_rate``. Days to a win are log-normal.

    Parameters
    ----------
    settings
        The knobs.
    leads
        The leads as they really are.
    old_points
        Their points by the old rule, int64 (n,), on which the effort of sales depends.
    """
    effect = _effect(settings, leads)
    larger = np.log(leads.fields["Employees"]) - np.log(80)
    log_days = np.log(settings.median_days_to_win) + settings.signal * _SLOWER_WHEN_LARGE * larger
    in_time = ndtr((np.log(settings.window_days) - log_days) / settings.days_spread)
    share = np.where(old_points >= settings.mql_points, settings.worked_above, settings.worked_below)
    less = np.log(settings.unworked_odds)

    def probability(intercept: float) -> NDArray[np.float64]:
        worked, unworked = expit(intercept + effect), expit(intercept + effect + less)
        mixed: NDArray[np.float64] = in_time * (share * worked + (1 - share) * unworked)
        return mixed

    intercept = _intercept(settings.win_rate, probability)
    worked = expit(intercept + effect)
    return Truth(
        probability=probability(intercept),
        if_worked=in_time * worked,
        worked_share=share,
        ever_worked=worked,
        ever_unworked=expit(intercept + effect + less),
        log_days=log_days,
    )


def draw_outcomes(
    settings: SampleSettings, leads: SimulatedLeads, truth: Truth, random: np.random.Generator
) -> SimulatedOutcomes:
    """Draw who is worked, who wins, and when each lead closes."""
    size = settings.leads
    worked = random.random(size) < truth.worked_share
    won = random.random(size) < np.where(worked, truth.ever_worked, truth.ever_unworked)
    to_win = np.exp(truth.log_days + settings.days_spread * random.normal(size=size))
    to_lose = np.exp(np.log(_MEDIAN_DAYS_TO_LOSE) + _SPREAD_TO_LOSE * random.normal(size=size))
    forgotten = random.random(size) < np.minimum(1.0, settings.never_closed * np.where(worked, 1, 2))
    # Rounding up makes "within 90 days" the same event in whole days as in the probability.
    days = np.minimum(np.ceil(np.where(won, to_win, to_lose)), 1e6).astype(np.int64)
    return SimulatedOutcomes(worked, won, np.where(~won & forgotten, NEVER, leads.day + days))


def _effect(settings: SampleSettings, leads: SimulatedLeads) -> NDArray[np.float64]:
    fields = leads.fields
    effect = np.zeros(settings.leads)
    for name, worth in EFFECTS.items():
        effect += _look_up(worth, fields[name])
    effect += 0.35 * np.tanh((np.log(fields["Budget"]) - np.log(20_000)) / 1.0)
    effect += -0.25 * np.minimum(4.0, (np.log(fields["Employees"] / _MAX_LIKELY_EMPLOYEES) / 1.5) ** 2)
    effect += 0.5 * np.log1p(np.minimum(fields["Visits"], 12)) - 0.6
    effect += settings.interaction * ((fields["Need"] == "Urgent") & (fields["Decision Role"] == "Decision maker"))
    effect *= settings.signal
    moved = settings.drift * (leads.elapsed - 0.5)
    effect += moved * ((fields["Campaign"] == "Paid Search").astype(float) - (fields["Campaign"] == "Webinar"))
    april = 0.27  # of the year: the height of the season
    effect += settings.season * np.cos(2 * np.pi * (leads.day / 365.25 - april))
    return effect


def _look_up(worth: dict[str, float], values: NDArray) -> NDArray[np.float64]:
    found = np.zeros(len(values))
    for value, log_odds in worth.items():
        found[values == value] = log_odds
    return found


def _intercept(win_rate: float, probability: Callable[[float], NDArray[np.float64]]) -> float:
    """Find by bisection the intercept that gives the mean probability."""
    low, high = -30.0, 30.0
    most = float(probability(high).mean())
    if most <= win_rate:
        raise LeadError(
            f"win_rate is {win_rate}, with these settings at most {most:.3f} of the leads can win within the window; "
            "lower it, or let leads win faster (median_days_to_win) or sales work more of them (worked_below)."
        )
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if probability(middle).mean() < win_rate else (low, middle)
    return (low + high) / 2
