"""The simulated leads as they really are, before the CRM loses and misspells some of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leadqual.simulation.settings import SampleSettings

__all__ = ["CAMPAIGNS", "SimulatedLeads", "draw_leads", "first_and_last_day"]

# Share at the middle of the history, and how much more or less interested the leads of the campaign are.
CAMPAIGNS = {
    "Paid Search": (0.24, 0.0),
    "Organic Search": (0.18, 0.1),
    "Webinar": (0.14, 0.2),
    "Content Download": (0.14, -0.2),
    "Trade Show": (0.10, -0.1),
    "Referral": (0.07, 0.5),
    "Partner": (0.07, 0.3),
    "Bought List": (0.06, -0.8),
}
_NEEDS = ("None stated", "Exploring", "Planned", "Urgent")
_NEED_CUTS = (-0.85, 0.25, 1.15)
_INTENTS = ("Newsletter signup", "Whitepaper", "Contact form", "Pricing question", "Demo request")
_INTENT_CUTS = (-0.75, 0.1, 0.8, 1.3)
_ROLES = {"Decision maker": 0.22, "Recommender": 0.33, "User": 0.35, "Student": 0.10}
_INDUSTRIES = {
    "Software": 0.20,
    "Manufacturing": 0.18,
    "Retail": 0.14,
    "Finance": 0.12,
    "Healthcare": 0.12,
    "Logistics": 0.10,
    "Education": 0.08,
    "Public Sector": 0.06,
}
_REGIONS = {
    "North America": 0.34,
    "Western Europe": 0.27,
    "Eastern Europe": 0.12,
    "Asia Pacific": 0.15,
    "Latin America": 0.08,
    "Africa": 0.04,
}
_WEEKDAYS = (1.1, 1.15, 1.1, 1.0, 0.85, 0.25, 0.2)  # leads on Monday ... Sunday beside the mean weekday
_SECONDS_A_DAY = 86_400


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedLeads:
    """n leads in the order of their creation.

    Parameters
    ----------
    day
        Day of creation, whole days since 1970-01-01, int64 (n,).
    second
        Second of that day, int64 (n,).
    elapsed
        Share of the history that had passed, 0 to 1, float64 (n,).
    company
        Number of the company, int64 (n,).
    fields
        The true value of each field, text or numbers, (n,).
    """

    day: NDArray[np.int64]
    second: NDArray[np.int64]
    elapsed: NDArray[np.float64]
    company: NDArray[np.int64]
    fields: dict[str, NDArray]


def first_and_last_day(settings: SampleSettings) -> tuple[int, int]:
    """Return the first and last day of the history, whole days since 1970-01-01."""
    start = np.datetime64(settings.start, "D")
    month = start.astype("datetime64[M]")
    end = (month + settings.months).astype("datetime64[D]") + (start - month.astype("datetime64[D]"))
    return int(start.astype(np.int64)), int(end.astype(np.int64)) - 1


def draw_leads(settings: SampleSettings, random: np.random.Generator) -> SimulatedLeads:
    """Draw the leads: when they come, from which company and campaign, and what is true of them.

    A hidden interest of each lead correlates need, intent and visits, so that the fields
    repeat each other as they do in life.
    """
    size = settings.leads
    day, second, elapsed = _creation(settings, random)
    campaign = _campaign(settings, elapsed, random)
    shifts = np.array([shift for _, shift in CAMPAIGNS.values()])
    interest = random.normal(size=size) + shifts[campaign]
    company = (settings.companies * random.random(size) ** 1.5).astype(np.int64)  # some companies send many leads
    employees = np.maximum(1, np.rint(np.exp(random.normal(np.log(80), 1.5, settings.companies)))).astype(np.int64)
    industry = _choice(_INDUSTRIES, settings.companies, random)
    region = _choice(_REGIONS, settings.companies, random)
    role = _choice(_ROLES, size, random)
    visits = random.poisson(random.gamma(1.5, 2 * np.exp(0.4 * interest)))
    minutes = np.rint(10 * visits * np.exp(random.normal(0.8, 0.6, size))) / 10
    log_budget = np.log(20_000) + 0.25 * (np.log(employees[company]) - np.log(80)) + 0.9 * random.normal(size=size)
    fields: dict[str, NDArray] = {
        "Campaign": np.array(list(CAMPAIGNS), dtype=object)[campaign],
        "Need": _level(_NEEDS, _NEED_CUTS, interest, random),
        "Intent": _level(_INTENTS, _INTENT_CUTS, interest, random),
        "Budget": np.maximum(500, 500 * np.rint(np.exp(log_budget) / 500)).astype(np.int64),
        "Decision Role": role,
        "Employees": employees[company],
        "Industry": industry[company],
        "Region": region[company],
        "Visits": visits,
        "Minutes on Site": minutes,
        "Business Email": _yes(np.where(role == "Student", 0.1, 0.75), random),
        "Phone Given": _yes(0.2 + 0.3 * (interest > 0), random),
        "Newsletter": _yes(np.full(size, 0.4), random),
    }
    return SimulatedLeads(day, second, elapsed, company, fields)


def _creation(
    settings: SampleSettings, random: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    first, last = first_and_last_day(settings)
    days = np.arange(first, last + 1)
    elapsed = (days - first) / max(last - first, 1)
    weekday = np.array(_WEEKDAYS)[(days + 3) % 7]  # 1970-01-01 was a Thursday
    swing = 1 + settings.season * np.cos(2 * np.pi * (days / 365.25 - 0.1))
    weight = np.maximum(1e-6, weekday * (1 + settings.growth * (elapsed - 0.5)) * np.maximum(0.0, swing))
    place = np.sort(random.choice(len(days), settings.leads, p=weight / weight.sum()))
    second = np.clip(random.normal(13 * 3600, 3.5 * 3600, settings.leads), 0, _SECONDS_A_DAY - 1).astype(np.int64)
    second = second[np.lexsort((second, place))]
    return days[place], second, elapsed[place]


def _campaign(settings: SampleSettings, elapsed: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.int64]:
    share = np.tile(np.array([share for share, _ in CAMPAIGNS.values()]), (len(elapsed), 1))
    names = list(CAMPAIGNS)
    moved = np.exp(settings.drift * (elapsed - 0.5))
    share[:, names.index("Webinar")] *= moved
    share[:, names.index("Trade Show")] /= moved
    upper = np.cumsum(share, axis=1)
    place: NDArray[np.int64] = np.sum(random.random(len(elapsed))[:, None] * upper[:, -1:] >= upper[:, :-1], axis=1)
    return place


def _choice(shares: dict[str, float], size: int, random: np.random.Generator) -> NDArray:
    weight = np.array(list(shares.values()))
    return np.array(list(shares), dtype=object)[random.choice(len(shares), size, p=weight / weight.sum())]


def _level(
    names: tuple[str, ...], cuts: tuple[float, ...], interest: NDArray[np.float64], random: np.random.Generator
) -> NDArray:
    shown = 0.6 * interest + 0.8 * random.normal(size=len(interest))
    return np.array(names, dtype=object)[np.searchsorted(cuts, shown)]


def _yes(probability: NDArray[np.float64], random: np.random.Generator) -> NDArray:
    return np.where(random.random(len(probability)) < probability, "Yes", "No").astype(object)
