"""scikit-learn's own checks, and that they really ran."""

import pytest
from sklearn.utils.estimator_checks import check_estimator

from leadqual.scorecard import ScorecardClassifier


@pytest.mark.filterwarnings("ignore::Warning")  # the checks warn on purpose, and skipped ones are asserted below
def test_passes_scikit_learns_estimator_checks():
    results = check_estimator(ScorecardClassifier(), on_fail=None, on_skip=None)
    failed = {r["check_name"]: repr(r["exception"]) for r in results if r["status"] == "failed"}
    assert not failed
    passed = [r["check_name"] for r in results if r["status"] == "passed"]
    # More than forty checks apply to a binary classifier; fewer would mean that they no longer run.
    assert len(passed) > 40
    assert {"check_sample_weight_equivalence_on_dense_data", "check_classifiers_train", "check_fit_idempotent"} <= set(
        passed
    )
