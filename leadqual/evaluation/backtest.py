"""The whole judgement of a way to score: what would have happened, for whom, and how sure that is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from leadqual.bundle import Performance
from leadqual.errors import EvidenceError
from leadqual.evaluation.comparison import Comparison, compare
from leadqual.evaluation.contestants import contestants
from leadqual.evaluation.corp import BrierParts, brier_parts
from leadqual.evaluation.history import History
from leadqual.evaluation.performance import performance
from leadqual.evaluation.resampling import time_blocks
from leadqual.evaluation.segments import Segment, segments
from leadqual.evaluation.signal import Signal, signal
from leadqual.evaluation.walk_forward import Walk, walk_forward
from leadqual.leads.accounts import correlation
from leadqual.leads.field_values import field_values

__all__ = ["Backtest", "backtest"]

_TEST_SHARE = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Backtest:
    """What walking forward says.

    Parameters
    ----------
    walk
        Every later lead with what each contestant said of it.
    comparison
        Everyone's figures on all of them, with 95 % intervals over stretches of time, and paired differences.
    by_period
        For each period and contestant, its figures; None where a period's outcomes are all of one kind.
    parts
        The parts of each contestant's Brier score.
    segments
        What was promised by the scorecard and what came, for the frequent values of each field.
    signal
        Whether the scorecard ranks won leads higher than chance would.
    random_split
        The scorecard's figures on a random quarter: what a split that ignores time would have promised. Only a
        warning; None where it could not be made.
    design_effect
        How many of the later leads are worth one independent lead, 1 or more, as outcomes of an account are alike.
    """

    walk: Walk
    comparison: Comparison
    by_period: tuple[dict[str, Performance] | None, ...]
    parts: dict[str, BrierParts]
    segments: tuple[Segment, ...]
    signal: Signal
    random_split: Performance | None
    design_effect: float = 1.0


def backtest(
    history: History,
    *,
    capacity_share: float = 0.2,
    yardsticks: bool = True,
    periods: int | Literal["month"] = "month",
    n_jobs: int | None = None,
    progress: Callable[[str, int, int], None] | None = None,
) -> Backtest:
    """Walk forward and judge everyone on the same later leads.

    Parameters
    ----------
    history
        The leads, their labels, and the demands on the scorecard.
    capacity_share
        What sales can work, as a share of leads, 0 to 1.
    yardsticks
        Also compare with the learners of `leadqual.learners.yardsticks`.
    periods, n_jobs, progress
        As in `walk_forward`.

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
    >>> found = backtest(History(leads, label_outcomes(leads)), yardsticks=False, periods=2)
    >>> found.comparison.difference("base rate", "log_loss").high < 0
    True
    """
    walk = walk_forward(
        history,
        who=contestants(history, yardsticks=yardsticks),
        periods=periods,
        n_jobs=n_jobs,
        progress=progress,
    )
    predicted = walk.predictions["scorecard"]
    schema, every = history.leads.schema, history.account
    account = None if every is None else every[walk.rows]
    return Backtest(
        walk=walk,
        comparison=compare(
            walk.won,
            walk.predictions,
            time_blocks(walk.time, dated=walk.dated, account=account),
            capacity_share=capacity_share,
            seed=history.seed,
        ),
        by_period=tuple(_period(walk, number, capacity_share) for number in range(len(walk.periods))),
        parts={name: brier_parts(walk.won, one.probability) for name, one in walk.predictions.items()},
        segments=segments(
            walk.won,
            predicted.probability,
            field_values(history.leads.table.iloc[walk.rows], schema.scored, schema.missing_values),
            account=account,
        ),
        signal=signal(walk.won, predicted.rank, walk.period, account=account),
        random_split=_random_split(history, capacity_share),
        design_effect=1.0
        if account is None
        else correlation(walk.won, predicted.probability, account).design_effect(account),
    )


def _period(walk: Walk, number: int, capacity_share: float) -> dict[str, Performance] | None:
    inside = walk.period == number
    won = walk.won[inside]
    if not 0 < won.sum() < len(won):
        return None
    return {
        name: performance(name, won, one.probability[inside], rank=one.rank[inside], capacity_share=capacity_share)
        for name, one in walk.predictions.items()
    }


def _random_split(history: History, capacity_share: float) -> Performance | None:
    """Judge the scorecard on a random quarter, as is often done, to show what that would have promised."""
    mature = np.flatnonzero(history.outcomes.mature)
    mixed = np.random.default_rng(history.seed).permutation(mature)
    cut = int(len(mixed) * _TEST_SHARE)
    later, earlier = mixed[:cut], np.sort(mixed[cut:])
    try:
        predicted = contestants(history, yardsticks=False)["scorecard"](history, earlier, later)
    except EvidenceError:
        return None
    return performance(
        "random split",
        history.outcomes.label[later],
        predicted.probability,
        rank=predicted.rank,
        capacity_share=capacity_share,
    )
