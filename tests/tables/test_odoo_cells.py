"""False for empty, and references by name."""

import numpy as np
import pandas as pd

from leadqual.bundle import Band, FieldPoints
from leadqual.bundle.encoding import FieldEncoder
from leadqual.bundle.values import MISSING_VALUES, is_missing, read_reference
from leadqual.inference import infer_schema
from leadqual.leads import Feature, Schema, read_leads
from leadqual.tables.odoo_cells import empty_by_false, name_references, without_false


def odoo(rows: int = 60) -> pd.DataFrame:
    number = np.arange(rows)
    ended = number % 3 < 2
    return pd.DataFrame(
        {
            "id": (number + 1).astype(str),
            "create_date": [f"2026-0{1 + row % 6}-0{1 + row % 8} 10:00:00" for row in number],
            "date_closed": [f"2026-07-0{1 + row % 8} 10:00:00" if one else "False" for row, one in enumerate(ended)],
            "won_status": np.where(number % 3 == 0, "won", np.where(number % 3 == 1, "lost", "pending")),
            "source_id": ["[1, 'Web']", "False", '[2, "Fair"]'] * (rows // 3),
            "active": ["True", "False"] * (rows // 2),
        }
    )


def test_false_is_empty_where_true_never_stands_beside_it() -> None:
    assert empty_by_false(odoo()) == {"date_closed": 20, "source_id": 20}
    assert (
        empty_by_false(pd.DataFrame({"a": ["0", "1", "False"], "b": ["False"] * 3, "c": ["x", "True", "False"]})) == {}
    )


def test_false_is_taken_out_of_columns_of_any_type() -> None:
    text = without_false(pd.Series(["False", "Web", None, " false", "0"], dtype="str", index=range(5, 10)))
    assert text.isna().tolist() == [True, False, True, True, False]
    assert text.index.tolist() == list(range(5, 10))
    mixed = [False, 0, "x", [1, "Web"], np.bool_(False), None]
    assert without_false(pd.Series(mixed, dtype=object)).tolist() == [None, 0, "x", [1, "Web"], None, None]


def test_an_odoo_table_is_inferred_with_its_dates_and_says_what_was_read() -> None:
    inferred = infer_schema(odoo())
    assert inferred.schema.closed_at == "date_closed"
    assert "false" in inferred.schema.missing_values
    said = " ".join(inferred.notes)
    assert "False stands for an empty cell in 40 cells of date_closed, source_id" in said
    assert "source_id holds references such as [4, 'Name'] in 40 rows" in said
    assert Schema.from_toml(inferred.to_toml()) == inferred.schema
    leads = read_leads(odoo(), inferred.schema)
    assert sorted(leads.table["source_id"].unique()) == ["Fair", "False", "Web"]
    assert leads.table["date_closed"].isna().sum() == 20


def test_references_are_read_as_text_and_as_lists() -> None:
    assert read_reference(r"[7, 'O\'Neil']") == "O'Neil"
    assert read_reference('[7, "Z\\u00fcrich"]') == "Zürich"
    assert [read_reference(value) for value in ([True, "x"], [1, "x", "y"], "['a', 'b']", "[1]", None)] == [None] * 5
    table, notes = name_references(pd.DataFrame({"stage": ["[4, 'Won']", None, "New"], "n": [1, 2, 3]}))
    assert table["stage"].tolist()[::2] == ["Won", "New"]
    assert len(notes) == 1
    kept, none = name_references(pd.DataFrame({"stage": ["[4, 'Won']"]}), leave=["stage"])
    assert (kept["stage"].tolist(), none) == (["[4, 'Won']"], ())


def test_lists_in_a_table_are_references_too() -> None:
    leads = read_leads(
        pd.DataFrame({"stage": [[4, "Won"], False, [5, "New"]], "n": [1, 2, 3]}),
        Schema((Feature("stage", "category"),), missing_values=(*MISSING_VALUES, "false")),
        require_outcome=False,
    )
    assert leads.table["stage"].tolist() == ["Won", False, "New"]


def test_one_lead_from_an_app_is_scored_like_the_history() -> None:
    source = FieldPoints(
        "source", "category", (Band("Web", 9, values=("Web",)), Band("missing", -3, missing=True)), average_points=1
    )
    encoder = FieldEncoder(source, (*MISSING_VALUES, "false"))
    points = [
        encoder.places[encoder.encode(value)].points for value in ([1, "Web"], "[1, 'Web']", False, "False", "Web")
    ]
    assert points == [9, 9, -3, -3, 9]
    signed = FieldEncoder(source, MISSING_VALUES, reading=1)
    assert [signed.places[signed.encode(value)].points for value in ([1, "Web"], "[1, 'Web']", "Web")] == [1, 1, 9]


def test_false_stays_a_value_of_a_boolean_field() -> None:
    agreed = FieldPoints("agreed", "boolean", (Band("yes", 5, values=("yes",)), Band("no", -5, values=("no",))))
    encoder = FieldEncoder(agreed, (*MISSING_VALUES, "false"))
    assert [encoder.places[encoder.encode(value)].points for value in ("False", False, np.False_, "true")] == [
        -5,
        -5,
        -5,
        5,
    ]
    assert is_missing(np.False_, {"false"})
    assert not is_missing(True, {"false", "true"})
