"""What the audit leaves out, and what people decide otherwise."""

import pandas as pd
import pytest

from leadqual.audit import Audit, Finding
from leadqual.errors import EvidenceError, SchemaError
from leadqual.leads import Feature, Leads, Schema
from leadqual.training.fields import chosen_fields, without_fields

NAMES = ("leak", "suspect", "fine")


@pytest.fixture
def leads():
    schema = Schema(tuple(Feature(name, "category") for name in NAMES), outcome="won", won=("1",))
    return Leads(pd.DataFrame({name: ["a"] for name in (*NAMES, "won")}), schema)


AUDIT = Audit(
    (
        Finding("LQ101", "x", "leak", "likely", "leak", "It knows.", "Ask."),
        Finding("LQ102", "x", "leak", "suspect", "suspect", "It may know.", "Ask."),
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
    assert notes == ("leak is left out (LQ101: It knows. Ask.)",)
    assert scored(leads) == list(NAMES)
    assert len(fewer.schema.features) == 3


def test_people_decide(leads) -> None:
    kept, notes = chosen_fields(leads, AUDIT, keep=["leak"], drop=["fine"])
    assert scored(kept) == ["leak", "suspect"]
    assert notes == ("leak is kept against the audit (LQ101: It knows.)", "fine is left out, as it was asked for.")


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
