"""The scorecard: an additive logistic model in few bands and whole points, under the teams' constraints."""

from leadqual.scorecard.classifier import ScorecardClassifier
from leadqual.scorecard.constraints import Cap, Constraint, Direction, Exclude, Pin, read_constraints
from leadqual.scorecard.fixed_bands import refit_points
from leadqual.scorecard.forward import Choice, Trial, WalkForward, recency
from leadqual.scorecard.points import Strength
from leadqual.scorecard.total import lead_points

__all__ = [
    "Cap",
    "Choice",
    "Constraint",
    "Direction",
    "Exclude",
    "Pin",
    "ScorecardClassifier",
    "Strength",
    "Trial",
    "WalkForward",
    "lead_points",
    "read_constraints",
    "recency",
    "refit_points",
]
