"""LQ401: too few wins."""

from __future__ import annotations

from leadqual.audit.audited_leads import AuditedLeads
from leadqual.audit.finding import Finding, NotApplicable, Severity

__all__ = ["wins"]

CODE, CHECK = "LQ401", "too few wins"
# Below 150 no promise about precision can be certified in most histories; below 30 hardly any order is better than
# chance would give.
_ENOUGH, _FEWEST = 150, 30
_REMEDY = "Wait for more outcomes, take in a longer history, or start from today's rule with --prior."


def wins(leads: AuditedLeads) -> tuple[list[Finding], NotApplicable | None]:
    """Find histories with fewer than 150 wins, or fewer than 150 other outcomes."""
    label = leads.label[leads.mature]
    won, lost = int(label.sum()), int((1 - label).sum())
    least = min(won, lost)
    if least >= _ENOUGH:
        return [], None
    severity: Severity = "likely" if least < _FEWEST else "suspect"
    said = (
        f"There are {won} wins and {lost} other outcomes; with fewer than {_ENOUGH} of both, probabilities are rough "
        "and a promised precision can hardly be certified."
    )
    return [Finding(CODE, CHECK, "evidence", severity, None, said, _REMEDY, {"won": won, "lost": lost})], None
