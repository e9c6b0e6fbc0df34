"""The figures of one way to score, measured on leads it has not learned from."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadqual.bundle import Measure, Performance
from leadqual.errors import EvidenceError
from leadqual.evaluation.gains import gains
from leadqual.evaluation.outcome import read_numbers, read_outcome, read_probability
from leadqual.evaluation.reliability import calibration_error, reliability
from leadqual.measures import auc, average_precision, brier, log_loss, predicted_over_actual

__all__ = ["base_rate_performance", "performance"]

Floats = NDArray[np.float64]


def performance(
    who: str,
    won: ArrayLike,
    probability: ArrayLike,
    *,
    rank: ArrayLike | None = None,
    capacity_share: float = 0.2,
) -> Performance:
    """Measure probabilities and the order they give, with y the outcome and p the probability of a lead.

    - ``log_loss``: mean of ``-ln p`` for won and ``-ln(1 - p)`` for other leads.
    - ``brier``: mean of ``(p - y)**2``.
    - ``auc``: how often a won lead ranks above another one, ties counting half.
    - ``average_precision``: mean over won leads of the share that won among the leads ranked as high or higher.
    - ``calibration_error``: see `leadqual.evaluation.reliability.calibration_error`; None below 100 leads.
    - ``predicted_over_actual``: sum of p over number of wins; 1 is right on average.
    - ``wins_in_top_10``, ``_20``, ``_30``: share of all wins among the first 10, 20 and 30 % of leads.
    - ``precision_at_capacity``, ``wins_at_capacity``: share that won among the leads that sales can work, and share of
      all wins among them.

    Formulas and sources are in `leadqual.measures`; which value is better is in its ``PERFORMANCE_MEASURES``.

    For the last five, leads of the same rank are worked in random order, and the figure is what to expect over all
    such orders. What is undefined is None: without wins, or without losses, or without capacity.

    Parameters
    ----------
    who
        What is measured: ``"scorecard"``, ``"base rate"`` or ``"prior rule"``.
    won
        Outcome of n leads, 1 won, 0 not won.
    probability
        Calibrated probability of each, above 0 and below 1, (n,).
    rank
        What they are ranked by, higher first, (n,), such as points; None: the probability.
    capacity_share
        What sales can work, as a share of leads, 0 to 1.

    Raises
    ------
    EvidenceError
        When an argument is not what it must be.

    Examples
    --------
    >>> figures = performance("scorecard", [1, 0, 1, 0], [0.8, 0.4, 0.6, 0.2])
    >>> round(figures.value("brier"), 3), figures.value("auc"), figures.value("wins_in_top_30")
    (0.1, 1.0, 0.6)
    """
    if not 0 <= capacity_share <= 1:
        raise EvidenceError(f"capacity_share is {capacity_share}, it must be 0 to 1; pass 0.2 for 20% of leads.")
    outcome = read_outcome(won)
    promised = read_probability(probability, len(outcome))
    order = promised if rank is None else read_numbers("rank", rank, len(outcome))
    figures: dict[str, float | None] = {
        "log_loss": log_loss(outcome, promised),
        "brier": brier(outcome, promised),
        "auc": auc(outcome, order),
        "average_precision": average_precision(outcome, order),
        "calibration_error": calibration_error(reliability(outcome, promised)),
        "predicted_over_actual": predicted_over_actual(outcome, promised),
        **_caught(outcome, order, capacity_share),
    }
    return Performance(who, tuple(Measure(name, _rounded(value)) for name, value in figures.items()))


def base_rate_performance(won: ArrayLike, base_rate: float, *, capacity_share: float = 0.2) -> Performance:
    """Measure what is known without a score: every lead has the base rate, and all rank the same.

    Parameters
    ----------
    won
        Outcome of n leads, 1 won, 0 not won.
    base_rate
        The win rate of the leads that were learned from, above 0 and below 1.
    capacity_share
        What sales can work, as a share of leads, 0 to 1.

    Raises
    ------
    EvidenceError
        When an argument is not what it must be.

    Examples
    --------
    >>> figures = base_rate_performance([1, 0, 1, 0], 0.4)
    >>> figures.value("auc"), figures.value("wins_in_top_20"), figures.value("predicted_over_actual")
    (0.5, 0.2, 0.8)
    """
    outcome = read_outcome(won)
    return performance("base rate", outcome, np.full(len(outcome), base_rate), capacity_share=capacity_share)


def _caught(outcome: Floats, order: Floats, capacity_share: float) -> dict[str, float | None]:
    names = {f"wins_in_top_{percent}": percent / 100 for percent in (10, 20, 30)}
    if not outcome.any():
        without_wins = 0.0 if capacity_share else None
        return {**dict.fromkeys(names), "precision_at_capacity": without_wins, "wins_at_capacity": None}
    caught = gains(outcome, order)
    return {
        **{name: caught.wins_in(share) for name, share in names.items()},
        "precision_at_capacity": caught.precision_in(capacity_share) if capacity_share else None,
        "wins_at_capacity": caught.wins_in(capacity_share),
    }


def _rounded(value: float | None) -> float | None:
    # Six digits say all that a test can tell, and are the same wherever they are computed.
    return None if value is None else round(value, 6)
