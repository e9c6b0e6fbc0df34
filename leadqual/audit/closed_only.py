"""LQ104: values that exist only among closed leads."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadqual.audit.audited_leads import AuditedLeads
from leadqual.audit.finding import Finding, NotApplicable, Severity
from leadqual.audit.odds_ratio import odds_ratio
from leadqual.fact import fact

__all__ = ["closed_only"]

CODE = "LQ104"
_MIN_OPEN = 30
# The odds of being filled in, closed against open leads of the same time. Twofold is what a form that differs by who
# works a lead may do; at fivefold most open leads lack what most closed ones have.
_RATIO, _SUSPECT_RATIO = 5.0, 2.0
_EXPECTED, _COVERED = 12.0, 0.2  # open leads expected to hold a value that none does; share of closed leads it covers


def closed_only(leads: AuditedLeads) -> tuple[list[Finding], NotApplicable | None]:
    """Find fields, or values of them, that closed leads have and open leads of the same time do not.

    A field is likely to leak when closed leads have at least five times the odds of being filled in, or when values
    that no open lead has, though twelve or more should by chance, cover a fifth of the closed leads; it is suspect
    when they cover less, or the odds are at least twice as high.
    """
    closed = ~leads.open
    if min(leads.open.sum(), closed.sum()) < _MIN_OPEN:
        return [], NotApplicable(
            CODE,
            fact("audit_too_few_open", open=int(leads.open.sum()), closed=int(closed.sum())),
            fact("audit_export_open", needed=_MIN_OPEN),
        )
    both = _periods_of_both(leads)
    findings = []
    for feature in leads.features:
        known = leads.known(feature.name)
        filled = odds_ratio(known[both], closed[both], leads.period[both], leads.z())
        covered, values = _covered(leads, feature.name) if feature.kind != "numeric" else (0.0, 0)
        severity: Severity | None = None
        if filled.low >= _RATIO or (filled.low >= _SUSPECT_RATIO and not values):
            severity = "likely" if filled.low >= _RATIO else "suspect"
            found = fact(
                "audit_filled_when_closed",
                closed=round(float(known[closed].mean()), 2),
                open=round(float(known[leads.open].mean()), 2),
                ratio=round(float(filled.low), 1),
            )
        elif values:
            severity = "likely" if covered >= _COVERED else "suspect"
            found = fact("audit_values_of_closed", values=values, share=round(covered, 2))
        if severity is not None:
            figures = {"odds_ratio": filled.value, "odds_ratio_at_least": filled.low, "covered": covered}
            findings.append(
                Finding(CODE, "leak", severity, feature.name, found, fact("audit_filled_in_at_closing"), figures)
            )
    return findings, None


def _periods_of_both(leads: AuditedLeads) -> np.ndarray:
    """Return the leads of periods that have open and closed ones."""
    shares = np.bincount(leads.period, leads.open) / np.maximum(np.bincount(leads.period), 1)
    return np.asarray(((shares > 0) & (shares < 1))[leads.period])


def _covered(leads: AuditedLeads, name: str) -> tuple[float, int]:
    """Return the share of closed leads covered by values that no open lead has, and how many such values there are."""
    codes, distinct = pd.factorize(leads.values[name], use_na_sentinel=True)
    held = codes >= 0
    if len(distinct) == 0:
        return 0.0, 0
    open_share = np.bincount(leads.period, leads.open) / np.maximum(np.bincount(leads.period), 1)
    # what to expect if a value's leads were open as often as all leads of their time
    expected = np.bincount(codes[held], open_share[leads.period[held]], len(distinct))
    found = np.bincount(codes[held], leads.open[held], len(distinct))
    only = (found == 0) & (expected >= _EXPECTED)
    closed_with = np.bincount(codes[held], ~leads.open[held], len(distinct))
    return float(closed_with[only].sum() / max((~leads.open).sum(), 1)), int(only.sum())
