"""A bundle, leads it scored, and a store on each kind of database."""

import pytest

from leadqual.feedback import FeedbackStore
from leadqual.leads import read_leads
from leadqual.simulation import SampleSettings, simulate
from leadqual.training import train


@pytest.fixture(scope="session")
def sample():
    return simulate(SampleSettings(leads=1500), seed=1)


@pytest.fixture(scope="session")
def bundle(sample):
    return train(read_leads(sample.table, sample.schema), name="demo").bundle


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request, tmp_path):
    """Return the URL of an empty database of each kind."""
    return str(tmp_path / "f.db") if request.param == "sqlite" else request.getfixturevalue("postgresql_url")


@pytest.fixture
def store(url):
    with FeedbackStore(url) as opened:
        yield opened
