"""Small histories to audit: a planted signal, and whatever a test adds to it."""

from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
import pytest

from leadqual.audit.audited_leads import AuditedLeads, audited_leads
from leadqual.leads import Feature, Leads, Schema, label_outcomes, read_leads

SIZE = 2000


def history(
    fields: Mapping[str, object],
    *,
    won: np.ndarray,
    state: np.ndarray | None = None,
    dated: bool = True,
    days: int | np.ndarray = 30,
) -> Leads:
    """Return leads created one after the other over four years, closed after ``days`` (an array too)."""
    size = len(won)
    created = pd.Timestamp("2020-01-01") + pd.to_timedelta(np.linspace(0, 1460, size), unit="D")
    outcome = np.where(won == 1, "won", "lost") if state is None else state
    table = pd.DataFrame({"created": created, "outcome": outcome, **fields})
    table["closed"] = pd.Series(created + pd.to_timedelta(days, unit="D")).where(table["outcome"] != "open")
    kinds = {name: "numeric" if pd.api.types.is_numeric_dtype(table[name].dtype) else "category" for name in fields}
    schema = Schema(
        tuple(Feature(name, kind) for name, kind in kinds.items()),
        outcome="outcome",
        won=("won",),
        lost=("lost",),
        open=("open",),
        created_at="created" if dated else None,
        closed_at="closed" if dated else None,
    )
    return read_leads(table, schema)


@pytest.fixture
def made() -> Callable[..., Leads]:
    """Return what makes leads of fields and outcomes."""
    return history


@pytest.fixture
def audited() -> Callable[..., AuditedLeads]:
    """Return what makes audited leads of fields and outcomes."""

    def make(fields, **rest):
        leads = history(fields, **rest)
        return audited_leads(leads, label_outcomes(leads))

    return make


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(0)


@pytest.fixture
def won(rng) -> np.ndarray:
    return (rng.random(SIZE) < 0.3).astype(int)
