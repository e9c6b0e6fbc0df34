"""Walking forward: at each date learn from what was known then, and predict the leads of the next period."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import joblib
import numpy as np
from numpy.typing import NDArray

from leadqual.errors import EvidenceError
from leadqual.evaluation.contestants import Contestant, Prediction, contestants
from leadqual.evaluation.history import History
from leadqual.fact import Fact, fact
from leadqual.leads import Outcomes, forward_folds
from leadqual.leads.lead_times import day_text

__all__ = ["Period", "Walk", "walk_forward"]

Floats = NDArray[np.float64]
Rows = NDArray[np.int64]
Progress = Callable[[str, int, int], None]

_MIN_WINS = 30
_MIN_LATER = 10
_BLOCKS = 6


@dataclass(frozen=True, slots=True)
class Period:
    """One step of the walk.

    Parameters
    ----------
    name
        The month ("2026-05"), the first day of a block of dated leads, or the block's number.
    trained_on, trained_wins
        Leads learned from, and wins among them, all known when the period began.
    leads, wins
        Leads predicted, and how many of them won.
    """

    name: str
    trained_on: int
    trained_wins: int
    leads: int
    wins: int


@dataclass(frozen=True, slots=True, eq=False)
class Walk:
    """What would have happened: every lead predicted by models that knew only what was known when its period began.

    Parameters
    ----------
    periods
        The steps, in time order.
    rows
        Row numbers of the m predicted leads in the history, in time order, (m,).
    period
        Index into ``periods`` of each, (m,).
    won, time
        Outcome (1 or 0) and time of each, (m,).
    predictions
        What each contestant said about them, the scorecard first.
    dated
        Whether time is in days.
    warnings
        What the walk cannot promise, and how to fix that.
    """

    periods: tuple[Period, ...]
    rows: Rows
    period: Rows
    won: Floats
    time: Floats
    predictions: Mapping[str, Prediction]
    dated: bool
    warnings: tuple[Fact, ...] = ()


def walk_forward(
    history: History,
    *,
    who: Mapping[str, Contestant] | None = None,
    periods: int | Literal["month"] = "month",
    n_jobs: int | None = None,
    progress: Progress | None = None,
) -> Walk:
    """Train at the start of each period on the leads whose outcome was known by then, and score the period's leads.

    Only mature leads are predicted, since others have no outcome to judge by. A dated history is walked month by month
    from the first month by whose start 30 wins and 30 other outcomes were known; any other history in ``periods``
    equal blocks after its first two fifths.

    Parameters
    ----------
    history
        The leads, their labels, and the demands on the scorecard.
    who
        Who competes; None: all of `contestants`.
    periods
        ``"month"``, or how many blocks of equal size; a history without dates has 6 where this is ``"month"``.
    n_jobs
        How many periods are computed at once, by joblib; a `joblib.parallel_config` around the call chooses another
        backend, such as a Dask cluster.
    progress
        Called with a step, what is done and what there is to do.

    Raises
    ------
    EvidenceError
        When no period has enough known outcomes before it.

    Examples
    --------
    >>> from leadqual.leads import label_outcomes, read_leads
    >>> from leadqual.simulation import SampleSettings, simulate
    >>> sample = simulate(SampleSettings(leads=3000), seed=1)
    >>> leads = read_leads(sample.table, sample.schema)
    >>> history = History(leads, label_outcomes(leads))
    >>> walk = walk_forward(history, who=contestants(history, yardsticks=False), periods=2)
    >>> [period.leads > 100 for period in walk.periods]
    [True, True]
    """
    competing = contestants(history) if who is None else who
    outcomes = history.outcomes
    steps = list(_steps(outcomes, periods))
    quiet = replace(history, progress=None)
    parallel = joblib.Parallel(n_jobs=n_jobs, return_as="generator")
    jobs = (joblib.delayed(_step)(quiet, competing, earlier, later) for _, earlier, later in steps)
    answers: list[dict[str, Prediction] | str] = []
    for answer in parallel(jobs):
        answers.append(answer)
        if progress is not None:
            progress("walking forward", len(answers), len(steps))
    kept = [(step, answer) for step, answer in zip(steps, answers, strict=True) if not isinstance(answer, str)]
    refused = [answer for answer in answers if isinstance(answer, str)]
    if not kept:
        raise EvidenceError(_nothing(outcomes, refused))
    rows = np.concatenate([later for (_, _, later), _ in kept])
    return Walk(
        periods=tuple(_described(outcomes, *step) for step, _ in kept),
        rows=rows,
        period=np.repeat(np.arange(len(kept)), [len(later) for (_, _, later), _ in kept]),
        won=outcomes.label[rows],
        time=outcomes.time[rows],
        predictions={name: _joined([answer[name] for _, answer in kept]) for name in competing},
        dated=outcomes.as_of is not None,
        warnings=_warnings(outcomes, refused),
    )


def _step(history: History, who: Mapping[str, Contestant], earlier: Rows, later: Rows) -> dict[str, Prediction] | str:
    """Let each contestant predict one period; where one has too little to learn from, say what it said."""
    try:
        return {name: contestant(history, earlier, later) for name, contestant in who.items()}
    except EvidenceError as error:
        return str(error)


def _steps(outcomes: Outcomes, periods: int | Literal["month"]) -> Iterator[tuple[str, Rows, Rows]]:
    """Yield name, rows known before, and rows of each period that has enough of both."""
    rows = np.flatnonzero(outcomes.mature)
    rows = rows[np.argsort(outcomes.time[rows], kind="stable")]
    for name, start, later in _periods(outcomes, rows, periods):
        before = rows[outcomes.time[rows] < start]
        earlier = before[outcomes.known_at[before] <= start]
        wins = float(outcomes.label[earlier].sum())
        if min(wins, len(earlier) - wins) >= _MIN_WINS and len(later) >= _MIN_LATER:
            yield name, earlier, later


def _periods(outcomes: Outcomes, rows: Rows, periods: int | Literal["month"]) -> Iterator[tuple[str, float, Rows]]:
    time, dated = outcomes.time[rows], outcomes.as_of is not None
    if dated and periods == "month":
        month = np.floor(time).astype("datetime64[D]").astype("datetime64[M]")
        for one in np.unique(month):
            yield str(one), float(one.astype("datetime64[D]").astype(np.int64)), rows[month == one]
        return
    try:
        folds = forward_folds(time, folds=_BLOCKS if periods == "month" else periods)
    except EvidenceError as error:
        raise EvidenceError(f"walking forward found no later leads: {error}") from error
    for number, (_, block) in enumerate(folds, start=1):
        start = float(time[block].min())
        yield day_text(int(start // 1)) if dated else f"block {number}", start, rows[block]


def _described(outcomes: Outcomes, name: str, earlier: Rows, later: Rows) -> Period:
    label = outcomes.label
    return Period(name, len(earlier), int(label[earlier].sum()), len(later), int(label[later].sum()))


def _joined(parts: list[Prediction]) -> Prediction:
    return Prediction(
        np.concatenate([part.probability for part in parts]), np.concatenate([part.rank for part in parts])
    )


def _nothing(outcomes: Outcomes, refused: list[str]) -> str:
    if refused:
        return f"{len(refused)} periods could not be walked, at least one must be: {refused[-1]}"
    return (
        f"no period has {_MIN_WINS} wins and {_MIN_WINS} other outcomes known before it and {_MIN_LATER} "
        f"mature leads in it (the history has {outcomes.won} wins and {outcomes.lost} others); wait for more outcomes, "
        "or pass fewer periods."
    )


def _warnings(outcomes: Outcomes, refused: list[str]) -> tuple[Fact, ...]:
    warnings = [] if outcomes.as_of is not None else [fact("walk_undated")]
    if refused:
        warnings.append(fact("walk_left_out", periods=len(refused)))
    return tuple(warnings)
