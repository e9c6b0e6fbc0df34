"""Today's rule on a field is read as the schema reads the field."""

import numpy as np
import pandas as pd
import pytest

from leadqual.bundle import Band, FieldPoints, PointsTable
from leadqual.errors import RuleError
from leadqual.leads import Feature
from leadqual.learners import points_from_rules
from leadqual.scorecard import ScorecardClassifier

SIZE = 400


def fitted(kind, values, rule, *, prior_strength=1e4):
    """Return the bands' points of a field where outcomes say nothing and the rule is all but fixed."""
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"f": values, "g": rng.normal(size=SIZE)})
    features = [Feature("f", kind), Feature("g", "numeric")]
    prior = points_from_rules({"rule": rule})
    card = ScorecardClassifier(features, prior=prior, strength=prior_strength)
    return card.fit(table, rng.random(SIZE) < 0.3).points_table_.field("f")


@pytest.mark.parametrize(
    "condition",
    [{"is": "Y"}, {"is": True}, {"is": "1"}, {"in": ["on", "t"]}, {"at_least": 1}, {"not_in": ["N", "off"]}],
)
def test_a_boolean_takes_every_way_to_say_yes(condition):
    field = fitted("boolean", ["Yes", "No"] * (SIZE // 2), [{"field": "f", "points": 30, **condition}])
    points = {value: band.points for band in field.bands for value in band.values}
    assert set(points) == {"yes", "no"}
    assert points["yes"] - points["no"] == pytest.approx(30, abs=3)


@pytest.mark.parametrize("values", [["3.0", "4.0"], ["3", "4"], [3.0, 4.0]], ids=str)
def test_a_rule_of_an_older_bundle_holds_for_a_whole_number_however_it_is_written(values):
    """Bundles of the formats 1 and 2 list "3.0" where text had it; it is read as "3" since format 3."""
    bands = (Band("3.0", 30, values=("3.0",)), Band("other", 0, other=True))
    prior = PointsTable((FieldPoints("f", "category", bands),), reading=1)
    rng = np.random.default_rng(0)
    table = pd.DataFrame({"f": values * (SIZE // 2), "g": rng.normal(size=SIZE)})
    card = ScorecardClassifier([Feature("f", "category"), Feature("g", "numeric")], prior=prior, strength=1e4)
    field = card.fit(table, rng.random(SIZE) < 0.3).points_table_.field("f")
    points = {value: band.points for band in field.bands for value in band.values}
    assert set(points) == {"3", "4"}
    assert points["3"] - points["4"] == pytest.approx(30, abs=3)


def test_a_rule_on_being_known_holds_for_numbers():
    values = np.where(np.arange(SIZE) % 2 == 0, np.arange(SIZE).astype(float), np.nan)
    field = fitted("numeric", values, [{"field": "f", "points": 20, "known": True}])
    known = {band.points for band in field.bands if band.interval is not None}
    (missing,) = (band.points for band in field.bands if band.missing)
    assert all(points - missing == pytest.approx(20, abs=3) for points in known)


@pytest.mark.parametrize(
    ("kind", "values", "condition"),
    [("numeric", np.arange(SIZE) % 9, {"in": [5, 6, 7]}), ("category", ["a", "b"] * (SIZE // 2), {"at_least": 3})],
)
def test_a_rule_of_another_kind_than_the_schema_says_is_refused(kind, values, condition):
    with pytest.raises(RuleError, match="which must agree; use at_least and below for numbers"):
        fitted(kind, values, [{"field": "f", "points": 30, **condition}])


def test_a_gap_that_neither_leads_nor_the_rule_know_counts_as_average():
    field = fitted("numeric", np.arange(SIZE) % 9, [{"field": "f", "points": 60, "at_least": 5}])
    assert not any(band.missing for band in field.bands)
    named = fitted("numeric", np.arange(SIZE) % 9, [{"field": "f", "points": 15, "missing": True}])
    assert any(band.missing for band in named.bands)
