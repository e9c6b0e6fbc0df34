"""Everyone's figures on the same later leads, with intervals, and the paired differences between them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadqual.bundle import Measure, Performance
from leadqual.evaluation.contestants import Prediction
from leadqual.evaluation.outcome import read_outcome
from leadqual.evaluation.performance import performance
from leadqual.evaluation.resampled import resampled_measures
from leadqual.evaluation.resampling import Resamples, resamples

__all__ = ["Comparison", "Difference", "compare"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Difference:
    """How much better or worse one is than another in one figure, on the same leads.

    Parameters
    ----------
    who, versus
        Whose figure, less whose.
    name
        The figure, as in `leadqual.bundle.Measure`.
    value
        ``who`` minus ``versus``; None where either is undefined.
    low, high
        Its 95 % interval over stretches of time; None where it is undefined.
    """

    who: str
    versus: str
    name: str
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """Figures with 95 % intervals, and paired differences of the first to each of the others.

    Parameters
    ----------
    performances
        One for each contestant, in the order given.
    differences
        The first contestant minus each other one, figure by figure.
    blocks
        How many stretches of time the intervals rest on.
    """

    performances: tuple[Performance, ...]
    differences: tuple[Difference, ...]
    blocks: int

    def performance(self, who: str) -> Performance:
        """Return one contestant's figures; raises KeyError when it is not among them."""
        return {one.who: one for one in self.performances}[who]

    def difference(self, versus: str, name: str) -> Difference:
        """Return the first contestant's difference to another; raises KeyError when there is none."""
        return {(one.versus, one.name): one for one in self.differences}[versus, name]


def compare(
    won: ArrayLike,
    predictions: Mapping[str, Prediction],
    block: ArrayLike,
    *,
    capacity_share: float = 0.2,
    repetitions: int = 500,
    seed: int = 0,
) -> Comparison:
    """Measure everyone on the same leads, with percentile intervals from a bootstrap of stretches of time.

    Parameters
    ----------
    won
        Outcome of n leads, 1 won, 0 not won.
    predictions
        What each contestant said about them.
    block
        Number of each lead's stretch of time, (n,), see `leadqual.evaluation.resampling.time_blocks`.
    capacity_share
        What sales can work, as a share of leads, 0 to 1.
    repetitions
        How often stretches are drawn again.
    seed
        Seed of the draw.

    Raises
    ------
    EvidenceError
        When an argument is not what it must be.

    Examples
    --------
    >>> predicted = Prediction(np.array([0.9, 0.1] * 20), np.array([0.9, 0.1] * 20))
    >>> even = Prediction(np.full(40, 0.5), np.zeros(40))
    >>> found = compare([1, 0] * 20, {"scorecard": predicted, "base rate": even}, np.arange(40) // 4)
    >>> found.difference("base rate", "log_loss").high < 0
    True
    """
    outcome = read_outcome(won)
    draws = resamples(block, repetitions=repetitions, seed=seed)
    drawn = {name: resampled_measures(outcome, one, draws, capacity_share) for name, one in predictions.items()}
    whole = {
        name: performance(name, outcome, one.probability, rank=one.rank, capacity_share=capacity_share)
        for name, one in predictions.items()
    }
    first, *others = predictions
    return Comparison(
        performances=tuple(_with_intervals(whole[name], drawn[name]) for name in predictions),
        differences=tuple(
            _difference(
                whole[first], whole[other], measure.name, drawn[first][measure.name] - drawn[other][measure.name]
            )
            for other in others
            for measure in whole[first].measures
        ),
        blocks=_blocks(draws),
    )


def _with_intervals(whole: Performance, drawn: Mapping[str, Floats]) -> Performance:
    return Performance(
        whole.who,
        tuple(
            measure if measure.value is None else Measure(measure.name, measure.value, *_interval(drawn[measure.name]))
            for measure in whole.measures
        ),
    )


def _difference(one: Performance, other: Performance, name: str, drawn: Floats) -> Difference:
    mine, theirs = one.value(name), other.value(name)
    if mine is None or theirs is None:
        return Difference(one.who, other.who, name, None, None, None)
    return Difference(one.who, other.who, name, round(mine - theirs, 6), *_interval(drawn))


def _interval(drawn: Floats) -> tuple[float | None, float | None]:
    known = drawn[np.isfinite(drawn)]
    if len(known) < 2:
        return None, None
    low, high = np.quantile(known, (0.025, 0.975))
    return round(float(low), 6), round(float(high), 6)


def _blocks(draws: Resamples) -> int:
    return int(draws.counts.shape[1])
