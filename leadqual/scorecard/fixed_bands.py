"""Points refitted in given bands: the agreed fields and bands stay, only their points change."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle.encoding import FieldEncoder
from leadqual.bundle.field_points import FieldPoints
from leadqual.bundle.points_table import PointsTable
from leadqual.errors import ConstraintError, EvidenceError
from leadqual.leads.schema import Feature
from leadqual.scorecard.bounds import effect_bounds, pooled_members
from leadqual.scorecard.constraints import Constraint, Exclude, Pin
from leadqual.scorecard.fine_bands import band_codes
from leadqual.scorecard.fit import fit_effects, one_thread, solve_intercept
from leadqual.scorecard.penalty import field_blocks, total_penalty
from leadqual.scorecard.points import UNIT, Strength
from leadqual.scorecard.rows import BandedRows, pin_of_band, read_as_leads, rule_of_kind
from leadqual.scorecard.strength import fit_with_strengths
from leadqual.scorer.columns import encode_column

__all__ = ["Limits", "refit_points"]

Floats = NDArray[np.float64]
Limits = Mapping[tuple[str, str], tuple[int | None, int | None]]


def refit_points(
    table: PointsTable,
    leads: pd.DataFrame,
    won: Floats,
    *,
    weight: Floats | None = None,
    strength: Strength | None = None,
    constraints: Sequence[Constraint] = (),
    limits: Limits | None = None,
    prior: PointsTable | None = None,
) -> PointsTable:
    """Return the same fields and bands with the points that these leads give them.

    The model is that of the scorecard (additive logistic, each field's penalty learned by empirical Bayes), with the
    bands given. Bands that a direction pools keep their names and share their points.

    Parameters
    ----------
    table
        The bands; their points do not matter.
    leads
        Raw values of n leads.
    won, weight
        Outcome (1 or 0) and weight of each, (n,); weights are 1 where None.
    strength
        How strongly the fit holds to its prior; None: `Strength`'s defaults.
    constraints
        Demands on whole fields, and pins on bands that are bands of the table.
    limits
        Fewest and most points of a band, by field and label; None leaves an end open.
    prior
        Today's rule, or None; a band starts from the average that the rule gives its leads.

    Raises
    ------
    EvidenceError
        When no lead, or every lead, won.
    ConstraintError
        When the demands on a band leave it no points, or a pin is on no band of the table.

    Examples
    --------
    >>> from leadqual.bundle import Band
    >>> need = FieldPoints("need", "category", (Band("high", 0, values=("high",)), Band("low", 0, values=("low",))))
    >>> leads = pd.DataFrame({"need": ["high", "low"] * 200})
    >>> won = np.tile([1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 1.0, 1.0], 50)
    >>> free = refit_points(PointsTable((need,)), leads, won)
    >>> held = refit_points(PointsTable((need,)), leads, won, limits={("need", "high"): (None, 5)})
    >>> [band.points for band in free.field("need").bands][0] > 20, held.field("need").bands[0].points
    (True, 5)
    """
    won = np.array(won, dtype=np.float64)  # pandas hands out arrays that glum cannot take, as they are read-only
    wins = float(won.sum())
    if wins in (0.0, float(len(won))):
        raise EvidenceError(
            f"{wins:.0f} of {len(won)} leads won; points are learned from won and lost leads; pass more outcomes."
        )
    strength = strength or Strength()
    if prior is not None:
        prior = read_as_leads(prior, table.fields, table.missing_values, reading=table.reading)
    rows = _rows(
        table,
        leads,
        won,
        np.ones(len(won)) if weight is None else np.array(weight, dtype=np.float64),
        constraints,
        prior,
    )
    if not rows.fields:
        return replace(table, fields=(), base_points=100)
    with one_thread():
        effects = _effects(rows, strength, constraints, limits or {})
    fields, points = [], []
    for field, effect, share in zip(rows.fields, effects, rows.shares, strict=True):
        worth = np.rint(effect / UNIT).astype(np.int64)
        k = len(field.bands)
        average = int(np.rint(float(share[:k] @ worth[:k]) / max(float(share[:k].sum()), 1e-12)))
        worth[k:] = average
        bands = [
            replace(band, points=int(own), share=round(float(part), 6))
            for band, own, part in zip(field.bands, worth, share, strict=False)
        ]
        fields.append(replace(field, bands=tuple(bands), average_points=average))
        points.append(np.asarray(worth * UNIT, dtype=np.float64))
    rate = float(rows.weight @ rows.won) / float(rows.weight.sum())
    base = solve_intercept(rows.won, rows.weight, rows.total(points)) - math.log(rate / (1 - rate))
    return replace(table, fields=tuple(fields), base_points=100 + round(base / UNIT))


def _rows(
    table: PointsTable,
    leads: pd.DataFrame,
    won: Floats,
    weight: Floats,
    constraints: Sequence[Constraint],
    prior: PointsTable | None,
) -> BandedRows:
    excluded = {constraint.field for constraint in constraints if isinstance(constraint, Exclude)}
    fields = [field for field in table.fields if field.name not in excluded]
    codes, blocks, held, priors = [], [], [], []
    for i, field in enumerate(fields):
        pins = [c for c in constraints if isinstance(c, Pin) and c.field == field.name]
        code = band_codes(field, leads[field.name], table.missing_values, reading=table.reading)
        size = len(field.bands) + int(code.max(initial=0) == len(field.bands))
        share = np.bincount(code, weight, size) / float(weight.sum())
        pinned = tuple(pin_of_band(band, pins) for band in field.bands)
        if set(range(len(pins))) - set(pinned):
            raise ConstraintError(
                f"a pin on {field.name} is on no band of its own; split the band it is part of first."
            )
        codes.append(code)
        blocks += field_blocks(i, field, share)
        held.append(pinned)
        priors.append(_prior_effects(field, leads[field.name], code, share, weight, prior))
    return BandedRows(fields, codes, blocks, held, priors, won, weight)


def _prior_effects(
    field: FieldPoints,
    column: pd.Series,
    code: NDArray[np.int64],
    share: Floats,
    weight: Floats,
    prior: PointsTable | None,
) -> Floats:
    """Return the log-odds that the rule gives the leads of each band on average, averaging 0 over all leads."""
    if prior is None or field.name not in prior.names:
        return np.zeros(len(share))
    rule = rule_of_kind(prior.field(field.name), Feature(field.name, field.kind))
    encoder = FieldEncoder(rule, prior.missing_values, reading=prior.reading)
    worth = np.array([place.points for place in encoder.places]) * (math.log(2) / prior.points_to_double_odds)
    effects = worth[encode_column(encoder, column)]
    of_band = np.bincount(code, weight * effects, len(share)) / np.maximum(np.bincount(code, weight, len(share)), 1e-12)
    return np.asarray(of_band - float(share @ of_band), dtype=np.float64)


def _effects(rows: BandedRows, strength: Strength, constraints: Sequence[Constraint], limits: Limits) -> list[Floats]:
    """Return the effect of each original band (and of leads in none), rule included, under all demands."""
    offset = rows.offset(strength.prior_weight)
    start, strengths = fit_with_strengths(
        rows.design(), rows.won, rows.blocks, rows.shares, rows.fields, strength.common, offset=offset
    )
    members = [np.arange(size) for size in rows.sizes]
    labels = [[band.label for band in field.bands] for field in rows.fields]
    first: Floats | None = start if not constraints and not limits else None
    while True:
        bounds = _bounds(rows, constraints, limits, labels, members, strength.prior_weight)
        penalty = total_penalty(
            rows.blocks, strengths, rows.shares, rows.fields, float(rows.weight.sum()), held=rows.held
        )
        coefficients = fit_effects(
            rows.design(),
            rows.won,
            penalty,
            offset=rows.offset(strength.prior_weight),
            bounds=bounds,
            start=first,
        )
        learned = np.split(coefficients[1:], np.cumsum(rows.sizes)[:-1])
        total = [part + strength.prior_weight * believed for part, believed in zip(learned, rows.prior, strict=True)]
        pooled = pooled_members(rows, total, constraints)
        if pooled is None:
            return [effect[member] for effect, member in zip(total, members, strict=True)]
        sizes = rows.sizes
        rows, first = rows.merged(pooled), None
        # leads in no band stay the last column
        whole = [np.append(p, int(p.max()) + 1) if size > len(p) else p for p, size in zip(pooled, sizes, strict=True)]
        members = [p[member] for p, member in zip(whole, members, strict=True)]


def _bounds(
    rows: BandedRows,
    constraints: Sequence[Constraint],
    limits: Limits,
    labels: list[list[str]],
    members: list[NDArray[np.int64]],
    prior_weight: float,
) -> tuple[Floats, Floats] | None:
    demanded = effect_bounds(rows, constraints, prior_weight, UNIT)
    if not limits:
        return demanded
    size = sum(rows.sizes)
    lower, upper = demanded or (np.full(size, -np.inf), np.full(size, np.inf))
    starts = np.concatenate(([0], np.cumsum(rows.sizes)))
    for i, field in enumerate(rows.fields):
        for j, label in enumerate(labels[i]):
            fewest, most = limits.get((field.name, label), (None, None))
            at = starts[i] + members[i][j]
            believed = prior_weight * rows.prior[i][members[i][j]]
            lower[at] = max(lower[at], -np.inf if fewest is None else fewest * UNIT - believed)
            upper[at] = min(upper[at], np.inf if most is None else most * UNIT - believed)
            if lower[at] > upper[at] + 1e-9:
                raise ConstraintError(
                    f'what is demanded of the band "{label}" of {field.name} leaves it no points; take one demand back.'
                )
    return lower, np.maximum(lower, upper)
