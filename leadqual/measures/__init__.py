"""Measures: each figure that says how good scores are, once: its formula, and its name, direction, unit and format."""

from leadqual.measures.definition import PERFORMANCE_MEASURES, PRICED_MEASURES, MeasureDefinition
from leadqual.measures.losses import (
    brier,
    log_loss,
    log_losses,
    log_odds_losses,
    mean_gain,
    predicted_over_actual,
    squared_errors,
)
from leadqual.measures.ranking import RankSteps, auc, average_precision, pairs_above

__all__ = [
    "PERFORMANCE_MEASURES",
    "PRICED_MEASURES",
    "MeasureDefinition",
    "RankSteps",
    "auc",
    "average_precision",
    "brier",
    "log_loss",
    "log_losses",
    "log_odds_losses",
    "mean_gain",
    "pairs_above",
    "predicted_over_actual",
    "squared_errors",
]
