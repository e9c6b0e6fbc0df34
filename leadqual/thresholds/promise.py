"""A promised precision: the loosest threshold whose win rate is certified, or how much evidence is missing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import beta, binom

from leadqual.errors import PolicyError
from leadqual.fact import Fact, Figure, fact
from leadqual.thresholds.grades import read_points

__all__ = ["Promise", "Trial", "certify_precision"]

Points = NDArray[np.int64]

MIN_SELECTED = 30
_POWER = 0.8
_MAX_OUTCOMES = 10_000_000


@dataclass(frozen=True, slots=True)
class Trial:
    """One threshold that was tested.

    Parameters
    ----------
    points
        Leads with at least so many points are selected.
    leads, wins
        How many were selected, and how many of them won.
    p_value
        The chance of as many wins or more if the precision were only what is promised.
    """

    points: int
    leads: int
    wins: int
    p_value: float


@dataclass(frozen=True, slots=True)
class Promise:
    """What can be promised about the win rate of selected leads.

    Parameters
    ----------
    precision
        The promised win rate, 0 to 1.
    confidence
        How sure the promise is: it is broken in at most 1 - confidence of histories.
    points
        The fewest points of a selected lead; None where nothing is certified.
    share
        Share of leads selected; 0 where nothing is certified.
    leads, wins
        Leads selected in the evidence, and wins among them; 0 where nothing is certified.
    lower_bound
        The one-sided lower bound of their win rate at that confidence (Clopper-Pearson); None likewise.
    tested
        Every threshold tested, from strict to loose; the last one failed unless all leads were reached.
    more_outcomes
        About how many more outcomes would certify some threshold with 80 % probability, if the win rates seen are the
        true ones; 0 where one is certified; None where no threshold's win rate is above the promise.
    reason
        What can be promised, or what is missing.
    """

    precision: float
    confidence: float
    points: int | None
    share: float
    leads: int
    wins: int
    lower_bound: float | None
    tested: tuple[Trial, ...]
    more_outcomes: int | None
    reason: Fact

    @property
    def certified(self) -> bool:
        """Whether a threshold keeps the promise."""
        return self.points is not None


def certify_precision(
    points: ArrayLike,
    won: ArrayLike,
    *,
    precision: float,
    confidence: float = 0.95,
    weight: ArrayLike | None = None,
) -> Promise:
    """Find the loosest threshold whose win rate is at least ``precision``, with confidence.

    Thresholds are tested in a fixed sequence, from strict to loose: those at which the best 1, 2, ... 100 % of the
    leads are selected, beginning where at least 30 are. Each is tested with the exact binomial test of "the win rate is
    at most the promise"; the last one before the first that fails is certified. As the order does not depend on the
    outcomes, the chance that a certified threshold breaks the promise is at most ``1 - confidence`` (fixed-sequence
    testing: Bauer 1991, doi:10.1002/sim.4780100609; for risk control Angelopoulos et al. 2021, arXiv:2110.01052). Leads
    of the same points stay together: where a step falls inside a tie, all of the tie is selected.

    The leads must be mature, worked alike, and not those that the points were fitted to, and the promise ends when they
    change.

    Parameters
    ----------
    points
        Whole points of n held-out leads.
    won
        Outcome of each, 1 or 0, (n,).
    precision
        The promised win rate, in (0, 1).
    confidence
        In (0, 1).
    weight
        How many independent leads each is worth, (n,), where leads of one account end alike; see
        `leadqual.leads.accounts.Correlation`. The test is then that of as many leads, by the beta distribution. None:
        each is worth one.

    Raises
    ------
    PolicyError
        When an argument is out of range.

    Examples
    --------
    >>> points = [120] * 100 + [80] * 300
    >>> won = [1] * 50 + [0] * 50 + [1] * 15 + [0] * 285
    >>> promise = certify_precision(points, won, precision=0.35)
    >>> promise.points, promise.share
    (120, 0.25)
    >>> certify_precision(points, won, precision=0.45).more_outcomes > 100
    True
    """
    whole, outcome = _read(points, won)
    for name, value in (("precision", precision), ("confidence", confidence)):
        if not 0 < value < 1:
            raise PolicyError(f"{name} is {value}, it must be above 0 and below 1; pass 0.3 for 30%.")
    steps = _steps(whole, outcome)
    worth = None if weight is None else np.asarray(weight, dtype=np.float64)
    tested: list[Trial] = []
    passed: Trial | None = None
    for at, leads, wins in steps:
        chance, _ = _counted(whole, outcome, worth, at, precision, confidence)
        trial = Trial(at, leads, wins, chance if worth is not None else float(binom.sf(wins - 1, leads, precision)))
        tested.append(trial)
        if trial.p_value > 1 - confidence:
            break
        passed = trial
    more = 0 if passed else _more_outcomes(steps, len(whole), precision, confidence)
    if more is not None and worth is not None:
        more = int(np.ceil(more * len(whole) / float(worth.sum())))
    return Promise(
        precision=precision,
        confidence=confidence,
        points=passed.points if passed else None,
        share=passed.leads / len(whole) if passed else 0.0,
        leads=passed.leads if passed else 0,
        wins=passed.wins if passed else 0,
        lower_bound=_counted(whole, outcome, worth, passed.points, precision, confidence)[1] if passed else None,
        tested=tuple(tested),
        more_outcomes=more,
        reason=_reason(precision, confidence, passed, len(whole), steps, more),
    )


def _counted(
    points: Points,
    won: NDArray[np.float64],
    worth: NDArray[np.float64] | None,
    at: int,
    precision: float,
    confidence: float,
) -> tuple[float, float]:
    """Return the p-value of a threshold by what its leads are worth, and the lower bound of their win rate."""
    chosen = points >= at
    weight = np.ones(int(chosen.sum())) if worth is None else worth[chosen]
    leads, wins = float(weight.sum()), float(weight @ won[chosen])
    if wins <= 0:
        return 1.0, 0.0
    # the chance of as many wins or more among independent leads, for fractions too
    return (
        float(beta.cdf(precision, wins, leads - wins + 1)),
        float(beta.ppf(1 - confidence, wins, leads - wins + 1)),
    )


def _read(points: ArrayLike, won: ArrayLike) -> tuple[Points, NDArray[np.float64]]:
    whole = read_points(points)
    outcome = np.asarray(won, dtype=np.float64)
    if outcome.shape != whole.shape or not np.isin(outcome, (0.0, 1.0)).all():
        raise PolicyError(
            f"won has shape {outcome.shape}, it must be 1 or 0 for each of the {len(whole)} leads that have points; "
            "leave out undecided leads."
        )
    return whole, outcome


def _steps(points: Points, won: NDArray[np.float64]) -> list[tuple[int, int, int]]:
    """Return threshold, leads and wins of each step, from strict to loose, each threshold once."""
    distinct, place, counts = np.unique(-points, return_inverse=True, return_counts=True)
    leads = np.cumsum(counts)
    wins = np.cumsum(np.bincount(place, won, len(distinct)))
    wanted = np.ceil(len(points) * np.arange(1, 101) / 100 - 1e-9)
    reached = np.searchsorted(leads, np.maximum(wanted, MIN_SELECTED), side="left")
    chosen = [int(i) for i in dict.fromkeys(reached) if i < len(distinct)]
    return [(int(-distinct[i]), int(leads[i]), round(float(wins[i]))) for i in chosen]


def _more_outcomes(steps: list[tuple[int, int, int]], total: int, precision: float, confidence: float) -> int | None:
    """Return the fewest further outcomes with which some step would pass with 80 % probability."""
    needs = []
    for _, leads, wins in steps:
        rate = wins / leads
        if rate > precision:
            selected = _enough(rate, precision, confidence)
            if selected is not None:
                needs.append(int(np.ceil(selected * total / leads)))
    return None if not needs else max(min(needs) - total, 1)


def _enough(rate: float, precision: float, confidence: float) -> int | None:
    """Return about how many selected leads a test needs to pass with 80 % probability at a true win rate."""
    low, high = MIN_SELECTED, MIN_SELECTED
    while _power(high, rate, precision, confidence) < _POWER:
        low, high = high, 2 * high
        if high > _MAX_OUTCOMES:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _power(middle, rate, precision, confidence) >= _POWER else (middle, high)
    return high


def _power(leads: int, rate: float, precision: float, confidence: float) -> float:
    fewest = binom.ppf(confidence, leads, precision) + 1  # the fewest wins whose p-value is small enough
    return float(binom.sf(fewest - 1, leads, rate))


def _reason(
    precision: float,
    confidence: float,
    passed: Trial | None,
    total: int,
    steps: list[tuple[int, int, int]],
    more: int | None,
) -> Fact:
    promised: dict[str, Figure] = {"precision": float(precision), "confidence": float(confidence)}
    if passed is not None:
        share = round(passed.leads / total, 6)
        return fact(
            "policy_promise", **promised, points=passed.points, leads=passed.leads, wins=passed.wins, share=share
        )
    if not steps:
        return fact("promise_few_outcomes", **promised, outcomes=total, selected=MIN_SELECTED)
    if more is None:
        best = max(wins / leads for _, leads, wins in steps)
        return fact("promise_too_high", **promised, leads=total, best=best)
    return fact("promise_more_outcomes", **promised, more=more)
