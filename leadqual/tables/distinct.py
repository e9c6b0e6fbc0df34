"""The distinct values of a column: what is read value by value is read once for each of them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.bundle.missing_codes import MissingCodes
from leadqual.bundle.precision import as_written
from leadqual.bundle.values import MISSING_VALUES, is_missing
from leadqual.scorer.choice_columns import distinct_cells, numbered_cells
from leadqual.scorer.columns import equal_means_same, narrow_type

__all__ = ["Distinct", "distinct_lists", "distinct_values"]


@dataclass(frozen=True, slots=True, eq=False)
class Distinct:
    """The m distinct values of a column of n.

    Parameters
    ----------
    codes
        Which distinct value each of the n is, int64 (n,); -1 for an empty cell.
    values
        The distinct values as they came, in order of appearance; empty cells are not among them.
    missing
        Which of them say nothing, bool (m,).
    """

    codes: NDArray[np.int64]
    values: list[object]
    missing: NDArray[np.bool_]

    def spread(self, of_values: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Turn a mask of the m distinct values into one of the n; an empty cell is False."""
        spread: NDArray[np.bool_] = np.append(of_values, False)[self.codes]
        return spread

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which of the n values say something."""
        return self.spread(~self.missing)

    def without(self, codes: Collection[float], numbers: Sequence[float | None]) -> Distinct:
        """Return the same values, of which texts that read as one of ``codes`` say nothing; ``numbers`` is (m,)."""
        if not codes:
            return self
        pairs = zip(self.values, numbers, strict=True)
        coded = [isinstance(value, str) and number in codes for value, number in pairs]
        return replace(self, missing=self.missing | np.array(coded, dtype=np.bool_))


def distinct_values(column: pd.Series, missing_values: Collection[str] = MISSING_VALUES) -> Distinct:
    """Find the distinct values of a column (n,).

    Parameters
    ----------
    column
        Raw values; none of them a list or another container.
    missing_values
        Texts that mean "no value", compared without case and surrounding space; of a text that writes a number, the
        number too.

    Examples
    --------
    >>> found = distinct_values(pd.Series(["a", "Select", None, "a"]))
    >>> found.values, found.codes.tolist(), found.known.tolist()
    (['a', 'Select'], [0, 1, -1, 0], [True, False, False, True])
    """
    nothing = missing_values if isinstance(missing_values, MissingCodes) else MissingCodes.of(missing_values)
    if not equal_means_same(column):
        return _of_several_types(column, nothing)
    codes, found = pd.factorize(column, use_na_sentinel=True)
    # Going through an Arrow array value by value takes five times as long as turning it into objects first.
    values: list[object] = _as_objects(found, column)
    if isinstance(column.dtype, pd.StringDtype) and not nothing.numbers:
        missing = pd.Series(found, dtype="str").str.strip().str.lower().isin(list(nothing)).to_numpy(dtype=np.bool_)
    else:
        missing = np.fromiter((is_missing(value, nothing) for value in values), np.bool_, len(values))
    return Distinct(codes.astype(np.int64), values, missing)


def _as_objects(found: Any, column: pd.Series) -> list[object]:
    """Return distinct values as Python's; a float16 or float32 as its shortest decimal."""
    dtype = column.dtype.categories.dtype if isinstance(column.dtype, pd.CategoricalDtype) else column.dtype
    narrow = narrow_type(dtype)  # of the column: pandas turns distinct float16 into float32
    if narrow is None:
        return list(np.asarray(found, dtype=object).tolist())
    return [as_written(value) for value in np.asarray(found, dtype=narrow)]


def distinct_lists(column: pd.Series) -> Distinct:
    """Find the distinct cells of a column (n,) that may hold lists, which are equal where their items are.

    No cell counts as missing but an empty one.

    Examples
    --------
    >>> distinct_lists(pd.Series([["a", "b"], "a;b", ["a", "b"], None])).codes.tolist()
    [0, 1, 0, 2]
    """
    positions, values = distinct_cells(column)
    return Distinct(np.asarray(positions, dtype=np.int64), values, np.zeros(len(values), dtype=np.bool_))


def _of_several_types(column: pd.Series, nothing: MissingCodes) -> Distinct:
    """Tell True, 1 and 1.0 apart, which are equal and read differently; a value without a hash equals no other."""
    codes, values = numbered_cells(column, lambda value: (type(value), value))
    missing = np.fromiter((is_missing(value, nothing) for value in values), np.bool_, len(values))
    return Distinct(codes, values, missing)
