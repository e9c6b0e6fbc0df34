"""How many leads of an account are worth one, where a curve is learned from points and outcomes."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit

from leadqual.calibration.candidates import logistic
from leadqual.calibration.estimate import estimate
from leadqual.calibration.history import read_points, read_weight
from leadqual.leads.accounts import Correlation, account_sizes, correlation, numbered

__all__ = ["account_correlation", "account_effect"]

Floats = NDArray[np.float64]
_LOOSE = 1.0


def account_correlation(
    points: ArrayLike, won: ArrayLike, account: NDArray[np.int64], sample_weight: ArrayLike | None = None
) -> Correlation:
    """Estimate how alike outcomes are within accounts, beyond what points explain.

    Residuals are taken from a logistic curve in which each account counts once: otherwise a large account would pull
    the curve to itself.

    Parameters
    ----------
    points, won
        Whole points and outcome (1 or 0) of n leads, (n,).
    account
        Number of each lead's account, (n,).
    sample_weight
        Weight of each lead, (n,); None: 1 each.

    Examples
    --------
    >>> account = np.repeat(np.arange(400), 3)
    >>> won = np.repeat(np.arange(400) % 4 == 0, 3) * 1.0
    >>> account_correlation(np.full(1200, 100), won, account).value > 0.9
    True
    """
    whole, outcome = read_points(points).astype(np.float64), np.asarray(won, dtype=np.float64)
    once = read_weight(sample_weight, len(whole)) / account_sizes(account)
    rate = float(np.clip(once @ outcome / once.sum(), 1e-3, 1 - 1e-3))
    middle = float(np.average(whole, weights=once))
    spread = float(np.sqrt(np.average((whole - middle) ** 2, weights=once))) or 1.0
    shape = logistic(0.0, start=(float(logit(rate)), 0.0), spread=_LOOSE)
    x = (whole - middle) / spread
    predicted = expit(shape.basis(x) @ estimate(shape, x, once, once * outcome))
    return correlation(outcome, predicted, account)


def account_effect(
    points: ArrayLike, won: ArrayLike, account: ArrayLike | None, sample_weight: ArrayLike | None = None
) -> Floats | None:
    """Return for each lead how many leads of its account are worth one independent lead, (n,); None without accounts.

    For an account of m leads it is ``1 + (m - 1) rho``, with rho two standard errors above its estimate, as an interval
    must hold also where chance has made outcomes look less alike than they are.

    Parameters
    ----------
    points, won, sample_weight
        As in `account_correlation`.
    account
        The account each lead belongs to, numbers or names, (n,); None: leads are independent.
    """
    if account is None:
        return None
    whole = read_points(points)
    numbers = numbered(account, len(whole))
    within = account_correlation(whole, won, numbers, sample_weight)
    return np.asarray(1 / within.weights(numbers, upper=True))
