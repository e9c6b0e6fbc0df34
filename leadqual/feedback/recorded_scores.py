"""Scores of a whole table, recorded in a ledger in one step: which columns name leads and say why they were picked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from leadqual.bundle import Bundle
from leadqual.errors import FeedbackError
from leadqual.feedback.lead_ids import lead_id_column
from leadqual.feedback.scored import scored_table
from leadqual.feedback.store import FeedbackStore
from leadqual.scorer.given_fields import FieldKeys, GivenFields

if TYPE_CHECKING:  # a store is used where it is not installed
    import pandas as pd

__all__ = ["RecordedScores", "record_scores"]


@dataclass(frozen=True, slots=True)
class RecordedScores:
    """What was recorded.

    Parameters
    ----------
    leads
        How many leads were scored.
    new
        How many of the scores the ledger did not have.
    given
        Which columns of the leads hold the scored fields, and which fields are absent.
    """

    leads: int
    new: int
    given: GivenFields


def record_scores(
    store: FeedbackStore,
    bundle: Bundle,
    leads: pd.DataFrame,
    *,
    known_at: str,
    at: str | None = None,
    id_field: str | None = None,
    picked: str = "",
    picked_column: str | None = None,
    propensity: float | None = None,
    propensity_column: str | None = None,
    partial: bool = False,
) -> RecordedScores:
    """Score a table of leads and record the scores.

    Parameters
    ----------
    store
        The ledger.
    bundle, leads
        The bundle, and n leads with their raw fields.
    known_at
        Now (ISO 8601).
    at
        When they were scored (ISO 8601); None: now.
    id_field
        The column that names leads; None: the bundle's.
    picked, propensity
        Why sales got them, and the chance with which they were drawn, the same for all; see `ScoreRecorder.scored`.
    picked_column, propensity_column
        Columns that say so of each lead, instead.
    partial
        True to go on where the columns of more than half of the scored fields are absent.

    Raises
    ------
    FeedbackError
        When a column is not there or cannot be read; otherwise as `scored_table`.
    LeadError
        When the columns of more than half of the scored fields are absent, unless ``partial``.

    Examples
    --------
    See ``tests/feedback/test_recorded_scores.py``.
    """
    from leadqual.feedback.picked import read_picked, read_propensity

    given = FieldKeys(bundle.points_table).require_most(leads.columns, partial=partial)
    why = [picked] * len(leads) if picked_column is None else read_picked(_column(leads, picked_column))
    chance = [propensity] * len(leads)
    if propensity_column is not None:
        chance = read_propensity(_column(leads, propensity_column))
    events = scored_table(
        bundle,
        leads,
        id_field=lead_id_column(bundle, id_field),
        at=at or known_at,
        picked=why,
        propensity=chance,
        account_key=store.account_key,
    )
    return RecordedScores(len(leads), store.append(events, known_at=known_at), given)


def _column(table: pd.DataFrame, name: str) -> pd.Series:
    if name not in table.columns:
        raise FeedbackError(f"the leads have no column {name}; name one of theirs.")
    return table[name]
