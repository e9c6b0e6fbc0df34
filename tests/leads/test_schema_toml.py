"""The schema's TOML: unknown keys are named, comments never change what is read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadqual.errors import SchemaError
from leadqual.leads.schema_toml import LeftOut, parse, render

ARGUMENTS = {
    "id": "Lead ID",
    "outcome": "Status",
    "won": ("Won",),
    "day_first": False,
    "features": [{"name": "Source", "kind": "category", "known": "unknown", "actionable": True, "dimension": None}],
}


def test_reasons_stand_above_what_they_explain() -> None:
    text = render(ARGUMENTS, head=["Read me."], why={"Lead ID": "unique", "Source": "few", "[won]": "a word for it"})
    lines = text.splitlines()
    assert lines[0] == "# Read me."
    for reason, line in (("unique", 'id = "Lead ID"'), ("a word for it", 'won = ["Won"]'), ("few", 'name = "Source"')):
        assert lines[lines.index(line) - 1] == f"# {reason}"
    assert parse(text)["features"] == [{"name": "Source", "kind": "category", "known": "unknown", "actionable": True}]


def test_removing_the_comment_signs_puts_a_column_back() -> None:
    text = render(ARGUMENTS, left_out=[LeftOut('Odd "name"', "category", "later", "nearly unique")])
    assert len(parse(text)["features"]) == 1
    before, _, block = text.partition("# Left out: nearly unique\n")
    block = "\n".join(line.removeprefix("# ") for line in block.splitlines())
    assert parse(before + block)["features"][1] == {"name": 'Odd "name"', "kind": "category", "known": "later"}


@settings(deadline=None, max_examples=60)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_no_comment_breaks_the_file(reason: str) -> None:
    text = render(
        ARGUMENTS, head=[reason], why={"Source": reason}, left_out=[LeftOut(reason, "boolean", "later", reason)]
    )
    expected = {key: value for key, value in ARGUMENTS.items() if key != "features"}
    assert {key: value for key, value in parse(text).items() if key != "features"} == expected
    assert len(parse(text)["features"]) == 1


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[lead", "not valid TOML"),
        ("[leads]", r"the schema has the unknown key 'leads'; allowed are lead, outcome, reading, feature"),
        ("[lead]\nname = 'x'", r"\[lead\] has the unknown key 'name'; allowed are id, created_at"),
        ("lead = 3", "lead must be a section"),
        ("[outcome]\nwon = 'x'", r"\[outcome\] won must be a list of texts"),
        ("[outcome]\nwon = [1]", r"\[outcome\] won must be a list of texts"),
        ("[reading]\nday_first = 'yes'", "day_first must be true or false"),
        ("[lead]\nid = 3", r"\[lead\] id must be a text"),
        ("feature = 3", "feature must be a list of sections"),
        ("[feature]\nname = 'x'", "feature must be a list of sections"),
        ("[[feature]]\nname = 'x'", r"\[\[feature\]\] number 1 has no kind"),
        ("[[feature]]\nname='x'\nkind='numeric'\n[[feature]]\nkind='numeric'", "number 2 has no name"),
        ("[[feature]]\nname='x'\nkind='numeric'\nweight=3", "unknown key 'weight'; allowed are name, kind"),
        ("[[feature]]\nname='x'\nkind='numeric'\nactionable='yes'", "actionable must be true or false"),
    ],
)
def test_mistakes_are_named(text: str, message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        parse(text)
