"""The ledger of agreements on a real PostgreSQL."""

import subprocess
import sys

import pytest
import sqlalchemy

from leadqual.agreement import Ledger

WRITES = """
import sys
from leadqual.agreement import Ledger
ledger = Ledger(sys.argv[1])
for number in range(10):
    ledger.record("comment", {"text": f"{sys.argv[2]} {number}"}, recorded_at="2026-05-01T09:00:00Z")
"""


def test_four_processes_make_one_chain(postgresql_url):
    writers = [subprocess.Popen([sys.executable, "-c", WRITES, postgresql_url, str(k)]) for k in range(4)]
    assert [writer.wait(600) for writer in writers] == [0] * 4
    ledger = Ledger(postgresql_url)
    said = [entry.content["text"] for entry in ledger.entries()]
    assert sorted(said) == sorted(f"{k} {number}" for k in range(4) for number in range(10))
    assert ledger.verify(head=ledger.head) == ()
    ledger.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE leadqual_agreement_entry SET content = '{}'",
        "DELETE FROM leadqual_agreement_entry",
        "TRUNCATE leadqual_agreement_entry",
    ],
)
def test_the_database_itself_refuses_changes(postgresql_url, statement):
    ledger = Ledger(postgresql_url)
    ledger.record("comment", {"text": "x"}, recorded_at="2026-05-01T09:00:00Z")
    engine = sqlalchemy.create_engine(postgresql_url)
    with pytest.raises(sqlalchemy.exc.DBAPIError, match="append-only"), engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
    assert ledger.verify() == ()
    ledger.close()
