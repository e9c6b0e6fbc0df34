"""How far what was promised for some leads may be off from the first day, as so many leads were learned from."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leadqual.bundle import Bundle

__all__ = ["promise_doubt"]

_ENDS = 1.96


def promise_doubt(bundle: Bundle, points: NDArray[np.int64]) -> float:
    r"""Return by how much the log-odds promised for some leads may be off, on average, at 95 %.

    A curve over points is known best where most leads were learned from. Among leads that were picked for many points
    an error of its slope counts as one of its height. With :math:`I` the information that the leads learned from hold
    about both, and :math:`\bar x = (1, \bar z)` the mean over these leads, weighed by :math:`p (1 - p)`, it is
    :math:`1.96 \sqrt{\bar x^T I^{-1} \bar x}`. Where the leads learned from lie, the bundle's scale tells.

    Parameters
    ----------
    bundle
        What promised.
    points
        Of the leads, (n,).

    Returns
    -------
    float
        In log-odds; 0 without leads.

    Examples
    --------
    >>> from pathlib import Path
    >>> sample = Bundle.load(Path("models/sample.json"))  # doctest: +SKIP
    >>> promise_doubt(sample, np.array([140])) > promise_doubt(sample, np.array([110]))  # doctest: +SKIP
    True
    """
    if not len(points):
        return 0.0
    curve, scale = bundle.curve, bundle.scale
    every = np.arange(min(curve.first_points, scale.first_points), curve.last_points + 1)
    rank = np.array([scale.at(int(one)) for one in (*every, every[-1] + 1)], dtype=np.float64)
    share = np.maximum(np.diff(rank), 0.0) + 1e-9
    odds, weight = _odds(bundle, every)
    weight = weight * share / share.sum() * curve.leads / _design_effect(bundle)
    design = np.column_stack([np.ones(len(odds)), odds])
    # a ridge of one thousandth of a lead, as a flat curve has no slope
    information = design.T @ (design * weight[:, None]) + 1e-3 * np.eye(2)
    mine, spread = _odds(bundle, np.asarray(points))
    mean = np.array([1.0, float(mine @ spread / spread.sum())])
    return float(_ENDS * np.sqrt(mean @ np.linalg.solve(information, mean)))


def _odds(bundle: Bundle, points: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the log-odds that points stand for, and the variance of an outcome there, (n,) each."""
    curve = bundle.curve
    entry = np.clip(points - curve.first_points, 0, len(curve.probability) - 1)
    p = np.array(curve.probability)[entry]
    return np.log(p / (1 - p)), p * (1 - p)


def _design_effect(bundle: Bundle) -> float:
    """Return how many of the leads learned from are worth one, as the bundle says of its accounts."""
    settings = dict(bundle.provenance.settings)
    accounts, alike = settings.get("accounts"), float(settings.get("account correlation", 0))
    if accounts is None:
        return 1.0
    return 1 + max(bundle.curve.leads / max(int(accounts), 1) - 1, 0.0) * alike
