"""The difference between two bundles, read like a release note: fields, bands, points, thresholds, and who moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from leadqual.bundle import Band, Bundle, FieldPoints
from leadqual.scorer import Scorer

__all__ = ["BandChange", "Difference", "FieldChange", "ThresholdChange", "difference"]


@dataclass(frozen=True, slots=True)
class BandChange:
    """A band whose points differ, or that only one of the two has.

    Parameters
    ----------
    label
        The band.
    before, after
        Its points; None where the bundle has no such band.
    """

    label: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field whose points differ.

    Parameters
    ----------
    field
        Its name.
    what
        ``"added"``, ``"removed"``, ``"points"`` (the same bands) or ``"bands"`` (other bands).
    bands
        The bands that differ; all of them where the field was added or removed.
    """

    field: str
    what: str
    bands: tuple[BandChange, ...]


@dataclass(frozen=True, slots=True)
class ThresholdChange:
    """A threshold or another number of the policy that differs.

    Parameters
    ----------
    name
        ``"SQL"``, ``"MQL"``, ``"grade A"`` and so on, ``"follow-up of A"``, ``"capacity"``, ``"base rate"`` or
        ``"window"``.
    before, after
        As they are shown; ``"none"`` where there is none.
    """

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed from one bundle to the other.

    Parameters
    ----------
    before, after
        Their digests.
    fields
        Fields whose points differ, in the order of the later bundle, removed ones last.
    thresholds
        What differs in the policy and in what it rests on.
    calibration
        Points at which the probability moved most, with both probabilities; None where the curves are the same.
    leads
        How many leads both bundles scored; None where none were given.
    moves
        How many of them move between grades, by grade before and after, where the two differ.
    """

    before: str
    after: str
    fields: tuple[FieldChange, ...]
    thresholds: tuple[ThresholdChange, ...]
    calibration: tuple[int, float, float] | None
    leads: int | None
    moves: Mapping[tuple[str, str], int]

    @property
    def nothing(self) -> bool:
        """Whether the bundles do not differ."""
        return self.before == self.after

    @property
    def regraded(self) -> int | None:
        """How many leads change grade; None where none were given."""
        return None if self.leads is None else sum(self.moves.values())


def difference(before: Bundle, after: Bundle, leads: pd.DataFrame | None = None) -> Difference:
    """Compare two bundles.

    Parameters
    ----------
    before, after
        The bundles.
    leads
        Raw leads to score with both; None: grade changes are not counted. A field is read as `leadqual.scorer.Scorer`
        reads it: one that is absent counts as its average.

    Raises
    ------
    LeadError
        When the leads lack the columns of more than half of the fields of one.

    Examples
    --------
    >>> from leadqual.leads import read_leads
    >>> from leadqual.simulation import SampleSettings, simulate
    >>> from leadqual.training import train
    >>> sample = simulate(SampleSettings(leads=1500), seed=1)
    >>> bundle = train(read_leads(sample.table, sample.schema), name="demo").bundle
    >>> difference(bundle, bundle).nothing
    True
    """
    moves: dict[tuple[str, str], int] = {}
    if leads is not None:
        scorers = [Scorer(bundle) for bundle in (before, after)]
        for scorer in scorers:
            scorer.keys.require_most(leads.columns)
        graded = [scorer.score(leads, reasons=0)["grade"].to_numpy(dtype=str) for scorer in scorers]
        pairs, counts = np.unique(np.column_stack(graded), axis=0, return_counts=True)
        moves = {(str(a), str(b)): int(count) for (a, b), count in zip(pairs, counts, strict=True) if a != b}
    return Difference(
        before=before.digest,
        after=after.digest,
        fields=_fields(before, after),
        thresholds=_thresholds(before, after),
        calibration=_calibration(before, after),
        leads=None if leads is None else len(leads),
        moves=moves,
    )


def _fields(before: Bundle, after: Bundle) -> tuple[FieldChange, ...]:
    old = {field.name: field for field in before.points_table.fields}
    new = {field.name: field for field in after.points_table.fields}
    found = []
    for name in [*new, *(name for name in old if name not in new)]:
        was, now = old.get(name), new.get(name)
        if isinstance(was, FieldPoints) and isinstance(now, FieldPoints):
            change = _field(was, now)
        elif isinstance(now, FieldPoints):
            change = FieldChange(name, "added", tuple(BandChange(one.label, None, one.points) for one in now.bands))
        else:
            gone = old[name].bands
            change = FieldChange(name, "removed", tuple(BandChange(one.label, one.points, None) for one in gone))
        if change.bands:
            found.append(change)
    return tuple(found)


def _field(old: FieldPoints, new: FieldPoints) -> FieldChange:
    shape, other = [_shape(band) for band in old.bands], [_shape(band) for band in new.bands]
    was = {_shape(band): band for band in old.bands}
    now = {_shape(band): band for band in new.bands}
    bands = [
        BandChange(band.label, was[_shape(band)].points if _shape(band) in was else None, band.points)
        for band in new.bands
        if _shape(band) not in was or was[_shape(band)].points != band.points
    ]
    bands += [BandChange(band.label, band.points, None) for band in old.bands if _shape(band) not in now]
    return FieldChange(new.name, "points" if set(shape) == set(other) else "bands", tuple(bands))


def _shape(band: Band) -> tuple[object, ...]:
    return (tuple(sorted(band.values)), band.interval, band.missing, band.other)


def _thresholds(before: Bundle, after: Bundle) -> tuple[ThresholdChange, ...]:
    return tuple(
        ThresholdChange(name, old, new)
        for (name, old), (_, new) in zip(_settings(before).items(), _settings(after).items(), strict=True)
        if old != new
    )


def _settings(bundle: Bundle) -> dict[str, str]:
    policy = bundle.policy
    settings = {"SQL": f"{policy.sql_points} points", "MQL": f"{policy.mql_points} points"}
    for grade in policy.grades:
        start, hours = grade.minimum_points, grade.follow_up_hours
        settings[f"grade {grade.name}"] = "the rest" if start is None else f"{start} points"
        settings[f"follow-up of {grade.name}"] = "none" if hours is None else f"{hours:g} hours"
    share = policy.capacity_share
    settings["capacity"] = "none" if share is None else f"{100 * share:.3g}% of leads"
    settings["drawn at random"] = "not said" if policy.explore is None else f"{100 * policy.explore:.3g}% of capacity"
    settings["base rate"] = f"{100 * bundle.base_rate:.3g}%"
    settings["window"] = "none" if bundle.window_days is None else f"{bundle.window_days} days"
    return settings


def _calibration(before: Bundle, after: Bundle) -> tuple[int, float, float] | None:
    first = min(before.curve.first_points, after.curve.first_points)
    last = max(before.curve.last_points, after.curve.last_points)
    every = [(points, before.curve.at(points)[0], after.curve.at(points)[0]) for points in range(first, last + 1)]
    most = max(every, key=lambda entry: abs(entry[1] - entry[2]))
    return most if most[1] != most[2] else None
