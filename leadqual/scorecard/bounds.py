"""Constraints as the fit sees them: a box for each band's effect, and bands pooled where a direction demands it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from leadqual.scorecard.constraints import Cap, Constraint, Direction, Pin
from leadqual.scorecard.rows import BandedRows

__all__ = ["effect_bounds", "pooled", "pooled_members"]

Floats = NDArray[np.float64]

_TOLERANCE = 1e-6


def effect_bounds(
    rows: BandedRows, constraints: Sequence[Constraint], prior_weight: float, unit: float
) -> tuple[Floats, Floats] | None:
    """Return lower and upper bound of each learned effect, (p,) each, or None where nothing is bounded.

    A learned effect adds to the prior rule's, and the bounds hold for the sum.

    Parameters
    ----------
    rows
        The leads in their bands.
    constraints
        Caps and pins are bounds; with a pin, a direction bounds the bands on either side of it too.
    prior_weight
        Share of the prior rule's points that count.
    unit
        Log-odds of one point.
    """
    bounded = [c for c in constraints if isinstance(c, Cap | Pin)]
    if not bounded:
        return None
    lower = [np.full(size, -np.inf) for size in rows.sizes]
    upper = [np.full(size, np.inf) for size in rows.sizes]
    for i, field in enumerate(rows.fields):
        k = len(field.bands)
        own = [c for c in constraints if c.field == field.name]
        for cap in (c for c in own if isinstance(c, Cap)):
            if cap.at_most is not None:
                upper[i][:k] = cap.at_most * unit
            if cap.at_least is not None:
                lower[i][:k] = cap.at_least * unit
        pins = [c for c in own if isinstance(c, Pin)]
        for direction in (c for c in own if isinstance(c, Direction)):
            _beside_pins(rows, i, pins, direction, lower[i], upper[i], unit)
        for band, number in enumerate(rows.held[i]):
            if number is not None:
                lower[i][band] = upper[i][band] = pins[number].points * unit
        lower[i] -= prior_weight * rows.prior[i]
        upper[i] -= prior_weight * rows.prior[i]
    return np.concatenate(lower), np.concatenate(upper)


def _beside_pins(
    rows: BandedRows, i: int, pins: Sequence[Pin], direction: Direction, lower: Floats, upper: Floats, unit: float
) -> None:
    order = [j for j, band in enumerate(rows.fields[i].bands) if band.interval is not None]
    if direction.direction == "down":
        order.reverse()
    for place, j in enumerate(order):
        number = rows.held[i][j]
        if number is None:
            continue
        worth = pins[number].points * unit
        upper[order[:place]] = np.minimum(upper[order[:place]], worth)
        lower[order[place + 1 :]] = np.maximum(lower[order[place + 1 :]], worth)


def pooled_members(
    rows: BandedRows, effects: Sequence[Floats], constraints: Sequence[Constraint]
) -> list[NDArray[np.int64]] | None:
    """Return which bands to pool so that no effects run against their direction, or None where none do.

    Pool adjacent violators (Ayer et al. 1955, doi:10.1214/aoms/1177728423), weighted by the leads in each band.
    """
    members = [np.arange(len(field.bands)) for field in rows.fields]
    violated = False
    for i, field in enumerate(rows.fields):
        for direction in constraints:
            if isinstance(direction, Direction) and direction.field == field.name:
                order = [j for j, band in enumerate(field.bands) if band.interval is not None]
                sign = 1.0 if direction.direction == "up" else -1.0
                groups = pooled(sign * effects[i][order], rows.shares[i][order])
                if groups[-1] + 1 < len(order) if order else False:
                    violated = True
                    members[i] = np.concatenate((groups, groups[-1] + 1 + np.arange(len(field.bands) - len(order))))
    return members if violated else None


def pooled(values: Floats, weight: Floats) -> NDArray[np.int64]:
    """Return the group of each value, (k,), after pooling neighbours until group means never fall."""
    groups: list[list[float]] = []  # mean, weight, count
    for value, mass in zip(values, weight + 1e-12, strict=True):
        groups.append([float(value), float(mass), 1.0])
        while len(groups) > 1 and groups[-2][0] > groups[-1][0] + _TOLERANCE:
            mean, total, count = groups.pop()
            last = groups[-1]
            last[0] = (last[0] * last[1] + mean * total) / (last[1] + total)
            last[1] += total
            last[2] += count
    return np.repeat(np.arange(len(groups)), [int(group[2]) for group in groups])
