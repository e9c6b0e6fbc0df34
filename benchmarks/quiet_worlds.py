"""Two years in which nothing changes: leads that all count or that sales picked, alone or in lumps; what alarms then.

Used by ``python -m benchmarks.validity_loop findings``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from leadqual.bundle import Bundle
from leadqual.feedback import lead_standing
from leadqual.monitoring import (
    MonitoringFinding,
    base_rate_shift,
    calibration_decay,
    follow_up_freshness,
    held_ranking,
    input_drift,
    matured_leads,
    new_values,
    outcome_freshness,
    promise_doubt,
    ranking_decay,
    ranking_margin,
    volume,
)
from leadqual.monitoring.belonging import counting
from leadqual.retraining import draw_at_random

__all__ = ["KINDS", "WATCHED", "Kind", "quiet_findings", "quiet_history"]

WATCHED = {
    "outcomes": ("LQ604", "LQ605", "LQ606"),
    "arrivals": ("LQ603", "LQ609", "LQ610"),
    "inputs": ("LQ601", "LQ602"),
}
_START = pd.Timestamp("2026-01-01")
_WEEKS, _WINDOW = 104, 90
_UNWORKED = 0.02
_Rows = Callable[[Bundle, pd.DataFrame, pd.Series], pd.DataFrame]


@dataclass(frozen=True, slots=True)
class Kind:
    """What kind of world.

    Parameters
    ----------
    a_week
        Leads a week, on average.
    capacity
        Share of them that sales work: the best by points, week by week; 1: all.
    explore
        Share of the capacity that is drawn at random.
    recorded
        Whether the ledger says which were worked; else it says which were picked.
    company
        Leads that a company sends on one day, all with the same fields.
    alike
        Share of companies whose leads all end alike; the others' end independently.
    account
        Whether the ledger knows the companies.
    """

    a_week: int = 60
    capacity: float = 1.0
    explore: float = 0.0
    recorded: bool = True
    company: int = 1
    alike: float = 0.0
    account: bool = False


KINDS = {
    "all": Kind(),
    "picked, a tenth drawn": Kind(a_week=150, capacity=0.2, explore=0.1),
    "picked, none drawn": Kind(a_week=150, capacity=0.2),
    "picked, follow-up not recorded": Kind(a_week=150, capacity=0.2, recorded=False),
    "lumps of 3, accounts known": Kind(company=3, alike=0.5, account=True),
    "lumps of 3, accounts unknown": Kind(company=3, alike=0.5),
    "picked lumps, a tenth drawn": Kind(a_week=150, capacity=0.2, explore=0.1, company=3, alike=0.5, account=True),
    "picked lumps, none drawn": Kind(a_week=150, capacity=0.2, company=3, alike=0.5, account=True),
}


def quiet_history(
    champion: Bundle,
    leads: pd.DataFrame,
    seed: int,
    kind: Kind,
    *,
    rows_of: _Rows,
    shift: float = 0.0,
    chance: np.ndarray | None = None,
) -> pd.DataFrame:
    """Return the ledger of two years, in the order of scoring; leads come as a Poisson process.

    Without true chances the champion is as far off as the leads leave it that its curve was learned from: intercept and
    slope of its log-odds are drawn with the covariance that a logistic regression has there.

    Parameters
    ----------
    champion, leads
        What scores, and leads like those that it learned from.
    seed
        Of the world.
    kind
        What kind of world.
    rows_of
        Makes rows of a history; see `benchmarks.validity_loop.scored_rows`.
    shift
        By how much all log-odds change after half a year; 0: nothing changes.
    chance
        True chance of each of ``leads`` if worked, (n,); None: the champion's probabilities, off as said.
    """
    rng = np.random.default_rng(seed)
    arrivals = rng.poisson(_WEEKS * kind.a_week / kind.company)
    at = np.sort(rng.uniform(0, 7 * _WEEKS, arrivals))
    number = np.repeat(np.arange(arrivals), kind.company)
    drawn = rng.integers(0, len(leads), arrivals)[number]
    part = leads.iloc[drawn].reset_index(drop=True)
    times = pd.Series(_START + pd.to_timedelta(at[number], unit="D")).astype("datetime64[us]")
    rows = rows_of(champion, part, times)
    if chance is None:
        z = logit(rows["probability"].to_numpy())
        off = _mistake(rows_of(champion, leads, pd.Series(_START, index=leads.index)), champion.curve.leads, rng)
        z = z + off[0] + off[1] * z
    else:
        z = logit(chance[drawn])
    true = expit(z + shift * (at[number] >= 26 * 7))
    together = (rng.random(arrivals) < kind.alike)[number]
    draw = np.where(together, rng.random(arrivals)[number], rng.random(len(z)))
    picked, propensity = _picked(rows["points"].to_numpy(), (at[number] // 7).astype(np.int64), kind, seed)
    worked = picked != ""
    won = draw < true * np.where(worked, 1.0, _UNWORKED)
    rows["picked"], rows["propensity"] = picked, propensity
    if kind.recorded:
        rows["worked_at"] = times.where(worked)
    ends = times + pd.to_timedelta(rng.uniform(5, 85, len(z)), unit="D").astype("timedelta64[us]")
    rows["outcome"] = np.where(won, "won", "lost")
    rows["closed_at"] = ends.where(won)
    rows["ended_known_at"] = ends.where(worked)
    rows["followed_known_at"] = rows["worked_at"]
    rows["account"] = [f"a{one}" for one in number] if kind.account else ""
    return rows


def _mistake(learned: pd.DataFrame, count: int, rng: np.random.Generator) -> np.ndarray:
    """Return errors of intercept and slope, as ``count`` leads like these leave them, (2,)."""
    p = learned["probability"].to_numpy()
    design = np.column_stack([np.ones(len(p)), logit(p)])
    information = design.T @ (design * (p * (1 - p))[:, None]) * count / len(p)
    return rng.multivariate_normal(np.zeros(2), np.linalg.inv(information))


def _picked(points: np.ndarray, week: np.ndarray, kind: Kind, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return why each lead was picked, "" where it was not, and the chance with which a drawn one was."""
    picked, chance = np.full(len(points), "random", dtype=object), np.ones(len(points))
    if kind.capacity == 1:
        return picked, chance
    for number in range(_WEEKS):
        mine = np.flatnonzero(week == number)
        capacity = min(kind.capacity * kind.a_week, len(mine))
        picked[mine], chance[mine] = draw_at_random(
            points[mine], capacity=capacity, explore=kind.explore, seed=seed * _WEEKS + number
        )
    return picked, np.where(picked == "random", chance, np.nan)


def quiet_findings(
    champion: Bundle, history: pd.DataFrame, *, watched: Sequence[str] = ("outcomes", "arrivals", "inputs")
) -> frozenset[str]:
    """Return the codes of what alarmed or warned in two years of looks; of inputs, in the second of them.

    Volume and inputs are looked at every week, other arrivals every fourth. Tests of outcomes keep what they have
    found, so they are looked at every thirteen weeks, by what was known then.

    Parameters
    ----------
    champion, history
        See `quiet_history`.
    watched
        ``"outcomes"`` (LQ604 to LQ606), ``"arrivals"`` (LQ603, LQ609, LQ610) and ``"inputs"`` (LQ601, LQ602).
    """
    looks: list[MonitoringFinding] = []
    for week in range(1, _WEEKS + 14):
        now = _START + pd.Timedelta(weeks=week)
        at = now.isoformat()
        if "outcomes" in watched and week % 13 == 0:
            looks += _outcomes(champion, _known(history, now), at)
        if week > _WEEKS:
            continue
        if "arrivals" in watched:
            looks.append(volume(history[history["scored_at"] <= now], as_of=at))
        if "arrivals" in watched and week % 4 == 0:
            known = _known(history, now)
            standing = lead_standing(known, window_days=_WINDOW, as_of=at)
            looks += [outcome_freshness(known, standing, as_of=at), follow_up_freshness(known, as_of=at)]
        if "inputs" in watched and week > 52:
            looks += _inputs(champion, history[history["scored_at"] <= now], now)
    return frozenset(one.code for one in looks if one.severity in ("alarm", "warning"))


def _outcomes(champion: Bundle, known: pd.DataFrame, at: str) -> list[MonitoringFinding]:
    cohort = matured_leads(known, lead_standing(known, window_days=_WINDOW, as_of=at))
    margin = ranking_margin(champion) if cohort.by_promise else None
    doubt = promise_doubt(champion, cohort.points)
    return [
        base_rate_shift(cohort, champion.base_rate, learned_from=champion.provenance.mature, doubt=doubt),
        calibration_decay(cohort, doubt=doubt),
        ranking_decay(cohort, expected=held_ranking(champion), margin=margin),
    ]


def _inputs(champion: Bundle, known: pd.DataFrame, now: pd.Timestamp) -> list[MonitoringFinding]:
    recent = known[known["scored_at"] > now - pd.Timedelta(days=28)]
    by_account = bool((known["account"] != "").any())
    way = counting(known, recent, len(champion.points_table.fields), by_account=by_account)
    return [*input_drift(champion, recent, counted=way), *new_values(champion, recent, counted=way)]


def _known(history: pd.DataFrame, now: pd.Timestamp) -> pd.DataFrame:
    """Return what the ledger knew by a day."""
    known = history[history["scored_at"] <= now].copy()
    for name in ("worked_at", "closed_at", "ended_known_at", "followed_known_at"):
        known[name] = known[name].where(known[name] <= now)
    known["outcome"] = known["outcome"].where(known["ended_known_at"].notna() | known["closed_at"].notna(), "open")
    return known
