"""Leads read by their schema: what is converted, kept, noted and refused."""

import io

import numpy as np
import pandas as pd
import pytest

from leadqual.errors import LeadError, SchemaError
from leadqual.leads.reading import read_leads, read_table, read_table_chunks
from leadqual.leads.schema import Feature, Schema

SCHEMA = Schema(
    (
        Feature("visits", "numeric"),
        Feature("source", "category"),
        Feature("demo", "boolean"),
        Feature("score", "numeric", known="later"),
    ),
    outcome="status",
    won=("Won",),
    lost=("Lost",),
    open=("New",),
    id="id",
    created_at="created",
    closed_at="closed",
)
HEADER = "id,created,closed,status,visits,source,demo,score"
ROWS = (
    "a,2026-01-05,2026-02-01,Won,3,Web,Yes,1",
    "b,2026-01-06,,Lost,,Fair,No,2",
    'c,2026-01-07,,New,"1,200",,Yes,3',
)


def source(*rows: str, header: str = HEADER) -> io.BytesIO:
    return io.BytesIO("\n".join((header, *rows)).encode())


def test_dates_are_converted_and_the_rest_is_left_alone() -> None:
    leads = read_leads(source(*ROWS), SCHEMA)
    raw = read_table(source(*ROWS))
    assert leads.notes == ()
    assert leads.table["created"].dtype == np.dtype("datetime64[us]")
    assert leads.table["closed"].isna().tolist() == [False, True, True]
    others = [name for name in raw.columns if name not in ("created", "closed")]
    pd.testing.assert_frame_equal(leads.table[others], raw[others])
    assert leads.schema is SCHEMA


def test_missing_columns_are_listed_with_the_nearest_name() -> None:
    header = HEADER.replace("visits", "Visits").replace("created", "added")
    with pytest.raises(SchemaError, match=r"2 of the 8 columns .*: 'created'; 'visits' \(the table has 'Visits'\)"):
        read_leads(source(*ROWS, header=header), SCHEMA)


def test_what_is_known_later_need_not_be_there() -> None:
    table = read_table(source(*ROWS)).drop(columns="score")
    assert len(read_leads(table, SCHEMA).table) == 3


def test_leads_to_score_need_their_scored_features_only() -> None:
    table = read_table(source(*ROWS))[["visits", "source", "demo"]]
    assert len(read_leads(table, SCHEMA, require_outcome=False).table) == 3
    with pytest.raises(SchemaError, match=r"1 of the 3 columns .*'demo'"):
        read_leads(table.drop(columns="demo"), SCHEMA, require_outcome=False)


def test_an_outcome_is_needed_to_learn() -> None:
    schema = Schema((Feature("visits", "numeric"),))
    with pytest.raises(SchemaError, match="names no outcome"):
        read_leads(source(*ROWS), schema)
    assert len(read_leads(source(*ROWS), schema, require_outcome=False).table) == 3


def test_an_unlisted_outcome_is_refused_with_counts() -> None:
    row = "d,2026-01-08,,Parked,1,Web,No,4"
    with pytest.raises(SchemaError, match=r"1 distinct values? in 1 leads|status has 1") as caught:
        read_leads(source(*ROWS, row), SCHEMA)
    assert "Parked" not in str(caught.value)
    assert len(read_leads(source(*ROWS, row), SCHEMA, require_outcome=False).table) == 4


def test_no_leads() -> None:
    with pytest.raises(LeadError, match="columns but no leads"):
        read_leads(source(), SCHEMA)


def test_rows_that_repeat_throughout_are_dropped() -> None:
    leads = read_leads(source(ROWS[0], *ROWS, ROWS[1]), SCHEMA)
    assert leads.table["id"].tolist() == ["a", "b", "c"]
    assert leads.notes == ("2 rows that repeat another throughout were dropped: rows 3, 6 (the first lead is row 2).",)
    assert isinstance(leads.table.index, pd.RangeIndex)


def test_an_id_with_two_stories_is_refused_to_learn_and_noted_to_score() -> None:
    other = ROWS[0].replace("Web", "Fair")
    with pytest.raises(
        LeadError,
        match=r"id repeats, with other values beside it: 1 leads stand in 2 rows, row 5 .*repeats = \"first\"",
    ):
        read_leads(source(*ROWS, other), SCHEMA)
    leads = read_leads(source(*ROWS, other), SCHEMA, require_outcome=False)
    assert len(leads.table) == 4
    assert leads.notes == ("id repeats an earlier one in row 5 (the first lead is row 2).",)


def test_missing_ids_are_no_repeats() -> None:
    nameless = ",2026-01-08,,New,1,Web,No,4"
    leads = read_leads(source(*ROWS, nameless, nameless), SCHEMA)
    assert len(leads.table) == 5
    assert leads.notes == ("id is missing in rows 5, 6 (the first lead is row 2); such leads are kept.",)


def test_a_schema_without_id_keeps_every_row() -> None:
    schema = Schema(SCHEMA.features, outcome="status", won=("Won",), lost=("Lost",), open=("New",))
    assert len(read_leads(source(*ROWS, ROWS[0]), schema).table) == 4


def test_one_date_column_settles_the_other() -> None:
    leads = read_leads(source("a,25/1/2026,3/2/2026,Won,3,Web,Yes,1", "b,4/1/2026,,Lost,,Fair,No,2"), SCHEMA)
    assert leads.table["closed"].iloc[0] == pd.Timestamp("2026-02-03")
    assert leads.table["created"].tolist() == [pd.Timestamp("2026-01-25"), pd.Timestamp("2026-01-04")]
    assert any("as those of the other date column" in note for note in leads.notes)


def test_ambiguous_dates_need_day_first() -> None:
    rows = ("a,3/1/2026,,New,3,Web,Yes,1",)
    with pytest.raises(LeadError, match=r"created has 1 dates .* in row 2 .*set day_first"):
        read_leads(source(*rows), SCHEMA)
    settled = Schema.from_toml(SCHEMA.to_toml() + "\n[reading]\nday_first = false\n")
    assert read_leads(source(*rows), settled).table["created"].tolist() == [pd.Timestamp("2026-03-01")]


@pytest.mark.parametrize(("column", "bad"), [("visits", "many"), ("demo", "perhaps")])
def test_values_of_another_kind_are_noted_when_few_and_refused_when_many(column: str, bad: str) -> None:
    table = pd.concat([read_table(source(ROWS[0]))] * 20, ignore_index=True).drop(columns="id")
    table["id"] = [str(row) for row in range(20)]
    table.loc[4, column] = bad
    leads = read_leads(table, SCHEMA)
    (note,) = leads.notes
    assert f"{column} is" in note
    assert "1 of its 20 values" in note
    assert "row 5 (the first lead is row 1)" in note
    table.loc[[7, 9], column] = bad
    with pytest.raises(
        LeadError, match=f'{column} is .* 3 of its 20 values .* rows 5, 8, 10 .*kind = "category"'
    ) as caught:
        read_leads(table, SCHEMA)
    assert bad not in str(caught.value)
    assert len(read_leads(table, SCHEMA, require_outcome=False).notes) == 1


def test_a_wrong_decimal_mark_is_refused_with_the_way_out() -> None:
    table = pd.concat([read_table(source(ROWS[0]))] * 3, ignore_index=True).assign(id=["x", "y", "z"], visits="12,5")
    with pytest.raises(LeadError, match='set decimal = "," or kind = "category"'):
        read_leads(table, SCHEMA)
    comma = Schema.from_toml(SCHEMA.to_toml().replace('name = "visits"', 'name = "visits"\ndecimal = ","'))
    assert read_leads(table, comma).notes == ()


def test_a_date_of_winning_is_outcome_and_closing_date_at_once() -> None:
    schema = Schema(
        (Feature("visits", "numeric"),), outcome="closed", won=("*",), closed_at="closed", created_at="created"
    )
    leads = read_leads(source(*ROWS), schema)
    assert leads.table["closed"].notna().tolist() == [True, False, False]


def test_chunks_are_tables() -> None:
    assert [len(chunk) for chunk in read_table_chunks(source(*ROWS), rows=2)] == [2, 1]
    assert sum(len(chunk) for chunk in read_table_chunks(source(*ROWS))) == 3
