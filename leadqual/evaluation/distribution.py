"""How scores are spread among leads that were won and leads that were not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadqual.errors import EvidenceError
from leadqual.evaluation.outcome import read_numbers, read_outcome

__all__ = ["OutcomeDistribution", "outcome_distribution"]


@dataclass(frozen=True, slots=True, eq=False)
class OutcomeDistribution:
    """Counts of won and other leads in classes of equal width.

    Parameters
    ----------
    edges
        Ends of the classes, rising, float64 (m + 1,); the low end belongs to a class, the high end does not.
    won, not_won
        How many leads of each class were won and were not, int64 (m,).
    """

    edges: NDArray[np.float64]
    won: NDArray[np.int64]
    not_won: NDArray[np.int64]


def outcome_distribution(won: ArrayLike, score: ArrayLike, *, width: float = 5.0) -> OutcomeDistribution:
    """Count won and other leads in classes of the score.

    Parameters
    ----------
    won
        Outcome of n leads, 1 won, 0 not won.
    score
        Their points or score, (n,).
    width
        Width of a class, above 0; classes start at multiples of it.

    Raises
    ------
    EvidenceError
        When an argument is not what it must be.

    Examples
    --------
    >>> spread = outcome_distribution([0, 1, 1], [94, 101, 109], width=10)
    >>> spread.edges.tolist(), spread.won.tolist(), spread.not_won.tolist()
    ([90.0, 100.0, 110.0], [0, 2], [1, 0])
    """
    if not width > 0:
        raise EvidenceError(f"width is {width}, it must be above 0; the usual is 5.")
    outcome = read_outcome(won)
    numbers = read_numbers("score", score, len(outcome))
    index = np.floor(numbers / width).astype(np.int64)
    first, size = int(index.min()), int(index.max() - index.min()) + 1
    leads = np.bincount(index - first, minlength=size)
    wins = np.bincount((index - first)[outcome == 1], minlength=size)
    return OutcomeDistribution(
        edges=np.arange(first, first + size + 1, dtype=np.float64) * width, won=wins, not_won=leads - wins
    )
