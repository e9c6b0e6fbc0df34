"""Whole columns to band codes, with numpy: the same encoder as for one lead, called once per distinct value."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from leadqual.bundle.encoding import FieldEncoder
from leadqual.bundle.missing_codes import MissingCodes
from leadqual.bundle.precision import as_written

if TYPE_CHECKING:
    import numpy as np

__all__ = ["encode_column", "equal_means_same", "narrow_type", "read_column"]


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

    dtype: Any = getattr(column, "dtype", None)
    kind = getattr(dtype, "kind", "O")
    if hasattr(dtype, "categories"):
        held = getattr(column, "cat", column)
        of_categories = np.append(encode_column(encoder, dtype.categories), encoder.missing_code)
        codes: np.ndarray = of_categories[np.asarray(held.codes)]
        return codes
    if encoder.field.kind == "numeric" and kind in "fiu":
        return _encode_numbers(encoder, _as_numbers(column, narrow=encoder.reading != 1))
    narrow = narrow_type(dtype)
    if narrow is not None:
        column, dtype = _as_numbers(column, narrow=True), narrow
    if isinstance(dtype, np.dtype) and kind in "fiub":
        values, positions = np.unique(np.asarray(column), return_inverse=True)
        scalars = values if narrow is not None else values.tolist()  # a float32 of Python's would be a double
        known = np.fromiter(map(encoder.encode, scalars), np.int64, len(values))
        return known[positions.reshape(-1)]
    return _encode_objects(encoder, column)


def read_column(column: Any, nothing: MissingCodes) -> np.ndarray:
    """Return a column of numbers as each of them is read alone.

    Parameters
    ----------
    column
        A pandas Series of integers or floats of any size, of length n.
    nothing
        What means "no value".

    Returns
    -------
    numpy.ndarray of float64, shape (n,)
        NaN where there is no value; a float16 or float32 as its shortest decimal.
    """
    import numpy as np

    numbers = _as_numbers(column, narrow=True)
    if numbers.dtype != np.float64:
        values, positions = np.unique(numbers, return_inverse=True)
        numbers = np.fromiter(map(as_written, values), np.float64, len(values))[positions.reshape(-1)]
    if nothing.numbers:
        numbers = np.where(np.isin(numbers, sorted(nothing.numbers)), np.nan, numbers)
    return numbers


def narrow_type(dtype: Any) -> np.dtype[Any] | None:
    """Return NumPy's float16 or float32 where a column holds one of them, in whatever container; else None."""
    import numpy as np

    own = dtype if isinstance(dtype, np.dtype) else getattr(dtype, "subtype", getattr(dtype, "numpy_dtype", None))
    if not isinstance(own, np.dtype) or own.kind != "f" or own.itemsize >= np.dtype(np.float64).itemsize:
        return None
    return own.newbyteorder("=")


def _as_numbers(column: Any, *, narrow: bool) -> np.ndarray:
    """Return a column of numbers as float64, NaN where empty; as float16 or float32 where it is one and may be."""
    import numpy as np

    wanted = (narrow_type(column.dtype) if narrow else None) or np.dtype(np.float64)
    if isinstance(column.dtype, np.dtype):
        return np.asarray(column, dtype=wanted)
    numbers: np.ndarray = column.to_numpy(dtype=wanted, na_value=np.nan)
    return numbers


def _encode_numbers(encoder: FieldEncoder, numbers: np.ndarray) -> np.ndarray:
    import numpy as np

    def first_at(limits: Sequence[float]) -> np.ndarray:
        return _first_at(limits, numbers.dtype)

    numbers = _settled(encoder, numbers)
    codes = np.searchsorted(first_at(encoder.edges), numbers, side="right").astype(np.int64)
    lowest, highest = encoder.range
    if lowest > -math.inf:
        codes[numbers < first_at([lowest])[0]] += encoder.below_code
    if highest < math.inf:
        codes[numbers >= first_at([math.nextafter(highest, math.inf)])[0]] += encoder.above_code
    codes[np.isnan(numbers)] = encoder.missing_code
    if encoder.missing_values.numbers:
        wanted = [code for code in sorted(encoder.missing_values.numbers) if _in_type(code, numbers.dtype) is not None]
        codes[np.isin(numbers, np.array(wanted, dtype=numbers.dtype))] = encoder.missing_code
    return codes


def _settled(encoder: FieldEncoder, numbers: np.ndarray) -> np.ndarray:
    """Return the numbers with those doubles replaced that are read as another number."""
    import numpy as np

    if not encoder.same or numbers.dtype != np.float64:
        return numbers
    doubles = np.array(sorted(encoder.same))
    place = np.minimum(np.searchsorted(doubles, numbers), len(doubles) - 1)
    read = np.array([encoder.same[double] for double in doubles.tolist()])
    return np.where(doubles[place] == numbers, read[place], numbers)


def _first_at(limits: Sequence[float], dtype: np.dtype[Any]) -> np.ndarray:
    """Return for each limit the smallest number of a type that is read as at least the limit.

    A number of the type above the rounded limit is read above the limit and one below it below, as rounding keeps the
    order; the rounded limit itself is read once, as text, to see on which side it lies.
    """
    import numpy as np

    if dtype == np.float64:
        return np.asarray(limits, dtype=np.float64)
    with np.errstate(over="ignore"):
        rounded = np.asarray(limits, dtype=np.float64).astype(dtype)
        short = np.array([as_written(near) < limit for near, limit in zip(rounded, limits, strict=True)], dtype=bool)
        return np.where(short, np.nextafter(rounded, dtype.type(np.inf)), rounded)


def _in_type(number: float, dtype: np.dtype[Any]) -> Any:
    """Return the number of a type that is read as this one; None where there is none."""
    import numpy as np

    if dtype == np.float64:
        return number
    with np.errstate(over="ignore"):
        near = dtype.type(number)
    return near if as_written(near) == number else None


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
