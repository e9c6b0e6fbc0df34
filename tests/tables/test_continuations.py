"""Rows that continue the record above them are joined to it, and nothing else is."""

import io

import pandas as pd
import pytest

from leadqual.tables.continuations import join_chunks, join_continuations
from leadqual.tables.sources import read_source_chunks


def records(tags: list[list[str]], **more: list[object]) -> pd.DataFrame:
    rows: list[dict[str, object]] = []
    for number, mine in enumerate(tags):
        whole = {"id": f"L{number}", "created": "2026-01-05", "source": "Web", "stage": "New", "size": str(number)}
        rows.append(
            whole | {"tags": mine[0] if mine else None} | {name: values[number] for name, values in more.items()}
        )
        rows += [{"tags": tag} for tag in mine[1:]]
    return pd.DataFrame(rows)


TAGS = [["A", "B", "C"], [], ["A"], ["C", "D"], ["B", "A"]]


def test_tags_are_joined_to_their_record() -> None:
    joined = join_continuations(records(TAGS))
    assert [value if isinstance(value, str) else None for value in joined.table["tags"]] == [
        "A;B;C", None, "A", "C;D", "B;A",
    ]  # fmt: skip
    assert joined.table["id"].tolist() == [f"L{number}" for number in range(5)]
    assert joined.kept.tolist() == [True, False, False, True, True, True, False, True, False]
    assert joined.notes == ("4 rows that continue the record above them were joined to it, in tags.",)


def test_another_separator_is_taken_where_a_value_holds_it() -> None:
    assert join_continuations(records([["a;b", "c", "d"], ["e"]])).table["tags"].tolist() == ["a;b|c|d", "e"]


@pytest.mark.parametrize("rows", [2, 3, 4, 100])
def test_chunks_join_alike_wherever_they_end(rows: int) -> None:
    table = records(TAGS * 6)
    whole = join_continuations(table).table.reset_index(drop=True)
    chunks = (table.iloc[start : start + rows].reset_index(drop=True) for start in range(0, len(table), rows))
    pd.testing.assert_frame_equal(pd.concat(join_chunks(chunks), ignore_index=True), whole, check_dtype=False)


@pytest.mark.parametrize("rows", [1, 7])
def test_a_file_read_in_chunks_is_joined_too(rows: int) -> None:
    content = records(TAGS * 300).to_csv(index=False).encode()
    chunks = list(read_source_chunks(io.BytesIO(content), rows))
    assert max(map(len, chunks)) == rows
    assert sum(map(len, chunks)) == 1_500


def test_leads_with_gaps_stay_leads() -> None:
    gaps = records([["A"]] * 6)
    gaps.loc[[2, 4], ["id", "source"]] = None
    assert join_continuations(gaps).table is gaps


def test_a_total_below_the_table_continues_nothing() -> None:
    table = pd.concat([records([["A"]] * 12), pd.DataFrame({"id": ["Total"], "size": ["66"]})], ignore_index=True)
    assert not join_continuations(table).notes


def test_rows_that_begin_nothing_above_are_left_alone() -> None:
    table = pd.concat([records([[]] * 12), pd.DataFrame({"tags": ["A", "B", "C"]})], ignore_index=True)
    assert not join_continuations(table).notes


def test_a_table_without_rows_comes_through() -> None:
    (only,) = join_chunks(iter([records(TAGS).iloc[:0]]))
    assert only.empty
