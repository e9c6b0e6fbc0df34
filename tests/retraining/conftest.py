"""A champion, and worlds in which the leads it scored win as often as it says, or not."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from leadqual.bundle import Bundle
from leadqual.feedback import Event, FeedbackStore, scored_table
from leadqual.leads import read_leads
from leadqual.simulation import SampleSettings, simulate
from leadqual.training import train


@dataclass(frozen=True)
class World:
    """A champion and the events of the leads it scored."""

    champion: Bundle
    events: list[Event]

    def store(self, path) -> FeedbackStore:
        store = FeedbackStore(path)
        store.append(self.events, known_at="2026-01-01")
        return store


@pytest.fixture(scope="session")
def sample():
    return simulate(SampleSettings(leads=4000), seed=1)


@pytest.fixture(scope="session")
def training(sample):
    return train(read_leads(sample.table, sample.schema), name="demo")


@pytest.fixture(scope="session")
def champion(training):
    return training.bundle


@pytest.fixture(scope="session")
def world(champion, sample):
    """Return a function that makes a year of scored leads, each won by the chance that a function gives it."""

    def make(chance=lambda z, _codes: z, *, seed=0, leads=4000, picked="random"):
        rng = np.random.default_rng(seed)
        table = sample.table.head(leads)
        times = pd.Timestamp("2026-01-01") + pd.to_timedelta(np.sort(rng.uniform(0, 360, len(table))), unit="D")
        events = scored_table(
            champion, table, id_field=sample.schema.id, at=[t.isoformat() for t in times],
            picked=[picked] * len(table), propensity=[0.1] * len(table),
        )  # fmt: skip
        p = np.array([event.content["probability"] for event in events])
        codes = np.array([[-1 if c is None else c for c in event.content["codes"]] for event in events])
        z = chance(np.log(p / (1 - p)), codes)
        won = rng.random(len(p)) < 1 / (1 + np.exp(-z))
        ends = [
            Event("won", event.lead, (time + pd.Timedelta(days=20)).isoformat())
            for event, time, has in zip(events, times, won, strict=True)
            if has
        ]
        work = [
            Event("worked", event.lead, (time + pd.Timedelta(hours=5)).isoformat())
            for event, time in zip(events, times, strict=True)
        ]
        timed = [Event(e.kind, e.lead, e.at, e.content, known_at=e.at) for e in (*events, *work, *ends)]
        return World(champion, timed)

    return make
