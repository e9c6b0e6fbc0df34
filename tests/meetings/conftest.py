"""A deployed bundle, and a ledger that is written by hand."""

import pytest

from leadqual.bundle import Bundle
from tests.meetings.written_ledger import BUNDLE, Book


@pytest.fixture(scope="session")
def bundle() -> Bundle:
    """Return the bundle of `written_ledger`."""
    return BUNDLE


@pytest.fixture
def book(bundle: Bundle) -> Book:
    """Return an empty ledger."""
    return Book(bundle)
