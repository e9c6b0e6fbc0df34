"""The pick: which open leads sales work now, the best by points and a few drawn at random, as a list and as events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle import Bundle, Policy
from leadqual.errors import FeedbackError, PolicyError, counted
from leadqual.feedback import (
    Event,
    FeedbackStore,
    KnownLeads,
    instant,
    known_leads,
    lead_id_column,
    named_leads,
    scored_table,
)
from leadqual.leads import Schema
from leadqual.leads.open_leads import OpenLeads, read_open_leads
from leadqual.retraining.explore import draw_at_random
from leadqual.scorer import Score, Scorer
from leadqual.scorer.unlike_training import UnlikeTraining

__all__ = ["Pick", "pick_leads"]

OWN_COLUMNS = ("id", "deadline", "follow_up_hours", "reasons_for")
SCORES = ("grade", "points", "probability")
_CHANCES_ALIKE = 1.5


@dataclass(frozen=True, slots=True, eq=False)
class Pick:
    """Leads that were picked.

    Parameters
    ----------
    leads
        The list for sales, in an order that does not tell who was drawn: id, deadline (ISO 8601, in the zone of
        ``at``), follow_up_hours, reasons_for, the carried columns, and grade, points and probability where they were
        asked for.
    events
        The scores to record: of all leads that entered the draw, each with its chance, and of all that were picked.
    rows
        How many rows the table has.
    left_out
        Why rows are no open leads, and how many of them.
    open
        How many leads may be handed out.
    fresh
        How many of these entered the draw, as they came since the last pick.
    rank, random
        How many were picked by points, and drawn.
    capacity
        How many leads sales can work, before fractions became whole leads.
    propensity
        The chance with which each fresh lead was drawn; 0 where none came.
    strange
        Counts the open leads that are unlike those of training, by field.
    notes
        What could not be told, or was assumed; counts, nothing about a lead.
    """

    leads: pd.DataFrame
    events: tuple[Event, ...]
    rows: int
    left_out: Mapping[str, int]
    open: int
    fresh: int
    rank: int
    random: int
    capacity: float
    propensity: float
    strange: UnlikeTraining
    notes: tuple[str, ...] = field(default=())


def pick_leads(
    bundle: Bundle,
    leads: pd.DataFrame,
    store: FeedbackStore,
    *,
    at: str,
    seed: int,
    id_field: str | None = None,
    schema: Schema | None = None,
    aged_at: str | None = None,
    capacity: float | None = None,
    explore: float | None = None,
    carry: Sequence[str] = (),
    show_scores: bool = False,
    recycled: bool = False,
    max_reasons: int = 3,
) -> Pick:
    """Pick the open leads that sales work now; the ledger is read, and written by whoever keeps the pick's events.

    Left out is what the ledger knows as ended, handed out or forgotten, what the schema's columns call closed or
    deleted, whose window has passed, and all but the first row of each id.

    The draw is such that what comes of the drawn leads holds for all that come. Each lead enters exactly one draw, the
    first that finds it open, whatever its score and whatever becomes of it: leads that nobody picked stay in the pool
    for rank, but are not drawn from again, else those that wait long (the poor ones) would be drawn more often than
    those that go at once. All leads of one draw have the same chance, ``explore`` times the capacity over the number of
    fresh leads, and that chance is recorded with each of them, drawn or not: it says that the lead's chance is used up.
    Where the capacity is the policy's share, it is taken of the fresh leads and the chance is the same in every week,
    so that the drawn leads of all weeks together stand for all leads as they are. Where a capacity is given as a
    number, the chance differs from week to week as volumes do: weigh each drawn lead by 1 / propensity where volumes
    differ much. Leads that ended, or that an app handed out, before any pick found them are in no draw; the drawn ones
    do not speak for these. The first pick draws from everything that is open, which is older than what comes weekly.

    A drawn lead must not be told from the others, else it is worked otherwise. The list is shuffled, scores stand in it
    only if asked for, and a drawn lead has the hours to follow up of one that was picked by rank, chosen at random; so
    has one whose grade owes none.

    Parameters
    ----------
    bundle, leads
        The bundle, and n leads with their raw fields.
    store
        The ledger.
    at
        When the leads are scored and handed out (ISO 8601); deadlines count from then.
    seed
        Of the draw and the order; another one each time.
    id_field
        The column of ids; None: the bundle's.
    schema
        What the columns say: which leads are closed, and when each was created. None: that is not told.
    aged_at
        The day as of which windows have passed (ISO 8601); None: the latest creation in the table.
    capacity
        How many leads sales can work; None: the policy's share of the leads that came since the last pick.
    explore
        The share of the capacity that is drawn; None: the policy's.
    carry
        Columns of ``leads`` that the list shows.
    show_scores
        Whether the list shows grade, points and probability.
    recycled
        Whether leads that sales gave back may be handed out again.
    max_reasons
        How many reasons for a lead the list shows at most.

    Raises
    ------
    FeedbackError
        When ids are missing, rounded or e-mail addresses, or a carried column is not there.
    PolicyError
        When neither the policy nor the caller says capacity and share, or one is out of range.
    SchemaError, LeadError
        When the schema does not fit the table.

    Examples
    --------
    ``tests/retraining/test_pick.py`` picks weekly through a year, and compares what was drawn with all that came.
    """
    name = lead_id_column(bundle, id_field)
    _check_carried(leads, carry)
    ids = named_leads(leads, name)
    known = known_leads(store, list(dict.fromkeys(ids)))
    told = read_open_leads(leads, schema, window_days=bundle.window_days, as_of=aged_at, latest=at)
    reasons = _why_not(ids, known, told, bundle.window_days, at, recycled=recycled)
    rows = np.flatnonzero(reasons == "")
    table = leads.iloc[rows].reset_index(drop=True)
    fresh = np.array(
        [ids[row] not in known.drawn_from and ids[row] not in known.handed_out for row in rows], dtype=bool
    )
    room, share = _agreed(bundle.policy, int(fresh.sum()), capacity=capacity, explore=explore)
    scores, strange = Scorer(bundle).score(table, reasons=0), UnlikeTraining(bundle.points_table)
    strange.add(scores["notes"])
    points = scores["points"].to_numpy()
    picked, propensity = draw_at_random(points, capacity=room, explore=share, seed=seed, fresh=fresh)
    record = np.flatnonzero(fresh | (picked != ""))
    events = scored_table(
        bundle, table.iloc[record], id_field=name, at=at, picked=picked[record].tolist(),
        propensity=[propensity if one else None for one in fresh[record]], account_key=store.account_key,
    )  # fmt: skip
    chosen = np.random.default_rng([seed, 1]).permutation(np.flatnonzero(picked != ""))
    shown = _listed(
        bundle, table, [ids[rows[place]] for place in chosen], chosen, at, max_reasons,
        scores=show_scores, drawn=picked[chosen] == "random", seed=seed,
    )  # fmt: skip
    for column in carry:
        shown[column] = table[column].to_numpy()[chosen]
    counts = {str(why): int(count) for why, count in pd.Series(reasons[reasons != ""]).value_counts().items()}
    return Pick(
        leads=shown,
        events=tuple(events),
        rows=len(leads),
        left_out=counts,
        open=len(rows),
        fresh=int(fresh.sum()),
        rank=int((picked == "rank").sum()),
        random=int((picked == "random").sum()),
        capacity=room,
        propensity=propensity,
        strange=strange,
        notes=(*told.notes, *_notes(known, len(rows), fresh, room, share), *_other_chance(bundle.policy, propensity)),
    )


def _check_carried(leads: pd.DataFrame, carry: Sequence[str]) -> None:
    lacking = [name for name in carry if list(leads.columns).count(name) != 1]
    if lacking:
        raise FeedbackError(
            f"the leads do not have {', '.join(lacking)} exactly once, a carried column must be; name one of theirs."
        )
    taken = [name for name in carry if name in (*OWN_COLUMNS, *SCORES)] + [
        name for place, name in enumerate(carry) if name in carry[:place]
    ]
    if taken:
        raise FeedbackError(f"the list has a column {taken[0]} already, carried ones must differ; rename it in LEADS.")


def _why_not(
    ids: Sequence[str], known: KnownLeads, told: OpenLeads, window_days: int | None, at: str, *, recycled: bool
) -> NDArray:
    """Return for each row why it is no lead to hand out; "" where it is one."""
    past = "" if window_days is None else instant(datetime.fromisoformat(instant(at)) - timedelta(days=window_days))
    why = np.full(len(ids), "", dtype=object)
    seen = set()
    for row, lead in enumerate(ids):
        standing = known.standing[lead]
        if lead in known.forgotten or standing in known.forgotten:
            why[row] = "of people who were forgotten"
        elif standing in seen:
            why[row] = "that repeat an id; the first row of each counts"
        elif lead in known.ended:
            why[row] = "that ended, as the ledger knows"
        elif told.closed[row]:
            why[row] = "closed in the file"
        elif told.deleted[row]:
            why[row] = "deleted or merged in the file"
        elif lead in known.handed_out and not (recycled and lead in known.recycled):
            why[row] = "that sales gave back" if lead in known.recycled else "handed out before"
        elif told.past[row] or known.first_scored.get(lead, past) < past:
            why[row] = "whose window has passed"
        seen.add(standing)
    return why


def _agreed(policy: Policy, fresh: int, *, capacity: float | None, explore: float | None) -> tuple[float, float]:
    """Return how many leads are worked and which share of them is drawn: as asked for, else as the policy has it."""
    if capacity is None:
        if policy.capacity_share is None:
            raise PolicyError("the bundle's policy names no capacity, sales' must be known; pass --capacity.")
        capacity = policy.capacity_share * fresh
    explore = policy.explore if explore is None else explore
    if explore is None:
        raise PolicyError(
            "the bundle's policy does not say what is drawn at random, it must be known; pass --explore 10%, or train "
            "again."
        )
    return capacity, explore


def _listed(
    bundle: Bundle,
    table: pd.DataFrame,
    ids: list[str],
    chosen: NDArray,
    at: str,
    most: int,
    *,
    scores: bool,
    drawn: NDArray[np.bool_],
    seed: int,
) -> pd.DataFrame:
    scorer = Scorer(bundle)
    each = [scorer.score_one(table.iloc[place]) for place in chosen]
    hours = _hours(bundle.policy, each, drawn, seed)
    start = datetime.fromisoformat(at)
    start = start if start.tzinfo is not None else datetime.fromisoformat(instant(at))
    shown = {
        "id": ids,
        "deadline": [
            "" if one is None else (start + timedelta(hours=one)).isoformat(timespec="minutes") for one in hours
        ],
        "follow_up_hours": hours,
        "reasons_for": [
            "; ".join(f"{reason.field}: {reason.band}" for reason in one.reasons_for[:most]) for one in each
        ],
    }
    if scores:
        shown |= {name: [getattr(one, name) for one in each] for name in SCORES}
    return pd.DataFrame(shown)


def _hours(policy: Policy, each: Sequence[Score], drawn: NDArray[np.bool_], seed: int) -> list[float | None]:
    """Return each lead's hours to follow up: its grade's where it was picked by rank, else those of one that was."""
    owed = [None if by_chance else one.follow_up_hours for one, by_chance in zip(each, drawn, strict=True)]
    named = [grade.follow_up_hours for grade in policy.grades if grade.follow_up_hours is not None]
    others: list[float | None] = [hours for hours in owed if hours is not None] or ([max(named)] if named else [None])
    rng = np.random.default_rng([seed, 2])
    return [others[int(rng.integers(len(others)))] if hours is None else hours for hours in owed]


def _other_chance(policy: Policy, propensity: float) -> list[str]:
    """Say where the chance is not the policy's: leads drawn with different chances are not alike."""
    if not propensity or policy.capacity_share is None or policy.explore is None:
        return []
    usual = policy.explore * policy.capacity_share
    if usual / _CHANCES_ALIKE <= propensity <= usual * _CHANCES_ALIKE:
        return []
    note = (
        f"Each new lead's chance to be drawn is {100 * propensity:.1f}%, and by the policy {100 * usual:.1f}%: what "
        "is drawn with different chances stands for all leads only when weighed by 1 / propensity; leave capacity and "
        "explore to the policy, and the chance stays the same."
    )
    return [note]


def _notes(known: KnownLeads, count: int, fresh: NDArray[np.bool_], room: float, share: float) -> list[str]:
    found = []
    if count and share and not fresh.any():
        found.append(
            "No lead came since the last pick, so none was drawn at random. The policy's capacity is a share of the "
            "leads that come: pass a capacity to work open leads that wait."
        )
    elif count and share and not known.drawn_from:
        found.append(
            f"None of these leads was in a draw before: all {counted(len(fresh), 'open lead')} entered it, however "
            "long ago they came; what is drawn stands for these."
        )
    if room % 1 > 1e-9:
        found.append(f"The capacity is {room:.1f} leads: the fraction is kept by chance, and holds over several picks.")
    if room > count:
        there = "is" if count == 1 else "are"
        found.append(f"Sales can work {room:,.0f}, and {counted(count, 'open lead')} {there} there: all were picked.")
    return found
