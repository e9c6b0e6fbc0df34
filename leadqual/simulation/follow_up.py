"""Sales, simulated: hand-over each working day, late follow-up, rejections, and how leads end."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from leadqual.bundle import Bundle
from leadqual.errors import LeadError
from leadqual.feedback import Event, scored_table
from leadqual.scorer import Scorer
from leadqual.simulation.sample import Sample

__all__ = ["FollowUpSettings", "play_follow_up"]

_REASONS = ("no budget", "wrong contact", "no answer", "not a fit")
_CHANCES = (0.35, 0.2, 0.25, 0.2)
_DECIDES_AFTER_HOURS = 20.0


@dataclass(frozen=True, slots=True)
class FollowUpSettings:
    """How sales follow up.

    Parameters
    ----------
    per_day
        How many leads are handed over each working day at most.
    explore
        The share of them that is drawn at random, 0 to 1.
    median_hours
        Median time from hand-over to first work, hours.
    spread
        Standard deviation of the logarithm of that time.
    never_worked
        The share of leads that nobody works, 0 to 1.
    rejected
        The share of worked leads with a probability of 0 that sales reject, 0 to 1; it falls to none at 1.
    slow_from, slow_to
        Days (ISO dates) between which someone is on leave and first work takes four times as long; "" for none.
    bad_campaign
        The campaign that goes wrong; "" for none.
    bad_from, bad_to
        Days between which its leads are rejected in three of four cases, and else win a third as often.

    Raises
    ------
    LeadError
        When a share is not from 0 to 1, or a count or time is not above 0.
    """

    per_day: int = 8
    explore: float = 0.1
    median_hours: float = 5.0
    spread: float = 1.0
    never_worked: float = 0.04
    rejected: float = 0.3
    slow_from: str = ""
    slow_to: str = ""
    bad_campaign: str = ""
    bad_from: str = ""
    bad_to: str = ""

    def __post_init__(self) -> None:
        for name in ("explore", "never_worked", "rejected"):
            if not 0 <= getattr(self, name) <= 1:
                raise LeadError(f"{name} is {getattr(self, name)}, it must be from 0 to 1; correct it.")
        for name in ("per_day", "median_hours", "spread"):
            if not getattr(self, name) > 0:
                raise LeadError(f"{name} is {getattr(self, name)}, it must be above 0; correct it.")


def play_follow_up(
    sample: Sample, bundle: Bundle, *, first: str, until: str, settings: FollowUpSettings | None = None, seed: int = 0
) -> list[Event]:
    """Play what becomes of leads, and return the events in the order in which they become known.

    Each working day at 08:00 UTC the leads created since the day before are scored. Some are drawn at random, the best
    of the others fill the rest of the day's places; the others are scored and not handed over. A lead that is worked
    wins with its true probability if worked, another with the probability of the sample's truth.

    Parameters
    ----------
    sample
        A simulated CRM; see `leadqual.simulation.simulate`.
    bundle
        What leads are scored with.
    first, until
        The first day of hand-over, and the day when nothing more is known (ISO dates).
    settings
        How sales follow up; None: the defaults.
    seed
        A whole number from 0. The same arguments give the same events.

    Raises
    ------
    LeadError
        When no lead was created in that time.

    Examples
    --------
    See ``tests/simulation/test_follow_up.py``.
    """
    world = settings or FollowUpSettings()
    rng = np.random.default_rng(seed)
    created = pd.to_datetime(sample.table["Created"])
    begin, end = pd.Timestamp(first), pd.Timestamp(until)
    mine = ((created >= begin) & (created < end)).to_numpy()
    if not mine.any():
        raise LeadError(f"no lead was created from {first} to {until}; choose days in which the sample has leads.")
    leads, truth = sample.table[mine], sample.truth[mine]
    day = _next_working_morning(created[mine])
    known = (day < end).to_numpy()
    leads, truth, day = leads[known], truth[known], day[known]
    picked, propensity = _picks(bundle, leads, day, world, rng)
    scores = scored_table(
        bundle,
        leads,
        id_field="Lead ID",
        at=[one.isoformat() for one in day],
        picked=picked,
        propensity=propensity,
    )
    events = list(scores)
    for score, campaign, worked, other in zip(
        scores, leads["Campaign"], truth["if_worked"], truth["probability"], strict=True
    ):
        events += _lived(score, str(campaign), float(worked), float(other), world, rng)
    return sorted((one for one in events if one.at < until), key=lambda one: one.at)


def _next_working_morning(created: pd.Series) -> pd.Series:
    """Return 08:00 of the first working day that begins after each lead was created."""
    morning = created.dt.normalize() + pd.Timedelta(hours=8)
    morning = morning.where(morning >= created, morning + pd.Timedelta(days=1))
    weekend = (morning.dt.day_of_week - 4).clip(lower=0)
    monday: pd.Series = morning + pd.to_timedelta(np.where(weekend > 0, 3 - weekend, 0), unit="D")
    return monday


def _picks(
    bundle: Bundle, leads: pd.DataFrame, day: pd.Series, world: FollowUpSettings, rng: np.random.Generator
) -> tuple[list[str], list[float | None]]:
    points = Scorer(bundle).score(leads, reasons=0)["points"].to_numpy()
    picked, chance = np.full(len(leads), "", dtype=object), np.full(len(leads), np.nan)
    for _, rows in pd.Series(np.arange(len(leads))).groupby(day.to_numpy()):
        places = rows.to_numpy()
        drawn = rng.binomial(min(world.per_day, len(places)), world.explore)
        at_random = rng.choice(places, size=drawn, replace=False)
        rest = np.setdiff1d(places, at_random)
        best = rest[np.argsort(-points[rest], kind="stable")][: max(world.per_day - drawn, 0)]
        picked[best], picked[at_random] = "rank", "random"
        chance[places] = min(world.per_day, len(places)) * world.explore / len(places)
    return list(picked), [None if np.isnan(one) or one <= 0 else float(one) for one in chance]


def _lived(
    score: Event, campaign: str, if_worked: float, otherwise: float, world: FollowUpSettings, rng: np.random.Generator
) -> Iterator[Event]:
    """Yield what happens to one lead after it was scored."""
    time, handed = pd.Timestamp(score.at).tz_localize(None), score.content["picked"] != ""
    day = time.date().isoformat()
    bad = campaign == world.bad_campaign and world.bad_from <= day < world.bad_to
    slow = 4.0 if world.slow_from <= day < world.slow_to else 1.0
    takes = world.median_hours * slow * float(np.exp(world.spread * rng.standard_normal()))
    worked = handed and rng.random() >= world.never_worked
    refuses = 0.75 if bad else world.rejected * (1 - float(score.content["probability"]))
    rejected = worked and rng.random() < refuses
    wins = (if_worked if worked else otherwise) * (1 / 3 if bad else 1.0)
    won, days = rng.random() < wins, float(np.exp(3.2 + 0.6 * rng.standard_normal()))
    decides = takes + _DECIDES_AFTER_HOURS * float(rng.exponential())
    if worked:
        yield Event("worked", score.lead, _after(time, takes))
    if rejected:
        reason = "wrong contact" if bad else str(rng.choice(_REASONS, p=_CHANCES))
        yield Event("rejected", score.lead, _after(time, decides), {"reason": reason})
    elif worked:
        yield Event("accepted", score.lead, _after(time, decides))
    if won and not rejected:
        value = round(4000 * float(rng.exponential()) + 500)
        yield Event("won", score.lead, _after(time, decides + 24 * days), {"value": value})
    elif rng.random() < 0.9:
        yield Event("lost", score.lead, _after(time, decides + 24 * days * 1.5))


def _after(time: pd.Timestamp, hours: float) -> str:
    return (time + pd.Timedelta(seconds=round(3600 * hours))).isoformat()
