"""From whole points to a calibrated probability of winning, its interval, and a score from 0 to 100."""

from leadqual.calibration.account_effect import account_correlation, account_effect
from leadqual.calibration.curve import fit_curve
from leadqual.calibration.follow_up import FollowUp, read_follow_up
from leadqual.calibration.following import MEMORIES, Following, follow_recent
from leadqual.calibration.recalibration import recalibrate
from leadqual.calibration.scale import fit_scale

__all__ = [
    "MEMORIES",
    "FollowUp",
    "Following",
    "account_correlation",
    "account_effect",
    "fit_curve",
    "fit_scale",
    "follow_recent",
    "read_follow_up",
    "recalibrate",
]
