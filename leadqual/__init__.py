"""leadqual: lead qualification that marketing and sales can hold in their hands.

The names below are loaded when they are first used: ``leadqual.Scorer`` needs the standard library alone, everything
that learns needs ``leadqual[train]``.

Examples
--------
>>> import leadqual
>>> "Scorer" in leadqual.__all__
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from leadqual.bundle import Bundle, PointsTable, Policy
    from leadqual.errors import LeadqualError
    from leadqual.leads import Feature, Leads, Schema, label_outcomes, read_leads
    from leadqual.learners import points_from_rules
    from leadqual.scorecard import ScorecardClassifier
    from leadqual.scorer import Score, Scorer
    from leadqual.simulation import simulate
    from leadqual.thresholds import Capacity
    from leadqual.training import train

__all__ = [
    "Bundle",
    "Capacity",
    "Feature",
    "Leads",
    "LeadqualError",
    "PointsTable",
    "Policy",
    "Schema",
    "Score",
    "ScorecardClassifier",
    "Scorer",
    "label_outcomes",
    "points_from_rules",
    "read_leads",
    "simulate",
    "train",
]

_HOMES = {
    "Bundle": "leadqual.bundle",
    "Capacity": "leadqual.thresholds",
    "Feature": "leadqual.leads",
    "Leads": "leadqual.leads",
    "LeadqualError": "leadqual.errors",
    "PointsTable": "leadqual.bundle",
    "Policy": "leadqual.bundle",
    "Schema": "leadqual.leads",
    "Score": "leadqual.scorer",
    "ScorecardClassifier": "leadqual.scorecard",
    "Scorer": "leadqual.scorer",
    "label_outcomes": "leadqual.leads",
    "points_from_rules": "leadqual.learners",
    "read_leads": "leadqual.leads",
    "simulate": "leadqual.simulation",
    "train": "leadqual.training",
}


def __getattr__(name: str) -> Any:
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"leadqual has no {name!r}; it has {', '.join(__all__)}.")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
