"""leadqual: lead qualification with a points table that marketing and sales agree on.

The names below are loaded when they are first used: ``leadqual.Scorer`` needs the standard library alone, everything
that learns needs ``leadqual[train]``. They are what a notebook needs to read leads, train and score; the agreement,
feedback, monitoring and retraining are in the subpackages of these names. ``leadqual.__version__`` is the version that
is installed.

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
    from leadqual.audit import audit_leads
    from leadqual.bundle import Bundle, PointsTable, Policy
    from leadqual.errors import LeadqualError
    from leadqual.evaluation import backtest
    from leadqual.inference import InferredSchema, infer_schema
    from leadqual.leads import Feature, Leads, Schema, label_outcomes, read_leads, read_table
    from leadqual.learners import points_from_rules
    from leadqual.reports.bundle_html import bundle_html, points_table_html
    from leadqual.reports.language import sentences
    from leadqual.scorecard import Cap, Direction, Exclude, Pin, ScorecardClassifier, lead_points, read_constraints
    from leadqual.scorer import Score, Scorer
    from leadqual.simulation import SampleSettings, simulate
    from leadqual.thresholds import Capacity, LeadValue, Promise
    from leadqual.training import Training, train

    __version__: str

__all__ = [
    "Bundle",
    "Cap",
    "Capacity",
    "Direction",
    "Exclude",
    "Feature",
    "InferredSchema",
    "LeadValue",
    "LeadqualError",
    "Leads",
    "Pin",
    "PointsTable",
    "Policy",
    "Promise",
    "SampleSettings",
    "Schema",
    "Score",
    "ScorecardClassifier",
    "Scorer",
    "Training",
    "audit_leads",
    "backtest",
    "bundle_html",
    "infer_schema",
    "label_outcomes",
    "lead_points",
    "points_from_rules",
    "points_table_html",
    "read_constraints",
    "read_leads",
    "read_table",
    "sentences",
    "simulate",
    "train",
]

_HOMES = {
    "Bundle": "leadqual.bundle",
    "Cap": "leadqual.scorecard",
    "Capacity": "leadqual.thresholds",
    "Direction": "leadqual.scorecard",
    "Exclude": "leadqual.scorecard",
    "Feature": "leadqual.leads",
    "InferredSchema": "leadqual.inference",
    "LeadValue": "leadqual.thresholds",
    "LeadqualError": "leadqual.errors",
    "Leads": "leadqual.leads",
    "Pin": "leadqual.scorecard",
    "PointsTable": "leadqual.bundle",
    "Policy": "leadqual.bundle",
    "Promise": "leadqual.thresholds",
    "SampleSettings": "leadqual.simulation",
    "Schema": "leadqual.leads",
    "Score": "leadqual.scorer",
    "ScorecardClassifier": "leadqual.scorecard",
    "Scorer": "leadqual.scorer",
    "Training": "leadqual.training",
    "audit_leads": "leadqual.audit",
    "backtest": "leadqual.evaluation",
    "bundle_html": "leadqual.reports.bundle_html",
    "infer_schema": "leadqual.inference",
    "label_outcomes": "leadqual.leads",
    "lead_points": "leadqual.scorecard",
    "points_from_rules": "leadqual.learners",
    "points_table_html": "leadqual.reports.bundle_html",
    "read_constraints": "leadqual.scorecard",
    "read_leads": "leadqual.leads",
    "read_table": "leadqual.leads",
    "sentences": "leadqual.reports.language",
    "simulate": "leadqual.simulation",
    "train": "leadqual.training",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import PackageNotFoundError, version

        try:
            return version("leadqual")
        except PackageNotFoundError:  # read from a folder in which it was never installed
            return "0+unknown"
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"leadqual has no {name!r}; it has {', '.join(__all__)}.")
    return getattr(import_module(home), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__, "__version__"})
