"""The agreement: proposed edits and their price, and what both teams signed."""

from leadqual.agreement.edits import (
    BringBack,
    CapBand,
    Edit,
    ForceDirection,
    LeaveOut,
    MergeBands,
    MoveThreshold,
    PinBand,
    SetCapacity,
    SplitBand,
)
from leadqual.agreement.later_leads import LaterLeads, hold_later
from leadqual.agreement.override import overridden
from leadqual.agreement.price import Price, PricedMeasure, Regraded, price
from leadqual.agreement.proposal import Conflict, Proposal, compose
from leadqual.agreement.refit import refitted

__all__ = [
    "BringBack",
    "CapBand",
    "Conflict",
    "Edit",
    "ForceDirection",
    "LaterLeads",
    "LeaveOut",
    "MergeBands",
    "MoveThreshold",
    "PinBand",
    "Price",
    "PricedMeasure",
    "Proposal",
    "Regraded",
    "SetCapacity",
    "SplitBand",
    "compose",
    "hold_later",
    "overridden",
    "price",
    "refitted",
]
