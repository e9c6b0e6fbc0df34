"""Wall-clock times of several jobs, run in turns: on a busy machine a bad moment should meet them all."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Any

__all__ = ["Timing", "in_turns"]


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a job took.

    Parameters
    ----------
    seconds
        Wall-clock time of each run, in the order run; at least one.
    result
        What the last run returned.
    """

    seconds: tuple[float, ...]
    result: Any = None

    @property
    def least(self) -> float:
        """The fastest run: what the job takes when nothing disturbs it."""
        return min(self.seconds)

    @property
    def median(self) -> float:
        """The middle run."""
        return median(self.seconds)

    @property
    def greatest(self) -> float:
        """The slowest run: far from the fastest when something disturbed it."""
        return max(self.seconds)


def in_turns(jobs: Mapping[str, tuple[Callable[[], Any], int]]) -> dict[str, Timing]:
    """Run each job as often as it says, one run of each in turn.

    Parameters
    ----------
    jobs
        By name, what to run and how many times.
    """
    taken: dict[str, list[float]] = {name: [] for name in jobs}
    results: dict[str, Any] = {}
    for turn in range(max(runs for _, runs in jobs.values())):
        for name, (job, runs) in jobs.items():
            if turn < runs:
                begun = time.perf_counter()
                results[name] = job()
                taken[name].append(time.perf_counter() - begun)
    return {name: Timing(tuple(taken[name]), results[name]) for name in jobs}
