"""The hazard: the chance of winning in each 30 days of a lead's age, learned from young leads too."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from leadqual.calibration.follow_up import Exposure
from leadqual.errors import EvidenceError
from leadqual.measures import log_odds_losses

__all__ = ["Hazard", "fit_hazard"]

Floats = NDArray[np.float64]

_LEVEL_SPREAD, _SLOPE_SPREAD = 2.0, 1.0
# Prior of a refit around the fit to the whole history: recent leads may move all buckets together, and each bucket
# alone only a little.
_RECENT_SHIFT_SPREAD, _RECENT_LEVEL_SPREAD, _RECENT_SLOPE_SPREAD = 0.7, 0.2, 0.25
_STEPS = 100
_CLOSE = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Hazard:
    """Log-odds of winning in each bucket of age, for a lead that had not won before: a level a bucket, and one slope.

    Parameters
    ----------
    levels
        Log-odds of winning in each bucket at ``x = centre``, (buckets,).
    slope
        By how much they rise with x, 0 or more.
    centre
        Log-odds at which the levels hold.
    covariance
        Of levels and slope, (buckets + 1, buckets + 1).
    """

    levels: Floats
    slope: float
    centre: float
    covariance: Floats

    def probability(self, x: Floats) -> Floats:
        """Return the chance of winning within the window at log-odds x, (n,): ``1 - prod(1 - h)`` over buckets."""
        return np.asarray(-np.expm1(np.log1p(-expit(self.log_odds(x))).sum(axis=0)))

    def error(self, x: Floats) -> Floats:
        """Return the standard error of the log-odds of `probability`, (n,), to first order (the delta method)."""
        hazards = expit(self.log_odds(x))
        gradient = hazards / self.probability(x)
        gradient = np.vstack((gradient, gradient.sum(axis=0) * (x - self.centre)))
        return np.asarray(np.sqrt(np.einsum("in,ij,jn->n", gradient, self.covariance, gradient)))

    def log_odds(self, x: Floats) -> Floats:
        """Return the log-odds of winning in each bucket, (buckets, n)."""
        return np.asarray(self.levels[:, None] + self.slope * (x - self.centre))


def fit_hazard(exposure: Exposure, x: Floats, *, around: Hazard | None = None) -> Hazard:
    """Fit the hazard of winning by bucket of age: discrete-time survival as logistic regression.

    With h the chance of winning in bucket k of a lead that had not won before, ``logit(h) = level[k] + slope (x -
    centre)``: person-period data (Cox 1972, doi:10.1111/j.2517-6161.1972.tb00899.x; Singer and Willett 1993,
    doi:10.3102/10769986018002155). Every bucket is learned from all leads watched to its end, so that its youngest
    evidence is as old as the bucket, not as the window (delays by bucket, each on mature labels: Badanidiyuru et al.
    2021, arXiv:2105.04051). Levels and slope have normal priors, so that a bucket without wins stays finite.

    Parameters
    ----------
    exposure
        Leads and wins by bucket, at m numbers of points.
    x
        The points' own log-odds of winning within the window, (m,).
    around
        The hazard of a longer history, which the levels and the slope are shrunk towards; None: weak priors around the
        shares of wins and a slope of 1.

    Raises
    ------
    EvidenceError
        When there is no win, or no lead that did not win, and no longer history to go by.

    Examples
    --------
    >>> exposure = Exposure(np.array([100]), np.array([[1000.0], [900.0]]), np.array([[100.0], [90.0]]))
    >>> hazard = fit_hazard(exposure, np.array([logit(0.19)]))
    >>> hazard.probability(np.array([logit(0.19)])).round(3).tolist()
    [0.19]
    """
    leads, wins = exposure.leads, exposure.wins
    watched, won = leads.sum(axis=1), wins.sum(axis=1)
    if around is None and won.sum() in (0, watched.sum()):
        raise EvidenceError(
            f"{int(won.sum())} of {int(watched.sum())} watched periods of leads have a win, a hazard needs some with "
            "and some without; wait for more outcomes, or look further back."
        )
    if around is None:
        centre = float(np.average(x, weights=leads.sum(axis=0)))
        mean = np.append(logit((won + 0.5) / (watched + 1)), 1.0)
        prior = np.diag(np.append(np.full(len(won), _LEVEL_SPREAD**2), _SLOPE_SPREAD**2))
    else:
        centre = around.centre
        mean = np.append(around.levels, around.slope)
        prior = np.diag(np.append(np.full(len(won), _RECENT_LEVEL_SPREAD**2), _RECENT_SLOPE_SPREAD**2))
        prior[:-1, :-1] += _RECENT_SHIFT_SPREAD**2
    found, covariance = _most_probable(leads, wins, x - centre, mean, np.linalg.inv(prior))
    if found[-1] < 0:  # more points never mean less: the slope is held at 0
        mean[-1], prior[-1, -1] = 0.0, 1e-12
        found, covariance = _most_probable(leads, wins, x - centre, mean, np.linalg.inv(prior))
        found[-1] = 0.0
    return Hazard(found[:-1], float(found[-1]), centre, covariance)


def _most_probable(leads: Floats, wins: Floats, z: Floats, mean: Floats, precision: Floats) -> tuple[Floats, Floats]:
    """Return levels and slope at the posterior's peak, and the inverse of its curvature there; Newton, halved steps."""
    found = mean.copy()
    loss = _loss(found, leads, wins, z, mean, precision)
    for _ in range(_STEPS):
        rate = expit(found[:-1, None] + found[-1] * z)
        missed = leads * rate - wins
        gradient = np.append(missed.sum(axis=1), (missed * z).sum()) + precision @ (found - mean)
        step = np.linalg.solve(_curvature(leads, rate, z, precision), gradient)
        share = 1.0
        while (moved := _loss(found - share * step, leads, wins, z, mean, precision)) > loss and share > _CLOSE:
            share /= 2
        found, gain, loss = found - share * step, loss - moved, moved
        if gain < _CLOSE * (1 + abs(loss)):
            break
    rate = expit(found[:-1, None] + found[-1] * z)
    return found, np.asarray(np.linalg.inv(_curvature(leads, rate, z, precision)), dtype=np.float64)


def _curvature(leads: Floats, rate: Floats, z: Floats, precision: Floats) -> Floats:
    weight = leads * rate * (1 - rate)
    cross = (weight * z).sum(axis=1)
    upper = np.column_stack((np.diag(weight.sum(axis=1)), cross))
    return np.asarray(np.vstack((upper, np.append(cross, (weight * z**2).sum()))) + precision)


def _loss(at: Floats, leads: Floats, wins: Floats, z: Floats, mean: Floats, precision: Floats) -> float:
    logits = at[:-1, None] + at[-1] * z
    fit = float(log_odds_losses(wins, logits, leads=leads).sum())
    return fit + float((at - mean) @ precision @ (at - mean)) / 2
