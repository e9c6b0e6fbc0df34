"""Splits by time: earlier leads to learn from, later leads to judge on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadqual.errors import EvidenceError
from leadqual.fact import Fact, Figure, fact
from leadqual.leads.lead_times import day_text
from leadqual.leads.outcomes import Outcomes

__all__ = ["TimeSplit", "forward_folds", "last_part"]

MIN_WINS = 30
MIN_KNOWN = 0.3

_FEW_TEST_WINS = 10


@dataclass(frozen=True, slots=True, eq=False)
class TimeSplit:
    """Earlier leads to learn from and later leads to judge on.

    Parameters
    ----------
    train, test
        Row numbers in time order, int64; every row is mature, and every test row is later than every train row.
    method
        How the split was made.
    test_from, test_to
        First and last day on which a test lead was created, ISO date; None without dates.
    warnings
        What the split cannot promise, and how to fix that.
    """

    train: NDArray[np.int64]
    test: NDArray[np.int64]
    method: Fact
    test_from: str | None
    test_to: str | None
    warnings: tuple[Fact, ...] = ()


def last_part(outcomes: Outcomes, *, share: float = 0.25) -> TimeSplit:
    """Keep the last part of the mature leads in time as test, and learn from what was known when it began.

    The test begins at the time that brings its share of the mature leads closest to ``share``; leads of the same time
    stay together. The train leads are the earlier mature leads whose label was known at that time, as it would have
    been for a model trained on that day. Where this leaves fewer than 30 wins, or less than 30 % of the earlier
    leads, all earlier mature leads are used, and a warning says so.

    Parameters
    ----------
    outcomes
        The labels of n leads.
    share
        The share of mature leads to keep as test, above 0 and below 1.

    Raises
    ------
    EvidenceError
        When ``share`` is not between 0 and 1, the mature leads do not span two different times, or none of the earlier
        leads is won, or not won.

    Examples
    --------
    >>> import pandas as pd
    >>> from leadqual.leads import Leads, Schema, label_outcomes
    >>> schema = Schema(features=(), outcome="won", won=("1",), lost=("0",), order="number")
    >>> table = pd.DataFrame({"number": range(80), "won": [0, 1] * 40})
    >>> split = last_part(label_outcomes(Leads(table, schema, ())))
    >>> len(split.train), split.test.min(), split.test.max()
    (60, np.int64(60), np.int64(79))
    """
    if not 0 < share < 1:
        raise EvidenceError(f"share is {share}, it must be above 0 and below 1; pass 0.25 for the last quarter.")
    rows = np.flatnonzero(outcomes.mature)
    rows = rows[np.argsort(outcomes.time[rows], kind="stable")]
    start = _start(outcomes.time[rows], share)
    earlier, test = rows[:start], rows[start:]
    known = earlier[outcomes.known_at[earlier] <= outcomes.time[test[0]]]
    train, warnings = _train(outcomes, earlier, known)
    _both_outcomes(outcomes, train)
    test_wins = int(outcomes.label[test].sum())
    if min(test_wins, len(test) - test_wins) < _FEW_TEST_WINS:
        warnings.append(fact("split_few_outcomes", wins=test_wins, others=len(test) - test_wins))
    dated = outcomes.as_of is not None
    test_from = day_text(int(outcomes.time[test[0]] // 1)) if dated else None
    return TimeSplit(
        train=train,
        test=test,
        method=_method(outcomes, train, test, earlier, test_from),
        test_from=test_from,
        test_to=day_text(int(outcomes.time[test[-1]] // 1)) if dated else None,
        warnings=tuple(warnings),
    )


def forward_folds(
    time: ArrayLike, *, folds: int = 4, first: float = 0.4
) -> list[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Walk forward: after a first part, each of the next equal blocks is judged by all the rows before it.

    Block k of the later rows begins at row ``ceil(n * (first + (1 - first) * k / folds))`` in time order; rows of the
    same time stay together, with the first of them, so that blocks may differ in size, and one may fall away.

    Parameters
    ----------
    time
        Orders n rows, any unit, (n,).
    folds
        How many later blocks, at least 1.
    first
        The share of rows that come before the first block, above 0 and below 1.

    Returns
    -------
    One pair per block: the earlier rows and the rows of the block, int64, both in time order (rows of the same time in
    the order in which they stand).

    Raises
    ------
    EvidenceError
        When an argument is out of range, a time is missing, or the times leave no later block.

    Examples
    --------
    >>> [(earlier.tolist(), block.tolist()) for earlier, block in forward_folds([5, 4, 3, 2, 1], folds=2)]
    [([4, 3], [2, 1]), ([4, 3, 2, 1], [0])]
    """
    order = np.asarray(time, dtype=np.float64)
    if order.ndim != 1 or np.isnan(order).any():
        raise EvidenceError(
            f"time has shape {order.shape} and {int(np.isnan(order).sum())} missing values, it must be one time per "
            "row; leave out the rows without one."
        )
    if folds < 1 or not 0 < first < 1:
        raise EvidenceError(
            f"folds is {folds} and first is {first}; folds must be at least 1 and first above 0 and below 1."
        )
    rows = np.argsort(order, kind="stable").astype(np.int64)
    size, ordered = len(rows), order[rows]
    # The small step back keeps a product such as 0.4 * 5 that comes out just above a whole number from rounding up.
    cuts = np.ceil(size * (first + (1 - first) * np.arange(folds) / folds) - 1e-9)
    block = np.searchsorted(cuts, np.searchsorted(ordered, ordered, side="left"), side="right")
    pairs = [(rows[block < k], rows[block == k]) for k in range(1, folds + 1) if np.any(block == k)]
    if not pairs:
        raise EvidenceError(
            f"{size} rows at {len(np.unique(order))} different times leave no later block to judge on; add leads from "
            "other times, or name a finer time."
        )
    return pairs


def _start(time: NDArray[np.float64], share: float) -> int:
    """Return where the test begins in sorted times: the boundary between two times that is closest to the share."""
    boundaries = np.flatnonzero(np.diff(time)) + 1
    if len(boundaries) == 0:
        raise EvidenceError(
            f"{len(time)} mature leads stand at {len(np.unique(time))} time, a test on later leads needs at least two; "
            "add earlier leads, or name a finer time in the schema."
        )
    return int(boundaries[np.argmin(np.abs(boundaries - len(time) * (1 - share)))])


def _train(
    outcomes: Outcomes, earlier: NDArray[np.int64], known: NDArray[np.int64]
) -> tuple[NDArray[np.int64], list[Fact]]:
    if outcomes.as_of is None:
        return known, [fact("split_undated")]
    wins = int(outcomes.label[known].sum())
    if wins >= MIN_WINS and len(known) >= MIN_KNOWN * len(earlier):
        return known, []
    few = fact(
        "split_few_known",
        known=len(known),
        earlier=len(earlier),
        wins=wins,
        min_wins=MIN_WINS,
        min_share=MIN_KNOWN,
        days=outcomes.window_days or 0,
    )
    return earlier, [few]


def _both_outcomes(outcomes: Outcomes, train: NDArray[np.int64]) -> None:
    wins = int(outcomes.label[train].sum())
    if wins in (0, len(train)):
        raise EvidenceError(
            f"the {len(train)} leads before the test have {wins} won and {len(train) - wins} not won ones, learning "
            "needs both; add earlier leads, or keep a smaller share as test."
        )


def _method(
    outcomes: Outcomes,
    train: NDArray[np.int64],
    test: NDArray[np.int64],
    earlier: NDArray[np.int64],
    test_from: str | None,
) -> Fact:
    counts: dict[str, Figure] = {
        "share": len(test) / (len(test) + len(earlier)),
        "tested": len(test),
        "trained": len(train),
    }
    if test_from is not None:
        if len(train) == len(earlier):
            return fact("split_dated_all", **counts, day=test_from)
        return fact("split_dated", **counts, day=test_from)
    return fact("split_ordered", **counts) if outcomes.basis == "order" else fact("split_rows", **counts)
