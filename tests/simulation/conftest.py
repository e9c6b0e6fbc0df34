"""The sample of the simulation's tests."""

import pytest

from leadqual.simulation.sample import Sample, simulate


@pytest.fixture(scope="session")
def sample() -> Sample:
    return simulate(seed=0)
