"""Every yardstick learns what is there, takes leads as they are, and is the same for the same seed."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import log_loss, roc_auc_score

from leadqual.bundle.values import MISSING_VALUES
from leadqual.errors import DependencyError
from leadqual.learners.yardsticks import YARDSTICKS, Yardstick
from leadqual.simulation import SampleSettings, simulate

AVAILABLE = [name for name, one in YARDSTICKS.items() if one.available]


@pytest.fixture(scope="module")
def history():
    sample = simulate(SampleSettings(leads=3000), seed=4)
    rng = np.random.default_rng(0)
    return sample, sample.truth["probability"].to_numpy(), rng


@pytest.mark.parametrize("name", AVAILABLE)
def test_it_ranks_and_predicts_better_than_the_base_rate(history, name) -> None:
    sample, truth, _ = history
    won = (np.random.default_rng(1).random(len(truth)) < truth).astype(float)
    features, earlier, later = sample.schema.scored, slice(0, 2000), slice(2000, None)
    fitted = YARDSTICKS[name].fit(sample.table.iloc[earlier], won[earlier], features, MISSING_VALUES)
    said = fitted(sample.table.iloc[later])
    assert said.shape == (1000,)
    assert ((said > 0) & (said < 1)).all()
    assert roc_auc_score(won[later], said) > 0.65
    if name != "naive Bayes":  # counts every hint as if it were independent, and is known to overstate
        assert log_loss(won[later], said) < log_loss(won[later], np.full(1000, won[earlier].mean()))
    again = YARDSTICKS[name].fit(sample.table.iloc[earlier], won[earlier], features, MISSING_VALUES)
    np.testing.assert_array_equal(said, again(sample.table.iloc[later]))


@pytest.mark.parametrize("name", AVAILABLE)
def test_empty_fields_new_values_and_one_sort_of_field_are_no_obstacle(name) -> None:
    from leadqual.leads import Feature

    rng = np.random.default_rng(2)
    table = pd.DataFrame(
        {
            "empty": [None] * 200,
            "same": ["x"] * 200,
            "source": rng.choice(["a", "b", "c"], 200),
            "n": rng.normal(size=200),
        }
    )
    won = (rng.random(200) < 0.4).astype(float)
    for fields in (["empty", "same"], ["source"], ["n"], ["empty", "same", "source", "n"]):
        kinds = {"n": "numeric", "empty": "numeric"}
        features = [Feature(field, kinds.get(field, "category")) for field in fields]
        fitted = YARDSTICKS[name].fit(table, won, features, MISSING_VALUES)
        later = pd.DataFrame({"empty": [None, "5"], "same": ["y", "x"], "source": ["new", None], "n": [None, "1e9"]})
        said = fitted(later)
        assert said.shape == (2,)
        assert np.isfinite(said).all()
        if fields == ["empty", "same"]:
            np.testing.assert_array_equal(said, won.mean())


def test_a_package_that_is_not_there_is_named() -> None:
    absent = Yardstick("magic", dict, "no_such_package_anywhere")
    assert not absent.available
    with pytest.raises(DependencyError, match=r"magic needs no_such_package_anywhere, which is not installed"):
        absent.fit(pd.DataFrame(), np.zeros(0), [], ())
