"""A hand-made rule as a points table gives every lead what the rule says."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadqual.errors import RuleError
from leadqual.learners import points_from_rules
from leadqual.scorecard import lead_points
from leadqual.simulation.rule import OLD_RULE

SOURCES = ["web", "fair", "call"]
CONDITIONS = st.one_of(
    st.builds(lambda v: {"field": "source", "is": v}, st.sampled_from(SOURCES)),
    st.builds(lambda v: {"field": "source", "in": v}, st.lists(st.sampled_from(SOURCES), min_size=1, unique=True)),
    st.builds(lambda v: {"field": "source", "not_in": v}, st.lists(st.sampled_from(SOURCES), min_size=1, unique=True)),
    st.builds(lambda v: {"field": "visits", "at_least": v}, st.integers(0, 9)),
    st.builds(lambda v: {"field": "visits", "below": v}, st.integers(0, 9)),
    st.builds(lambda a, b: {"field": "visits", "at_least": a, "below": a + b}, st.integers(0, 5), st.integers(1, 4)),
    st.builds(lambda f: {"field": f, "missing": True}, st.sampled_from(["source", "visits"])),
    st.builds(lambda f: {"field": f, "known": True}, st.sampled_from(["source", "visits"])),
)
LEADS = st.lists(
    st.fixed_dictionaries(
        {"source": st.sampled_from([*SOURCES, "never listed", None]), "visits": st.sampled_from([*range(-1, 11), None])}
    ),
    min_size=1,
    max_size=8,
)


def holds(rule: dict[str, Any], value: Any) -> bool:
    """Say it again, the simple way."""
    if rule.get("missing"):
        return value is None
    if value is None:
        return False
    if rule.get("known"):
        return True
    if "is" in rule:
        return value == rule["is"]
    if "in" in rule:
        return value in rule["in"]
    if "not_in" in rule:
        return value not in rule["not_in"]
    return rule.get("at_least", -np.inf) <= value < rule.get("below", np.inf)


@given(st.lists(st.tuples(CONDITIONS, st.integers(-30, 30)), min_size=1, max_size=7), st.integers(-20, 20), LEADS)
def test_every_lead_gets_what_the_rules_say(conditions, base, leads):
    rules = [{**condition, "points": points} for condition, points in conditions]
    table = points_from_rules({"base_points": base, "rule": rules})
    expected = [base + sum(r["points"] for r in rules if holds(r, lead[r["field"]])) for lead in leads]
    assert lead_points(table, pd.DataFrame(leads, dtype=object)).tolist() == expected


def test_reads_toml_from_text_and_file(tmp_path):
    (tmp_path / "rules.toml").write_text(OLD_RULE, encoding="utf-8")
    assert points_from_rules(OLD_RULE) == points_from_rules(tmp_path / "rules.toml")
    assert points_from_rules(str(tmp_path / "rules.toml")).fields


def test_yes_and_no_are_booleans():
    table = points_from_rules(
        {"rule": [{"field": "call", "is": "Yes", "points": 5}, {"field": "opt", "is": False, "points": -2}]}
    )
    leads = pd.DataFrame({"call": [True, "yes", "No", None], "opt": ["false", "no", True, None]}, dtype=object)
    assert lead_points(table, leads).tolist() == [3, 3, 0, 0]
    assert [field.kind for field in table.fields] == ["boolean", "boolean"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({}, "no \\[\\[rule\\]\\]"),
        ({"rule": [], "x": 1}, "unknown keys x"),
        ({"rule": [{"points": 3}]}, "names no field"),
        ({"rule": [{"field": "f", "points": 3}]}, "0 conditions"),
        ({"rule": [{"field": "f", "points": 3, "is": "a", "known": True}]}, "2 conditions"),
        ({"rule": [{"field": "f", "points": 3, "equals": "a"}]}, "unknown keys equals"),
        ({"rule": [{"field": "f", "points": 2.5, "is": "a"}]}, "whole number"),
        ({"rule": [{"field": "f", "is": "a"}]}, "whole number"),
        ({"rule": [{"field": "f", "points": 2, "in": []}]}, "at least one value"),
        ({"rule": [{"field": "f", "points": 2, "at_least": "3"}]}, "a number"),
        ({"rule": [{"field": "f", "points": 2, "at_least": 3, "below": 3}]}, "not under"),
        ({"rule": [{"field": "f", "points": 2, "missing": False}]}, "missing = true"),
        ({"rule": [{"field": "f", "points": 2, "is": "a"}, {"field": "f", "points": 2, "below": 3}]}, "must agree"),
        ({"rule": [{"field": "f", "points": 2, "is": "a"}], "points_to_double_odds": 0}, "1 or more"),
    ],
)
def test_refuses_what_is_no_rule(data, said):
    with pytest.raises(RuleError, match=said):
        points_from_rules(data)


def test_refuses_a_file_that_is_not_there(tmp_path):
    with pytest.raises(RuleError, match="cannot be read"):
        points_from_rules(tmp_path / "none.toml")
