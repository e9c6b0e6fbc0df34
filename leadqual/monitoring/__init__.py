"""Monitoring: whether leads, win rates, probabilities and ranking are still those a bundle was trained on."""

from leadqual.monitoring.calibration_decay import base_rate_shift, calibration_decay, watch_calibration
from leadqual.monitoring.cohort import Cohort, matured_leads
from leadqual.monitoring.detector import Detection, detect, threshold
from leadqual.monitoring.expected import expected_performance
from leadqual.monitoring.finding import MonitoringFinding
from leadqual.monitoring.freshness import Silence, follow_up_freshness, outcome_freshness, silence
from leadqual.monitoring.growth import growth
from leadqual.monitoring.input_drift import BandShift, band_shift, input_drift, new_values, psi
from leadqual.monitoring.monitor import MonitoringReport, monitor
from leadqual.monitoring.promise_doubt import promise_doubt
from leadqual.monitoring.promised_ranking import promised_ranking
from leadqual.monitoring.ranking_decay import held_ranking, ranking_decay, ranking_margin, watch_ranking
from leadqual.monitoring.volume import volume

__all__ = [
    "BandShift",
    "Cohort",
    "Detection",
    "MonitoringFinding",
    "MonitoringReport",
    "Silence",
    "band_shift",
    "base_rate_shift",
    "calibration_decay",
    "detect",
    "expected_performance",
    "follow_up_freshness",
    "growth",
    "held_ranking",
    "input_drift",
    "matured_leads",
    "monitor",
    "new_values",
    "outcome_freshness",
    "promise_doubt",
    "promised_ranking",
    "psi",
    "ranking_decay",
    "ranking_margin",
    "silence",
    "threshold",
    "volume",
    "watch_calibration",
    "watch_ranking",
]
