"""Scores as events: what a lead was worth when it was scored, in which bands, and why it was picked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from leadqual.bundle import Bundle
from leadqual.bundle.encoding import FieldEncoder, encoders
from leadqual.bundle.values import is_missing
from leadqual.errors import FeedbackError
from leadqual.feedback.account_hash import account_hash
from leadqual.feedback.events import Event
from leadqual.feedback.lead_ids import read_lead_ids
from leadqual.scorer.columns import encode_column

__all__ = ["ScoreRecorder", "scored_table"]


class ScoreRecorder:
    """Turns scores into events, for an app that scores many leads with one bundle.

    Parameters
    ----------
    bundle
        What leads are scored with; the events hold its digest.
    account_key
        The key of the ledger, `FeedbackStore.account_key`: events then hold the keyed hash of the lead's account, where
        the bundle names its column and the lead has one. None: they hold none.

    Examples
    --------
    >>> from leadqual.leads import SampleSettings, read_leads, simulate
    >>> from leadqual.training import train
    >>> sample = simulate(SampleSettings(leads=1500), seed=1)
    >>> bundle = train(read_leads(sample.table, sample.schema), name="demo").bundle
    >>> event = ScoreRecorder(bundle).scored("L-7", sample.table.iloc[0].to_dict(), at="2026-05-01T09:00:00Z")
    >>> len(event.content["codes"]) == len(bundle.points_table.fields)
    True
    """

    def __init__(self, bundle: Bundle, account_key: bytes | None = None) -> None:
        self.bundle = bundle
        self._account_key = account_key
        self._nothing = frozenset(text.strip().lower() for text in bundle.points_table.missing_values)
        self.digest = bundle.digest
        self.encoders = encoders(bundle.points_table)

    def scored(
        self,
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
        lead
            The lead's id.
        values
            Its raw fields.
        at
            When it was scored (ISO 8601).
        picked
            Why sales got it: ``"rank"``, ``"random"`` (drawn before scoring), ``"override"`` (by hand), or "" (they
            did not).
        propensity
            The chance with which it was drawn, which a random one must have; None where it was not.
        keep_values
            Also keep the raw values of the scored fields; by default only the bands they fell in are kept.

        Raises
        ------
        FeedbackError
            As `Event`.
        """
        bands, points = [], self.bundle.points_table.base_points
        for encoder in self.encoders:
            name = encoder.field.name
            place = encoder.places[encoder.encode(values[name]) if name in values else encoder.absent_code]
            bands.append(place.band)
            points += place.points
        names = self.bundle.points_table.names
        kept = {name: _plain(values[name]) for name in names if name in values} if keep_values else None
        account = self.account(values.get(self.bundle.account_field)) if self.bundle.account_field else None
        return Event("scored", lead, at, self.content(points, bands, picked, propensity, kept, account))

    def account(self, value: object) -> str | None:
        """Return the keyed hash of an account; None where the value names none, or there is no key."""
        if self._account_key is None or is_missing(value, self._nothing):
            return None
        return account_hash(self._account_key, value)

    def content(
        self,
        points: int,
        bands: Sequence[int | None],
        picked: str,
        propensity: float | None,
        values: Mapping[str, Any] | None = None,
        account: str | None = None,
    ) -> dict[str, Any]:
        """Return what the event of a score says."""
        content: dict[str, Any] = {
            "bundle": self.digest,
            "points": points,
            "probability": self.bundle.curve.at(points)[0],
            "grade": self.bundle.policy.grade(points).name,
            "codes": list(bands),
            "picked": picked,
        }
        if propensity is not None:
            content["propensity"] = propensity
        if values is not None:
            content["values"] = values
        if account is not None:
            content["account"] = account
        return content


def scored_table(
    bundle: Bundle,
    leads: pd.DataFrame,
    *,
    id_field: str,
    at: str | Sequence[str],
    picked: Sequence[str] | None = None,
    propensity: Sequence[float | None] | None = None,
    account_key: bytes | None = None,
) -> list[Event]:
    """Return the events of a whole table of scored leads, as `ScoreRecorder.scored` gives them one by one.

    Parameters
    ----------
    bundle, leads
        The bundle, and the n leads with their raw fields.
    id_field
        The column that names them.
    at
        When they were scored: one time for all, or one for each.
    picked, propensity
        As in `ScoreRecorder.scored`, one for each; None: all were picked by rank.
    account_key
        As in `ScoreRecorder`.

    Raises
    ------
    FeedbackError
        When the table has no such column, or names a lead by nothing or by an e-mail address; otherwise as `Event`.

    Examples
    --------
    See `ScoreRecorder`.
    """
    if id_field not in leads.columns:
        raise FeedbackError(f"the leads have no column {id_field}; name the one that holds their ids.")
    ids = read_lead_ids(leads[id_field])
    if None in ids.texts:
        raise FeedbackError(f"{id_field} is empty for {ids.texts.count(None)} leads; each needs an id.")
    if ids.emails:
        raise FeedbackError(
            f"{id_field} holds e-mail addresses for {ids.emails} leads, a lead must be named by its id in the CRM; "
            "name the column of ids."
        )
    recorder, count = ScoreRecorder(bundle, account_key), len(leads)
    points = np.full(count, bundle.points_table.base_points)
    bands: list[list[int | None]] = []
    for encoder in recorder.encoders:
        codes = _codes(encoder, leads)
        points = points + np.array([place.points for place in encoder.places])[codes]
        of_code = [place.band for place in encoder.places]
        bands.append([of_code[code] for code in codes])
    rows = list(zip(*bands, strict=True)) if bands else [()] * count
    times = [at] * count if isinstance(at, str) else list(at)
    why = ["rank"] * count if picked is None else list(picked)
    drawn = [None] * count if propensity is None else list(propensity)
    named = bundle.account_field is not None and bundle.account_field in leads.columns
    accounts = [recorder.account(value) for value in leads[bundle.account_field]] if named else [None] * count
    return [
        Event(
            "scored",
            str(lead),
            times[i],
            recorder.content(int(points[i]), rows[i], why[i], drawn[i], account=accounts[i]),
        )
        for i, lead in enumerate(ids.texts)
    ]


def _codes(encoder: FieldEncoder, leads: pd.DataFrame) -> np.ndarray:
    if encoder.field.name not in leads.columns:
        return np.full(len(leads), encoder.absent_code)
    return np.asarray(encode_column(encoder, leads[encoder.field.name]))


def _plain(value: Any) -> Any:
    """Return a raw value as JSON holds it."""
    if isinstance(value, np.generic):
        value = value.item()
    if value is None or (isinstance(value, float) and value != value) or value is pd.NA or value is pd.NaT:
        return None
    return value if isinstance(value, str | int | float | bool) else str(value)
