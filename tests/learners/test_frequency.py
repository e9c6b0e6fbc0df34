"""Naive Bayes on counted frequencies, beside scikit-learn's on the same counts."""

import numpy as np
import pandas as pd
from sklearn.naive_bayes import CategoricalNB

from leadqual.learners.frequency import FrequencyBayes


def test_it_is_categorical_naive_bayes_with_one_added_to_each_count() -> None:
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 4, size=(400, 3))
    won = (rng.random(400) < 0.1 + 0.15 * codes[:, 0]).astype(int)
    table = pd.DataFrame({f"f{i}": [f"v{code}" for code in codes[:, i]] for i in range(3)})
    peer = CategoricalNB(alpha=1.0).fit(codes, won)
    own = FrequencyBayes([]).fit(table, won)
    np.testing.assert_allclose(own.predict_proba(table), peer.predict_proba(codes), rtol=1e-12)


def test_numbers_fall_into_tenths_and_gaps_are_a_value() -> None:
    numbers = np.append(np.arange(100.0), [np.nan] * 20)
    won = np.append((np.arange(100) >= 50).astype(float), [1.0] * 20)
    model = FrequencyBayes(["x"]).fit(pd.DataFrame({"x": numbers}), won)
    assert len(model.worth_["x"]) == 11
    said = model.predict_proba(pd.DataFrame({"x": [5.0, 95.0, np.nan, -1e9]}))[:, 1]
    assert said[0] < 0.2 < 0.8 < said[1]
    assert said[2] > 0.8
    assert said[3] == said[0]


def test_a_value_not_seen_adds_nothing() -> None:
    table = pd.DataFrame({"need": ["high"] * 30 + ["low"] * 30})
    model = FrequencyBayes([]).fit(table, [1.0] * 20 + [0.0] * 40)
    unseen = model.predict_proba(pd.DataFrame({"need": ["other", None]}))[:, 1]
    np.testing.assert_allclose(unseen, 1 / 3)
