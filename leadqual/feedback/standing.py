"""Where each scored lead stands: matured or not, drawn at random, worked, won within its window; decided here alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.fact import Fact, fact
from leadqual.feedback.history import moment

__all__ = ["Standing", "lead_standing"]

_MIN_DRAWN = 200
_DAY = 86400.0
_SAME_CHANCE = 1.01


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """Masks over the n leads of a history, in its order.

    Parameters
    ----------
    mature
        Whose window has passed, (n,). Leads that had ended before they were scored are in none of these masks: their
        outcome was known, so it says nothing about the score.
    drawn
        Which were drawn at random before scoring, (n,).
    worked
        Which count as worked, (n,). Where the ledger records follow-up, those with such a record (a first work, or
        accepted), whatever became of them. Else those that were picked to be worked, where it says that others were
        not; else all.
    won
        Which won within the window, mature or not, (n,).
    days_to_win
        Days from their score to their win, (n,); NaN where none is known.
    basis
        Whom judgements hold for: ``"random"`` where at least 200 mature leads were drawn and worked, ``"worked"`` where
        the ledger records follow-up, else ``"all"``.
    judged
        Which leads judgements rest on once they are mature, (n,): those drawn and worked where the basis is
        ``"random"``, else the worked ones. A drawn lead that nobody worked says nothing of what it was worth.
    unrecorded_wins
        How many mature leads won in time without a record of follow-up and are neither worked nor judged, as losses
        without a record are not; 0 where the ledger records no follow-up.
    unworked_draws
        How many mature leads were drawn and have no record of follow-up; 0 where the ledger records none.
    selected
        Whether the judged leads were chosen by something else than equal chance, so that they are no measure of all:
        they were picked or worked, or drawn on one day with different chances.
    """

    mature: NDArray[np.bool_]
    drawn: NDArray[np.bool_]
    worked: NDArray[np.bool_]
    won: NDArray[np.bool_]
    days_to_win: NDArray[np.float64]
    basis: str
    judged: NDArray[np.bool_]
    unrecorded_wins: int
    unworked_draws: int
    selected: bool = False

    @property
    def left_out(self) -> tuple[Fact, ...]:
        """Which wins and drawn leads judgements leave out, and which leads they hold for; empty where all count."""
        found = []
        if self.unrecorded_wins:
            found.append(fact("unrecorded_wins", wins=self.unrecorded_wins))
        if self.unworked_draws:
            drawn = int((self.mature & self.drawn).sum())
            found.append(fact("unworked_draws", leads=self.unworked_draws, drawn=drawn))
        if self.basis == "random" and self.selected:
            found.append(fact("uneven_draws"))
        return tuple(found)


def lead_standing(history: pd.DataFrame, *, window_days: int, as_of: str) -> Standing:
    """Tell where each lead stands.

    Nothing here but ``won`` and ``days_to_win`` looks at how a lead ended. A won lead was worked, surely, but to count
    it as worked without a record, where a lost one without a record does not count, would select on the outcome: with
    half of follow-ups unrecorded, a rate of p would look like 2 p / (1 + p).

    Parameters
    ----------
    history
        See `feedback_history`.
    window_days
        The window in which a win counts.
    as_of
        The date (ISO 8601).

    Examples
    --------
    >>> from leadqual.feedback.events import Event
    >>> from leadqual.feedback.history import feedback_history
    >>> score = {"bundle": "b", "points": 120, "probability": 0.2, "grade": "A"}
    >>> events = [Event("scored", lead, "2026-01-01", score) for lead in ("L-7", "L-8")]
    >>> events += [Event("worked", "L-7", "2026-01-02"), Event("won", "L-8", "2026-02-01")]
    >>> standing = lead_standing(feedback_history(events, as_of="2026-06-01"), window_days=90, as_of="2026-06-01")
    >>> standing.worked.tolist(), standing.won.tolist(), standing.unrecorded_wins
    ([True, False], [False, True], 1)
    """
    # one day of tolerance: many closing dates have no time of day
    was_open = ~(history["closed_at"] < history["scored_at"] - pd.Timedelta(days=1)).to_numpy(dtype=np.bool_)
    passed = (history["scored_at"] + pd.Timedelta(days=window_days) <= moment(as_of)).to_numpy(dtype=np.bool_)
    mature = passed & was_open
    drawn = (history["picked"] == "random").to_numpy(dtype=np.bool_) & was_open
    followed = (history["worked_at"].notna() | history["accepted_at"].notna()).to_numpy(dtype=np.bool_)
    recorded = bool((followed & mature).any())
    picked = (history["picked"] != "").to_numpy(dtype=np.bool_)
    worked = followed if recorded else picked if (picked & mature).any() else np.ones(len(history), dtype=np.bool_)
    worked = worked & was_open
    tried = drawn & worked
    basis = "random" if int((tried & mature).sum()) >= _MIN_DRAWN else "worked" if recorded else "all"
    judged = tried if basis == "random" else worked
    took = ((history["closed_at"] - history["scored_at"]).dt.total_seconds() / _DAY).where(
        (history["outcome"] == "won") & was_open
    )
    days = np.asarray(took, dtype=np.float64)
    won = np.asarray(days <= window_days, dtype=np.bool_)
    unrecorded = int((mature & won & ~worked & ~judged).sum()) if recorded else 0
    skipped = int((mature & drawn & ~worked).sum()) if recorded else 0
    if basis == "random":
        selected = _uneven(history[tried & mature])
    else:
        selected = basis == "worked" or bool((mature & ~worked).any())
    return Standing(mature, drawn, worked, won, days, basis, judged, unrecorded, skipped, selected)


def _uneven(drawn: pd.DataFrame) -> bool:
    """Tell whether some leads of one day were drawn with different chances, by more than rounding."""
    chance = drawn["propensity"].groupby(drawn["scored_at"].dt.floor("D"))
    return bool((chance.max() > _SAME_CHANCE * chance.min()).any())
