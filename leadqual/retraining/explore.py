"""Exploring: a small share of capacity drawn at random before scoring, which keeps the loop honest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from leadqual.calibration.interval import clopper_pearson
from leadqual.errors import PolicyError
from leadqual.evaluation import change_fact
from leadqual.fact import Fact, fact
from leadqual.feedback import Standing

__all__ = ["Explored", "draw_at_random", "exploring"]


def draw_at_random(
    points: ArrayLike, *, capacity: float, explore: float = 0.1, seed: int, fresh: ArrayLike | None = None
) -> tuple[NDArray, float]:
    """Choose the leads that sales work: some drawn at random from those that just came, the others by rank.

    The random ones are drawn first, whatever the scores say, so that what comes of them holds for all leads. Every
    fresh lead is drawn with the same chance, which is to be recorded with its score. Fractions of a lead are kept by
    chance: of 3.4 leads there are 4 in two of five draws and 3 in the others, so that small weeks work and explore as
    much as large ones.

    Parameters
    ----------
    points
        Points of n leads, (n,).
    capacity
        How many of them sales can work; a fraction is kept as said.
    explore
        Share of the capacity that is drawn at random, 0 to 1; 5 to 10 % are usual.
    seed
        Of the draw.
    fresh
        True for those that enter the draw, (n,); None: all. The others are picked by rank only.

    Returns
    -------
    picked, propensity
        ``"random"``, ``"rank"`` or "" for each lead, (n,); and the chance with which a fresh one was drawn at random.

    Raises
    ------
    PolicyError
        When the share or the capacity is out of range.

    Examples
    --------
    >>> picked, propensity = draw_at_random([90, 120, 80, 150], capacity=2, explore=0.5, seed=0)
    >>> sorted(picked.tolist()), propensity
    (['', '', 'random', 'rank'], 0.25)
    """
    worth = np.asarray(points, dtype=np.float64)
    if not 0 <= explore <= 1 or not 0 <= capacity < np.inf:
        raise PolicyError(
            f"explore must be from 0 to 1 and capacity 0 or more, not {explore} and {capacity}; correct them."
        )
    rng = np.random.default_rng(seed)
    into = np.flatnonzero(np.ones(len(worth), dtype=np.bool_) if fresh is None else np.asarray(fresh, dtype=np.bool_))
    work = round(min(float(capacity), len(worth)), 9)
    exact = min(explore * work, len(into))
    # one number decides both fractions, so that never more are drawn than are worked
    luck = rng.random()
    room, drawn = (int(one) + int(luck < one % 1) for one in (work, exact))
    picked = np.full(len(worth), "", dtype=object)
    picked[rng.choice(into, drawn, replace=False)] = "random"
    rest = [int(i) for i in np.lexsort((rng.random(len(worth)), -worth)) if not picked[i]]
    picked[rest[: room - drawn]] = "rank"
    return picked, exact / len(into) if len(into) else 0.0


@dataclass(frozen=True, slots=True)
class Explored:
    """What exploring cost and bought.

    Parameters
    ----------
    drawn, picked
        Matured leads that were drawn at random and worked, and those that were picked by rank.
    wins
        Wins among the drawn ones.
    forgone
        Wins to be expected of as many of the best leads that nobody worked, by their probabilities: what the same
        effort would have brought.
    low, high
        95 % interval (Clopper and Pearson's) of the win rate of all leads, from the drawn ones, each weighed by 1 over
        the chance with which it was drawn (Kish's effective number of them); None where none was drawn.
    gained, gained_low, gained_high
        Wins of the drawn ones less those forgone, with its 95 % interval: below 0, exploring cost wins. Both ends are
        those of Clopper and Pearson's interval of the wins and of the spread of the forgone ones, squared and added
        (Zou and Donner 2008, doi:10.1002/sim.3095). None where none was drawn.
    """

    drawn: int
    picked: int
    wins: int
    forgone: float
    low: float | None
    high: float | None
    gained: float | None = None
    gained_low: float | None = None
    gained_high: float | None = None

    @property
    def facts(self) -> tuple[Fact, ...]:
        """What was drawn, what it cost in wins, and what it tells about all leads."""
        if self.low is None or self.high is None:
            return (fact("none_drawn"),)
        found = [fact("drawn_leads", leads=self.drawn, wins=self.wins, forgone=self.forgone)]
        if self.gained is not None and self.gained_low is not None and self.gained_high is not None:
            cost = change_fact(self.gained, self.gained_low, self.gained_high, digits=0, way="fewer")
            found.append(fact("drawn_cost", change=cost))
        return (*found, fact("drawn_tell", low=self.low, high=self.high))


def exploring(history: pd.DataFrame, standing: Standing) -> Explored:
    """Tell what the random slice cost in wins, and what it says about all leads.

    Parameters
    ----------
    history
        See `leadqual.feedback.feedback_history`.
    standing
        Where they stand; only leads whose window has passed count. See `leadqual.feedback.lead_standing`.

    Examples
    --------
    >>> from leadqual.feedback import Event, feedback_history, lead_standing
    >>> score = {"bundle": "b", "points": 100, "grade": "B"}
    >>> events = [
    ...     Event("scored", "L-1", "2026-01-01", score | {"probability": 0.1, "picked": "random", "propensity": 0.1}),
    ...     Event("scored", "L-2", "2026-01-01", score | {"probability": 0.3, "picked": ""}),
    ... ]
    >>> history = feedback_history(events, as_of="2026-06-01")
    >>> found = exploring(history, lead_standing(history, window_days=90, as_of="2026-06-01"))
    >>> found.drawn, found.wins, found.forgone
    (1, 0, 0.3)
    """
    random = standing.mature & standing.drawn & standing.worked
    drawn, wins = int(random.sum()), int((random & standing.won).sum())
    picked = history["picked"].to_numpy()
    # a lead that sales worked of their own accord was not forgone
    left = np.sort(history["probability"].to_numpy()[standing.mature & (picked == "") & ~standing.worked])[::-1][:drawn]
    by_rank, forgone = int((standing.mature & (picked == "rank")).sum()), float(left.sum())
    if not drawn:
        return Explored(drawn, by_rank, wins, forgone, None, None)
    low, high = _win_rate(standing.won[random].astype(np.float64), 1 / history["propensity"].to_numpy()[random])
    fewest, most = (float(end[0]) * drawn for end in clopper_pearson(np.array([wins]), np.array([drawn]), 0.025))
    doubt = 1.96**2 * float((left * (1 - left)).sum())
    gained = wins - forgone
    return Explored(
        drawn,
        by_rank,
        wins,
        forgone,
        low,
        high,
        gained,
        gained - ((wins - fewest) ** 2 + doubt) ** 0.5,
        gained + ((most - wins) ** 2 + doubt) ** 0.5,
    )


def _win_rate(won: NDArray[np.float64], weight: NDArray[np.float64]) -> tuple[float, float]:
    """Return the interval of a weighted win rate, from as many leads as the weights are worth (Kish 1965)."""
    known = np.where(
        np.isfinite(weight), weight, 1.0
    )  # events without a chance are refused, older ledgers may have some
    worth = float(known.sum()) ** 2 / float((known**2).sum())
    low, high = clopper_pearson(np.array([worth * float(won @ known) / float(known.sum())]), np.array([worth]), 0.025)
    return float(low[0]), float(high[0])
