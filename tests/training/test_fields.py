"""What the audit leaves out, and what people decide otherwise."""

import pandas as pd
import pytest

from leadqual import sentences
from leadqual.audit import Audit, Finding
from leadqual.errors import EvidenceError, SchemaError
from leadqual.fact import Fact
from leadqual.leads import Feature, Leads, Schema
from leadqual.learners import points_from_rules
from leadqual.scorecard import Exclude, Pin
from leadqual.training.fields import chosen_fields, still_scored, without_fields

NAMES = ("leak", "suspect", "fine")


@pytest.fixture
def leads():
    schema = Schema(tuple(Feature(name, "category") for name in NAMES), outcome="won", won=("1",))
    return Leads(pd.DataFrame({name: ["a"] for name in (*NAMES, "won")}), schema)


AUDIT = Audit(
    (
        Finding("LQ101", "leak", "likely", "leak", Fact("audit_one_value"), Fact("audit_wait")),
        Finding("LQ102", "leak", "suspect", "suspect", Fact("audit_empty"), Fact("audit_wait")),
    ),
    (),
    1,
    1,
    NAMES,
)


def scored(leads):
    return [feature.name for feature in leads.schema.scored]


def test_what_is_likely_to_leak_is_left_out_and_said(leads) -> None:
    fewer, notes = chosen_fields(leads, AUDIT)
    assert scored(fewer) == ["suspect", "fine"]
    assert sentences(notes) == ("leak is left out (LQ101: It has one value in all leads. Wait for more outcomes.)",)
    assert scored(leads) == list(NAMES)
    assert len(fewer.schema.features) == 3


def test_people_decide(leads) -> None:
    kept, notes = chosen_fields(leads, AUDIT, keep=["leak"], drop=["fine"])
    assert scored(kept) == ["leak", "suspect"]
    assert sentences(notes) == (
        "leak is kept against the audit (LQ101: It has one value in all leads.)",
        "fine is left out, as it was asked for.",
    )


@pytest.mark.parametrize(
    ("keep", "drop", "said"), [(["none"], [], r"1 fields .* \(none\)"), (["fine"], ["fine"], r"1 twice \(fine\)")]
)
def test_names_must_be_scored_fields_once(leads, keep, drop, said) -> None:
    with pytest.raises(SchemaError, match=said):
        chosen_fields(leads, AUDIT, keep=keep, drop=drop)


def test_one_field_must_remain(leads) -> None:
    with pytest.raises(EvidenceError, match="all 3 fields are left out"):
        chosen_fields(leads, AUDIT, drop=["suspect", "fine"])
    assert scored(without_fields(leads, ["fine"])) == ["leak", "suspect"]


def test_constraints_and_rules_on_fields_that_are_not_scored_are_dropped_and_named(leads) -> None:
    rule = points_from_rules({"rule": [{"field": name, "is": "a", "points": 5} for name in ("leak", "fine")]})
    fewer = without_fields(leads, ["leak"])
    demands = [Exclude("leak"), Pin("fine", 3, ("a",))]
    mine, prior, notes = still_scored(fewer, demands, rule)
    assert mine == [Pin("fine", 3, ("a",))]
    assert prior.names == ("fine",)
    assert notes == (
        "1 constraints are on fields that are not scored, and do not hold.",
        "The prior rule's points on leak are left out, as these fields are not scored.",
    )
    nothing = without_fields(leads, ["leak", "fine"])
    assert still_scored(nothing, [], rule)[1] is None
    assert still_scored(leads, demands, rule) == (demands, rule, ())
    # a field that the schema does not have at all is a mistake to be named where the fit is made
    assert still_scored(leads, [Exclude("other")], None)[0] == [Exclude("other")]
