"""Replay: a past score recomputed from the ledger and the bundle it names; and leads as they were when scored."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from leadqual.bundle import Bundle, FieldPoints, PointsTable
from leadqual.bundle.encoding import FieldEncoder
from leadqual.errors import FeedbackError
from leadqual.feedback.events import Event

__all__ = ["Replayed", "replay", "values_of"]


@dataclass(frozen=True, slots=True)
class Replayed:
    """A past score, computed again.

    Parameters
    ----------
    points, probability, grade
        What the bundle gives the bands that the lead was in.
    agrees
        Whether that is what the event says.
    """

    points: int
    probability: float
    grade: str
    agrees: bool


def replay(event: Event, bundle: Bundle) -> Replayed:
    """Compute a past score again.

    Raises
    ------
    FeedbackError
        When the event is no score, was erased, or is of another bundle.

    Examples
    --------
    See `leadqual.feedback.ScoreRecorder`; ``tests/feedback/test_replay.py`` replays every kind of lead.
    """
    content = event.content
    if event.kind != "scored":
        raise FeedbackError(f"a {event.kind} event is no score; replay a scored event.")
    if content.get("bundle") != bundle.digest:
        raise FeedbackError("the score is of another bundle, it must be replayed with the one it names; load that.")
    codes = content.get("codes")
    if codes is None:
        raise FeedbackError("the person was forgotten, and their bands with them; this score cannot be replayed.")
    fields = bundle.points_table.fields
    if len(codes) != len(fields):
        raise FeedbackError(f"the score has {len(codes)} bands for {len(fields)} fields; the event was damaged.")
    points = bundle.points_table.base_points + sum(
        field.average_points if code is None else field.bands[code].points
        for field, code in zip(fields, codes, strict=True)
    )
    probability, grade = bundle.curve.at(points)[0], bundle.policy.grade(points).name
    agrees = (points, probability, grade) == (content["points"], content["probability"], content["grade"])
    return Replayed(points, probability, grade, agrees)


def values_of(codes: Iterable[Sequence[int | None]], table: PointsTable) -> pd.DataFrame:
    """Return leads that fall in given bands: what training on the ledger alone learns from.

    Each band is stood for by one value in it, so that points can be learned anew in the agreed bands without any raw
    value having been kept.

    Parameters
    ----------
    codes
        The bands of each lead, in the order of the table's fields; None where no band took its value.
    table
        The points table that the bands are of.

    Raises
    ------
    FeedbackError
        When the bands are not of this table.

    Examples
    --------
    >>> from leadqual.bundle import Band
    >>> visits = FieldPoints("visits", "numeric", (Band("under 3", -5, interval=(None, 3.0)),
    ...                                            Band("3 and more", 9, interval=(3.0, None))))
    >>> values_of([[0], [1], [None]], PointsTable((visits,)))["visits"].tolist()
    [2.0, 3.0, None]
    """
    rows = list(codes)
    if any(len(row) != len(table.fields) for row in rows):
        raise FeedbackError(
            "the bands are of another points table, they must be of this one; pass the one scored with."
        )
    columns = {}
    for i, field in enumerate(table.fields):
        values: dict[int | None, Any] = {k: _value_in(field, k, table) for k in range(len(field.bands))}
        values[None] = _value_nowhere(field, table)
        columns[field.name] = pd.Series([values[row[i]] for row in rows], dtype="object")
    return pd.DataFrame(columns)


def _value_in(field: FieldPoints, number: int, table: PointsTable) -> Any:
    band = field.bands[number]
    # a value that also means "missing" falls in the missing band, so another stands for this one
    encoder = FieldEncoder(field, table.missing_values, reading=table.reading)
    if band.interval is not None:
        inside = _inside(field, band.interval)
        towards = math.inf if band.interval[1] is None or inside < band.interval[1] else -math.inf
        while encoder.places[encoder.encode(inside)].band != number:
            inside = math.nextafter(inside, towards)
        return inside
    for value in band.values:
        if encoder.places[encoder.encode(value)].band == number:
            return value
    if band.missing:
        return None
    spare = {"yes", "no"} - {value for other in field.bands for value in other.values}
    return min(spare) if field.kind == "boolean" and spare else _new_value(field, table)


def _inside(field: FieldPoints, interval: tuple[float | None, float | None]) -> float:
    low, high = interval
    seen = field.seen or (float("-inf"), float("inf"))
    if low is not None:
        return max(low, seen[0]) if high is None or seen[0] < high else low
    if high is None:
        return seen[0] if seen[0] > float("-inf") else 0.0
    return seen[0] if float("-inf") < seen[0] < high else high - max(1.0, abs(high) * 1e-9)


def _value_nowhere(field: FieldPoints, table: PointsTable) -> Any:
    """Return a value that no band takes: none, where that has no band, or else one that training has not seen."""
    return _new_value(field, table) if any(band.missing for band in field.bands) else None


def _new_value(field: FieldPoints, table: PointsTable) -> str:
    known = {value for band in field.bands for value in band.values}
    name = "not a known value"
    while name in known or name in table.missing_values:
        name += "."
    return name
