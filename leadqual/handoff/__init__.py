"""The hand-off: who sells, when they work, which lead is whose, and by when it must be followed up."""

from __future__ import annotations

from leadqual.handoff.assign import Assigned, Assignment, Candidate, Held, SellerLoad, Unassigned, assign
from leadqual.handoff.lead_fields import fields_by_lead
from leadqual.handoff.queue import QueuedLead, queue
from leadqual.handoff.run import HandOver, hand_over
from leadqual.handoff.state import Episode, assigned_event, episodes, escalated_event, returned_event
from leadqual.handoff.team import Escalation, Rule, Seller, Team
from leadqual.handoff.team_toml import example_team, parse_team, read_team
from leadqual.handoff.working_hours import WorkingHours
from leadqual.handoff.working_time import WorkingTime

__all__ = [
    "Assigned",
    "Assignment",
    "Candidate",
    "Episode",
    "Escalation",
    "HandOver",
    "Held",
    "QueuedLead",
    "Rule",
    "Seller",
    "SellerLoad",
    "Team",
    "Unassigned",
    "WorkingHours",
    "WorkingTime",
    "assign",
    "assigned_event",
    "episodes",
    "escalated_event",
    "example_team",
    "fields_by_lead",
    "hand_over",
    "parse_team",
    "queue",
    "read_team",
    "returned_event",
]
