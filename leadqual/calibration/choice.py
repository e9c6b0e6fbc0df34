"""Chooses among shapes by how well they predict later leads."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from leadqual.calibration.candidates import Shape
from leadqual.calibration.estimate import estimate
from leadqual.calibration.history import History, sum_by_place
from leadqual.measures import log_odds_losses, mean_gain

__all__ = ["choose", "later_loss"]

Floats = NDArray[np.float64]


def choose(shapes: Sequence[Shape], x: Floats, history: History) -> Shape:
    """Return the first shape, or a later one that predicted later leads better by more than one standard error.

    Every block of time after the first is predicted from all blocks before it. The shapes are tried in order: one
    replaces the shape kept so far when its mean log loss is lower by more than one standard error of the paired
    difference.

    Parameters
    ----------
    shapes
        The default first, then what must prove itself.
    x
        Log-odds of each lead of the history, (n,).
    history
        Outcomes in time order, with their folds; where there are none, the first shape is returned.

    Examples
    --------
    >>> from leadqual.calibration.candidates import logistic, unchanged
    >>> from leadqual.calibration.history import read_history
    >>> points = np.tile([80, 120, 80, 120, 80, 120], 100)
    >>> won = np.tile([0, 1, 0, 1, 1, 0], 100)
    >>> history = read_history(points, won)
    >>> choose([unchanged(), logistic(0.0)], (points - 100) / 5.0, history).name  # odds of 2 to 1 read as 55 to 1
    'logistic'
    """
    best = shapes[0]
    if len(shapes) == 1 or not history.folds:
        return best
    weight = np.concatenate([history.weight[block] for _, block in history.folds])
    best_loss = later_loss(best, x, history)
    for shape in shapes[1:]:
        loss = later_loss(shape, x, history)
        mean, error = mean_gain(best_loss - loss, weight)
        if mean > error:
            best, best_loss = shape, loss
    return best


def later_loss(shape: Shape, x: Floats, history: History) -> Floats:
    """Return the log loss of each lead after the first part of the time, learned on the leads before its block.

    Parameters
    ----------
    shape, x, history
        As in `choose`.

    Returns
    -------
    numpy.ndarray of float64, in the order of the folds' blocks
    """
    losses = []
    for earlier, block in history.folds:
        distinct, place = np.unique(x[earlier], return_inverse=True)
        leads = sum_by_place(history.weight[earlier], place, len(distinct))
        wins = sum_by_place((history.weight * history.won)[earlier], place, len(distinct))
        logits = np.asarray(shape.basis(x[block]) @ estimate(shape, distinct, leads, wins))
        losses.append(log_odds_losses(history.won[block], logits))
    return np.concatenate(losses)
