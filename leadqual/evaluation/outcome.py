"""Reads the arrays that an evaluation is given: outcomes, probabilities, ranks."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leadqual.errors import EvidenceError

__all__ = ["read_numbers", "read_outcome", "read_probability"]

Floats = NDArray[np.float64]


def read_outcome(won: ArrayLike) -> Floats:
    """Return outcomes, 1 won and 0 not won, as float64 (n,).

    Raises
    ------
    EvidenceError
        When there is none, or one is neither 1 nor 0.
    """
    outcome = np.asarray(won)
    if outcome.ndim != 1 or len(outcome) == 0 or outcome.dtype.kind not in "biuf":
        raise EvidenceError(
            f"won has shape {outcome.shape} and type {outcome.dtype}, it must be 1 or 0 for each of at least one lead; "
            "pass the labels of mature leads."
        )
    unknown = int(np.sum((outcome != 0) & (outcome != 1)))
    if unknown:
        raise EvidenceError(f"won has {unknown} values that are not 0 or 1; leave out leads that are still undecided.")
    return np.asarray(outcome, dtype=np.float64)


def read_numbers(name: str, values: ArrayLike, size: int) -> Floats:
    """Return one number per lead as float64 (n,).

    Raises
    ------
    EvidenceError
        When there are more or fewer than ``size``, or one is missing or infinite.
    """
    numbers = np.asarray(values)
    if numbers.shape != (size,) or numbers.dtype.kind not in "biuf":
        raise EvidenceError(
            f"{name} has shape {numbers.shape} and type {numbers.dtype}, it must be one number for each of the {size} "
            "leads that won has; pass both for the same leads."
        )
    missing = int(np.sum(~np.isfinite(numbers)))
    if missing:
        raise EvidenceError(
            f"{name} has {missing} missing or infinite values, it must have none; leave these leads out."
        )
    return np.asarray(numbers, dtype=np.float64)


def read_probability(probability: ArrayLike, size: int) -> Floats:
    """Return one probability per lead as float64 (n,).

    Raises
    ------
    EvidenceError
        When there are more or fewer than ``size``, or one is not above 0 and below 1.
    """
    numbers = read_numbers("probability", probability, size)
    outside = int(np.sum((numbers <= 0) | (numbers >= 1)))
    if outside:
        raise EvidenceError(
            f"probability has {outside} values that are not above 0 and below 1; pass calibrated probabilities, as no "
            "lead is certain to be won or lost."
        )
    return numbers
