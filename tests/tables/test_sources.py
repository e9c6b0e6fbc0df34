"""Files, streams, databases and tables as sources."""

import gzip
import io
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import sqlalchemy

from leadqual.errors import LeadError
from leadqual.tables.sources import read_source, read_source_chunks

TABLE = pd.DataFrame(
    {
        "id": [f"L{number}" for number in range(7)],
        "size": [1.5, np.nan, 3, 4, 5, 6, 7],
        "created": pd.date_range("2026-01-01", periods=7, unit="us"),
        "hot": [True, False] * 3 + [True],
    }
)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[str]:
    url = f"sqlite:///{tmp_path / 'crm.db'}"
    engine = sqlalchemy.create_engine(url)
    TABLE.to_sql("leads", engine, index=False)
    yield url
    engine.dispose()


class Pipe(io.RawIOBase):
    """A stream like standard input: no seeking, a few bytes at a time."""

    def __init__(self, content: bytes) -> None:
        self.content = content

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        size = len(self.content) if size < 0 else min(size, 3)
        block, self.content = self.content[:size], self.content[size:]
        return block


def csv_bytes(rows: int = 7) -> bytes:
    return b"id,name\n" + b"".join(b"%d,n%d\n" % (row, row) for row in range(rows))


def test_csv_path_gzip_and_streams_agree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "leads.csv"
    path.write_bytes(csv_bytes())
    packed = tmp_path / "leads.csv.gz"
    packed.write_bytes(gzip.compress(csv_bytes()))
    expected = read_source(path)
    assert expected.table.to_dict("list") == {"id": list("0123456"), "name": [f"n{row}" for row in range(7)]}
    assert expected.rows.numbers.tolist() == list(range(2, 9))
    for source in (str(path), packed, io.BytesIO(csv_bytes()), Pipe(csv_bytes()), io.StringIO(csv_bytes().decode())):
        pd.testing.assert_frame_equal(read_source(source).table, expected.table)
    with path.open(encoding="utf-8") as text, path.open("rb") as binary:
        for source in (text, binary):
            pd.testing.assert_frame_equal(read_source(source).table, expected.table)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(csv_bytes())))
    pd.testing.assert_frame_equal(read_source("-").table, expected.table)


@pytest.mark.parametrize("rows", [1, 3, 7, 50])
def test_chunks_put_together_are_the_table(tmp_path: Path, rows: int) -> None:
    parquet = tmp_path / "leads.parquet"
    TABLE.to_parquet(parquet)
    sizes = [len(TABLE.iloc[start : start + rows]) for start in range(0, 7, rows)]
    for source, whole in (
        (io.BytesIO(csv_bytes()), None),
        (Pipe(csv_bytes()), None),
        (parquet, TABLE),
        (Pipe(parquet.read_bytes()), TABLE),
        (TABLE, TABLE),
    ):
        chunks = list(read_source_chunks(source, rows))
        assert [len(chunk) for chunk in chunks] == sizes
        assert all(isinstance(chunk.index, pd.RangeIndex) and chunk.index.start == 0 for chunk in chunks)
        expected = read_source(io.BytesIO(csv_bytes())).table if whole is None else whole
        pd.testing.assert_frame_equal(pd.concat(chunks, ignore_index=True), expected)


def test_an_empty_source_gives_one_chunk_without_leads(tmp_path: Path) -> None:
    parquet = tmp_path / "leads.parquet"
    TABLE.iloc[:0].to_parquet(parquet)
    for source in (io.BytesIO(b"id,name\n"), parquet, TABLE.iloc[:0]):
        (chunk,) = read_source_chunks(source, 10)
        assert len(chunk) == 0
        assert "id" in chunk.columns


def test_parquet_keeps_types(tmp_path: Path) -> None:
    path = tmp_path / "leads.parquet"
    TABLE.to_parquet(path)
    found = read_source(path)
    pd.testing.assert_frame_equal(found.table, TABLE)
    assert found.rows.first == 1


def test_damaged_files_are_named(tmp_path: Path) -> None:
    bad = tmp_path / "bad.parquet"
    bad.write_bytes(b"PAR1 and nothing more PAR1")
    with pytest.raises(LeadError, match="Parquet file is damaged"):
        read_source(bad)
    with pytest.raises(LeadError, match="Parquet file is damaged"):
        list(read_source_chunks(bad, 10))
    bad.write_bytes(gzip.compress(csv_bytes(10_000))[:-2000])
    with pytest.raises(LeadError, match="gzip archive is damaged"):
        read_source(bad)


def test_sources_that_are_none_are_refused(tmp_path: Path) -> None:
    with pytest.raises(LeadError, match=r"there is no file .*leads\.csv"):
        read_source(tmp_path / "leads.csv")
    with pytest.raises(LeadError, match="cannot be opened"):
        read_source(tmp_path)
    with pytest.raises(LeadError, match="cannot be read from a int"):
        read_source(3)
    with pytest.raises(LeadError, match="a query but no database"):
        read_source(TABLE, query="SELECT 1")
    with pytest.raises(LeadError, match="rows is 0"):
        next(read_source_chunks(TABLE, 0))


def test_a_table_keeps_its_named_index_and_gets_text_names() -> None:
    found = read_source(TABLE.set_index("id").rename(columns={"size": 3}))
    assert list(found.table.columns) == ["id", "3", "created", "hot"]
    assert found.notes == ("the index 'id' became a column.",)
    assert isinstance(found.table.index, pd.RangeIndex)
    assert "id" not in read_source(TABLE.drop(columns="id").set_axis(list("abcdefg"))).table.columns
    with pytest.raises(LeadError, match="'id' is columns 1 and 2"):
        read_source(pd.concat([TABLE[["id"]], TABLE[["id"]]], axis=1))


def test_reading_a_table_leaves_it_alone() -> None:
    before = TABLE.copy()
    found = read_source(TABLE).table
    found["id"] = "changed"
    pd.testing.assert_frame_equal(TABLE, before)


def test_sql_from_url_engine_and_connection(database: str) -> None:
    query = "SELECT id, size FROM leads WHERE size > 3 ORDER BY id"
    expected = TABLE.loc[TABLE["size"] > 3, ["id", "size"]].reset_index(drop=True)
    engine = sqlalchemy.create_engine(database)
    with engine.connect() as connection:
        for source in (database, engine, connection, sqlalchemy.make_url(database)):
            pd.testing.assert_frame_equal(read_source(source, query=query).table, expected)
    engine.dispose()


def test_sql_mistakes_are_named_without_the_password(database: str) -> None:
    with pytest.raises(LeadError, match="needs a query"):
        read_source(database)
    with pytest.raises(LeadError, match="no such table: leadz"):
        read_source(database, query="SELECT * FROM leadz")
    with pytest.raises(LeadError, match="cannot be read in chunks"):
        next(read_source_chunks(database, 10))
    for url in ("nosuch://user:secret@host/x", "://secret"):
        with pytest.raises(LeadError, match="URL cannot be used") as caught:
            read_source(url, query="SELECT 1")
        assert "secret" not in str(caught.value)


def test_lists_stay_and_other_cells_with_several_values_count_as_missing(tmp_path: Path) -> None:
    tags = pd.DataFrame({"id": ["a", "b", "c"], "tags": [["x", "y"], None, ["z"]], "more": ["p", {"q": 1}, 3]})
    tags["deep"] = [[["x"], "y"], b"y", "z"]
    found = read_source(tags)
    assert found.table["tags"].tolist() == [["x", "y"], None, ["z"]]
    assert found.table["more"].tolist() == ["p", None, 3]
    assert found.table["deep"].tolist() == [None, None, "z"]
    assert found.notes == (
        "more holds several values in one cell in row 2 (the first lead is row 1); they count as missing.",
        "deep holds several values in one cell in rows 1, 2 (the first lead is row 1); they count as missing.",
    )
    assert tags["tags"].tolist()[0] == ["x", "y"]
    path = tmp_path / "tags.parquet"
    tags[["id", "tags"]].to_parquet(path)
    (chunk,) = read_source_chunks(path, 10)
    for table in (read_source(path).table, chunk):
        assert [None if cell is None else list(cell) for cell in table["tags"]] == [["x", "y"], None, ["z"]]
