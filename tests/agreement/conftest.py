"""One simulated company whose points are talked over."""

from dataclasses import dataclass

import pytest

from leadqual.agreement import LaterLeads, hold_later
from leadqual.bundle import Bundle
from leadqual.leads import Leads, Outcomes, label_outcomes, read_leads
from leadqual.simulation import SampleSettings, simulate
from leadqual.training import train


@dataclass(frozen=True)
class Company:
    """A bundle, what it was learned from, and the later leads it is judged on."""

    bundle: Bundle
    leads: Leads
    outcomes: Outcomes
    held: LaterLeads


@pytest.fixture(scope="session")
def company() -> Company:
    """Return a company of 3,000 leads, trained once."""
    sample = simulate(SampleSettings(leads=3000), seed=1)
    leads = read_leads(sample.table, sample.schema)
    bundle = train(leads, name="demo").bundle
    outcomes = label_outcomes(leads)
    return Company(bundle, leads, outcomes, hold_later(bundle, leads, outcomes))
