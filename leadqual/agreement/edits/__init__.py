"""Edits: what may be proposed about points and policy; each kind of change is one file and knows all about itself."""

from leadqual.agreement.edits.bring_back import BringBack
from leadqual.agreement.edits.cap_band import CapBand
from leadqual.agreement.edits.change import Change, disagreement
from leadqual.agreement.edits.edit import Edit
from leadqual.agreement.edits.force_direction import ForceDirection
from leadqual.agreement.edits.kinds import KINDS
from leadqual.agreement.edits.leave_out import LeaveOut
from leadqual.agreement.edits.merge_bands import MergeBands
from leadqual.agreement.edits.move_threshold import MoveThreshold, Threshold
from leadqual.agreement.edits.pin_band import PinBand
from leadqual.agreement.edits.set_capacity import SetCapacity
from leadqual.agreement.edits.split_band import SplitBand

__all__ = [
    "KINDS",
    "BringBack",
    "CapBand",
    "Change",
    "Edit",
    "ForceDirection",
    "LeaveOut",
    "MergeBands",
    "MoveThreshold",
    "PinBand",
    "SetCapacity",
    "SplitBand",
    "Threshold",
    "disagreement",
]
