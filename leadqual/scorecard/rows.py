"""Training leads as bands: what the fit sees, at any stage from fine bands to few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle.encoding import FieldEncoder
from leadqual.bundle.field_points import Band, FieldPoints
from leadqual.bundle.points_table import PointsTable
from leadqual.bundle.values import read_boolean, read_category
from leadqual.errors import RuleError
from leadqual.leads.schema import Feature
from leadqual.scorecard.constraints import Constraint, Exclude, Pin
from leadqual.scorecard.fine_bands import band_codes, fine_bands
from leadqual.scorecard.fit import Design, design
from leadqual.scorecard.merging import merged_field
from leadqual.scorecard.penalty import Block, field_blocks, merged_blocks

__all__ = ["BandedRows", "banded_rows", "pin_of_band", "read_as_leads", "rule_of_kind"]

Floats = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class BandedRows:
    """The band of each of n leads in each field, with the penalties on the bands' effects.

    Parameters
    ----------
    fields
        The bands of each field; points are 0.
    codes
        For each field the band of each lead, (n,); ``len(bands)`` where no band takes the value.
    blocks
        The penalties.
    held
        For each field and band the number of the pin that holds it, or None.
    prior
        For each field the log-odds that the prior rule gives each band, (k,), averaging 0 over the leads.
    won, weight
        Outcome and weight of each lead, (n,).
    """

    fields: list[FieldPoints]
    codes: list[Codes]
    blocks: list[Block]
    held: list[tuple[int | None, ...]]
    prior: list[Floats]
    won: Floats
    weight: Floats

    @property
    def sizes(self) -> list[int]:
        """Columns of each field: its bands, and one more where some lead is in none of them."""
        return [len(prior) for prior in self.prior]

    @property
    def shares(self) -> list[Floats]:
        """For each field the share of the leads in each column."""
        total = float(self.weight.sum())
        return [np.bincount(code, self.weight, size) / total for code, size in zip(self.codes, self.sizes, strict=True)]

    def design(self) -> Design:
        """Return the design of the fit."""
        return design(self.codes, self.sizes, self.weight)

    def offset(self, prior_weight: float) -> Floats | None:
        """Return the log-odds that the prior rule gives each lead, (n,), or None where it gives none."""
        if prior_weight == 0 or not any(np.any(part) for part in self.prior):
            return None
        return prior_weight * self.total(self.prior)

    def total(self, effects: Sequence[Floats]) -> Floats:
        """Return the sum of each lead's effects over the fields, (n,)."""
        total = np.zeros(len(self.won))
        for effect, code in zip(effects, self.codes, strict=True):
            total += effect[code]
        return total

    def merged(self, members: Sequence[Codes]) -> BandedRows:
        """Return the same leads with the bands of each field merged; ``members`` says which new band each goes to."""
        fields, codes, held, prior, maps = [], [], [], [], []
        shares = [share + 1e-12 for share in self.shares]
        for i, (field, member) in enumerate(zip(self.fields, members, strict=True)):
            count = int(member.max()) + 1 if len(member) else 0
            extended = np.append(member, count) if self.sizes[i] > len(member) else member
            mass = np.bincount(extended, shares[i])
            fields.append(merged_field(field, member, [0] * count, 0, in_order=False))
            codes.append(extended[self.codes[i]])
            held.append(tuple(self.held[i][int(np.argmax(member == new))] for new in range(count)))
            prior.append(np.bincount(extended, shares[i] * self.prior[i]) / mass)
            maps.append(extended)
        blocks = merged_blocks(self.blocks, maps, [len(part) for part in prior])
        return BandedRows(fields, codes, blocks, held, prior, self.won, self.weight)

    def encoded(self, table: pd.DataFrame, won: Floats, weight: Floats, missing_values: tuple[str, ...]) -> BandedRows:
        """Return other leads in the same bands, under the same penalties."""
        codes = [band_codes(field, table[field.name], missing_values) for field in self.fields]
        blocks, prior = list(self.blocks), list(self.prior)
        for i, code in enumerate(codes):
            lacking = int(code.max(initial=0)) + 1 - len(prior[i])
            if lacking > 0:
                prior[i] = np.append(prior[i], 0.0)
                blocks = [
                    replace(block, matrix=np.pad(block.matrix, (0, 1))) if block.field == i else block
                    for block in blocks
                ]
        return BandedRows(self.fields, codes, blocks, self.held, prior, won, weight)


def banded_rows(
    table: pd.DataFrame,
    won: Floats,
    weight: Floats,
    features: Sequence[Feature],
    missing_values: tuple[str, ...],
    constraints: Sequence[Constraint] = (),
    prior: PointsTable | None = None,
) -> BandedRows:
    """Cut every field into fine bands and find each lead's.

    A field with a single band says nothing and is left out, unless a pin or the prior speaks of it.

    Parameters
    ----------
    table
        Raw values of n leads.
    won, weight
        Outcome (1 or 0) and weight of each lead, (n,).
    features
        The fields to score.
    missing_values
        Texts that mean "no value".
    constraints
        What the teams demand; see `leadqual.scorecard.constraints`.
    prior
        Today's rule, or None.
    """
    excluded = {constraint.field for constraint in constraints if isinstance(constraint, Exclude)}
    rules = {} if prior is None else {field.name: field for field in prior.fields}
    fields: list[FieldPoints] = []
    codes, held, blocks, priors = [], [], [], []
    for feature in features:
        pins = [c for c in constraints if isinstance(c, Pin) and c.field == feature.name]
        if feature.name in excluded:
            continue
        rule = rule_of_kind(rules[feature.name], feature) if feature.name in rules else None
        field = _fine_field(feature, table[feature.name], weight, missing_values, pins, rule)
        if len(field.bands) < 2 and not pins and rule is None:
            continue
        code = band_codes(field, table[feature.name], missing_values)
        size = len(field.bands) + int(code.max(initial=0) == len(field.bands))
        share = np.bincount(code, weight, size) / float(weight.sum())
        blocks += field_blocks(len(fields), field, share)
        effects = np.zeros(size)
        if rule is not None and prior is not None:
            effects[: len(field.bands)] = _rule_effects(field, rule, prior, missing_values)
            effects[: len(field.bands)] -= float(share @ effects)
        fields.append(field)
        codes.append(code)
        held.append(tuple(pin_of_band(band, pins) for band in field.bands))
        priors.append(effects)
    return BandedRows(fields, codes, blocks, held, priors, won, weight)


def _fine_field(
    feature: Feature,
    column: pd.Series,
    weight: Floats,
    missing_values: tuple[str, ...],
    pins: Sequence[Pin],
    rule: FieldPoints | None,
) -> FieldPoints:
    intervals = [pin.interval for pin in pins if pin.interval is not None]
    apart = [value for pin in pins for value in pin.values]
    missing = any(pin.missing for pin in pins)
    if rule is not None:
        intervals += [band.interval for band in rule.bands if band.interval is not None]
        # A rule of an older bundle may list "3.0", which is read as "3" today.
        apart += [read_category(value) for band in rule.bands for value in band.values if rule.kind == feature.kind]
        # Where no lead is empty and the rule gives nothing for it, an empty field counts as average, and says so.
        missing = missing or any(band.missing and band.points != 0 for band in rule.bands)
    breaks = sorted({end for interval in intervals for end in interval if end is not None})
    field = fine_bands(feature, column, weight, missing_values, breaks=breaks, apart=sorted(set(apart)))
    if missing and not any(band.missing for band in field.bands):
        field = replace(field, bands=(*field.bands, Band("missing", 0, missing=True)))
    return field


def rule_of_kind(rule: FieldPoints, feature: Feature) -> FieldPoints:
    """Return today's rule on a field as a rule on values of the kind that the schema gives it.

    A boolean field takes a rule on "Y", 1 or a number of at least 1 alike.

    Raises
    ------
    RuleError
        When the rule speaks of numbers and the field is a category, or the other way round.
    """
    if rule.kind == feature.kind:
        return rule
    if feature.kind == "boolean":
        encoder = FieldEncoder(rule)
        listed = {read_boolean(value): band.points for band in rule.bands for value in band.values}
        rest = encoder.places[encoder.encode("\x00a value that no rule lists")].points
        worth = {
            value: encoder.places[encoder.encode(number)].points if rule.kind == "numeric" else listed.get(value, rest)
            for value, number in (("yes", 1.0), ("no", 0.0))
        }
        bands = [Band(value, points, values=(value,)) for value, points in worth.items()]
        bands += [band for band in rule.bands if band.missing]
        return replace(rule, kind="boolean", bands=tuple(bands))
    if feature.kind == "numeric" and not any(band.values for band in rule.bands):
        # a rule on whether it is known: any number will do
        whole = [Band(band.label, band.points, interval=(None, None)) for band in rule.bands if band.other]
        bands = [*whole, *(band for band in rule.bands if band.missing)]
        return replace(rule, kind="numeric", bands=tuple(bands))
    if "numeric" in (rule.kind, feature.kind):
        raise RuleError(
            f"the prior rule on {feature.name} is for a {rule.kind} field, the schema says {feature.kind}, which must "
            "agree; use at_least and below for numbers and is or in for values, or change the kind in the schema."
        )
    # yes and no of a rule, on a category: whatever reads as one of them
    return rule


def read_as_leads(
    rule: PointsTable, fields: Sequence[Feature | FieldPoints], missing_values: Sequence[str], *, reading: int = 2
) -> PointsTable:
    """Return today's rule with the marks of numbers, the codes for no value and the aliases that the leads have.

    Without that, "1.200" is 1.2 to a rule on leads with a decimal comma, and -999 a number.

    Parameters
    ----------
    rule
        Its fields; those that are not among ``fields`` keep their marks.
    fields
        How the leads' fields are read.
    missing_values
        Texts that mean "no value" in the leads.
    reading
        The rule by which the leads' values are read; see `PointsTable`.

    Examples
    --------
    >>> from leadqual.bundle import Band
    >>> size = FieldPoints("Size", "numeric", (Band("any", 5, interval=(None, None)),))
    >>> read = read_as_leads(PointsTable((size,)), [Feature("Size", "numeric", decimal=",", thousands=".")], ("-999",))
    >>> read.fields[0].decimal, read.fields[0].thousands, read.missing_values
    (',', '.', ('-999',))
    """
    known = {field.name: field for field in fields}

    def settled(field: FieldPoints) -> FieldPoints:
        own = known.get(field.name)
        if own is None:
            return field
        return replace(
            field,
            decimal=own.decimal or ".",
            thousands=own.thousands,
            aliases=own.aliases,
            dimension=own.dimension,
            actionable=own.actionable,
        )

    return replace(rule, fields=tuple(map(settled, rule.fields)), missing_values=tuple(missing_values), reading=reading)


def _rule_effects(field: FieldPoints, rule: FieldPoints, prior: PointsTable, missing_values: tuple[str, ...]) -> Floats:
    encoder = FieldEncoder(rule, missing_values)
    unit = np.log(2) / prior.points_to_double_odds
    points = [encoder.places[encoder.encode(_example(band))].points for band in field.bands]
    return np.asarray(np.multiply(points, unit), dtype=np.float64)


def _example(band: Band) -> object:
    """Return a value that falls in the band; a rule's borders are borders of the fine bands, so any one will do."""
    if band.interval is not None:
        low, high = band.interval
        return low if low is not None else 0.0 if high is None else high - max(1.0, abs(high))
    return band.values[0] if band.values else None if band.missing else "\x00a value that no rule lists"


def pin_of_band(band: Band, pins: Sequence[Pin]) -> int | None:
    """Return the number of the pin that holds a band, None where none does."""
    for number, pin in enumerate(pins):
        if pin.missing and band.missing:
            return number
        if pin.values and set(band.values) & set(pin.values):
            return number
        if pin.interval is not None and band.interval is not None:
            low, high = pin.interval
            starts = low is None or (band.interval[0] is not None and band.interval[0] >= low)
            ends = high is None or (band.interval[1] is not None and band.interval[1] <= high)
            if starts and ends:
                return number
    return None
