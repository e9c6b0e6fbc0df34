"""Worlds whose true win rate at each number of points is known, to see whether the interval holds it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit

from leadqual.bundle import ProbabilityCurve
from leadqual.calibration import fit_curve
from leadqual.evaluation import History
from leadqual.leads import Feature, Schema, label_outcomes, read_leads

__all__ = ["SHAPES", "Coverage", "card_worlds", "curve_worlds"]

Floats = NDArray[np.float64]
Points = NDArray[np.int64]

SHAPES = MappingProxyType(
    {
        "as planned": lambda x: x,
        "half as steep": lambda x: 0.5 * x,
        "steeper": lambda x: 1.6 * x,
        "levelling off": lambda x: 1.5 * np.tanh(x),
    }
)
"""True log-odds, apart from a constant, by the log-odds that the points stand for."""

_UNIT = np.log(2) / 20
_POPULATION = 50_000


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often the interval held the true win rate, as a share of worlds and leads.

    Parameters
    ----------
    overall
        Of all leads.
    segments
        Of the leads in each segment, by its name.
    width
        Mean width of the interval, as a probability.
    """

    overall: float
    segments: Mapping[str, float]
    width: float


def curve_worlds(shape: str, *, base_rate: float, outcomes: int, worlds: int, seed: int = 0) -> Coverage:
    """Learn a curve from the outcomes of each world, and look where the true rate lies, lead by lead.

    Points are normal with a spread of one unit of log-odds; one lead in ten is a referral, with a spread more. The
    segments are the lowest 80 %, the next 15 % and the best 5 % of leads by points, and the referrals.
    """
    rng = np.random.default_rng(seed)
    referral = rng.random(_POPULATION) < 0.1
    points = np.rint(100 + (rng.normal(size=_POPULATION) + referral) / _UNIT).astype(np.int64)
    bent = SHAPES[shape]((points - 100) * _UNIT)
    truth = expit(bent + float(brentq(lambda a: expit(a + bent).mean() - base_rate, -20, 20)))
    edges = np.quantile(points, [0.8, 0.95])
    part = np.digitize(points, edges)
    segments = {"lowest 80 %": part == 0, "next 15 %": part == 1, "best 5 %": part == 2, "referrals": referral}
    held, width = np.zeros(_POPULATION), 0.0
    for _ in range(worlds):
        rows = rng.integers(0, _POPULATION, outcomes)
        won = (rng.random(outcomes) < truth[rows]).astype(np.float64)
        low, high = _ends(fit_curve(points[rows], won, base_rate=base_rate), points)
        held += (low <= truth) & (truth <= high)
        width += float((high - low).mean())
    return _coverage(held / worlds, segments, width / worlds)


def card_worlds(outcomes: int, *, worlds: int, seed: int = 0) -> Coverage:
    """Learn points and curve from raw fields as training does; the true rate is that of all leads with those points.

    Two numbers and a source with six values decide, two more fields say nothing, 15 % of leads win. The segments are
    the sources: within one, the leads with some number of points are judged by the rate of all leads with that number.
    """
    weight = dict(zip("abcdef", (-0.8, -0.4, 0.0, 0.2, 0.5, 1.0), strict=True))
    held: dict[str, list[float]] = {name: [] for name in ("overall", *weight)}
    widths = []
    for world in range(worlds):
        rng = np.random.default_rng([seed, world])
        fields = _fields(rng, outcomes + _POPULATION)
        x = 0.8 * fields["size"] - 0.5 * np.abs(fields["age"]) + fields["source"].map(weight).astype(float)
        start = float(brentq(lambda a, x=x: expit(a + x).mean() - 0.15, -20, 20))
        truth = expit(start + x.to_numpy())
        won = rng.random(len(truth)) < truth
        known = fields[:outcomes].assign(won=np.where(won[:outcomes], "1", "0"), row=np.arange(outcomes))
        features = tuple(Feature(str(n), "category" if n in ("source", "city") else "numeric") for n in fields)
        leads = read_leads(known, Schema(features, outcome="won", won=("1",), lost=("0",), order="row"))
        history = History(leads, label_outcomes(leads))
        rows = np.arange(outcomes)
        card = history.scorecard(rows)
        later, population = card.points(fields[outcomes:].assign(won="0", row=0)[leads.table.columns]), truth[outcomes:]
        low, high = _ends(history.calibrated(rows, card).curve, later)
        rate = pd.Series(population).groupby(later).transform("mean").to_numpy()
        inside = (low <= rate) & (rate <= high)
        held["overall"].append(float(inside.mean()))
        for name in weight:
            held[name].append(float(inside[(fields["source"][outcomes:] == name).to_numpy()].mean()))
        widths.append(float((high - low).mean()))
    means = {name: float(np.mean(shares)) for name, shares in held.items()}
    return Coverage(means.pop("overall"), {f"source {name}": share for name, share in means.items()}, np.mean(widths))


def _fields(rng: np.random.Generator, leads: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "size": rng.normal(size=leads),
            "age": rng.normal(size=leads),
            "noise": rng.normal(size=leads),
            "source": rng.choice(list("abcdef"), leads, p=[0.3, 0.25, 0.2, 0.1, 0.1, 0.05]),
            "city": rng.choice(list("ghij"), leads),
        }
    )


def _ends(curve: ProbabilityCurve, points: Points) -> tuple[Floats, Floats]:
    place = np.clip(points - curve.first_points, 0, len(curve.probability) - 1)
    return np.asarray(curve.low)[place], np.asarray(curve.high)[place]


def _coverage(held: Floats, segments: Mapping[str, NDArray[np.bool_]], width: float) -> Coverage:
    return Coverage(float(held.mean()), {name: float(held[rows].mean()) for name, rows in segments.items()}, width)
