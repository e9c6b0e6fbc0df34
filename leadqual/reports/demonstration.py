"""The demonstration: a simulated company's history, what is learned from it, and its best open leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from leadqual.leads import read_leads
from leadqual.leads.open_leads import read_open_leads
from leadqual.learners import points_from_rules
from leadqual.reports.best_leads import NamedScore, best_leads
from leadqual.scorer import Scorer
from leadqual.simulation import SampleSettings, simulate
from leadqual.thresholds import Capacity
from leadqual.training import Training, train

__all__ = ["Demonstration", "demonstrate"]

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True, eq=False)
class Demonstration:
    """What the demonstration made.

    Parameters
    ----------
    training
        The bundle and what it rests on.
    leads
        How many leads the simulated export holds.
    open_leads
        How many of them are still open, and were scored.
    best
        The best open leads, best first.
    past_window
        How many further leads nobody closed though their window has passed: they are not open any more.
    """

    training: Training
    leads: int
    open_leads: int
    best: tuple[NamedScore, ...]
    past_window: int = 0


def demonstrate(
    *, leads: int = 6_000, seed: int = 0, created_at: str = "", command: str = "", progress: Progress | None = None
) -> Demonstration:
    """Simulate a CRM, learn from its closed leads with its old rule as prior, and score the open ones.

    Parameters
    ----------
    leads
        How many leads to simulate.
    seed
        Seed of the simulation and the training.
    created_at, command
        For the bundle's provenance.
    progress
        Called with a step, what is done and what there is to do (0: unknown).

    Raises
    ------
    EvidenceError
        When so few leads are too little to learn from.
    """
    report = progress or (lambda *_: None)
    report("simulating a company's history", 0, 0)
    sample = simulate(SampleSettings(leads=leads), seed=seed)
    schema = sample.schema
    training = train(
        read_leads(sample.table, schema),
        name="demo",
        capacity=Capacity(share=0.2),
        prior=points_from_rules(sample.rules),
        seed=seed,
        created_at=created_at,
        command=command,
        progress=progress,
    )
    report("scoring the open leads", 0, 0)
    outcomes = training.outcomes
    told = read_open_leads(sample.table, schema, window_days=outcomes.window_days, as_of=outcomes.as_of)
    waiting = ~told.closed & ~told.past
    best = best_leads(
        Scorer(training.bundle), sample.table[waiting].reset_index(drop=True), age_days=told.age_days[waiting].tolist()
    )
    past = int((~told.closed & told.past).sum())
    return Demonstration(training, len(sample.table), int(waiting.sum()), best, past)
