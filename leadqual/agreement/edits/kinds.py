"""The registry: every kind of change, by the name it has in a proposal's file."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from leadqual.agreement.edits.bring_back import BringBack
from leadqual.agreement.edits.cap_band import CapBand
from leadqual.agreement.edits.change import Change
from leadqual.agreement.edits.force_direction import ForceDirection
from leadqual.agreement.edits.leave_out import LeaveOut
from leadqual.agreement.edits.merge_bands import MergeBands
from leadqual.agreement.edits.move_threshold import MoveThreshold
from leadqual.agreement.edits.pin_band import PinBand
from leadqual.agreement.edits.set_capacity import SetCapacity
from leadqual.agreement.edits.split_band import SplitBand

__all__ = ["KINDS"]

_ALL: tuple[type[Change], ...] = (
    *(PinBand, CapBand, ForceDirection, LeaveOut, BringBack, MergeBands, SplitBand, MoveThreshold, SetCapacity),
)
KINDS: Mapping[str, type[Change]] = MappingProxyType({kind.kind: kind for kind in _ALL})
"""The kinds of change, by name; a new kind is added here and nowhere else."""
