"""Penalties: what a field's effects pay for being rough (numeric) or large (category)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leadqual.bundle.field_points import FieldPoints

__all__ = ["Block", "field_blocks", "merged_blocks", "total_penalty"]

Floats = NDArray[np.float64]

_FLOOR = 1e-3  # keeps bands that hold no lead finite
_NOWHERE = 1e6  # leads whose value no band takes are average leads: their effect is 0
_CENTRED = 1e3


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """One quadratic penalty ``strength / 2 * b' S b`` on a field's effects b, with a strength of its own.

    Parameters
    ----------
    field
        Number of the field.
    matrix
        S, (k, k), where k is the number of the field's columns in the design.
    """

    field: int
    matrix: Floats

    @property
    def rank(self) -> int:
        """How many directions it penalises."""
        return int(np.linalg.matrix_rank(self.matrix, hermitian=True))


def field_blocks(number: int, field: FieldPoints, share: Floats) -> list[Block]:
    """Return the penalties of one field.

    Numeric: squared differences of neighbouring intervals, and the missing band's squared distance from the field's
    average. Others: each band's squared distance from the field's average.

    Parameters
    ----------
    number
        Number of the field.
    field
        Its fine bands.
    share
        Share of the leads in each of the field's k columns, (k,).
    """
    k = len(share)
    intervals = [i for i, band in enumerate(field.bands) if band.interval is not None]
    single = [i for i in range(len(field.bands)) if i not in set(intervals)]
    blocks = []
    if len(intervals) > 1:
        steps = np.zeros((len(intervals) - 1, k))
        rows = np.arange(len(intervals) - 1)
        steps[rows, intervals[:-1]], steps[rows, intervals[1:]] = -1.0, 1.0
        blocks.append(Block(number, steps.T @ steps))
    if single:
        away = (np.eye(k) - share)[single]
        blocks.append(Block(number, away.T @ away))
    return blocks


def merged_blocks(blocks: list[Block], members: list[NDArray[np.int64]], sizes: list[int]) -> list[Block]:
    """Carry penalties over to merged bands: ``M' S M``, where M says which new band each old one went to.

    Parameters
    ----------
    blocks
        Penalties of the fine bands.
    members
        For each field, the new column of each old one, (k,).
    sizes
        For each field, how many new columns there are.
    """
    moved = []
    for block in blocks:
        member = np.zeros((len(block.matrix), sizes[block.field]))
        member[np.arange(len(member)), members[block.field]] = 1.0
        moved.append(Block(block.field, member.T @ block.matrix @ member))
    return moved


def total_penalty(
    blocks: list[Block],
    strengths: Floats,
    shares: list[Floats],
    fields: list[FieldPoints],
    leads: float,
    *,
    held: Sequence[Sequence[int | None]] | None = None,
) -> Floats:
    """Return the whole penalty matrix, (p, p), over the columns of all fields.

    To the blocks it adds, for each field, a term that holds the field's average effect at 0 (the intercept takes it
    up), without which effects and intercept could be traded against each other.

    Parameters
    ----------
    blocks, strengths
        The penalties and the strength of each.
    shares
        For each field, the share of the leads in each of its columns.
    fields
        The bands of each field; a column after the last band holds the leads that no band takes.
    leads
        Weight of all leads.
    held
        For each field and band the pin that holds it, or None; None: there are no pins. It is the average of the other
        bands that is held at 0: were it that of all, a pin on what most leads have would push the others far away.
    """
    starts = np.concatenate(([0], np.cumsum([len(share) for share in shares])))
    total = np.zeros((starts[-1], starts[-1]))
    for number, (share, field) in enumerate(zip(shares, fields, strict=True)):
        at = slice(starts[number], starts[number + 1])
        total[at, at] += np.diag(np.full(len(share), _FLOOR))
        average = share if held is None else _free(share, held[number])
        total[at, at] += _CENTRED * max(leads, 1.0) ** 0.5 * np.outer(average, average)
        if len(share) > len(field.bands):
            total[starts[number + 1] - 1, starts[number + 1] - 1] += _NOWHERE
    for block, strength in zip(blocks, strengths, strict=True):
        at = slice(starts[block.field], starts[block.field + 1])
        total[at, at] += strength * block.matrix
    return total


def _free(share: Floats, held: Sequence[int | None]) -> Floats:
    """Return the shares of the bands that no pin holds, summing to what all sum to; as they are where none is free."""
    free = share.copy()
    free[: len(held)][[holder is not None for holder in held]] = 0.0
    return share if free.sum() <= 0 else free * (share.sum() / free.sum())
