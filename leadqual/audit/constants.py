"""LQ302: fields that are the same for every lead."""

from __future__ import annotations

import pandas as pd

from leadqual.audit.audited_leads import AuditedLeads
from leadqual.audit.finding import Finding, NotApplicable

__all__ = ["constants"]

CODE, CHECK = "LQ302", "the same for every lead"
_REMEDY = "Take it out of the features, or find out why the export holds only this."


def constants(leads: AuditedLeads) -> tuple[list[Finding], NotApplicable | None]:
    """Find fields with one value, or none, in all leads; a gap counts as a value."""
    findings = []
    for feature in leads.features:
        known = leads.known(feature.name)
        distinct = len(pd.unique(leads.values[feature.name][known])) + (not known.all())
        if distinct <= 1:
            said = "It has one value in all leads." if known.any() else "It is empty in all leads."
            figures = {"leads": float(len(known))}
            findings.append(Finding(CODE, CHECK, "evidence", "note", feature.name, said, _REMEDY, figures))
    return findings, None
