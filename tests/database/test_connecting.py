import sqlalchemy

from leadqual.database.connecting import connection_arguments
from leadqual.feedback import FeedbackStore


def test_no_connection_to_a_server_waits_for_ever(postgresql_url):
    with FeedbackStore(postgresql_url) as store, store._engine.connect() as connection:
        set_to = [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in ("lock_timeout", "statement_timeout")]
        given = connection.connection.driver_connection.info.get_parameters()
    assert set_to == ["10s", "10min"]
    assert {name: given[name] for name in ("connect_timeout", "keepalives", "keepalives_idle", "tcp_user_timeout")} == {
        "connect_timeout": "10",
        "keepalives": "1",
        "keepalives_idle": "30",
        "tcp_user_timeout": "60000",
    }


def test_what_a_url_says_itself_holds():
    url = sqlalchemy.make_url("postgresql+psycopg://me@host/x?connect_timeout=3&keepalives=0")
    assert {"connect_timeout", "keepalives"} & set(connection_arguments(url)) == set()
    assert connection_arguments(url)["keepalives_count"] == 3


def test_other_drivers_are_not_told_what_they_do_not_know():
    assert connection_arguments(sqlalchemy.make_url("postgresql+pg8000://me@host/x")) == {}


def test_who_waited_for_another_sees_what_that_one_did_whatever_the_servers_default_is(postgresql_url):
    """Else a transaction that waited to make the tables would not see that they were made meanwhile."""
    server = sqlalchemy.create_engine(postgresql_url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        name = connection.engine.url.database
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET default_transaction_isolation = 'repeatable read'")
    server.dispose()
    with FeedbackStore(postgresql_url) as store, store._engine.connect() as connection:
        assert connection.exec_driver_sql("SHOW transaction_isolation").scalar() == "read committed"
