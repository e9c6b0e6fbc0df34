"""From what sales can work to a policy: grades, MQL and SQL thresholds, follow-up hours."""

from leadqual.thresholds.capacity import Capacity
from leadqual.thresholds.policy import policy_by_hand, policy_from_capacity

__all__ = ["Capacity", "policy_by_hand", "policy_from_capacity"]
