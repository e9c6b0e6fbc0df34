"""The week that both teams meet over: one set of figures, from one view of the ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle import Bundle, FieldPoints
from leadqual.errors import MeetingError
from leadqual.fact import Fact, fact
from leadqual.feedback import Snapshot
from leadqual.feedback.history import moment
from leadqual.feedback.standing import Standing
from leadqual.handoff import Episode, Team
from leadqual.meetings.change import changes
from leadqual.meetings.deadlines import Deadlines
from leadqual.meetings.disagreement import Disagreement, disagreements
from leadqual.meetings.duty import Duty, Sla
from leadqual.meetings.handed_over import HandedOver, count_handed_over, handed_over
from leadqual.meetings.promise_kept import PromiseKept, promise_kept
from leadqual.meetings.promises_by_band import choose_field, promises_by_band
from leadqual.meetings.response_time import ResponseTime, response_time
from leadqual.meetings.seller_week import SellerWeek, seller_weeks
from leadqual.meetings.week import Week
from leadqual.monitoring import MonitoringFinding, monitor
from leadqual.monitoring.belonging import ledger_accounts, outcome_worth

__all__ = ["WeekReport", "weekly"]

_QUARTER_WEEKS = 13


@dataclass(frozen=True, slots=True)
class WeekReport:
    """What happened in one week, as known when the teams meet.

    Parameters
    ----------
    week
        The week.
    as_of
        When the figures were taken (ISO 8601).
    bundle
        Digest of the deployed bundle.
    duties
        What each team owes, marketing's first.
    all, grades, drawn
        The leads handed over: all of them, by grade in the policy's order, and those drawn at random, which are also in
        the others.
    before
        All leads handed over in the week before, as known when that week had ended.
    response, response_before
        Speed to lead of the leads handed over in this week, and of those of the week before as known then.
    matured
        Wins beside the promise, of the leads whose window passed in this week.
    by_field
        The field by which ``by_band`` is, with its bands; None where no category field is scored.
    by_band
        Wins beside the promise by band, of the leads whose window passed in the 13 weeks that end with this one.
    other_bundles
        How many of the leads whose window passed in these 13 weeks were scored by other bundles; ``matured`` and
        ``by_band`` leave them out.
    changes
        What surely changed since the week before; a fact that says so where nothing did.
    rejections, rejections_before
        How many of the leads handed over in each week were rejected, by reason, most frequent first; "" where the
        ledger has no reason.
    disqualified, disqualified_before
        The same of those that were disqualified after contact, which is another finding than a rejection.
    disagreements
        Leads on which score and people disagree, the most surprising first.
    sellers
        What each seller has; empty without a team.
    alarms
        What monitoring found wrong.
    notes
        What the figures leave out or rest on.
    """

    week: Week
    as_of: str
    bundle: str
    duties: tuple[Duty, ...]
    all: HandedOver
    grades: tuple[HandedOver, ...]
    drawn: HandedOver
    before: HandedOver
    response: ResponseTime
    response_before: ResponseTime
    matured: PromiseKept
    by_field: FieldPoints | None
    by_band: tuple[PromiseKept, ...]
    other_bundles: int
    changes: tuple[Fact, ...]
    rejections: Mapping[str, int]
    rejections_before: Mapping[str, int]
    disqualified: Mapping[str, int]
    disqualified_before: Mapping[str, int]
    disagreements: tuple[Disagreement, ...]
    sellers: tuple[SellerWeek, ...]
    alarms: tuple[MonitoringFinding, ...]
    notes: tuple[Fact, ...]


def weekly(
    snapshot: Snapshot,
    bundle: Bundle,
    *,
    sla: Sla | None = None,
    team: Team | None = None,
    episodes: Sequence[Episode] = (),
    by: str | None = None,
    zone: str = "UTC",
    seed: int = 0,
) -> WeekReport:
    """Return the last week that had ended when the ledger was read.

    The week before, and each figure's course, are as they were known when those weeks had ended: a young week is never
    compared with one that had more time.

    Parameters
    ----------
    snapshot
        The ledger as of the meeting.
    bundle
        What is deployed.
    sla
        The targets that were agreed; None: figures without targets.
    team
        Who sells; None: nothing is said of single sellers.
    episodes
        The leads that were given to sellers, as of the meeting, with deadlines in working time; see
        `leadqual.handoff.episodes`. Deadlines of other leads are hours by the clock from the score.
    by
        The scored field by which wins are compared with the promise; None: the category field whose points differ most.
    zone
        The time zone in which weeks begin.
    seed
        Of monitoring's draws.

    Raises
    ------
    MeetingError
        When no lead was scored by then, the bundle has no window or scores no such field, or there is no such time
        zone.

    Examples
    --------
    See ``tests/meetings/test_week_report.py`` for a small ledger with every figure worked out by hand.
    """
    if bundle.window_days is None:
        raise MeetingError(
            "the bundle has no window in which a win counts, which the promise must have; train it on leads with dates."
        )
    week = Week.before(snapshot.as_of, zone=zone)
    field = choose_field(bundle, by)
    if not len(snapshot.history()):
        raise MeetingError(
            f"the ledger knows no scored lead by {snapshot.as_of}; record scores with leadqual pick or feedback record "
            "first, or pass a later --as-of."
        )
    history, mine = snapshot.history(), snapshot.history(bundle=bundle.digest)
    standing = snapshot.standing(window_days=bundle.window_days, bundle=bundle.digest)
    targets = sla or Sla()
    now, clocks = _moment(snapshot.as_of), Deadlines(bundle.policy, episodes)
    deadline = clocks.of(history, as_of=snapshot.as_of)
    handed = handed_over(history)
    this = handed & week.holds(history["scored_at"])
    drawn = this & (history["picked"] == "random").to_numpy()
    everything = count_handed_over("", history[this], deadline[this], now=now)
    past = [_Past(snapshot, bundle, week.earlier(back), back, targets, clocks) for back in range(1, _QUARTER_WEEKS + 1)]
    previous = past[0]
    rejections = _reasons(history[this], "rejected")
    matured, by_band, others = _promises(bundle, field, history, mine, standing, week)
    qualified = [one.name for one in bundle.policy.grades if _at_least(one.minimum_points, bundle.policy.sql_points)]
    watched = monitor(bundle, mine, as_of=snapshot.as_of, seed=seed, standing=standing)
    return WeekReport(
        week=week,
        as_of=snapshot.as_of,
        bundle=bundle.digest,
        duties=_duties(_figures(history, bundle, week, now, targets, deadline), past, targets),
        all=everything,
        grades=tuple(
            count_handed_over(grade.name, history[mask], deadline[mask], now=now)
            for grade in bundle.policy.grades
            if (mask := this & (history["grade"] == grade.name).to_numpy()).any()
        ),
        drawn=count_handed_over("", history[drawn], deadline[drawn], now=now),
        before=previous.all,
        response=response_time(history[this], now=now),
        response_before=previous.response,
        matured=matured,
        by_field=None if field is None else bundle.points_table.field(field),
        by_band=by_band,
        other_bundles=others,
        changes=changes(everything, previous.all, rejections, previous.rejections),
        rejections=rejections,
        rejections_before=previous.rejections,
        disqualified=_reasons(history[this], "disqualified"),
        disqualified_before=previous.disqualified,
        disagreements=disagreements(
            history, week, high=qualified or [bundle.policy.grades[0].name], low=[bundle.policy.grades[-1].name]
        ),
        sellers=() if team is None else seller_weeks(episodes, team, week),
        alarms=tuple(one for one in watched.findings if one.severity == "alarm"),
        notes=_notes(history, standing, handed, others, clocks.by_team(history[this])),
    )


class _Past:
    """An earlier week, as it was known so many weeks before the meeting."""

    def __init__(
        self, snapshot: Snapshot, bundle: Bundle, week: Week, weeks: int, targets: Sla, clocks: Deadlines
    ) -> None:
        as_of = (moment(snapshot.as_of) - pd.Timedelta(weeks=weeks)).isoformat()
        history, now = Snapshot(snapshot.columns, as_of).history(), _moment(as_of)
        deadline = clocks.of(history, as_of=as_of)
        this = handed_over(history) & week.holds(history["scored_at"])
        self.all = count_handed_over("", history[this], deadline[this], now=now)
        self.response = response_time(history[this], now=now)
        self.rejections = _reasons(history[this], "rejected")
        self.disqualified = _reasons(history[this], "disqualified")
        begun = bool((history["scored_at"] < week.end).any())
        self.figures = _figures(history, bundle, week, now, targets, deadline) if begun else {}


def _figures(
    history: pd.DataFrame,
    bundle: Bundle,
    week: Week,
    now: np.datetime64,
    targets: Sla,
    deadline: NDArray[np.datetime64],
) -> dict[str, tuple[float | None, int | None]]:
    """Return what each duty amounts to in a week, and how many leads a share is of."""
    this = handed_over(history) & week.holds(history["scored_at"])
    leads = history[this]
    counted = count_handed_over("", leads, deadline[this], now=now)
    return {
        "expected_wins": (counted.expected_wins, None),
        "leads": (float(counted.leads), None),
        "first_attempt": _share(counted.in_time, counted.due),
        "decided": _decided(leads, targets.decided_within_hours, now),
        "outcomes": _recorded(history, bundle.window_days or 0, week),
    }


def _decided(leads: pd.DataFrame, hours: float | None, now: np.datetime64) -> tuple[float | None, int | None]:
    """Return the share of leads that were accepted, rejected or ended in time, of those whose time is over."""
    if hours is None:
        return None, None
    deadline = leads["scored_at"] + pd.Timedelta(hours=hours)
    decided = leads[["accepted_at", "disposition_at", "closed_at"]].min(axis=1)
    in_time = (decided <= deadline).to_numpy(dtype=np.bool_)
    due = in_time | (deadline < now).to_numpy(dtype=np.bool_)
    return _share(int(in_time.sum()), int(due.sum()))


def _recorded(history: pd.DataFrame, window_days: int, week: Week) -> tuple[float | None, int | None]:
    """Return the share with an outcome, of the worked leads whose window passed in the week."""
    worked = (history["worked_at"].notna() | history["accepted_at"].notna()).to_numpy(dtype=np.bool_)
    passed = worked & week.holds(history["scored_at"] + pd.Timedelta(days=window_days))
    ended = (history["outcome"] != "open").to_numpy(dtype=np.bool_)
    return _share(int((passed & ended).sum()), int(passed.sum()))


def _share(hits: int, size: int) -> tuple[float | None, int | None]:
    return (hits / size, size) if size else (None, 0)


def _duties(now: Mapping[str, tuple[float | None, int | None]], past: list[_Past], targets: Sla) -> tuple[Duty, ...]:
    agreed = {
        "expected_wins": targets.expected_wins_per_week,
        "leads": targets.leads_per_week,
        "first_attempt": targets.first_attempt_in_time,
        "decided": targets.decided_in_time,
        "outcomes": targets.outcomes_recorded,
    }
    return tuple(
        Duty(
            code,
            "marketing" if code in ("expected_wins", "leads") else "sales",
            now[code][0],
            target,
            now[code][1],
            tuple(week.figures.get(code, (None, None))[0] for week in reversed(past)),
        )
        for code, target in agreed.items()
        if code != "decided" or target is not None
    )


def _promises(
    bundle: Bundle, field: str | None, history: pd.DataFrame, mine: pd.DataFrame, standing: Standing, week: Week
) -> tuple[PromiseKept, tuple[PromiseKept, ...], int]:
    """Return the promise of this week's matured leads and of each band's in a quarter, and how many were not judged."""
    window = pd.Timedelta(days=bundle.window_days or 0)
    first = week.earlier(_QUARTER_WEEKS - 1).start

    def recent(leads: pd.DataFrame) -> NDArray[np.bool_]:
        passed = leads["scored_at"] + window
        return np.asarray((passed >= first) & (passed < week.end), dtype=np.bool_)

    judged = recent(mine) & standing.mature & standing.judged
    probability, won = mine["probability"].to_numpy(dtype=np.float64), standing.won
    leads = mine[judged]
    day = ((leads["scored_at"] - leads["scored_at"].min()).dt.days).to_numpy(dtype=np.int64) if len(leads) else None
    worth, _ = outcome_worth(probability[judged], won[judged].astype(np.float64), ledger_accounts(leads), day)
    alike = 1.0 if worth is None else len(leads) / float(worth.sum())
    now = judged & week.holds(mine["scored_at"] + window)
    whole = promise_kept("", probability[now], won[now], alike=alike)
    banded = judged & mine["codes"].notna().to_numpy()
    bands = () if field is None else promises_by_band(bundle, field, mine[banded], won[banded], alike=alike)
    others = history["bundle"] != bundle.digest
    return whole, bands, int((recent(history) & others.to_numpy()).sum())


def _notes(
    history: pd.DataFrame, standing: Standing, handed: NDArray[np.bool_], others: int, by_team: int
) -> tuple[Fact, ...]:
    notes: list[Fact] = []
    if len(history) and not handed.any():
        notes.append(fact("week_nothing_picked"))
    if by_team:
        notes.append(fact("week_working_time", leads=by_team))
    if others:
        notes.append(fact("week_other_bundles", leads=others))
    return (*notes, fact("week_basis", basis=standing.basis), *standing.left_out)


def _reasons(leads: pd.DataFrame, disposition: str) -> dict[str, int]:
    counts = Counter(leads.loc[leads["disposition"] == disposition, "reason"].tolist())
    return {str(reason): counts[reason] for reason in sorted(counts, key=lambda one: (-counts[one], one))}


def _at_least(points: int | None, threshold: int) -> bool:
    return points is not None and points >= threshold


def _moment(as_of: str) -> np.datetime64:
    return np.datetime64(moment(as_of).to_pydatetime(), "us")
