"""LQ302: fields that are the same for every lead."""

from __future__ import annotations

import pandas as pd

from leadqual.audit.audited_leads import AuditedLeads
from leadqual.audit.finding import Finding, NotApplicable
from leadqual.fact import fact

__all__ = ["constants"]

CODE = "LQ302"


def constants(leads: AuditedLeads) -> tuple[list[Finding], NotApplicable | None]:
    """Find fields with one value, or none, in all leads; a gap counts as a value."""
    findings = []
    for feature in leads.features:
        known = leads.known(feature.name)
        distinct = len(pd.unique(leads.values[feature.name][known])) + (not known.all())
        if distinct <= 1:
            found = fact("audit_one_value" if known.any() else "audit_empty")
            figures = {"leads": float(len(known))}
            findings.append(
                Finding(CODE, "evidence", "note", feature.name, found, fact("audit_take_out_constant"), figures)
            )
    return findings, None
