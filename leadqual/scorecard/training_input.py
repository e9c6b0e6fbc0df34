"""What a scorecard is given to learn from: outcomes, weights and times, checked and turned into numbers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import _check_sample_weight, column_or_1d

from leadqual.errors import EvidenceError

__all__ = ["read_classes", "read_order", "read_weights"]

_MAX_LEADS = 1e12


def read_classes(y: ArrayLike, leads: int, *, alone: bool) -> tuple[NDArray[np.int64], NDArray[Any]]:
    """Return the class of each lead, (n,), as a place among the two classes, and these.

    Parameters
    ----------
    y
        The outcomes, (n,).
    leads
        n.
    alone
        True where all leads may be of one class, as a prior rule is there to be kept.

    Raises
    ------
    EvidenceError
        When there are none, too many or too few of them, more than two classes, or one.
    """
    if y is None:
        raise EvidenceError("requires y to be passed, but the target y is None; pass each lead's outcome.")
    values = column_or_1d(y, warn=True)
    check_classification_targets(values)
    if len(values) != leads:
        raise EvidenceError(f"y has {len(values)} outcomes for {leads} leads; pass one outcome for each lead.")
    classes, codes = np.unique(values, return_inverse=True)
    if len(classes) > 2:
        raise EvidenceError(
            f"Only binary classification is supported. The type of the target is multiclass, with "
            f"{len(classes)} classes; leave out undecided leads."
        )
    if len(classes) == 1 and not alone:
        raise EvidenceError(
            f"all {leads} leads are of one class; there must be won and lost leads to learn from; wait for more "
            "outcomes, or pass today's rule as prior."
        )
    if len(classes) == 1:
        only = classes[0]
        if only not in (0, 1):
            raise EvidenceError(
                f"all {leads} leads are of one class that is neither 1 nor 0, so it cannot be told whether it is "
                "won; pass 1 for won and 0 for not won."
            )
        classes, codes = np.array([0, 1]), np.full(leads, int(only == 1))
    return codes, classes


def read_weights(sample_weight: ArrayLike, X: Any) -> NDArray[np.float64]:
    """Return checked weights, (n,); shares, whose mean over the leads that have any is below 1, with a mean of 1."""
    numbers = np.asarray(sample_weight)
    if numbers.dtype.kind in "iuf" and numbers.ndim == 1:
        negative, unknown = int(np.sum(numbers < 0)), int(np.sum(~np.isfinite(numbers)))
        if negative or unknown or not (numbers > 0).any():
            raise EvidenceError(
                f"sample_weight has {negative} negative values, {unknown} that are missing or infinite, and "
                f"{int(np.sum(numbers > 0))} above 0; it must have none of the first two and at least one non-zero; "
                "correct it, or leave it out."
            )
    weight = np.asarray(_check_sample_weight(sample_weight, X, dtype=np.float64, ensure_non_negative=True))
    greatest = float(weight.max())
    if greatest > _MAX_LEADS:
        raise EvidenceError(
            f"sample_weight counts one lead as {greatest:.3g}, at most {_MAX_LEADS:g} is possible; divide all weights "
            "by their mean."
        )
    mean = float((weight[weight > 0] / greatest).mean()) * greatest
    return weight if mean >= 1 else np.asarray(weight / greatest / (mean / greatest))


def read_order(created_at: ArrayLike, leads: int) -> NDArray[np.float64]:
    """Return times as numbers: days for dates, the numbers themselves otherwise."""
    values = pd.Series(np.asarray(created_at) if not isinstance(created_at, pd.Series) else created_at.to_numpy())
    if len(values) != leads:
        raise EvidenceError(f"created_at has {len(values)} values for {leads} leads; pass one for each lead.")
    if not pd.api.types.is_numeric_dtype(values):
        dates = pd.to_datetime(values, errors="coerce", utc=True, format="ISO8601")
        values = (dates - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(days=1)
    numbers = values.to_numpy(np.float64)
    if not np.isfinite(numbers).all():
        raise EvidenceError(
            f"created_at has {int((~np.isfinite(numbers)).sum())} values that are neither dates nor "
            f"numbers; pass one for "
            "each lead, or leave created_at out."
        )
    return numbers
