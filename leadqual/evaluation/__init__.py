"""How well scores hold up: figures, reliability, walking forward, and what is caught by working the best leads first.

The plots are in `leadqual.evaluation.plots`, which alone needs matplotlib.
"""

from leadqual.evaluation.backtest import Backtest, backtest
from leadqual.evaluation.change import change_fact
from leadqual.evaluation.comparison import Comparison, Difference, compare
from leadqual.evaluation.contestants import Prediction, contestants
from leadqual.evaluation.corp import BrierParts, brier_parts
from leadqual.evaluation.distribution import OutcomeDistribution, outcome_distribution
from leadqual.evaluation.gains import Gains, gains
from leadqual.evaluation.history import CalibratedCard, History, probabilities
from leadqual.evaluation.performance import base_rate_performance, performance
from leadqual.evaluation.reliability import calibration_error, reliability
from leadqual.evaluation.resampling import Resamples, resamples, time_blocks
from leadqual.evaluation.segments import Segment, segments
from leadqual.evaluation.signal import LatestSignal, Signal, latest_signal, signal
from leadqual.evaluation.walk_forward import Period, Walk, walk_forward
from leadqual.measures import (
    PERFORMANCE_MEASURES,
    MeasureDefinition,
    auc,
    average_precision,
    brier,
    log_loss,
    predicted_over_actual,
)

__all__ = [
    "PERFORMANCE_MEASURES",
    "MeasureDefinition",
    "auc",
    "average_precision",
    "brier",
    "log_loss",
    "predicted_over_actual",
    "Backtest",
    "BrierParts",
    "CalibratedCard",
    "Comparison",
    "Difference",
    "Gains",
    "History",
    "LatestSignal",
    "OutcomeDistribution",
    "Period",
    "Prediction",
    "Resamples",
    "Segment",
    "Signal",
    "Walk",
    "backtest",
    "base_rate_performance",
    "brier_parts",
    "calibration_error",
    "change_fact",
    "compare",
    "contestants",
    "gains",
    "latest_signal",
    "outcome_distribution",
    "performance",
    "probabilities",
    "reliability",
    "resamples",
    "segments",
    "signal",
    "time_blocks",
    "walk_forward",
]
