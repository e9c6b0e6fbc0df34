"""Small histories with dates and without, for tests of their labels."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from leadqual.leads.outcomes import Outcomes
from leadqual.leads.reading import Leads
from leadqual.leads.schema import Schema

DAY_ONE = date(2026, 1, 1)
STATES = {"won": "Won", "lost": "Lost", "open": "New"}


def schema(**roles: str | None) -> Schema:
    return Schema((), outcome="stage", won=("Won",), lost=("Lost",), open=("New",), **roles)


DATED = schema(created_at="created", closed_at="closed")


def day(offset: float | None) -> pd.Timestamp | None:
    return pd.NaT if offset is None else pd.Timestamp(DAY_ONE) + pd.Timedelta(hours=round(24 * offset))


def dated(*rows: tuple[str, float | None, float | None], roles: Schema = DATED) -> Leads:
    """Build leads from (won, lost or open; day of creation; day of closing)."""
    table = pd.DataFrame(
        {
            "stage": [STATES[state] for state, _, _ in rows],
            "created": pd.Series([day(created) for _, created, _ in rows], dtype="datetime64[us]"),
            "closed": pd.Series([day(closed) for _, _, closed in rows], dtype="datetime64[us]"),
        }
    )
    return Leads(table, roles, ())


def undated(stages: list[object], roles: Schema, **columns: list[object]) -> Leads:
    return Leads(pd.DataFrame({"stage": stages, **columns}), roles, ())


def on(offset: int) -> date:
    return DAY_ONE + timedelta(days=offset)


def said(outcomes: Outcomes, words: str) -> bool:
    return any(words in warning for warning in outcomes.warnings)
