"""Block bootstrap: how much figures move when whole stretches of time are drawn again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadqual.errors import EvidenceError
from leadqual.evaluation.outcome import read_numbers
from leadqual.leads.accounts import numbered

__all__ = ["Resamples", "resamples", "time_blocks"]

Floats = NDArray[np.float64]

_MIN_BLOCKS, _MAX_BLOCKS, _WITHOUT_DATES = 10, 52, 26
_DAYS = 7.0


@dataclass(frozen=True, slots=True, eq=False)
class Resamples:
    """How often each lead is drawn in each repetition.

    Parameters
    ----------
    block
        Number of each lead's block, 0 to k - 1, (n,).
    counts
        How often each block is drawn, whole numbers, (repetitions, k).
    """

    block: NDArray[np.int64]
    counts: Floats

    def weights(self, repetition: int) -> Floats:
        """Return how often each lead is drawn, (n,)."""
        return np.asarray(self.counts[repetition][self.block])

    def sums(self, values: Floats) -> Floats:
        """Return the sum of a value over the leads drawn, for each repetition, (repetitions,)."""
        return np.asarray(self.counts @ np.bincount(self.block, values, self.counts.shape[1]))


def time_blocks(time: ArrayLike, *, dated: bool, account: ArrayLike | None = None) -> NDArray[np.int64]:
    """Return the number of the stretch of time in which each lead is drawn, (n,).

    Blocks hold about equal numbers of leads: as many blocks as weeks where times are days, 10 at least and 52 at most;
    26 for other histories. Leads of the same time stay together.

    Parameters
    ----------
    time
        Time of n leads.
    dated
        Whether it is in days.
    account
        Number of each lead's account, (n,): all leads of an account go to the block of its first one, so that they are
        drawn together. None: leads are independent.

    Examples
    --------
    >>> time_blocks(range(0, 60, 3), dated=True).tolist()
    [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9]
    """
    times = read_numbers("time", time, len(np.atleast_1d(np.asarray(time))))
    weeks = int(np.ceil((times.max() - times.min()) / _DAYS)) if dated else _WITHOUT_DATES
    wanted = min(int(np.clip(weeks, _MIN_BLOCKS, _MAX_BLOCKS)), len(times))
    earlier = np.searchsorted(np.sort(times), times, side="left")
    block = earlier * wanted // len(times)
    if account is not None:
        numbers = numbered(account, len(times))
        first = np.full(int(numbers.max()) + 1, wanted, dtype=np.int64)
        np.minimum.at(first, numbers, block)
        block = first[numbers]
    return np.asarray(np.unique(block, return_inverse=True)[1], dtype=np.int64)


def resamples(block: ArrayLike, *, repetitions: int = 1000, seed: int = 0) -> Resamples:
    """Draw as many blocks as there are, with replacement (Künsch 1989, doi:10.1214/aos/1176347265, on fixed blocks).

    Parameters
    ----------
    block
        Number of each lead's block, (n,), such as `time_blocks` gives.
    repetitions
        How often to draw, at least 2.
    seed
        Seed of the draw; the same for all who are compared, so that differences are paired.

    Raises
    ------
    EvidenceError
        When there are fewer than two blocks or repetitions.

    Examples
    --------
    >>> resamples([0, 0, 1, 2], repetitions=50).counts.sum(axis=1).tolist() == [3.0] * 50
    True
    """
    numbers, places = np.unique(np.asarray(block), return_inverse=True)
    if len(numbers) < 2 or repetitions < 2:
        raise EvidenceError(
            f"{len(numbers)} blocks of time in {repetitions} repetitions say nothing about chance, at least 2 of both "
            "are needed; add leads from other times."
        )
    chance = np.random.default_rng(seed)
    counts = chance.multinomial(len(numbers), np.full(len(numbers), 1 / len(numbers)), repetitions)
    return Resamples(places.reshape(-1).astype(np.int64), counts.astype(np.float64))
