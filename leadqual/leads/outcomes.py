"""Which leads are won, which are not, and for which it is too early to say, as of a date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from leadqual.errors import EvidenceError, LeadError
from leadqual.leads.lead_times import MAX_GAP, LeadTimes, day_text, place_in_time
from leadqual.leads.outcome_states import LOST, OPEN, WON, read_states

if TYPE_CHECKING:
    from leadqual.leads.reading import Leads

__all__ = ["Basis", "Outcomes", "label_outcomes"]

Basis = Literal["dates", "creation", "order", "none"]

MAX_WINDOW_DAYS = 36_525
_RATE_DAYS = 91  # a quarter: recent enough to follow growth, long enough to even out holidays
_LATE_SHARE = 0.1
_CLOSED_LATER = "Leads closed after as_of"


@dataclass(frozen=True, slots=True, eq=False)
class Outcomes:
    """The label of each of n leads, and what the labels rest on.

    Parameters
    ----------
    label
        1 won inside the window, 0 not won, NaN undecided, float64 (n,). A lead lost early has its 0 before its window
        has passed; it counts in training only once it is mature.
    mature
        True where the lead counts in training and evaluation: its window had passed by ``as_of``, or, where there are
        no dates, its outcome is decided. A mature lead has a label and a time. bool (n,).
    time
        Orders the leads, float64 (n,): days since 1970-01-01 for dates, the rank of the order column's value (0 the
        first), or the row position. NaN where the lead has no date or no order value.
    known_at
        When the label became known, in the unit of ``time``, float64 (n,): creation plus the window for dated leads;
        equal to ``time`` otherwise, where that cannot be known.
    basis
        What the labels rest on: ``"dates"`` creation and closing dates; ``"creation"`` creation dates only;
        ``"order"`` a column that orders the leads; ``"none"`` the order of the rows.
    as_of
        The day up to whose end outcomes are taken as known, ISO date; None without dates.
    window_days
        Days a lead has to win; None without dates.
    won, lost, open
        Mature leads won, mature leads not won, and the rest. They sum to n.
    leads_per_week
        Leads created per week in the last 13 weeks before the last lead (or in the whole history when it is shorter);
        None without dates, or when the history spans less than a week.
    first_lead, last_lead
        First and last day on which a lead was created, up to ``as_of``, ISO date; None without dates.
    warnings
        What could not be checked, or was assumed, and how to fix it, one sentence or two each.
    won_after
        Days from creation to a win known by ``as_of``, also of leads that are not mature yet, float64 (n,); NaN for all
        others. None unless there are creation and closing dates.
    """

    label: NDArray[np.float64]
    mature: NDArray[np.bool_]
    time: NDArray[np.float64]
    known_at: NDArray[np.float64]
    basis: Basis
    as_of: str | None
    window_days: int | None
    won: int
    lost: int
    open: int
    leads_per_week: float | None
    first_lead: str | None
    last_lead: str | None
    warnings: tuple[str, ...] = ()
    won_after: NDArray[np.float64] | None = None


def label_outcomes(leads: Leads, *, window_days: int = 90, as_of: str | date | None = None) -> Outcomes:
    """Label every lead as of a date, within a window; an open lead is not a lost lead.

    Won inside the window is 1; lost, or still not won when the window has passed, is 0; everything else is undecided.
    Dates are compared as calendar days: a lead created on day d is mature when ``d + window_days <= as_of``, and won
    inside the window when it closed as won on or before day ``d + window_days``. What happened after ``as_of`` is not
    known yet: a lead closed later was open, a lead created later does not count.

    Dropping open leads, or calling young ones lost, biases probabilities although the ranking looks fine; waiting for
    a mature window does not (Chapelle 2014, "Modeling Delayed Feedback in Display Advertising",
    doi:10.1145/2623330.2623634).

    Parameters
    ----------
    leads
        The leads with their schema.
    window_days
        Days a lead has to win, 1 to 36,525. Not used where the leads have no dates.
    as_of
        A date, or ISO text; None: the latest day on which a lead was created, as the export was made on it or later,
        and closing dates may lie ahead. A lead closed later counts as open on that day, which is said.

    Returns
    -------
    Outcomes

    Raises
    ------
    SchemaError
        When the outcome column is not named, not there, or holds values that the schema does not list.
    LeadError
        When ``window_days`` or ``as_of`` is not what it must be, ``as_of`` is before the first lead, or a date or
        order column holds nothing usable.
    EvidenceError
        When there are no leads, or no mature lead is won, or none is not won.

    Examples
    --------
    >>> import pandas as pd
    >>> from leadqual.leads import Leads, Schema
    >>> schema = Schema(features=(), outcome="stage", won=("Won",), lost=("Lost",), open=("New",),
    ...                 created_at="created", closed_at="closed")
    >>> table = pd.DataFrame({
    ...     "stage": ["Won", "Lost", "New", "New"],
    ...     "created": pd.to_datetime(["2026-01-01", "2026-01-02", "2026-01-03", "2026-05-30"]),
    ...     "closed": pd.to_datetime(["2026-02-01", "2026-02-02", None, None])})
    >>> outcomes = label_outcomes(Leads(table, schema, ()), window_days=90, as_of="2026-05-31")
    >>> outcomes.label.tolist(), outcomes.mature.tolist()
    ([1.0, 0.0, 0.0, nan], [True, True, True, False])
    """
    if isinstance(window_days, bool) or not isinstance(window_days, int) or window_days < 1:
        raise LeadError(f"window_days is {window_days!r}, it must be a whole number of days from 1; pass 90, say.")
    if window_days > MAX_WINDOW_DAYS:
        raise LeadError(
            f"window_days is more than {MAX_WINDOW_DAYS:,}, a hundred years, it must be as long as a lead may take to "
            "win; pass 90, say."
        )
    day = _read_as_of(as_of)
    states = read_states(leads.table, leads.schema)
    if len(states) == 0:
        raise EvidenceError("the table has 0 leads, labels need at least one won and one lost; check the export.")
    times = place_in_time(leads, states)
    labelled = _undated(states, times, day) if times.created is None else _dated(states, times, window_days, day)
    _enough(labelled, states)
    return labelled


def _read_as_of(as_of: str | date | None) -> int | None:
    if as_of is None:
        return None
    if isinstance(as_of, datetime):
        as_of = as_of.date()
    if isinstance(as_of, str):
        try:
            as_of = date.fromisoformat(as_of.strip())
        except ValueError:
            raise LeadError("as_of is not an ISO date; write year, month and day, such as 2026-05-01.") from None
    if not isinstance(as_of, date):
        raise LeadError(f"as_of is a {type(as_of).__name__}, it must be a date or ISO text such as 2026-05-01.")
    return as_of.toordinal() - date(1970, 1, 1).toordinal()


def _dated(states: NDArray[np.int8], times: LeadTimes, window: int, day: int | None) -> Outcomes:
    created = times.created
    assert created is not None  # noqa: S101  # the caller chose this branch by it; for the type checker
    warnings = list(times.warnings)
    given = day is not None
    if day is None:
        day = times.latest
        if times.latest_stands_alone_by > window:
            warnings.append(
                f"As_of is {day_text(day)}, the latest creation date found, which is "
                f"{times.latest_stands_alone_by} days after the one before; if it is a typing error, pass as_of."
            )
    counted = times.dated & (created <= day)
    if not counted.any():
        raise LeadError(
            f"as_of is {day_text(day)}, the first lead was created on {day_text(int(created[times.dated].min()))}; "
            "pass an as_of after it, at least one window after it to learn from it."
        )
    future = int(np.sum(times.dated & ~counted))
    if future:
        alone = "" if given else f" They are dated more than {MAX_GAP} days after all others: typing errors, perhaps."
        warnings.append(
            f"Leads created after as_of={day_text(day)}: {future} of {len(states)}; they do not count.{alone} Pass a "
            "later as_of to use them."
        )
    states, delay = states.copy(), np.zeros(len(states), dtype=np.int64)
    if times.closed is not None:
        delay, notes = _delays(states, times, day, counted, given=given)
        warnings += notes
    mature = counted & (created + window <= day)
    label = np.full(len(states), np.nan)
    label[counted & ((states == LOST) | mature)] = 0.0
    label[counted & (states == WON)] = 0.0
    label[counted & (states == WON) & (delay <= window)] = 1.0
    warnings += _late(label, states, mature, window)
    seen = created[counted]
    return Outcomes(
        label=label,
        mature=mature,
        time=times.time,
        known_at=times.time + window,
        basis=times.basis,
        as_of=day_text(day),
        window_days=window,
        **_counts(label, mature),
        leads_per_week=_per_week(seen),
        first_lead=day_text(int(seen.min())),
        last_lead=day_text(int(seen.max())),
        warnings=tuple(warnings),
        won_after=None if times.closed is None else np.where(counted & (states == WON), np.maximum(delay, 0), np.nan),
    )


def _delays(
    states: NDArray[np.int8], times: LeadTimes, day: int, counted: NDArray[np.bool_], *, given: bool
) -> tuple[NDArray[np.int64], list[str]]:
    """Return days from creation to closing; set leads that closed after ``day`` back to open in ``states``."""
    created, closed, has_closed = times.created, times.closed, times.has_closed
    assert created is not None  # noqa: S101  # for the type checker: there is no closing without creation here
    assert closed is not None  # noqa: S101  # the caller checked
    assert has_closed is not None  # noqa: S101  # goes with closed
    decided = counted & (states != OPEN)
    later = decided & has_closed & (closed > day)
    was = states.copy()
    states[later] = OPEN
    delay = np.where(has_closed, closed - created, 0)
    early = decided & has_closed & (delay < 0)
    undated = counted & (states == WON) & ~has_closed
    notes = []
    if later.any():
        last = day_text(int(closed[later].max()))
        won = int((later & (was == WON)).sum())
        notes.append(
            f"{_CLOSED_LATER}={day_text(day)}: {int(later.sum())} ({won} of them won), up to {last}; they "
            "count as open on that day. "
            + (
                "Pass a later as_of to use their outcome."
                if given
                else "As_of is the day of the last new lead; if the export was made later, pass that day as as_of."
            )
        )
    if early.any():
        notes.append(
            f"Leads closed before they were created: {int(early.sum())}; they count as closed on the day of creation. "
            "Check how the two date columns are read and filled."
        )
    if undated.any():
        notes.append(
            f"Won leads without a closing date: {int(undated.sum())}; whether they won inside the window cannot be "
            "checked, they count as if they had. Fill the closing date in the export."
        )
    return delay, notes


def _undated(states: NDArray[np.int8], times: LeadTimes, day: int | None) -> Outcomes:
    warnings = list(times.warnings)
    if day is not None:
        warnings.append(
            "as_of has no effect: the leads have no creation date to compare it with; name one as created_at in the "
            "schema."
        )
    label = np.where(states == WON, 1.0, np.where(states == LOST, 0.0, np.nan))
    mature = times.dated & (states != OPEN)
    return Outcomes(
        label=label,
        mature=mature,
        time=times.time,
        known_at=times.time.copy(),
        basis=times.basis,
        as_of=None,
        window_days=None,
        **_counts(label, mature),
        leads_per_week=None,
        first_lead=None,
        last_lead=None,
        warnings=tuple(warnings),
    )


def _counts(label: NDArray[np.float64], mature: NDArray[np.bool_]) -> dict[str, Any]:
    won = int(np.sum(label[mature]))
    return {"won": won, "lost": int(mature.sum()) - won, "open": len(label) - int(mature.sum())}


def _late(label: NDArray[np.float64], states: NDArray[np.int8], mature: NDArray[np.bool_], window: int) -> list[str]:
    wins = mature & (states == WON)
    late = int(np.sum(wins & (label == 0)))
    if late <= _LATE_SHARE * wins.sum():
        return []
    return [
        (
            f"Wins after the window of {window} days: {late} of {int(wins.sum())}; they count as not won. A longer "
            "window includes them, at the price of waiting longer for every label."
        )
    ]


def _per_week(days: NDArray[np.int64]) -> float | None:
    last = int(days.max())
    span = min(last - int(days.min()) + 1, _RATE_DAYS)
    return None if span < 7 else int(np.sum(days > last - span)) * 7 / span


def _enough(outcomes: Outcomes, states: NDArray[np.int8]) -> None:
    if outcomes.won and outcomes.lost:
        return
    counts = f"{outcomes.won} won, {outcomes.lost} not won and {outcomes.open} undecided leads"
    if outcomes.window_days is None:
        raise EvidenceError(
            f"the outcomes give {counts}, learning needs won and lost ones; "
            + (
                "list the values that mean lost in the schema, or name created_at, so that a lead still open after "
                "the window counts as not won."
                if outcomes.won
                else "check which outcome values the schema lists as won."
            )
        )
    where = f"as_of={outcomes.as_of} and a window of {outcomes.window_days} days give {counts}"
    if not outcomes.mature.any():
        way_out = (
            f"no lead is older than the window (leads were created from {outcomes.first_lead} to "
            f"{outcomes.last_lead}); wait, pass a shorter window, or add older leads."
        )
        later = [notes for notes in outcomes.warnings if notes.startswith(_CLOSED_LATER)]
        way_out = " ".join((way_out, *later))
    elif outcomes.won:
        way_out = "add the leads that did not win: an export of customers alone cannot tell them apart from the rest."
    elif (states == WON).any():
        way_out = (
            f"the won leads ({int(np.sum(states == WON))}) won too late, or are too young to count; pass a longer or "
            "a shorter window."
        )
    else:
        way_out = "check which outcome values the schema lists as won."
    raise EvidenceError(f"{where}, learning needs won and not won ones: {way_out}")
