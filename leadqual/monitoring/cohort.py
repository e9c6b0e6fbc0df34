"""Which scored leads may be judged: those whose window has passed, where there are enough drawn at random."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.fact import Fact
from leadqual.feedback.standing import Standing
from leadqual.monitoring.belonging import ledger_accounts

__all__ = ["Cohort", "matured_leads"]


@dataclass(frozen=True, slots=True, eq=False)
class Cohort:
    """Matured leads in the order in which their windows passed.

    Parameters
    ----------
    points, probability
        What they were scored, (n,).
    won
        1 where they won within the window, else 0, (n,).
    week
        Number of the week in which their window passed, from 0, (n,).
    basis
        ``"random"`` where they were drawn at random before scoring; ``"worked"`` where only worked leads count, which
        holds for leads like those that sales chose; ``"all"`` where the ledger does not say who was worked.
    left_out
        Which leads were left out of it, and why; empty where none was.
    account
        Number of each lead's account, (n,); None where the ledger knows none.
    day
        Number of the day on which each was scored, (n,); None where it is not known.
    selected
        Whether they were chosen by something else than equal chance; see `leadqual.feedback.Standing`. Leads that were
        worked always were.
    """

    points: NDArray[np.int64]
    probability: NDArray[np.float64]
    won: NDArray[np.float64]
    week: NDArray[np.int64]
    basis: str
    left_out: tuple[Fact, ...] = ()
    account: NDArray[np.int64] | None = None
    day: NDArray[np.int64] | None = None
    selected: bool = False

    @property
    def by_promise(self) -> bool:
        """Whether they are compared with what was promised for them, as no figure of all leads is one of theirs."""
        return self.selected or self.basis == "worked"

    @property
    def holds_for(self) -> str:
        """Which leads judgements hold for: the basis, or ``"uneven"`` where leads were drawn with different chances."""
        return "uneven" if self.basis == "random" and self.selected else self.basis


def matured_leads(history: pd.DataFrame, standing: Standing) -> Cohort:
    """Return the leads that can be judged.

    A lead counts once its window has passed, whenever it won: labels that come early are those of quick wins, and would
    flatter (cohorts are compared at equal age). Leads drawn at random are used alone where there are enough of them,
    else those that were worked; see `leadqual.feedback.lead_standing`.

    Parameters
    ----------
    history
        See `leadqual.feedback.feedback_history`.
    standing
        Where they stand; see `leadqual.feedback.lead_standing`.

    Examples
    --------
    >>> from leadqual.feedback import Event, feedback_history, lead_standing
    >>> score = {"bundle": "b", "points": 120, "probability": 0.2, "grade": "A"}
    >>> events = [Event("scored", "L-7", "2026-01-01", score), Event("scored", "L-8", "2026-05-30", score)]
    >>> history = feedback_history(events, as_of="2026-06-01")
    >>> cohort = matured_leads(history, lead_standing(history, window_days=90, as_of="2026-06-01"))
    >>> len(cohort.won), cohort.basis
    (1, 'all')
    """
    rows = np.flatnonzero(standing.mature & standing.judged)
    rows = rows[np.argsort(history["scored_at"].to_numpy()[rows], kind="stable")]
    chosen = history.iloc[rows]
    age = (chosen["scored_at"] - chosen["scored_at"].min()).dt.total_seconds().to_numpy()
    return Cohort(
        points=chosen["points"].to_numpy(dtype=np.int64),
        probability=chosen["probability"].to_numpy(dtype=np.float64),
        won=standing.won[rows].astype(np.float64),
        week=np.asarray(age // (7 * 86400), dtype=np.int64),
        basis=standing.basis,
        # drawn leads represent all leads, also where others were worked
        left_out=standing.left_out,
        account=ledger_accounts(chosen),
        day=np.asarray(age // 86400, dtype=np.int64),
        selected=standing.selected,
    )
