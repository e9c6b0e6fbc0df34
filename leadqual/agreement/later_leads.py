"""Later leads on which edits are priced: kept apart in time, with points that have not seen them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle import Bundle, FieldPoints, PointsTable, Policy
from leadqual.bundle.encoding import FieldEncoder
from leadqual.errors import EvidenceError
from leadqual.evaluation import time_blocks
from leadqual.leads import Feature, Leads, Outcomes, last_part
from leadqual.leads.accounts import Correlation, account_numbers
from leadqual.scorecard import Constraint, Exclude, Strength, lead_points, recency, refit_points
from leadqual.scorer.columns import encode_column
from leadqual.training.train import recent_leads

__all__ = ["LaterLeads", "Segments", "hold_later", "thinned", "whole_history"]

Floats = NDArray[np.float64]
Points = NDArray[np.int64]
Codes = NDArray[np.int16]

_FEWEST_IN_SEGMENT = 10
_MOST_VALUES = 12
_REST = "(others)"
_GAP = "(missing)"


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
        Its fields and bands, with points learned from the earlier leads alone: the later ones are new to them.
    deployed
        Its own points table.
    policy
        Its policy.
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
    earlier_account, later_account
        Number of each lead's account, (n,) and (m,); None where the schema names no account.
    account_correlation
        How alike outcomes within an account are, as training found; see `leadqual.leads.accounts.Correlation`.
    """

    bundle: str
    table: PointsTable
    deployed: PointsTable
    policy: Policy
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
            encoder = FieldEncoder(field, table.missing_values)
            earlier += worth[encode_column(encoder, self.earlier[field.name])]
            later += worth[encode_column(encoder, self.later[field.name])]
            if i is not None and before is not None:
                earlier -= before[self.earlier_codes[i]]
                later -= before[self.later_codes[i]]
        return earlier, later


def hold_later(
    bundle: Bundle,
    leads: Leads,
    outcomes: Outcomes,
    *,
    constraints: Sequence[Constraint] = (),
    prior: PointsTable | None = None,
) -> LaterLeads:
    """Split a history in time as training does, and learn the bundle's points again from the earlier part.

    The bundle's own points have seen every mature lead; judged on those, whatever else is proposed would look worse
    than it is. Its bands stay; its points are learned again, with its strength and half-life, from what was known when
    the last quarter began.

    Parameters
    ----------
    bundle
        What edits are about.
    leads, outcomes
        The history and its labels.
    constraints, prior
        What the bundle was trained with.

    Raises
    ------
    EvidenceError
        When the history is too small to keep a part of it apart, or lacks a field that the bundle scores.

    Examples
    --------
    >>> from leadqual.leads import SampleSettings, label_outcomes, read_leads, simulate
    >>> from leadqual.training import train
    >>> sample = simulate(SampleSettings(leads=1500), seed=1)
    >>> leads = read_leads(sample.table, sample.schema)
    >>> bundle = train(leads, name="demo").bundle
    >>> later = hold_later(bundle, leads, label_outcomes(leads))
    >>> later.table.names == bundle.points_table.names, len(later.later) > 200
    (True, True)
    """
    lacking = [name for name in bundle.points_table.names if name not in leads.table.columns]
    if lacking:
        raise EvidenceError(
            f"the leads lack {len(lacking)} of the bundle's {len(bundle.points_table.fields)} fields "
            f"({', '.join(lacking)}); read the history that the bundle was trained on, or a later one."
        )
    split = last_part(outcomes)
    strength, half_life = _settings(bundle)
    earlier, later = (leads.table.iloc[rows].reset_index(drop=True) for rows in (split.train, split.test))
    won = outcomes.label[split.train]
    account = None
    if leads.schema.account is not None and leads.schema.account in leads.table:
        account = account_numbers(leads.table[leads.schema.account], leads.schema.missing_values)
    within = float(dict(bundle.provenance.settings).get("account correlation", 0.0))
    earlier_account, later_account = (None if account is None else account[rows] for rows in (split.train, split.test))
    weight = recency(outcomes.time[split.train], half_life) * _beside(earlier_account, within)
    scored = {name: bundle.points_table.field(name) for name in bundle.points_table.names}
    mine = tuple(c for c in constraints if not isinstance(c, Exclude) and c.field in scored)
    table = refit_points(
        bundle.points_table, earlier, won, weight=weight, strength=strength, constraints=mine, prior=prior
    )
    encoders = [FieldEncoder(field, table.missing_values) for field in table.fields]
    listed = [feature.name for feature in leads.schema.features if feature.kind != "numeric"]
    return LaterLeads(
        bundle=bundle.digest,
        table=table,
        deployed=bundle.points_table,
        policy=bundle.policy,
        # what is known only later must not be brought back either: it would seem to gain much, and cannot be scored
        features=leads.schema.scored,
        earlier=earlier,
        later=later,
        earlier_won=won,
        later_won=outcomes.label[split.test],
        weight=weight,
        earlier_time=outcomes.time[split.train],
        later_time=outcomes.time[split.test],
        half_life=half_life,
        recent=leads.table[recent_leads(outcomes)].reset_index(drop=True),
        block=time_blocks(outcomes.time[split.test], dated=outcomes.as_of is not None, account=later_account),
        earlier_codes=tuple(encode_column(e, earlier[e.field.name]).astype(np.int16) for e in encoders),
        later_codes=tuple(encode_column(e, later[e.field.name]).astype(np.int16) for e in encoders),
        earlier_points=lead_points(table, earlier),
        later_points=lead_points(table, later),
        segments={name: _segments(later[name]) for name in listed},
        leads_per_week=outcomes.leads_per_week,
        strength=strength,
        constraints=mine,
        prior=prior,
        earlier_account=earlier_account,
        later_account=later_account,
        account_correlation=within,
    )


def _beside(account: NDArray[np.int64] | None, within: float) -> NDArray[np.float64] | float:
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
        weight=recency(time, held.half_life) * _beside(account, held.account_correlation),
        earlier_time=time,
        earlier_codes=tuple(np.concatenate(pair) for pair in pairs),
        earlier_points=np.concatenate((held.earlier_points, held.later_points)),
    )


def _settings(bundle: Bundle) -> tuple[Strength, float | None]:
    said = dict(bundle.provenance.settings)
    default = Strength()
    strength = Strength(
        float(said.get("strength", default.common)), float(said.get("prior_weight", default.prior_weight))
    )
    half_life = said.get("half_life", "none")
    return strength, None if half_life == "none" else float(half_life)


def _segments(column: pd.Series) -> Segments:
    text = column.astype("str").str.strip().where(column.notna(), _GAP).replace("", _GAP)
    counts = text.value_counts()
    named = [str(value) for value in counts.index[counts >= _FEWEST_IN_SEGMENT][:_MOST_VALUES]]
    values = (*named, _REST)
    places = {value: i for i, value in enumerate(named)}
    place = text.map(places).fillna(len(named)).to_numpy()
    return Segments(values, np.asarray(place, dtype=np.int64))


def _worth(field: FieldPoints, table: PointsTable) -> Points:
    """Return the points of each code of a field."""
    return np.array([place.points for place in FieldEncoder(field, table.missing_values).places], dtype=np.int64)


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
