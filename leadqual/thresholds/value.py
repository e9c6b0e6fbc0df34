"""The value of working leads: what a win is worth against what a contact costs."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadqual.bundle import ProbabilityCurve
from leadqual.errors import PolicyError
from leadqual.thresholds.grades import read_points

__all__ = ["LeadValue", "net_benefit", "worthwhile_points"]


@dataclass(frozen=True, slots=True)
class LeadValue:
    """What a win is worth and what working a lead costs, in the same money.

    Parameters
    ----------
    per_win
        Above 0.
    per_contact
        Above 0, less than a win is worth.

    Raises
    ------
    PolicyError
        When they are not.
    """

    per_win: float
    per_contact: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.per_win) and 0 < self.per_contact < self.per_win):
            raise PolicyError(
                f"a win is worth {self.per_win:g} and a contact costs {self.per_contact:g}; both must be above 0 and "
                "the contact cost less than the win is worth; pass both in the same money."
            )

    @property
    def break_even(self) -> float:
        """The probability at which a contact pays for itself: cost over value."""
        return self.per_contact / self.per_win

    def of(self, probability: ArrayLike) -> NDArray[np.float64]:
        """Return the expected value of working each lead: ``p per_win - per_contact``."""
        return np.asarray(probability, dtype=np.float64) * self.per_win - self.per_contact


def worthwhile_points(curve: ProbabilityCurve, value: LeadValue, points: ArrayLike) -> int:
    """Return the fewest points at which a contact pays for itself; one above all points where none does.

    Parameters
    ----------
    curve
        From points to probability, never falling.
    value
        What a win is worth and a contact costs.
    points
        Whole points of leads like those to come.

    Examples
    --------
    >>> curve = ProbabilityCurve(90, (0.1, 0.3), (0.0, 0.2), (0.2, 0.4), 0.95, "none", "", 100, 20)
    >>> worthwhile_points(curve, LeadValue(1000, 200), [90, 91])
    91
    """
    distinct = np.unique(read_points(points))
    pays = [int(at) for at in distinct if curve.at(int(at))[0] >= value.break_even]
    return pays[0] if pays else int(distinct[-1]) + 1


def net_benefit(won: ArrayLike, selected: ArrayLike, value: LeadValue) -> float:
    """Return the net benefit of working the selected leads, in wins per lead.

    ``(true positives - false positives * odds) / n`` with the odds of the break-even probability (Vickers and Elkin
    2006, doi:10.1177/0272989X06295361); times ``per_win - per_contact`` it is money per lead.

    Parameters
    ----------
    won
        Outcome of n leads, 1 or 0.
    selected
        Which of them are worked, (n,).

    Examples
    --------
    >>> net_benefit([1, 0, 0, 1], [True, True, False, False], LeadValue(1000, 500))
    0.0
    """
    outcome, worked = np.asarray(won, dtype=np.float64), np.asarray(selected, dtype=bool)
    if outcome.ndim != 1 or outcome.shape != worked.shape or len(outcome) == 0:
        raise PolicyError(
            f"won has shape {outcome.shape} and selected {worked.shape}; both must be of the same leads, at least one."
        )
    odds = value.break_even / (1 - value.break_even)
    return float((outcome[worked].sum() - (1 - outcome[worked]).sum() * odds) / len(outcome))
