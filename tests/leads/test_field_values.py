"""Fields are read for other learners as the scorecard reads them."""

import numpy as np
import pandas as pd

from leadqual.bundle.values import MISSING_VALUES
from leadqual.leads import Feature
from leadqual.leads.field_values import field_values


def test_each_kind_is_read_by_its_own_rule() -> None:
    table = pd.DataFrame(
        {
            "visits": ["1,000", "Select", "a lot", None],
            "budget": ["1.000,5", "2", "inf", ""],
            "source": [" Fair ", "N/A", 3.0, None],
            "opted": ["Yes", "0", "maybe", None],
        }
    )
    features = [
        Feature("visits", "numeric"),
        Feature("budget", "numeric", decimal=","),
        Feature("source", "category"),
        Feature("opted", "boolean"),
    ]
    inputs = field_values(table, features, MISSING_VALUES)
    np.testing.assert_array_equal(inputs["visits"], [1000, np.nan, np.nan, np.nan])
    np.testing.assert_array_equal(inputs["budget"], [1000.5, 2, np.nan, np.nan])
    assert inputs["source"].tolist() == ["Fair", None, "3", None]
    assert inputs["opted"].tolist() == ["yes", "no", None, None]
    assert inputs["visits"].dtype == np.float64


def test_numbers_stay_as_they_are() -> None:
    inputs = field_values(pd.DataFrame({"x": pd.array([1, None, 3], dtype="Int64")}), [Feature("x", "numeric")], ())
    np.testing.assert_array_equal(inputs["x"], [1, np.nan, 3])
