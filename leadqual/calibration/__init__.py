"""From whole points to a calibrated probability of winning, its interval, and a score from 0 to 100."""

from leadqual.calibration.curve import fit_curve
from leadqual.calibration.recalibration import recalibrate
from leadqual.calibration.scale import fit_scale

__all__ = ["fit_curve", "fit_scale", "recalibrate"]
