import sqlite3

import pytest
import sqlalchemy

from leadqual.errors import LeadError
from leadqual.tables.sources import read_source


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request, tmp_path):
    """Yield the URL of a database of each kind with two leads in it."""
    url = f"sqlite:///{tmp_path / 'crm 100%.db'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
    engine = sqlalchemy.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE leads (id TEXT, size INTEGER)")
        connection.execute(sqlalchemy.text("INSERT INTO leads VALUES ('a%', 1), ('b', 2)"))
    yield url
    with engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT id, size FROM leads ORDER BY id").all()
        assert [tuple(row) for row in found] == [("a%", 1), ("b", 2)], "a query has changed something"
        assert sqlalchemy.inspect(connection).get_table_names() == ["leads"]
    engine.dispose()


@pytest.fixture(params=["url", "engine", "autocommit engine", "connection", "connection in use", "autocommit"])
def source(request, database):
    """Yield a database in each of the ways in which it may be given."""
    if request.param == "url":
        yield database
        return
    given = {"isolation_level": "AUTOCOMMIT"} if "autocommit" in request.param else {}
    engine = sqlalchemy.create_engine(database, **given)
    if "engine" in request.param:
        yield engine
    else:
        with engine.connect() as connection:
            if request.param == "connection in use":
                connection.exec_driver_sql("SELECT 1")
            yield connection
    engine.dispose()


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM leads",
        "DELETE FROM leads RETURNING id",
        "INSERT INTO leads VALUES ('c', 3) RETURNING id",
        "UPDATE leads SET size = 0 RETURNING id",
        "CREATE TABLE other (x INTEGER)",
        "CREATE TABLE other AS SELECT * FROM leads",
        "DROP TABLE leads",
        "WITH gone AS (DELETE FROM leads RETURNING id) SELECT id FROM gone",
        "SELECT 1; COMMIT; DELETE FROM leads; SELECT 1",
    ],
)
def test_a_query_that_writes_is_refused(source, query):
    with pytest.raises(LeadError, match="the database refused the query"):
        read_source(source, query=query)


def test_a_query_that_reads_is_answered_whatever_way_it_came(source):
    found = read_source(source, query="SELECT id, size FROM leads WHERE id LIKE 'a%' OR size > 1 ORDER BY id")
    assert found.table.to_dict("list") == {"id": ["a%", "b"], "size": [1, 2]}
    assert found.notes == ()


def test_a_connection_is_given_back_as_it_was(database):
    engine = sqlalchemy.create_engine(database)
    with engine.connect() as connection:
        connection.exec_driver_sql("INSERT INTO leads VALUES ('c', 3)")
        assert len(read_source(connection, query="SELECT * FROM leads").table) == 3
        with pytest.raises(LeadError):
            read_source(connection, query="DELETE FROM leads")
        connection.exec_driver_sql("INSERT INTO leads VALUES ('d', 4)")
        assert connection.exec_driver_sql("SELECT count(*) FROM leads").scalar() == 4
        connection.rollback()
        assert read_source(engine, query="SELECT count(*) AS n FROM leads").table["n"].tolist() == [2]
    with engine.begin() as connection:  # from the pool, and it may write again
        connection.exec_driver_sql("UPDATE leads SET size = size")
    engine.dispose()


@pytest.mark.parametrize("query", ["ATTACH DATABASE '{}' AS x", "VACUUM INTO '{}'"])
def test_a_query_makes_no_file(tmp_path, query):
    with sqlite3.connect(tmp_path / "crm.db") as connection:
        connection.execute("CREATE TABLE leads (id)")
    connection.close()
    with pytest.raises(LeadError):
        read_source(f"sqlite:///{tmp_path / 'crm.db'}", query=query.format(tmp_path / "new.db"))
    with pytest.raises(LeadError, match="there is no database file"):
        read_source(f"sqlite:///{tmp_path / 'none.db'}", query="SELECT 1")
    assert [path.name for path in tmp_path.iterdir()] == ["crm.db"]


def test_a_file_that_may_only_be_read_is_read(tmp_path):
    path = tmp_path / "crm.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE leads (id)")
        connection.execute("INSERT INTO leads VALUES (1)")
    connection.close()
    path.chmod(0o400)
    assert len(read_source(f"sqlite:///{path}", query="SELECT id FROM leads").table) == 1


def test_another_kind_of_database_is_rolled_back_and_that_is_said(database, monkeypatch):
    engine = sqlalchemy.create_engine(database)
    monkeypatch.setattr(engine.dialect, "name", "other")
    found = read_source(engine, query="SELECT id FROM leads")
    assert found.notes == (
        "the query ran in a transaction that was rolled back, as this kind of database was not told to read only.",
    )
    with engine.connect() as connection:
        read_source(connection, query="INSERT INTO leads VALUES ('c', 3) RETURNING id")
    engine.dispose()


@pytest.mark.parametrize(
    "url",
    [
        "postgresql://me:secret@host:port/x",
        "postgresql://me:secret@[::1/x",
        "postgresql://me:secret\0@host/x",
        "sqlite:///secret.db?uri=secret",
        "nosuch://me:secret@host/x",
        "postgresql+psycopg://me:pass@secret@127.0.0.1:1/x",
    ],
)
def test_a_url_that_cannot_be_used_is_not_quoted(url):
    with pytest.raises(LeadError, match=r"the database (URL cannot be used|cannot be reached)") as told:
        read_source(url, query="SELECT 1")
    assert "secret" not in str(told.value)
