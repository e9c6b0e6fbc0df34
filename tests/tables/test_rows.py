"""Row numbers in messages."""

import numpy as np

from leadqual.tables.rows import RowNumbers


def test_names_the_first_five_and_counts_the_rest() -> None:
    rows = RowNumbers.count(2_000, first=2)
    assert rows.named(np.arange(2_000) >= 1) == "rows 3, 4, 5, 6, 7 and 1,994 more (the first lead is row 2)"
    assert rows.named(np.arange(2_000) == 9) == "row 11 (the first lead is row 2)"


def test_kept_rows_keep_their_numbers() -> None:
    kept = RowNumbers.count(4, first=2).keep([True, False, False, True])
    assert kept.numbers.tolist() == [2, 5]
    assert kept.named([False, True]) == "row 5 (the first lead is row 2)"
