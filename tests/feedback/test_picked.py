import pandas as pd
import pytest

from leadqual.errors import FeedbackError
from leadqual.feedback import read_picked, read_propensity


def test_cells_are_read_as_people_write_them():
    assert read_picked(pd.Series([" RANK ", "random", "override", "none", "", None])) == [
        *("rank", "random", "override"),
        *("", "", ""),
    ]
    assert read_propensity(pd.Series(["0.05", "1", "", None])) == [0.05, 1.0, None, None]
    assert read_propensity(pd.Series([0.05, None])) == [0.05, None]


def test_what_means_nothing_is_counted_and_not_repeated():
    with pytest.raises(FeedbackError, match="Why holds 2 values that are not rank") as told:
        read_picked(pd.Series(["Ana", "Ben", "rank"], name="Why"))
    assert "Ana" not in str(told.value)
    with pytest.raises(FeedbackError, match="Chance holds 4 values that are no number above 0 and up to 1"):
        read_propensity(pd.Series(["0", "1.5", "5%", "often", "0.1", None], name="Chance"))
