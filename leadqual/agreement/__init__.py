"""The agreement: proposed edits and their price, and what both teams signed."""

from leadqual.agreement.agreement import Agreement, agreement_on, in_force, load_agreed, signed
from leadqual.agreement.amendment import amend
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
from leadqual.agreement.held_history import hold_later
from leadqual.agreement.keys import new_key
from leadqual.agreement.later_leads import LaterLeads, thinned
from leadqual.agreement.ledger import Entry, Fault, Ledger
from leadqual.agreement.override import override
from leadqual.agreement.price import MovedThreshold, Price, PricedMeasure, Regraded, price
from leadqual.agreement.proposal import Conflict, Proposal, compose
from leadqual.agreement.refit import refit
from leadqual.agreement.roles import READING_ROLES, REQUIRED_ROLES, read_role
from leadqual.agreement.similar_leads import SimilarLeads, similar_leads
from leadqual.agreement.weights import BandWeight, FieldWeight, Weights, explain_weights

__all__ = [
    "Agreement",
    "BandWeight",
    "BringBack",
    "CapBand",
    "Conflict",
    "Edit",
    "Entry",
    "Fault",
    "FieldWeight",
    "ForceDirection",
    "LaterLeads",
    "LeaveOut",
    "Ledger",
    "MergeBands",
    "MoveThreshold",
    "MovedThreshold",
    "PinBand",
    "Price",
    "PricedMeasure",
    "Proposal",
    "READING_ROLES",
    "REQUIRED_ROLES",
    "Regraded",
    "SetCapacity",
    "SimilarLeads",
    "SplitBand",
    "Weights",
    "agreement_on",
    "amend",
    "compose",
    "explain_weights",
    "hold_later",
    "in_force",
    "load_agreed",
    "new_key",
    "override",
    "price",
    "read_role",
    "refit",
    "signed",
    "similar_leads",
    "thinned",
]
