"""Leads with a planted additive truth: 30 fields, mixed, with missing values, the same for the same seed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

__all__ = ["FIELDS", "Planted", "planted_leads"]

NUMERIC, CATEGORIES, BOOLEANS = 18, 9, 3
FIELDS = NUMERIC + CATEGORIES + BOOLEANS
_USEFUL = 2 / 3  # the rest of the fields says nothing
_MISSING = 0.1  # share of empty values in every second field


@dataclass(frozen=True, slots=True, eq=False)
class Planted:
    """Leads whose log-odds of winning are a sum over their fields.

    Parameters
    ----------
    table
        18 numeric fields (12 continuous, 6 counts), 9 of text with 3 to 40 values, 3 booleans; every second field has
        10 % empty values.
    won
        Outcome of each of n leads, 1 or 0, (n,).
    log_odds
        The truth, (n,).
    """

    table: pd.DataFrame
    won: NDArray[np.int64]
    log_odds: NDArray[np.float64]


def planted_leads(rows: int, *, seed: int = 0) -> Planted:
    """Return ``rows`` leads; more of them for the same seed are other leads under the same truth."""
    truth = np.random.default_rng(seed)
    chance = np.random.default_rng([seed, rows])
    log_odds = np.full(rows, -1.5)
    columns: dict[str, object] = {}
    for number in range(FIELDS):
        size = truth.normal(0.35, 0.1) * (truth.random() < _USEFUL)
        if number < NUMERIC:
            values, effect = _numeric(number, rows, truth, chance)
        elif number < NUMERIC + CATEGORIES:
            values, effect = _category(number - NUMERIC, rows, truth, chance)
        else:
            values = chance.random(rows) < 0.4
            effect = np.where(values, 1.0, -1.0)
        if number % 2 and number < NUMERIC + CATEGORIES:
            empty = chance.random(rows) < _MISSING
            gap: Any = None if values.dtype == object else np.nan
            values, effect = np.where(empty, gap, values), np.where(empty, 0.0, effect)
        log_odds += size * effect
        columns[f"field_{number:02d}"] = pd.array(values, dtype="str") if values.dtype == object else values
    won = (chance.random(rows) < 1 / (1 + np.exp(-log_odds))).astype(np.int64)
    return Planted(pd.DataFrame(columns), won, log_odds)


def _numeric(
    number: int, rows: int, truth: np.random.Generator, chance: np.random.Generator
) -> tuple[NDArray[Any], NDArray[np.float64]]:
    bend = truth.normal()
    if number % 3 == 2:
        values = chance.poisson(3.0, rows).astype(np.float64)
        return values, np.tanh(values - 3.0)
    values = np.exp(chance.normal(size=rows)) if number % 3 else chance.normal(size=rows)
    return values, np.sin(bend + 1.5 * np.clip(values, -3, 6))


def _category(
    number: int, rows: int, truth: np.random.Generator, chance: np.random.Generator
) -> tuple[NDArray[Any], NDArray[np.float64]]:
    count = (3, 4, 5, 6, 8, 10, 15, 25, 40)[number]
    share = 1 / np.arange(1, count + 1)
    codes = chance.choice(count, rows, p=share / share.sum())
    worth = truth.normal(size=count)
    return np.array([f"value {i:02d}" for i in range(count)], dtype=object)[codes], worth[codes]
