"""A bundle trained all the way on planted leads: what is timed is what is deployed."""

from __future__ import annotations

from benchmarks.planted import Planted, planted_leads
from leadqual.bundle import Bundle
from leadqual.leads import Feature, Leads, Schema, read_leads
from leadqual.training import train

__all__ = ["planted_bundle", "planted_history"]


def planted_history(leads: Planted) -> Leads:
    """Return the leads as a history with outcomes, in the order they are in."""
    table = leads.table
    numbers = set(table.select_dtypes("number").columns)
    features = tuple(
        Feature(name, "numeric" if name in numbers else "boolean" if table[name].dtype == bool else "category")
        for name in table.columns
    )
    schema = Schema(features, outcome="won", won=("1",), lost=("0",), order="order")
    return read_leads(table.assign(won=leads.won.astype(str), order=range(len(table))), schema)


def planted_bundle(rows: int) -> Bundle:
    """Return the bundle learned from ``rows`` planted leads."""
    return train(planted_history(planted_leads(rows)), name="planted").bundle
