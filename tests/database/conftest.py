"""A ledger of each kind, and an empty database of each kind to keep it in."""

import pytest

from leadqual.agreement import Ledger
from leadqual.errors import AgreementError, FeedbackError
from leadqual.feedback import FeedbackStore


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """Return the URL of a database of each kind, in which there is nothing yet."""
    return str(tmp_path / "ledger.db") if request.param == "sqlite" else request.getfixturevalue("postgresql_url")


@pytest.fixture(params=[(FeedbackStore, FeedbackError), (Ledger, AgreementError)], ids=["feedback", "agreement"])
def opening(request):
    """Return what opens a ledger, and the error it raises."""
    return request.param
