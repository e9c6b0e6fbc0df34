"""Which choices of a list are fields, and the leads with those fields."""

import numpy as np
import pandas as pd
import pytest

from leadqual.bundle import Choice
from leadqual.errors import LeadError, SchemaError
from leadqual.inference import infer_schema
from leadqual.leads import Feature, Leads, Schema, read_leads
from leadqual.leads.choices import MAX_CHOICES, MIN_LEADS_OF_CHOICE, choice_features, expanded_leads, split_features

PRODUCTS = Feature("Products", "choices", separator=";", dimension="need", actionable=True)


def names(cells: list, **rest: object) -> list[str]:
    return [one.name for one in choice_features(PRODUCTS, pd.Series(cells, dtype=object), (), **rest)[0]]


def test_a_choice_matters_where_enough_leads_have_it_and_enough_with_a_list_do_not() -> None:
    enough, few = ["A;B"] * MIN_LEADS_OF_CHOICE, ["A;C"] * (MIN_LEADS_OF_CHOICE - 1)
    # A is in every list; C in one list too few; empty cells are no lists without B
    assert names(enough + few + [None] * 50) == []
    assert names([*enough, *few, "A"]) == ["Products: B"]


def test_the_choices_that_split_leads_most_evenly_are_taken_and_a_short_history_keeps_few() -> None:
    cells = ["A;B;C;D;E"] * 25 + ["A;B;C;D"] * 10 + ["A;B;C"] * 10 + ["A;B"] * 5 + ["x"] * 19
    assert names(cells) == ["Products: D", "Products: E", "Products: C"]
    # with a list but without it: D 34 of 69, E 44, C 24, A and B 19; with it: D 35, E 25, C 45
    assert names(cells * 8) == [f"Products: {one}" for one in ("D", "E", "C", "A", "B")]


def test_a_list_has_at_most_so_many_fields() -> None:
    random = np.random.default_rng(0)
    cells = [";".join(f"c{i:02d}" for i in range(40) if random.random() < 0.2) for _ in range(6000)]
    assert len(names(cells)) == MAX_CHOICES


def test_only_frequency_decides_so_order_and_repetition_of_leads_do_not() -> None:
    random = np.random.default_rng(0)
    cells = [";".join(random.permutation(["A", "B", "C"])[: random.integers(0, 4)]) for _ in range(900)]
    assert names(cells) == names(list(random.permutation(np.array(cells, dtype=object))))


def test_a_choice_that_a_rule_names_is_a_field_however_rare() -> None:
    cells = ["A;B"] * 30 + ["B;C"] * 30 + ["C;A"] * 30
    assert "Products: Z" in names(cells, named=["Products: Z", "Products", "Other: A"])
    assert "Products: " not in names(cells, named=["Products: "])


def test_choices_that_reach_people_are_never_fields() -> None:
    cells = ["jo@x.com;A", "+49 30 123456;A", "B"] * 40
    assert names(cells) == ["Products: A", "Products: B"]


def test_a_choice_keeps_what_is_said_of_its_list() -> None:
    (one, *_), count = choice_features(PRODUCTS, pd.Series(["A;B", "C"] * 30), ())
    assert count == 3
    assert (one.kind, one.dimension, one.actionable, one.known) == ("boolean", "need", True, "at_creation")
    assert one.choice == Choice("Products", "A", ";")


def leads() -> Leads:
    cells = ["ERP;BI", "BI", "", None, "HR"] * 40
    table = pd.DataFrame({"Products": cells, "Other": ["a;b"] * 200, "Visits": range(200)})
    features = (Feature("Visits", "numeric"), PRODUCTS, Feature("Other", "choices", known="later", separator=";"))
    return Leads(table, Schema(features), ("read.",))


def test_leads_get_a_field_for_each_choice_in_the_place_of_the_list() -> None:
    found = expanded_leads(leads())
    assert [one.name for one in found.schema.features] == [
        "Visits", "Products: BI", "Products: ERP", "Products: HR", "Other",
    ]  # fmt: skip
    assert found.table["Products: BI"].fillna("-").tolist()[:5] == ["yes", "yes", "-", "-", "no"]
    assert found.notes == (
        "read.", "Products is a list of choices: all of its 3 choices are fields of their own.",
    )  # fmt: skip
    assert expanded_leads(found) is found
    # the digest is that of the schema as it was written
    assert found.schema.digest == leads().schema.digest


def test_a_list_of_which_nothing_matters_is_said() -> None:
    few = Leads(pd.DataFrame({"Products": ["A;B", "C"] * 5}), Schema((PRODUCTS,)))
    found = expanded_leads(few)
    assert found.schema.features == ()
    assert found.notes[0].startswith("Products is a list of choices: none of its 3 choices are fields of their own; ")


def test_a_choice_with_the_name_of_another_feature_is_refused() -> None:
    table = pd.DataFrame({"Products": ["A;B", "C"] * 30, "Products: A": ["x", "y"] * 30})
    with pytest.raises(SchemaError, match="the name of another feature"):
        expanded_leads(Leads(table, Schema((PRODUCTS, Feature("Products: A", "category")))))


def test_features_that_are_choices_are_split_where_they_are_not_there() -> None:
    table = pd.DataFrame({"Products": ["A;B", None]})
    feature = Feature("Products: A", "boolean", choice=Choice("Products", "A", ";"))
    assert split_features(table, [feature, Feature("Visits", "numeric")], ())["Products: A"].fillna("-").tolist() == [
        "yes", "-",
    ]  # fmt: skip


def history(cells: list) -> pd.DataFrame:
    return pd.DataFrame({"Status": ["Won", "Lost"] * (len(cells) // 2), "Products": pd.Series(cells, dtype=object)})


def test_reading_leaves_lists_of_choices_and_empties_them_elsewhere() -> None:
    table = history([["A", "B"], ["A"], None, {"a": 1}]).assign(Tags=[["x"], "y", "z", "z"])
    schema = Schema((PRODUCTS, Feature("Tags", "category")), outcome="Status", won=("Won",), lost=("Lost",))
    found = read_leads(table, schema)
    assert found.table["Products"].tolist() == [["A", "B"], ["A"], None, None]
    assert found.table["Tags"].tolist() == [None, "y", "z", "z"]
    assert [note.split(" holds")[0] for note in found.notes] == ["Products", "Tags"]


def test_cells_that_are_no_list_are_noted_and_refused_where_they_are_many() -> None:
    listed = Feature("Products", "choices", separator="json")
    schema = Schema((listed,), outcome="Status", won=("Won",), lost=("Lost",))
    (note,) = read_leads(history(['["A"]'] * 19 + ["[A"] * 0 + ["[A, B]"]), schema).notes
    assert note == (
        "Products is a list of choices, but 1 of its cells are no list, in row 20 (the first lead is row 1); "
        "they count as values that cannot be read."
    )
    with pytest.raises(LeadError, match="10 of its cells are no list, in row"):
        read_leads(history(['["A"]'] * 10 + ["[A, B]"] * 10), schema)


def test_inference_names_the_separator_and_its_reason() -> None:
    random = np.random.default_rng(0)
    cells = [";".join(random.permutation(["A", "B", "C", "D"])[: random.integers(0, 5)]) for _ in range(400)]
    table = pd.DataFrame({"Status": ["Won", "Lost"] * 200, "Products": [cell or None for cell in cells]})
    inferred = infer_schema(table)
    (feature,) = inferred.schema.features
    assert (feature.kind, feature.separator) == ("choices", ";")
    assert inferred.why["Products"] == "4 choices separated by ';', up to 4 a lead"
    assert Schema.from_toml(inferred.to_toml()) == inferred.schema
    # the same as real lists, of which nearly every cell is different
    table["Products"] = [cell.split(";") if isinstance(cell, str) else None for cell in table["Products"]]
    (feature,) = infer_schema(table).schema.features
    assert (feature.kind, feature.separator) == ("choices", "json")


def test_a_list_that_is_left_out_can_be_put_back() -> None:
    random = np.random.default_rng(0)
    cells = [";".join(random.permutation(["A", "B", "C", "D"])[: random.integers(1, 5)]) for _ in range(400)]
    table = pd.DataFrame({"Status": ["Won", "Lost"] * 200, "Street": cells, "Source": ["Web", "Fair"] * 200})
    text = infer_schema(table).to_toml()
    start = text.index("# [[feature]]")
    back = "\n".join(line.removeprefix("# ") for line in text[start:].splitlines())
    assert Schema.from_toml(text[:start] + back).features[-1] == Feature(
        "Street", "choices", decimal=".", separator=";"
    )


def test_a_choice_is_read_from_the_column_of_its_list_and_another_field_from_its_own() -> None:
    made = choice_features(PRODUCTS, pd.Series(["A;B"] * 200 + ["B"] * 200, dtype=object), ())[0]
    assert made
    assert {one.column for one in made} == {"Products"}
    assert PRODUCTS.column == "Products"
    assert {one.name for one in made}.isdisjoint({"Products"})
