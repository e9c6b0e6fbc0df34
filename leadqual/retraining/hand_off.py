"""The hand-off from score to seller: leads are scored, picked and given to sellers in one run, and the ledger told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from leadqual.bundle import Bundle
from leadqual.feedback import FeedbackStore, lead_id_column
from leadqual.handoff import HandOver, Team, fields_by_lead, hand_over
from leadqual.leads import Schema
from leadqual.retraining.pick import Pick, pick_leads
from leadqual.scorer.given_fields import FieldKeys, GivenFields

__all__ = ["HandedOff", "pick_and_hand_over"]


@dataclass(frozen=True, slots=True)
class HandedOff:
    """What one run did; its events are in the ledger.

    Parameters
    ----------
    pick
        Which leads were picked.
    hand_over
        Who got what, and what was escalated and taken back.
    given
        Which columns of the leads hold the scored fields, and which fields are absent.
    """

    pick: Pick
    hand_over: HandOver
    given: GivenFields

    @property
    def unassigned(self) -> Mapping[str, int]:
        """How many leads of the pool got no seller, by why."""
        counts: dict[str, int] = {}
        for one in self.hand_over.assignment.unassigned:
            counts[one.why] = counts.get(one.why, 0) + 1
        return counts


def pick_and_hand_over(
    bundle: Bundle,
    leads: pd.DataFrame,
    store: FeedbackStore,
    team: Team,
    *,
    at: str,
    seed: int,
    id_field: str | None = None,
    schema: Schema | None = None,
    aged_at: str | None = None,
    capacity: float | None = None,
    explore: float | None = None,
    recycled: bool = False,
    partial: bool = False,
) -> HandedOff:
    """Score leads, pick, give to sellers, escalate what is overdue, take back what is too long, and record all of it.

    Parameters
    ----------
    bundle, leads, store, seed, id_field, schema, aged_at, capacity, explore, recycled
        As in `pick_leads`.
    team
        Who sells.
    at
        Now (ISO 8601).
    partial
        True to go on where the columns of more than half of the scored fields are absent.

    Raises
    ------
    LeadError
        When the columns of more than half of the scored fields are absent, unless ``partial``.
    HandoffError, FeedbackError, PolicyError, SchemaError
        As `leadqual.handoff.hand_over` and `pick_leads`.

    Examples
    --------
    See ``tests/retraining/test_hand_off.py``.
    """
    name = lead_id_column(bundle, id_field)
    given = FieldKeys(bundle.points_table).require_most(leads.columns, partial=partial)
    fields = fields_by_lead(leads, team, id_field=name)
    picked = pick_leads(
        bundle, leads, store, at=at, aged_at=aged_at, seed=seed, id_field=name, schema=schema, capacity=capacity,
        explore=explore, recycled=recycled,
    )  # fmt: skip
    store.append(picked.events, known_at=at)
    found = hand_over(store.events(), team=team, policy=bundle.policy, fields=fields, seed=seed, as_of=at)
    store.append(found.events, known_at=at)
    return HandedOff(picked, found, given)
