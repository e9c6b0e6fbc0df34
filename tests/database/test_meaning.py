import pytest
import sqlalchemy

from leadqual.agreement import ledger
from leadqual.database import meaning, unreadable, unwritten
from leadqual.errors import AgreementError, FeedbackError
from leadqual.feedback import store
from leadqual.feedback.store import UnwantedEventError


def with_state(state, said):
    cause = type("Cause", (Exception,), {"sqlstate": state})(said)
    return sqlalchemy.exc.OperationalError("INSERT", {}, cause)


@pytest.mark.parametrize(
    ("state", "said", "why"),
    [
        ("53100", "kein Platz", "disk is full, and nothing was added; make room"),
        ("55P03", "gesperrt", "locked by someone else"),
        ("XX001", "zerstört", "is damaged (OperationalError), and nothing was added; restore it"),
        ("57P01", "beendet", "does not take events"),
    ],
)
def test_a_server_is_understood_in_any_language(state, said, why):
    error = unwritten(with_state(state, said), store._KIND)
    assert why in str(error)
    assert said not in str(error)
    assert isinstance(error, FeedbackError)
    assert not isinstance(error, UnwantedEventError)


@pytest.mark.parametrize(
    ("said", "means"),
    [
        ("database is locked", "locked"),
        ("database or disk is full", "full"),
        ("file is not a database", "damaged"),
        ("database disk image is malformed", "damaged"),
        ("unable to open database file", "away"),
    ],
)
def test_sqlite_is_understood_by_what_it_says(said, means):
    assert meaning(sqlalchemy.exc.OperationalError("SELECT", {}, Exception(said))) == means


def test_an_entry_that_is_refused_for_what_it_says_is_told_apart():
    error = sqlalchemy.exc.DataError("INSERT", {}, Exception("secret"))
    assert isinstance(unwritten(error, store._KIND), UnwantedEventError)
    assert isinstance(unwritten(error, ledger._KIND), AgreementError)
    assert "secret" not in str(unwritten(error, store._KIND))


@pytest.mark.parametrize(
    ("state", "why"), [("53100", "no room to sort"), ("55P03", "locked"), ("XX002", "is damaged"), ("x", "be read")]
)
def test_what_cannot_be_read_says_why(state, why):
    assert why in str(unreadable(with_state(state, "secret"), ledger._KIND))
