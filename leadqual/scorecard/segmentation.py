"""Segmentation: a curve of many values into few constant pieces, by weighted least squares."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["segment"]


def segment(
    values: NDArray[np.float64], weight: NDArray[np.float64], pieces: int, *, borders: Sequence[int] = ()
) -> NDArray[np.int64]:
    """Return the piece of each value so that the weighted squared distance to the pieces' means is least.

    Solved exactly by dynamic programming (Bellman 1961, doi:10.1145/366573.366611; Fisher 1958,
    doi:10.1080/01621459.1958.10501479).

    Parameters
    ----------
    values
        The curve, (m,), in order.
    weight
        Weight of each value, 0 or more, (m,).
    pieces
        At most so many pieces; more than ``len(borders)``.
    borders
        Positions at which a new piece must start.

    Returns
    -------
    numpy.ndarray of int64, shape (m,)
        Numbers of pieces, from 0, never falling.

    Examples
    --------
    >>> segment(np.array([1.0, 1.1, 5.0, 5.2, 9.0]), np.ones(5), 3).tolist()
    [0, 0, 1, 1, 2]
    """
    m = len(values)
    if m <= pieces:
        return np.arange(m)
    # A little weight everywhere keeps empty bands with their likeliest neighbours.
    w = weight + 1e-9 * max(float(weight.sum()), 1.0) / m
    totals = [np.concatenate(([0.0], np.cumsum(part))) for part in (w, w * values, w * values**2)]
    start, end = np.meshgrid(np.arange(m + 1), np.arange(m + 1), indexing="ij")
    inside = end > start
    mass, first, second = (np.where(inside, part[end] - part[start], 1.0) for part in totals)
    cost = np.where(inside, np.maximum(second - first**2 / mass, 0.0), np.inf)
    for border in borders:
        cost[:border, border + 1 :] = np.inf
    best = cost[0]
    back = np.zeros((pieces, m + 1), dtype=np.int64)
    for piece in range(1, pieces):
        candidates = best[:, None] + cost
        back[piece] = np.argmin(candidates, axis=0)
        best = candidates[back[piece], np.arange(m + 1)]
    # Fewer pieces never cost less, so all are used; where there is a choice, argmin takes the first.
    labels = np.empty(m, dtype=np.int64)
    stop = m
    for piece in range(pieces - 1, -1, -1):
        begin = int(back[piece, stop]) if piece else 0
        labels[begin:stop] = piece
        stop = begin
    return np.unique(labels, return_inverse=True)[1].reshape(-1)
