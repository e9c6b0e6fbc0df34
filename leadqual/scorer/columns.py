"""Whole columns to band codes, with numpy: the same encoder as for one lead, called once per distinct value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leadqual.bundle.encoding import FieldEncoder

if TYPE_CHECKING:
    import numpy as np

__all__ = ["encode_column", "equal_means_same"]


def encode_column(encoder: FieldEncoder, column: Any) -> np.ndarray:
    """Return the code of each value of a column.

    Parameters
    ----------
    encoder
        The field's encoder.
    column
        A pandas Series, numpy array or sequence of raw values, of length n.

    Returns
    -------
    numpy.ndarray of int64, shape (n,)
        Indices into ``encoder.places``: for each value what ``encoder.encode`` gives.
    """
    import numpy as np

    dtype = getattr(column, "dtype", None)
    kind = getattr(dtype, "kind", "O")
    if encoder.field.kind == "numeric" and kind in "fiu":
        if isinstance(dtype, np.dtype):
            return _encode_numbers(encoder, np.asarray(column, dtype=np.float64))
        return _encode_numbers(encoder, column.to_numpy(dtype=np.float64, na_value=np.nan))
    if isinstance(dtype, np.dtype) and kind in "fiub":
        values, positions = np.unique(np.asarray(column), return_inverse=True)
        codes = np.fromiter((encoder.encode(value.item()) for value in values), np.int64, len(values))
        return codes[positions.reshape(-1)]
    return _encode_objects(encoder, column)


def _encode_numbers(encoder: FieldEncoder, numbers: np.ndarray) -> np.ndarray:
    import numpy as np

    codes = np.searchsorted(np.asarray(encoder.edges, dtype=np.float64), numbers, side="right").astype(np.int64)
    if encoder.field.seen is not None:
        lowest, highest = encoder.field.seen
        below, above = numbers < lowest, numbers > highest
        codes[below] += encoder.below_code
        codes[above] += encoder.above_code
    codes[np.isnan(numbers)] = encoder.missing_code
    return codes


def _encode_objects(encoder: FieldEncoder, column: Any) -> np.ndarray:
    import numpy as np

    if equal_means_same(column):
        try:
            positions, values = column.factorize(use_na_sentinel=True)
        except (NotImplementedError, TypeError):  # a dtype, such as lists in Arrow, that pandas cannot compare
            pass
        else:
            known = np.fromiter((encoder.encode(value) for value in values), np.int64, len(values))
            codes: np.ndarray = np.append(known, encoder.missing_code)[positions]
            return codes
    return np.fromiter((encoder.encode(value) for value in column), np.int64, len(column))


def equal_means_same(column: Any) -> bool:
    """Tell whether equal values of a column also read the same: not so for True, 1 and 1.0 among objects."""
    if not hasattr(column, "factorize"):
        return False
    if column.dtype != object:
        return True
    from pandas.api.types import infer_dtype

    return bool(infer_dtype(column, skipna=True) == "string")
