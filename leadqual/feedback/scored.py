"""Scores as events: what a lead was worth when it was scored, in which bands, and why it was picked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from leadqual.bundle import Bundle
from leadqual.bundle.encoding import FieldEncoder, encoders
from leadqual.errors import FeedbackError
from leadqual.feedback.events import Event
from leadqual.scorer.columns import encode_column

__all__ = ["scored", "scored_table"]


def scored(
    bundle: Bundle,
    lead: str,
    values: Mapping[str, object],
    *,
    at: str,
    picked: str = "rank",
    propensity: float | None = None,
    keep_values: bool = False,
) -> Event:
    """Return the event of one lead's score.

    Parameters
    ----------
    bundle
        What it was scored with; the event holds its digest.
    lead
        The lead's id.
    values
        Its raw fields.
    at
        When it was scored (ISO 8601).
    picked
        Why sales got it: ``"rank"``, ``"random"`` (drawn before scoring), ``"override"`` (by hand), or "" (they did
        not).
    propensity
        The chance with which it was drawn; None where it was not.
    keep_values
        Also keep the raw values of the scored fields; by default only the bands they fell in are kept.

    Raises
    ------
    FeedbackError
        As `Event`.

    Examples
    --------
    >>> from leadqual.leads import SampleSettings, read_leads, simulate
    >>> from leadqual.training import train
    >>> sample = simulate(SampleSettings(leads=1500), seed=1)
    >>> bundle = train(read_leads(sample.table, sample.schema), name="demo").bundle
    >>> event = scored(bundle, "L-7", sample.table.iloc[0].to_dict(), at="2026-05-01T09:00:00Z")
    >>> len(event.content["codes"]) == len(bundle.points_table.fields)
    True
    """
    bands, worth = [], bundle.points_table.base_points
    for encoder in encoders(bundle.points_table):
        name = encoder.field.name
        place = encoder.places[encoder.encode(values[name]) if name in values else encoder.absent_code]
        bands.append(place.band)
        worth += place.points
    kept = {name: _plain(values[name]) for name in bundle.points_table.names if name in values} if keep_values else None
    return Event("scored", lead, at, _content(bundle, worth, bands, picked, propensity, kept))


def scored_table(
    bundle: Bundle,
    leads: pd.DataFrame,
    *,
    id_field: str,
    at: str | Sequence[str],
    picked: Sequence[str] | None = None,
    propensity: Sequence[float | None] | None = None,
) -> list[Event]:
    """Return the events of a whole table of scored leads, as `scored` gives them one by one.

    Parameters
    ----------
    bundle, leads
        The bundle, and the n leads with their raw fields.
    id_field
        The column that names them.
    at
        When they were scored: one time for all, or one for each.
    picked, propensity
        As in `scored`, one for each; None: all were picked by rank.

    Raises
    ------
    FeedbackError
        When the table has no such column, or names a lead by nothing.

    Examples
    --------
    See `scored`.
    """
    if id_field not in leads.columns:
        raise FeedbackError(f"the leads have no column {id_field}; name the one that holds their ids.")
    if leads[id_field].isna().any():
        raise FeedbackError(f"{id_field} is empty for {int(leads[id_field].isna().sum())} leads; each needs an id.")
    table, count = bundle.points_table, len(leads)
    points = np.full(count, table.base_points)
    bands: list[list[int | None]] = []
    for encoder in encoders(table):
        codes = _codes(encoder, leads)
        points = points + np.array([place.points for place in encoder.places])[codes]
        of_code = [place.band for place in encoder.places]
        bands.append([of_code[code] for code in codes])
    rows = list(zip(*bands, strict=True)) if bands else [()] * count
    times = [at] * count if isinstance(at, str) else list(at)
    why = ["rank"] * count if picked is None else list(picked)
    drawn = [None] * count if propensity is None else list(propensity)
    return [
        Event(
            "scored",
            str(lead),
            times[i],
            _content(bundle, int(points[i]), list(rows[i]), why[i], drawn[i], None),
        )
        for i, lead in enumerate(leads[id_field])
    ]


def _codes(encoder: FieldEncoder, leads: pd.DataFrame) -> np.ndarray:
    if encoder.field.name not in leads.columns:
        return np.full(len(leads), encoder.absent_code)
    return np.asarray(encode_column(encoder, leads[encoder.field.name]))


def _content(
    bundle: Bundle,
    points: int,
    bands: Sequence[int | None],
    picked: str,
    propensity: float | None,
    values: Mapping[str, Any] | None,
) -> dict[str, Any]:
    content: dict[str, Any] = {
        "bundle": bundle.digest,
        "points": points,
        "probability": bundle.curve.at(points)[0],
        "grade": bundle.policy.grade(points).name,
        "codes": list(bands),
        "picked": picked,
    }
    if propensity is not None:
        content["propensity"] = propensity
    if values is not None:
        content["values"] = values
    return content


def _plain(value: Any) -> Any:
    """Return a raw value as JSON holds it."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or (isinstance(value, float) and value != value) or value is pd.NA or value is pd.NaT:
        return None
    return value if isinstance(value, str | int | float | bool) else str(value)
