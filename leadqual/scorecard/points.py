"""From banded leads to whole points: fit, merge, refit, round."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from leadqual.bundle.points_table import PointsTable
from leadqual.scorecard.bounds import effect_bounds, pooled_members
from leadqual.scorecard.constraints import Constraint
from leadqual.scorecard.fit import fit_effects, predict, solve_intercept
from leadqual.scorecard.merging import few_bands, merged_field
from leadqual.scorecard.penalty import total_penalty
from leadqual.scorecard.rows import BandedRows
from leadqual.scorecard.strength import fit_with_strengths

__all__ = ["MAX_BANDS", "POINTS_TO_DOUBLE_ODDS", "UNIT", "Strength", "fine_fit", "points_table"]

POINTS_TO_DOUBLE_ODDS = 20
UNIT = math.log(2) / POINTS_TO_DOUBLE_ODDS
"""The log-odds that one point is worth."""
MAX_BANDS = 6

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Strength:
    """How strongly a fit holds to its prior.

    Parameters
    ----------
    common
        Strength of the penalty where a field does not say otherwise; it does not grow with the number of leads.
    prior_weight
        The share of the prior rule's points that the fit starts from, 0 to 1.
    """

    common: float = 10.0
    prior_weight: float = 1.0


@dataclass(frozen=True, slots=True, eq=False)
class FineFit:
    """A fit over many bands, already cut into few.

    Parameters
    ----------
    rows
        The leads in the few bands.
    strengths
        The strength of each penalty block.
    """

    rows: BandedRows
    strengths: Floats

    def with_rows(self, rows: BandedRows) -> FineFit:
        """Return the same bands and strengths for other leads."""
        return replace(self, rows=rows)


def fine_fit(
    rows: BandedRows, strength: Strength, constraints: Sequence[Constraint], max_bands: int = MAX_BANDS
) -> FineFit:
    """Fit the fine bands and merge them into at most ``max_bands`` a field.

    A prior rule with more bands in a field keeps as many as it has.
    """
    if not rows.fields:
        return FineFit(rows, np.empty(0))
    offset = rows.offset(strength.prior_weight)
    design = rows.design()
    coefficients, strengths = fit_with_strengths(
        design,
        rows.won,
        rows.blocks,
        rows.shares,
        rows.fields,
        strength.common,
        offset=offset,
    )
    if constraints:
        rows, coefficients = _obey(rows, strengths, strength.prior_weight, constraints, coefficients)
        design, offset = rows.design(), rows.offset(strength.prior_weight)
    p = expit(predict(design, coefficients, offset))
    known = np.asarray(rows.weight * p * (1 - p), dtype=np.float64)
    members = []
    for i, effects in enumerate(_total_effects(rows, coefficients, strength.prior_weight)):
        k = len(rows.fields[i].bands)
        most = max(max_bands, len(np.unique(rows.prior[i].round(12))) if strength.prior_weight else 0)
        weight = np.bincount(rows.codes[i], known, rows.sizes[i])[:k].astype(np.float64)
        members.append(few_bands(rows.fields[i], effects[:k], weight, most, held=rows.held[i]))
    return FineFit(rows.merged(members), strengths)


def points_table(
    fit: FineFit,
    strength: Strength,
    constraints: Sequence[Constraint],
    missing_values: tuple[str, ...],
) -> PointsTable:
    """Refit the few bands, round their effects to whole points and set the base so that 100 points are the base rate.

    A field whose bands all came out as one is left out, and its points go into the base: no lead's points change.
    It stays where a constraint or the prior rule speaks of it.

    Parameters
    ----------
    fit
        The leads in their few bands; they need not be those that the bands were found with.
    strength, constraints
        As the bands were found with.
    missing_values
        Texts that mean "no value".
    """
    if not fit.rows.fields:
        # Nothing tells these leads apart: everyone has the base rate.
        return PointsTable((), 100, POINTS_TO_DOUBLE_ODDS, missing_values)
    rows, coefficients = _obey(fit.rows, fit.strengths, strength.prior_weight, constraints, None)
    effects = _total_effects(rows, coefficients, strength.prior_weight)
    kept = {constraint.field for constraint in constraints}
    everyone = 0
    points: list[NDArray[np.int64]] = [np.rint(part / UNIT).astype(np.int64) for part in effects]
    fields, shares = [], rows.shares
    for i, field in enumerate(rows.fields):
        own, share = points[i][: len(field.bands)], shares[i][: len(field.bands)]
        average = int(np.rint(float(share @ own) / max(float(share.sum()), 1e-12)))
        points[i][len(field.bands) :] = average
        member = _equal_neighbours(field.kind, [band.interval is not None for band in field.bands], own, rows.held[i])
        field = replace(
            field,
            bands=tuple(replace(b, share=round(float(s), 6)) for b, s in zip(field.bands, share, strict=True)),
        )
        worth = [int(own[member == new][0]) for new in range(int(member.max()) + 1)]
        if len(worth) == 1 and worth[0] == average and field.name not in kept and not np.any(rows.prior[i]):
            # every lead has the points of the only band
            everyone += average
            continue
        fields.append(merged_field(field, member, worth, average))
    logits = rows.total([np.asarray(part * UNIT, dtype=np.float64) for part in points])
    rate = float(rows.weight @ rows.won) / float(rows.weight.sum())
    base = solve_intercept(rows.won, rows.weight, logits) - math.log(rate / (1 - rate))
    start = 100 + round(base / UNIT) + everyone
    return PointsTable(tuple(fields), start, POINTS_TO_DOUBLE_ODDS, missing_values)


def _obey(
    rows: BandedRows,
    strengths: Floats,
    prior_weight: float,
    constraints: Sequence[Constraint],
    start: Floats | None,
) -> tuple[BandedRows, Floats]:
    """Fit under the constraints: bounds for caps and pins, and pooled bands where one runs against its direction.

    Each round pools at least two bands, so it ends.
    """
    while True:
        bounds = effect_bounds(rows, constraints, prior_weight, UNIT)
        penalty = total_penalty(
            rows.blocks, strengths, rows.shares, rows.fields, float(rows.weight.sum()), held=rows.held
        )
        coefficients = fit_effects(
            rows.design(), rows.won, penalty, offset=rows.offset(prior_weight), bounds=bounds, start=start
        )
        members = pooled_members(rows, _total_effects(rows, coefficients, prior_weight), constraints)
        if members is None:
            return rows, coefficients
        rows, start = rows.merged(members), None


def _total_effects(rows: BandedRows, coefficients: Floats, prior_weight: float) -> list[Floats]:
    learned = np.split(coefficients[1:], np.cumsum(rows.sizes)[:-1])
    return [
        np.asarray(part + prior_weight * prior, dtype=np.float64)
        for part, prior in zip(learned, rows.prior, strict=True)
    ]


def _equal_neighbours(
    kind: str, is_interval: Sequence[bool], points: NDArray[np.int64], held: Sequence[int | None]
) -> NDArray[np.int64]:
    """Merge bands that came out with the same points: neighbours of a number, any values of a category."""
    member = np.zeros(len(points), dtype=np.int64)
    seen: dict[tuple[int, int | None], int] = {}
    count = -1
    for i in range(len(points)):
        key = (int(points[i]), held[i])
        if kind == "numeric":
            same = i > 0 and is_interval[i] and is_interval[i - 1] and key == (int(points[i - 1]), held[i - 1])
            count += not same
            member[i] = count
        else:
            member[i] = seen.setdefault(key, len(seen))
    return member
