"""Scores as events: what a lead was worth when it was scored, in which bands, and why it was picked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from leadqual.bundle import Bundle
from leadqual.bundle.choices import ChoiceLists
from leadqual.bundle.encoding import encoders
from leadqual.bundle.missing_codes import MissingCodes
from leadqual.bundle.precision import as_written, is_narrow
from leadqual.bundle.values import is_missing
from leadqual.errors import FeedbackError, counted
from leadqual.feedback.account_hash import account_hash
from leadqual.feedback.events import Event
from leadqual.feedback.lead_ids import read_lead_ids
from leadqual.scorer.batch import encode_field
from leadqual.scorer.choice_columns import with_choices
from leadqual.scorer.given_fields import FieldKeys

if TYPE_CHECKING:  # ScoreRecorder is used where neither is installed
    import pandas as pd

__all__ = ["ScoreRecorder", "named_leads", "scored_table"]


class ScoreRecorder:
    """Turns scores into events, for an app that scores many leads with one bundle.

    Parameters
    ----------
    bundle
        What leads are scored with; the events hold its digest.
    strict
        True to raise AbsentFieldError where a lead lacks a field, as `leadqual.scorer.Scorer` does.
    account_key
        The key of the ledger, `FeedbackStore.account_key`: events then hold the keyed hash of the lead's account, where
        the bundle names its column and the lead has one. None: they hold none.

    Examples
    --------
    >>> from leadqual.leads import read_leads
    >>> from leadqual.simulation import SampleSettings, simulate
    >>> from leadqual.training import train
    >>> sample = simulate(SampleSettings(leads=1500), seed=1)
    >>> bundle = train(read_leads(sample.table, sample.schema), name="demo").bundle
    >>> event = ScoreRecorder(bundle).scored("L-7", sample.table.iloc[0].to_dict(), at="2026-05-01T09:00:00Z")
    >>> len(event.content["codes"]) == len(bundle.points_table.fields)
    True
    """

    def __init__(self, bundle: Bundle, account_key: bytes | None = None, *, strict: bool = False) -> None:
        self.bundle, self.strict = bundle, strict
        self._account_key = account_key
        self._nothing = MissingCodes.of(bundle.points_table.missing_values)
        self.digest = bundle.digest
        self.encoders = encoders(bundle.points_table)
        self.keys = FieldKeys(bundle.points_table)
        self.choices = ChoiceLists(bundle.points_table.fields, bundle.points_table.missing_values)

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
            The chance with which it was drawn or could have been, which a random one must have; None where it was in no
            draw.
        keep_values
            Also keep the raw values of the scored fields, of a list of choices whether each scored one is in it; by
            default only the bands they fell in are kept.

        Raises
        ------
        FeedbackError
            As `Event`.
        """
        if not all(encoder.field.name in values for encoder in self.encoders):
            given = self.keys.find(values)
            if self.strict:
                given.require_all()
            values = self.choices.expanded(given.filled(values))
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
    import numpy as np

    ids = named_leads(leads, id_field)
    recorder, count = ScoreRecorder(bundle, account_key), len(leads)
    points = np.full(count, bundle.points_table.base_points)
    bands: list[list[int | None]] = []
    leads = with_choices(recorder.keys.find(leads.columns).renamed(leads), recorder.choices)
    for encoder in recorder.encoders:
        codes = encode_field(encoder, leads)
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
            lead,
            times[i],
            recorder.content(int(points[i]), rows[i], why[i], drawn[i], account=accounts[i]),
        )
        for i, lead in enumerate(ids)
    ]


def named_leads(leads: pd.DataFrame, id_field: str) -> list[str]:
    """Return the id of each lead of a table.

    Parameters
    ----------
    leads
        The n leads.
    id_field
        The column that names them.

    Raises
    ------
    FeedbackError
        When the table has no such column, or it names a lead by nothing, by a rounded number or by an e-mail address.

    Examples
    --------
    >>> import pandas as pd
    >>> named_leads(pd.DataFrame({"Id": ["L-7", "L-8"]}), "Id")
    ['L-7', 'L-8']
    """
    if id_field not in leads.columns:
        raise FeedbackError(f"the leads have no column {id_field}; name the one that holds their ids.")
    ids = read_lead_ids(leads[id_field])
    empty = ids.texts.count(None)
    if empty:
        raise FeedbackError(f"{id_field} is empty for {counted(empty, 'lead')}; each needs an id.")
    if ids.emails:
        raise FeedbackError(
            f"{id_field} holds e-mail addresses for {counted(ids.emails, 'lead')}, a lead must be named by its id in "
            "the CRM; name the column of ids."
        )
    return [str(lead) for lead in ids.texts]


def _plain(value: Any) -> Any:
    """Return a raw value as JSON holds it."""
    if is_narrow(value):
        value = as_written(value)
    if type(value).__module__ == "numpy" and hasattr(value, "item"):  # asked without importing it
        value = value.item()
    if value is None or (isinstance(value, float) and value != value) or type(value).__name__ in ("NAType", "NaTType"):
        return None
    return value if isinstance(value, str | int | float | bool) else str(value)
