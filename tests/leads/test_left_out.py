"""Rows that are no leads to learn from: each kind left out, and counted."""

import numpy as np
import pandas as pd
import pytest

from leadqual.errors import LeadError, SchemaError
from leadqual.inference import infer_schema
from leadqual.leads import Schema, read_leads
from leadqual.leads.left_out import deleted_rows


def leads(size: int = 60) -> pd.DataFrame:
    place = np.arange(size)
    created = pd.Timestamp("2025-01-01") + pd.to_timedelta(place, unit="D")
    return pd.DataFrame(
        {
            "Lead ID": [f"L{one}" for one in place],
            "Created": created.astype(str),
            "Closed": (created + pd.Timedelta(days=9)).astype(str),
            "Status": np.where(place % 3 == 0, "Won", "Lost"),
            "Source": np.where(place % 2 == 0, "Web", "Fair"),
        }
    )


def test_what_marks_a_record_as_deleted() -> None:
    marks = pd.Series(["true", "No", None, "", "2026-01-05", "00Q5g01", "0", True, False])
    expected = [True, False, False, False, True, True, False, True, False]
    assert deleted_rows(marks, ("",)).tolist() == expected


@pytest.mark.parametrize(
    ("name", "mark", "none"),
    [("IsDeleted", "true", "false"), ("MasterRecordId", "L7", None), ("Gelöscht", "Ja", "Nein")],
)
def test_deleted_and_merged_records_are_left_out_and_counted(name: str, mark: str, none: str | None) -> None:
    table = leads().assign(**{name: [mark if place % 10 == 0 else none for place in range(60)]})
    inferred = infer_schema(table)
    assert inferred.schema.deleted == name
    assert any("6 of 60 records are deleted or merged" in note for note in inferred.notes)
    read = read_leads(table, inferred.schema)
    assert len(read.table) == 54
    assert any("6 of 60 records are deleted or merged" in note for note in read.notes)


def test_a_file_of_deleted_records_is_refused() -> None:
    table = leads().assign(gone="yes")
    schema = Schema((), outcome="Status", won=("Won",), lost=("Lost",), deleted="gone")
    with pytest.raises(LeadError, match="marks all 60 leads as deleted"):
        read_leads(table, schema)


def fan_out() -> pd.DataFrame:
    return leads().loc[np.repeat(np.arange(60), 3)].reset_index(drop=True).assign(Campaign=np.arange(180) % 3)


def test_several_rows_of_one_lead_are_said_refused_and_reduced_to_one() -> None:
    table = fan_out()
    inferred = infer_schema(table)
    assert inferred.schema.id == "Lead ID"
    assert any("'Lead ID' repeats: 60 leads stand in 180 rows" in note for note in inferred.notes)
    with pytest.raises(LeadError, match=r'60 leads stand in 180 rows.*repeats = "first"'):
        read_leads(table, inferred.schema)
    for repeats, campaign in (("first", 0), ("last", 2)):
        schema = infer_schema(table, roles={"repeats": repeats}).schema
        read = read_leads(table, schema)
        assert read.table["Campaign"].tolist() == [campaign] * 60
        assert any("120 rows were left out" in note for note in read.notes)


def test_rows_that_disagree_about_the_outcome_are_counted() -> None:
    table = fan_out()
    table.loc[table.index % 30 == 2, "Status"] = "Working"
    schema = infer_schema(table, roles={"repeats": "last"}).schema
    assert any(
        "The rows of 6 of these leads disagree about the outcome" in note for note in read_leads(table, schema).notes
    )


def test_rows_without_an_id_are_kept() -> None:
    table = leads()
    table.loc[::5, "Lead ID"] = None
    table.loc[1, "Lead ID"] = "L2"
    schema = infer_schema(table, roles={"repeats": "first"}).schema
    assert schema.id == "Lead ID"
    assert len(read_leads(table, schema).table) == 59


def test_leads_created_too_early_are_left_out() -> None:
    schema = infer_schema(leads(), roles={"created_after": "2025-01-10"}).schema
    read = read_leads(leads(), schema)
    assert len(read.table) == 50
    assert "10 of 60 leads were created on 2025-01-10 or before" in read.notes[-1]
    with pytest.raises(LeadError, match="all 60 leads were created by 2027-01-01"):
        read_leads(leads(), infer_schema(leads(), roles={"created_after": "2027-01-01"}).schema)
    with pytest.raises(SchemaError, match="created_after is no ISO date"):
        infer_schema(leads(), roles={"created_after": "10.1.2025"})


def test_imported_customers_are_left_out_unless_they_are_kept() -> None:
    customers = leads(80).assign(Created="2025-02-01 08:15:00", Closed="2021-05-05", Status="Won")
    customers["Lead ID"] = [f"C{place}" for place in range(80)]
    table = pd.concat([leads(400), customers], ignore_index=True)
    inferred = infer_schema(table)
    assert inferred.schema.imported == "leave_out"
    assert "80 won leads were won before they were created" in inferred.why["[imported]"]
    read = read_leads(table, inferred.schema)
    assert len(read.table) == 400
    assert "80 of 480 leads were customers" in read.notes[-1]
    kept = infer_schema(table, roles={"imported": "keep"}).schema
    assert len(read_leads(table, kept).table) == 480
    assert Schema.from_toml(inferred.to_toml()) == inferred.schema


def test_a_migration_is_said_and_not_left_out() -> None:
    moved = leads(200).assign(Created="2025-02-01 08:15:00", Closed="2021-05-05")
    moved["Lead ID"] = [f"M{place}" for place in range(200)]
    inferred = infer_schema(pd.concat([leads(400), moved], ignore_index=True))
    assert inferred.schema.imported is None
    assert any("201 of 600 leads share one day of creation, 2025-02-01" in note for note in inferred.notes)


def test_a_file_without_a_header_is_refused_and_no_value_is_said() -> None:
    table = pd.DataFrame({"ana@example.com": ["b@example.com"], "Web": ["Fair"]})
    with pytest.raises(SchemaError, match="1 column names look like e-mail addresses") as caught:
        infer_schema(table)
    assert "example.com" not in str(caught.value)


@pytest.mark.parametrize(
    "word", ["Duplicate", "Closed - Merged", "Gelöscht", "Doublon", "Fusionado", "已合并", "削除済"]
)
def test_records_that_a_status_calls_merged_or_deleted_are_left_out(word: str) -> None:
    gone = leads(60).assign(Status=word, Closed=None)
    gone["Lead ID"] = [f"D{place}" for place in range(60)]
    table = pd.concat([leads(400), gone], ignore_index=True)
    inferred = infer_schema(table)
    assert (inferred.schema.outcome, inferred.schema.deleted) == ("Status", "Status")
    assert Schema.from_toml(inferred.to_toml()) == inferred.schema
    assert len(read_leads(table, inferred.schema).table) == 400
    beside = table.assign(**{"Status": "New", "Record state": table["Status"].where(table["Status"] == word, "active")})
    beside["Status"] = table["Status"].where(table["Status"] != word, "New")
    schema = infer_schema(beside).schema
    assert (schema.outcome, schema.deleted) == ("Status", "Record state")
    assert len(read_leads(beside, schema).table) == 400


def test_an_unnamed_id_whose_rows_began_together_is_said() -> None:
    table = leads(200).drop(columns="Lead ID").assign(Vorgang=[f"V{place}" for place in range(200)])
    rows = pd.concat([table, table.iloc[::3], table.iloc[::5]], ignore_index=True)
    said = [note for note in infer_schema(rows).notes if "may be the id of a lead" in note]
    (first,) = said
    assert first.startswith("'Vorgang' may be the id of a lead: 93 of its values stand in 200 rows")
    companies = table.assign(Vorgang=[f"V{place % 90}" for place in range(200)])  # a company comes again another day
    assert not [note for note in infer_schema(companies).notes if "may be the id of a lead" in note]


def test_several_days_of_migration_are_said() -> None:
    moved = [leads(150).assign(Created=f"2025-0{month}-01 08:15:00", Closed="2021-05-05") for month in (2, 3)]
    table = pd.concat([leads(400), *moved], ignore_index=True).drop(columns="Lead ID")
    said = [note for note in infer_schema(table).notes if "share one day of creation" in note]
    assert ["2025-02-01" in note or "2025-03-01" in note for note in said] == [True, True]


@pytest.mark.parametrize(("name", "mark", "none"), [("Is Duplicate", "true", "false"), ("Dublette", "Ja", "Nein")])
def test_a_flag_of_duplicates_marks_records_to_leave_out(name: str, mark: str, none: str) -> None:
    gone = leads(60).assign(**{name: mark, "Status": "New", "Closed": None})
    gone["Lead ID"] = [f"D{place}" for place in range(60)]
    table = pd.concat([leads(400).assign(**{name: none}), gone], ignore_index=True)
    schema = infer_schema(table).schema
    assert schema.deleted == name
    assert len(read_leads(table, schema).table) == 400
