"""What is deployed: frozen types that are only data, and the JSON file they live in. Standard library only."""

from leadqual.bundle.bundle import Bundle
from leadqual.bundle.evidence import Evidence, Measure, Performance, ReliabilityBin
from leadqual.bundle.field_points import Band, Choice, FieldPoints
from leadqual.bundle.points_table import PointsTable
from leadqual.bundle.policy import Grade, Policy
from leadqual.bundle.probability_curve import ProbabilityCurve
from leadqual.bundle.provenance import AppliedEdits, Provenance
from leadqual.bundle.score_scale import ScoreScale
from leadqual.bundle.sign_off import SignOff

__all__ = [
    "AppliedEdits",
    "Band",
    "Bundle",
    "Choice",
    "Evidence",
    "FieldPoints",
    "Grade",
    "Measure",
    "Performance",
    "PointsTable",
    "Policy",
    "ProbabilityCurve",
    "Provenance",
    "ReliabilityBin",
    "ScoreScale",
    "SignOff",
]
