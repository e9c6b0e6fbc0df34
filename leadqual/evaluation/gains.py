"""What is caught by working the leads with the highest rank first."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadqual.errors import EvidenceError
from leadqual.evaluation.outcome import read_numbers, read_outcome
from leadqual.measures import RankSteps

__all__ = ["Gains", "gains"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Gains:
    """The share of wins among the first leads, from none to all of them.

    Parameters
    ----------
    leads
        Share of leads worked, rising from 0 to 1, (m + 1,) for m different ranks.
    wins
        Share of all wins among them, (m + 1,). Between two entries leads have the same rank, and a straight line is
        what to expect when they are worked in random order.
    base_rate
        Share of all leads that won.
    """

    leads: Floats
    wins: Floats
    base_rate: float

    @classmethod
    def of_steps(cls, leads: Floats, wins: Floats) -> Gains:
        """Return the gains of leads and wins, at least one, in steps from the lowest rank to the highest, (m,)."""
        worked, caught = np.cumsum(leads[::-1]), np.cumsum(wins[::-1])
        return cls(
            leads=np.concatenate(([0.0], worked / worked[-1])),
            wins=np.concatenate(([0.0], caught / caught[-1])),
            base_rate=float(caught[-1] / worked[-1]),
        )

    def wins_in(self, share: float) -> float:
        """Return the share of all wins to expect in the first ``share`` of leads, 0 to 1 both."""
        return float(np.interp(share, self.leads, self.wins))

    def precision_in(self, share: float) -> float:
        """Return the share of wins to expect among the first ``share`` of leads, above 0 to 1."""
        return self.base_rate * self.wins_in(share) / share


def gains(won: ArrayLike, rank: ArrayLike) -> Gains:
    """Return how many of the wins are caught by working the leads with the highest rank first.

    Parameters
    ----------
    won
        Outcome of n leads, 1 won, 0 not won; at least one won.
    rank
        What they are ranked by, higher first, (n,): points, or a probability.

    Raises
    ------
    EvidenceError
        When no lead won, or an array is not what it must be.

    Examples
    --------
    >>> caught = gains([1, 0, 1, 0], [130, 120, 100, 100])
    >>> caught.wins_in(0.25), caught.wins_in(0.75), caught.precision_in(0.5)
    (0.5, 0.75, 0.5)
    """
    outcome = read_outcome(won)
    order = read_numbers("rank", rank, len(outcome))
    if not outcome.any():
        raise EvidenceError(
            f"won has {len(outcome)} leads and none of them won, gains need at least 1; wait until more outcomes are "
            "known."
        )
    steps = RankSteps.of(order)
    return Gains.of_steps(steps.sums(np.ones(len(outcome))), steps.sums(outcome))
