"""LQ401: too few wins."""

from __future__ import annotations

from leadqual.audit.audited_leads import AuditedLeads
from leadqual.audit.finding import Finding, NotApplicable, Severity
from leadqual.fact import fact

__all__ = ["wins"]

CODE = "LQ401"
# Below 150 no promise about precision can be certified in most histories; below 30 hardly any order is better than
# chance would give.
_ENOUGH_WINS, _MIN_WINS = 150, 30


def wins(leads: AuditedLeads) -> tuple[list[Finding], NotApplicable | None]:
    """Find histories with fewer than 150 wins, or fewer than 150 other outcomes."""
    label = leads.label[leads.mature]
    won, lost = int(label.sum()), int((1 - label).sum())
    least = min(won, lost)
    if least >= _ENOUGH_WINS:
        return [], None
    severity: Severity = "likely" if least < _MIN_WINS else "suspect"
    found = fact("audit_too_few_wins", wins=won, others=lost, needed=_ENOUGH_WINS)
    return [
        Finding(CODE, "evidence", severity, None, found, fact("audit_wait_or_prior"), {"won": won, "lost": lost})
    ], None
