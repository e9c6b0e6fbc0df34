"""Later leads on which edits are priced: kept apart in time, with points that have not seen them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.agreement.edits import Change
from leadqual.bundle import FieldPoints, PointsTable, Policy
from leadqual.bundle.encoding import FieldEncoder, encoders
from leadqual.leads import Feature
from leadqual.leads.accounts import Correlation
from leadqual.scorecard import Constraint, Strength, recency
from leadqual.scorer.columns import encode_column

__all__ = ["LaterLeads", "Segments", "counted_beside", "thinned", "whole_history"]

Floats = NDArray[np.float64]
Points = NDArray[np.int64]
Codes = NDArray[np.int16]


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """Which value of one field each later lead has; rare values are one, so that no single lead can be made out.

    Parameters
    ----------
    values
        The values, most frequent first.
    place
        Number of each lead's value, (m,).
    """

    values: tuple[str, ...]
    place: NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class LaterLeads:
    """Earlier leads that points and probabilities are learned from, and later leads that they are judged on.

    Parameters
    ----------
    bundle
        Digest of the bundle that edits are about.
    table
        Its fields and bands, with points learned from the earlier leads alone (the later ones are new to them) and
        with every edit that was applied to the bundle.
    deployed
        Its own points table.
    policy
        Its policy.
    policy_here
        The policy in terms of ``table``: thresholds that were moved by hand lie as many points from where the capacity
        puts them as in ``policy``. The same as ``policy`` where nothing was moved.
    features
        All fields that may be scored.
    earlier, later
        Raw values of n earlier and m later leads.
    earlier_won, later_won
        Outcome of each, 1 or 0, (n,) and (m,).
    weight
        Weight of each earlier lead, (n,).
    earlier_time, later_time
        When they came, in days or in places, (n,) and (m,).
    half_life
        Age at which a lead counts half in learning; None: all count alike.
    recent
        Raw values of the leads that a policy is set for: those of the last weeks, decided or not.
    block
        Number of the stretch of time each later lead is in, (m,).
    earlier_codes, later_codes
        For each field of the table the code of each lead's value; see `leadqual.bundle.encoding.FieldEncoder`.
    earlier_points, later_points
        Their points under the table, (n,) and (m,).
    segments
        For each field that is no number the value of each later lead.
    leads_per_week
        How many leads come; None without dates.
    strength, constraints, prior
        What the points were learned under.
    signed
        The edits that were applied to the bundle and still hold; a refit holds them too.
    unknown_edits
        How many proposals were applied to the bundle before files named their edits: ``table`` is without those.
    earlier_account, later_account
        Number of each lead's account, (n,) and (m,); None where the schema names no account.
    account_correlation
        How alike outcomes within an account are, as training found; see `leadqual.leads.accounts.Correlation`.
    """

    bundle: str
    table: PointsTable
    deployed: PointsTable
    policy: Policy
    policy_here: Policy
    features: tuple[Feature, ...]
    earlier: pd.DataFrame
    later: pd.DataFrame
    earlier_won: Floats
    later_won: Floats
    weight: Floats
    earlier_time: Floats
    later_time: Floats
    half_life: float | None
    recent: pd.DataFrame
    block: NDArray[np.int64]
    earlier_codes: tuple[Codes, ...]
    later_codes: tuple[Codes, ...]
    earlier_points: Points
    later_points: Points
    segments: Mapping[str, Segments]
    leads_per_week: float | None
    strength: Strength
    constraints: tuple[Constraint, ...] = ()
    prior: PointsTable | None = None
    signed: tuple[Change, ...] = ()
    unknown_edits: int = 0
    earlier_account: NDArray[np.int64] | None = None
    later_account: NDArray[np.int64] | None = None
    account_correlation: float = 0.0

    @property
    def base_rate(self) -> float:
        """The win rate of the earlier leads, which 100 points stand for."""
        return float(self.weight @ self.earlier_won / self.weight.sum())

    def points(self, table: PointsTable) -> tuple[Points, Points]:
        """Return the points of the earlier and of the later leads under another table, (n,) and (m,)."""
        step = table.base_points - self.table.base_points
        earlier, later = self.earlier_points + step, self.later_points + step
        known = {field.name: i for i, field in enumerate(self.table.fields)}
        # only what differs is counted again: nearly every edit touches one field
        for name in known.keys() - set(table.names):
            worth = _worth(self.table.fields[known[name]], self.table)
            earlier -= worth[self.earlier_codes[known[name]]]
            later -= worth[self.later_codes[known[name]]]
        for field in table.fields:
            i, worth = known.get(field.name), _worth(field, table)
            before = None if i is None else _worth(self.table.fields[i], self.table)
            if i is not None and before is not None and _bands(field) == _bands(self.table.fields[i]):
                gained = worth - before
                if gained.any():
                    earlier += gained[self.earlier_codes[i]]
                    later += gained[self.later_codes[i]]
                continue
            encoder = FieldEncoder(field, table.missing_values, reading=table.reading)
            earlier += worth[encode_column(encoder, self.earlier[field.name])]
            later += worth[encode_column(encoder, self.later[field.name])]
            if i is not None and before is not None:
                earlier -= before[self.earlier_codes[i]]
                later -= before[self.later_codes[i]]
        return earlier, later


def with_table(held: LaterLeads, table: PointsTable) -> LaterLeads:
    """Return the same leads under another points table."""
    earlier, later = (
        tuple(encode_column(encoder, leads[encoder.field.name]).astype(np.int16) for encoder in encoders(table))
        for leads in (held.earlier, held.later)
    )
    return replace(
        held,
        table=table,
        earlier_codes=earlier,
        later_codes=later,
        earlier_points=_points_of(table, earlier, len(held.earlier)),
        later_points=_points_of(table, later, len(held.later)),
    )


def _points_of(table: PointsTable, codes: tuple[Codes, ...], leads: int) -> Points:
    """Return the points of leads whose codes are known, (n,)."""
    total = np.full(leads, table.base_points, dtype=np.int64)
    for field, code in zip(table.fields, codes, strict=True):
        total += _worth(field, table)[code]
    return total


def counted_beside(account: NDArray[np.int64] | None, within: float) -> NDArray[np.float64] | float:
    """Return how much each lead counts beside the others of its account, (n,); 1 without accounts."""
    return 1.0 if account is None else Correlation(within, within, within, 0).weights(account)


def whole_history(held: LaterLeads) -> LaterLeads:
    """Return the same with all leads as earlier ones, to learn from everything once it is settled what is learned."""
    time = np.concatenate((held.earlier_time, held.later_time))
    pairs = zip(held.earlier_codes, held.later_codes, strict=True)
    account = None
    if held.earlier_account is not None and held.later_account is not None:
        account = np.concatenate((held.earlier_account, held.later_account))
    return replace(
        held,
        earlier_account=account,
        earlier=pd.concat([held.earlier, held.later], ignore_index=True),
        earlier_won=np.concatenate((held.earlier_won, held.later_won)),
        weight=recency(time, held.half_life) * counted_beside(account, held.account_correlation),
        earlier_time=time,
        earlier_codes=tuple(np.concatenate(pair) for pair in pairs),
        earlier_points=np.concatenate((held.earlier_points, held.later_points)),
    )


def _worth(field: FieldPoints, table: PointsTable) -> Points:
    """Return the points of each code of a field."""
    return np.array(
        [place.points for place in FieldEncoder(field, table.missing_values, reading=table.reading).places],
        dtype=np.int64,
    )


def _bands(field: FieldPoints) -> FieldPoints:
    """Return what decides which code a value has: the field without what its bands are worth."""
    plain = tuple(replace(band, label="", points=0, share=0.0) for band in field.bands)
    return replace(field, bands=plain, average_points=0, dimension=None, actionable=False)


def thinned(held: LaterLeads, most: int) -> LaterLeads:
    """Return at most so many earlier and so many later leads, evenly spaced in time, for a page to carry.

    Parameters
    ----------
    held
        The leads.
    most
        How many of each, at least 1.
    """
    first, last = (_spaced(time, most) for time in (held.earlier_time, held.later_time))
    return replace(
        held,
        earlier=held.earlier.iloc[first].reset_index(drop=True),
        later=held.later.iloc[last].reset_index(drop=True),
        earlier_won=held.earlier_won[first],
        later_won=held.later_won[last],
        weight=held.weight[first],
        earlier_account=None if held.earlier_account is None else held.earlier_account[first],
        later_account=None if held.later_account is None else held.later_account[last],
        earlier_time=held.earlier_time[first],
        later_time=held.later_time[last],
        block=np.unique(held.block[last], return_inverse=True)[1],
        earlier_codes=tuple(code[first] for code in held.earlier_codes),
        later_codes=tuple(code[last] for code in held.later_codes),
        earlier_points=held.earlier_points[first],
        later_points=held.later_points[last],
        segments={name: replace(one, place=one.place[last]) for name, one in held.segments.items()},
    )


def _spaced(time: Floats, most: int) -> NDArray[np.int64]:
    order = np.argsort(time, kind="stable")
    if len(order) <= most:
        return np.arange(len(order))
    return np.sort(order[np.linspace(0, len(order) - 1, most).round().astype(np.int64)])
