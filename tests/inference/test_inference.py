"""Inferring a schema: on small tables whose answer is plain, on awkward ones, and on real data."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadqual.errors import LeadError, LeadqualError, SchemaError
from leadqual.inference.inference import InferredSchema, infer_schema
from leadqual.leads.reading import read_leads, read_table
from leadqual.leads.schema import Schema

SIZE = 120


def table(**columns: object) -> pd.DataFrame:
    rows = np.arange(SIZE)
    days = pd.Timestamp("2026-01-01") + pd.to_timedelta(rows, unit="D")
    plain = {
        "Lead ID": [f"L{row}" for row in rows],
        "Created": days.strftime("%Y-%m-%d"),
        "Closed": np.where(rows % 3 < 2, (days + pd.Timedelta(days=20)).strftime("%Y-%m-%d"), None),
        "Status": np.array(["Won", "Lost", "New"])[rows % 3],
        "Source": np.array(["Web", "Fair", "Mail", "Ad"])[rows % 4],
        "Visits": (rows % 17).astype(str),
        "Demo": np.array(["Yes", "No"])[rows % 2],
    }
    kept = {name: values for name, values in (plain | columns).items() if values is not None}
    return pd.DataFrame({name: pd.Series(values) for name, values in kept.items()})


def names(inferred: InferredSchema) -> list[str]:
    return [feature.name for feature in inferred.schema.features]


def test_a_plain_table() -> None:
    inferred = infer_schema(table())
    schema = inferred.schema
    assert (schema.id, schema.created_at, schema.closed_at) == ("Lead ID", "Created", "Closed")
    assert (schema.outcome, schema.won, schema.lost, schema.open) == ("Status", ("Won",), ("Lost",), ("New",))
    assert [(feature.name, feature.kind, feature.known) for feature in schema.features] == [
        ("Source", "category", "at_creation"),
        ("Visits", "numeric", "at_creation"),
        ("Demo", "boolean", "at_creation"),
    ]
    assert (schema.order, schema.value, schema.owner, schema.day_first) == (None, None, None, None)
    assert set(inferred.why) == set(table().columns)
    assert len(read_leads(table(), schema).table) == SIZE


def test_the_file_is_the_schema_with_a_comment_for_every_column() -> None:
    inferred = infer_schema(table(Mail=[f"p{row}@x.example" for row in range(SIZE)], Fax=None))
    text = inferred.to_toml()
    assert Schema.from_toml(text) == inferred.schema
    for column, reason in inferred.why.items():
        assert reason
        assert f"# {reason}" in text or f"# Left out: {reason}" in text, column
    assert '# name = "Mail"' in text
    assert "Inferred from 120 leads with 8 columns" in text.splitlines()[0]


def test_no_value_of_a_lead_is_written_but_those_of_the_outcome() -> None:
    people = [f"Person{row % 60}" for row in range(SIZE)]
    text = infer_schema(table(Contact=people)).to_toml()
    assert "Person" not in text
    assert not any(value in text for value in ("Web", "L17", "2026-01-0"))


def test_a_table_without_dates_is_ordered_by_its_number() -> None:
    flags = np.array(["1", "0"])[np.arange(SIZE) % 2]
    number = [str(number) for number in range(5000, 5000 + SIZE)]
    plain = table(Created=None, Closed=None, Status=None, Converted=flags, **{"Lead Number": number})
    inferred = infer_schema(plain)
    assert (inferred.schema.order, inferred.schema.won, inferred.schema.lost) == ("Lead Number", ("1",), ("0",))
    assert any("'Lead Number' orders them" in note for note in inferred.notes)
    shared = infer_schema(plain.drop(columns="Lead ID")).schema
    assert (shared.id, shared.order) == ("Lead Number", "Lead Number")
    bare = infer_schema(plain.drop(columns=["Lead ID", "Lead Number"]))
    assert (bare.schema.id, bare.schema.order) == (None, None)
    assert any("time order" in note for note in bare.notes)
    assert any("identifies" in note for note in bare.notes)


def test_a_flag_with_dates_leaves_the_rest_open() -> None:
    flags = np.array(["Yes", "No"])[np.arange(SIZE) % 2]
    schema = infer_schema(table(Status=None, Won=flags)).schema
    assert (schema.outcome, schema.won, schema.lost, schema.open) == ("Won", ("Yes",), (), ("No",))


def test_a_date_of_winning_is_the_outcome() -> None:
    won = np.where(np.arange(SIZE) % 4 == 0, "2026-08-01", None)
    inferred = infer_schema(
        table(Status=None, Closed=None, won_date=won, budget=np.where(won == "2026-08-01", "9", None))
    )
    assert (inferred.schema.outcome, inferred.schema.closed_at, inferred.schema.won) == ("won_date", "won_date", ("*",))
    assert {feature.name: feature.known for feature in inferred.schema.features if feature.name == "budget"} == {
        "budget": "later"
    }
    assert "filled for 100% of the won leads and 0% of the others" in inferred.why["budget"]


def test_roles_overrule_and_take_columns_away() -> None:
    two = table(Registered=table()["Created"]).rename(columns={"Created": "Submitted"})
    with pytest.raises(SchemaError, match="created_at may be any of 'Submitted', 'Registered'"):
        infer_schema(two)
    plain = table(Added=table()["Created"])
    assert infer_schema(plain).schema.created_at == "Created"
    inferred = infer_schema(plain, roles={"created_at": "Added", "closed_at": "", "owner": "Source"})
    assert (inferred.schema.created_at, inferred.schema.closed_at, inferred.schema.owner) == ("Added", None, "Source")
    assert names(inferred) == ["Visits", "Demo"]
    assert "it is a date" in inferred.why["Created"]
    assert any("won or lost" in note for note in inferred.notes)
    own = infer_schema(table(), roles={"won": "lost", "lost": "Won"}).schema
    assert (own.won, own.lost) == (("Lost",), ("Won",))
    scored = infer_schema(table(), roles={"outcome": "", "closed_at": "Closed"}).schema
    assert (scored.outcome, scored.won) == (None, ())
    assert "Status" in [feature.name for feature in scored.features]


def test_mistaken_roles_are_named() -> None:
    with pytest.raises(SchemaError, match="'creation' is no role; the roles are outcome, created_at"):
        infer_schema(table(), roles={"creation": "Created"})
    with pytest.raises(SchemaError, match="'Born' was given as created_at, but the table has no such column"):
        infer_schema(table(), roles={"created_at": "Born"})
    with pytest.raises(SchemaError, match="day_first must be true or false"):
        infer_schema(table(), roles={"day_first": "yes"})


def test_the_order_of_day_and_month_is_said_or_asked() -> None:
    days = pd.to_datetime(table()["Created"])
    assert infer_schema(table(Created=days.dt.strftime("%d/%m/%Y"), Closed=None)).schema.day_first is True
    assert infer_schema(table(Created=days.dt.strftime("%m/%d/%Y"), Closed=None)).schema.day_first is False
    early = table(Created=[f"{1 + row % 9}/{1 + row % 7}/2026" for row in range(SIZE)], Closed=None)
    with pytest.raises(SchemaError, match=r"'Created' has dates such as 3/4/2026 .*--role day_first=true"):
        infer_schema(early)
    assert infer_schema(early, roles={"day_first": "false"}).schema.day_first is False
    dotted = early.assign(Created=early["Created"].str.replace("/", "."))
    assert infer_schema(dotted).schema.day_first is True
    both = table(Created=days.dt.strftime("%m/%d/%Y"), Closed=table()["Closed"].where(days.dt.day != 2, "25/1/2026"))
    assert infer_schema(both).schema.day_first is None


def test_two_date_columns_of_different_orders_are_each_read_in_their_own() -> None:
    rows = np.arange(SIZE)
    days = pd.Timestamp("2026-01-01") + pd.to_timedelta(rows, unit="D")
    taken = np.where(rows % 3 == 0, 20, 300)  # won after 20 days, lost after 300
    ended = (days + pd.to_timedelta(taken, unit="D")).strftime("%m/%d/%Y")
    mixed = table(Created=days.strftime("%d/%m/%Y"), Closed=np.where(rows % 3 < 2, ended, None))
    inferred = infer_schema(mixed)
    assert inferred.schema.day_first is None
    # Read month first, 02/01/2026 would lie after the win of 01/22/2026, as for a customer imported as a lead.
    assert inferred.schema.imported is None
    assert not [note for note in inferred.notes if "before they were created" in note]
    leads = read_leads(mixed, inferred.schema).table
    won = leads["Status"] == "Won"
    assert (leads["Closed"] - leads["Created"])[won].eq(pd.Timedelta(days=20)).all()


def test_an_empty_table_is_refused() -> None:
    with pytest.raises(SchemaError, match="no leads"):
        infer_schema(table().iloc[:0])
    with pytest.raises(LeadError, match="'Source' is columns"):
        infer_schema(pd.concat([table(), table()[["Source"]]], axis=1))


def test_inference_does_not_change_the_table() -> None:
    plain = table()
    before = plain.copy()
    infer_schema(plain)
    pd.testing.assert_frame_equal(plain, before)


CELL = st.none() | st.sampled_from(
    ["Yes", "No", "Won", "Lost", "", "Select", "3/4/2026", "2026-01-05", "12", "1,5", "x@y.z"]
)


@settings(deadline=None, max_examples=40)
@given(
    st.lists(st.text(min_size=1, max_size=8), min_size=1, max_size=5, unique=True).flatmap(
        lambda found: st.lists(st.lists(CELL, min_size=len(found), max_size=len(found)), min_size=1, max_size=8).map(
            lambda rows: pd.DataFrame(rows, columns=pd.Index(found), dtype="str")
        )
    )
)
def test_any_table_gives_a_schema_that_reads_it_or_a_refusal(odd: pd.DataFrame) -> None:
    try:
        inferred = infer_schema(odd)
    except LeadqualError:
        return
    assert Schema.from_toml(inferred.to_toml()) == inferred.schema
    taken = {inferred.schema.outcome, *inferred.schema.columns, *(column.name for column in inferred.left_out)}
    assert taken - {None} == set(odd.columns) == {key for key in inferred.why if key in set(odd.columns)}


@pytest.mark.real_data
def test_x_education(real_data: Path) -> None:
    source = real_data / "xeducation" / "leads.csv"
    schema = infer_schema(read_table(source)).schema
    assert (schema.id, schema.order, schema.created_at) == ("Prospect ID", "Lead Number", None)
    assert (schema.outcome, schema.won, schema.lost) == ("Converted", ("1",), ("0",))
    known = {feature.name: feature.known for feature in schema.features}
    assert (known["Last Activity"], known["Last Notable Activity"]) == ("later", "later")
    assert (known["Tags"], known["Lead Quality"]) == ("unknown", "unknown")
    assert known["Total Time Spent on Website"] == "at_creation"
    assert "Magazine" not in known
    assert len(read_leads(source, schema).table) == 9_240


@pytest.mark.real_data
def test_olist(real_data: Path) -> None:
    leads, deals = (
        read_table(real_data / "olist" / f"{name}.csv") for name in ("marketing_qualified_leads", "closed_deals")
    )
    joined = leads.merge(deals, on="mql_id", how="left")
    schema = infer_schema(joined).schema
    assert (schema.id, schema.created_at, schema.closed_at) == ("mql_id", "first_contact_date", "won_date")
    assert (schema.outcome, schema.won) == ("won_date", ("*",))
    known = {feature.name: feature.known for feature in schema.features}
    assert {name for name in known if known[name] != "later"} == {"landing_page_id", "origin"}
    assert set(known) - {"landing_page_id", "origin"} < set(deals.columns)
    assert len(read_leads(joined, schema).table) == 8_000


@pytest.mark.real_data
def test_maven(real_data: Path) -> None:
    deals, accounts, teams = (
        read_table(real_data / "maven" / f"{name}.csv") for name in ("sales_pipeline", "accounts", "sales_teams")
    )
    joined = deals.merge(accounts, on="account", how="left").merge(teams, on="sales_agent", how="left")
    schema = infer_schema(joined).schema
    assert (schema.id, schema.created_at, schema.closed_at) == ("opportunity_id", "engage_date", "close_date")
    assert (schema.outcome, schema.won, schema.lost) == ("deal_stage", ("Won",), ("Lost",))
    assert set(schema.open) == {"Prospecting", "Engaging"}
    assert (schema.value, schema.owner, schema.day_first) == ("close_value", "sales_agent", False)
    assert len(read_leads(joined, schema).table) == 8_800


def test_a_closing_date_that_cannot_be_read_is_said() -> None:
    table = pd.DataFrame(
        {
            "Erstellt am": [f"{day:02d}.03.2026" for day in range(1, 29)],
            "Quelle": ["Web", "Messe"] * 14,
            "Status": ["Gewonnen", "Verloren", "Offen", "Verloren"] * 7,
            "Geschlossen am": ["28.03.2026", "29.03.2026", "offen", "30.03.2026"] * 7,
        }
    )
    table["Geschlossen am"] = [
        value if value == "offen" else f"{1 + n:02d}.04.2026" for n, value in enumerate(table["Geschlossen am"])
    ]
    inferred = infer_schema(table)
    assert inferred.schema.closed_at is None
    said = next(note for note in inferred.notes if "is named as a date" in note)
    assert said.startswith("'Geschlossen am' is named as a date, but only 21 of its 28 values are dates")
