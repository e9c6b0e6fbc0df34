"""Row numbers of leads in the file they came from, as a spreadsheet counts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["RowNumbers"]

_NAMED = 5


@dataclass(frozen=True, slots=True, eq=False)
class RowNumbers:
    """The row number of each of n leads.

    Parameters
    ----------
    numbers
        Row of each lead as a spreadsheet counts, int64 (n,): in a CSV the header is row 1 and the first lead row 2; a
        line break inside quotes starts no new row. Other sources have no header row: their first lead is row 1.
    first
        The row of the first lead of the source, 2 or 1.

    Examples
    --------
    >>> RowNumbers.count(4, first=2).named([True, False, False, True])
    'rows 2, 5 (the first lead is row 2)'
    """

    numbers: NDArray[np.int64]
    first: int = 1

    @classmethod
    def count(cls, size: int, *, first: int = 1) -> RowNumbers:
        """Return the row numbers of ``size`` leads without gaps between them."""
        return cls(np.arange(first, first + size, dtype=np.int64), first)

    def keep(self, kept: ArrayLike) -> RowNumbers:
        """Return the row numbers of the leads where the mask ``kept`` (n,) is true."""
        return RowNumbers(self.numbers[np.asarray(kept, dtype=bool)], self.first)

    def named(self, mask: ArrayLike) -> str:
        """Name the rows where the mask (n,) is true: the first five, and how many more there are."""
        rows = self.numbers[np.asarray(mask, dtype=bool)]
        word = "row" if len(rows) == 1 else "rows"
        more = f" and {len(rows) - _NAMED:,} more" if len(rows) > _NAMED else ""
        start = f" (the first lead is row {self.first})"
        return f"{word} {', '.join(map(str, rows[:_NAMED]))}{more}{start}"
