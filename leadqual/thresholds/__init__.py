"""From what sales can work, what a win is worth or what is promised, to thresholds and a policy."""

from leadqual.thresholds.capacity import Capacity
from leadqual.thresholds.choose import By, PolicyChoice, PolicyOption, choose
from leadqual.thresholds.policy import policy_by_hand, policy_from_capacity, renewed_policy
from leadqual.thresholds.promise import Promise, certify_precision
from leadqual.thresholds.value import LeadValue, net_benefit, worthwhile_points
from leadqual.thresholds.volumes import cut_tie

__all__ = [
    "By",
    "Capacity",
    "LeadValue",
    "PolicyChoice",
    "PolicyOption",
    "Promise",
    "certify_precision",
    "choose",
    "cut_tie",
    "net_benefit",
    "policy_by_hand",
    "policy_from_capacity",
    "renewed_policy",
    "worthwhile_points",
]
