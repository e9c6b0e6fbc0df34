"""How long a challenger's probabilities remember: a half-life, chosen by walking forward inside the past."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from leadqual.calibration.candidates import intercept_only
from leadqual.calibration.estimate import estimate
from leadqual.measures import log_odds_losses, mean_gain
from leadqual.scorecard import recency

__all__ = ["HALF_LIVES", "chosen_memory"]

Floats = NDArray[np.float64]
HALF_LIVES = (None, 365.0, 180.0, 90.0)
"""Days after which a lead counts half; None: all count alike."""
_EDGES = (0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
# of what was predicted, as in `leadqual.calibration.follow_recent`: what held last counts most
_LATELY_DAYS = 90.0
_ERRORS_BETTER = 1.0
# a wide prior, worth four leads: enough for a stretch without wins to have a solution
_MOVED_ALIKE = replace(intercept_only(0.0), spread=(1.0, 0.0))


def chosen_memory(z: Floats, won: Floats, time: Floats) -> float | None:
    """Return the half-life with which later leads were predicted best.

    Leads are walked forward in seven stretches of time: of the leads before each, weighted by age, it is learned how
    far their log-odds must be moved, and the stretch is predicted. The loss counts half for a lead 90 days before the
    last. A memory must have a lower loss than none at all by more than one standard error; of those the best is taken.

    Parameters
    ----------
    z
        Log-odds that n leads had before their outcomes were known, (n,).
    won
        1 or 0, (n,).
    time
        When they were scored, days, (n,).

    Returns
    -------
    float or None
        One of `HALF_LIVES`.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> time = np.sort(rng.uniform(0, 700, 4000))
    >>> rate = np.where(time < 500, 0.1, 0.3)
    >>> chosen_memory(np.full(4000, -2.2), (rng.random(4000) < rate) * 1.0, time)
    90.0
    """
    cuts = np.quantile(time, _EDGES)
    later = time >= cuts[0]
    losses = {half_life: _loss(z, won, time, cuts, half_life) for half_life in HALF_LIVES}
    weight = recency(time[later], _LATELY_DAYS)
    best: float | None = None
    for half_life in HALF_LIVES[1:]:
        mean, error = mean_gain(losses[None] - losses[half_life], weight)
        lower = np.average(losses[half_life] - losses[best], weights=weight) < 0
        if mean > _ERRORS_BETTER * error and lower:
            best = half_life
    return best


def _loss(z: Floats, won: Floats, time: Floats, cuts: Floats, half_life: float | None) -> Floats:
    """Return the loss of each lead after the first cut, in nats, in the order of the leads."""
    stretch = np.searchsorted(cuts, time, side="right")
    loss = np.zeros(len(z))
    for number in range(1, len(cuts) + 1):
        before, now = stretch < number, stretch == number
        x = z[now] + _move(z[before], won[before], recency(time[before], half_life) if before.any() else z[before])
        loss[now] = log_odds_losses(won[now], x)
    return loss[stretch > 0]


def _move(z: Floats, won: Floats, weight: Floats) -> float:
    """Return how far log-odds must be moved."""
    return float(estimate(_MOVED_ALIKE, z, weight, weight * won)[0])
