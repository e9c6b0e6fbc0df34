"""How well scores hold up: figures, reliability, and what is caught by working the best leads first.

The plots are in `leadqual.evaluation.plots`, which alone needs matplotlib.
"""

from leadqual.evaluation.distribution import OutcomeDistribution, outcome_distribution
from leadqual.evaluation.gains import Gains, gains
from leadqual.evaluation.history import History, probabilities
from leadqual.evaluation.performance import base_rate_performance, performance
from leadqual.evaluation.reliability import calibration_error, reliability

__all__ = [
    "Gains",
    "History",
    "OutcomeDistribution",
    "base_rate_performance",
    "calibration_error",
    "gains",
    "outcome_distribution",
    "performance",
    "probabilities",
    "reliability",
]
