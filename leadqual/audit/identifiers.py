"""LQ301: fields that name leads rather than describe them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from leadqual.audit.audited_leads import AuditedLeads
from leadqual.audit.finding import Finding, NotApplicable
from leadqual.fact import fact

__all__ = ["identifiers"]

CODE = "LQ301"
_MIN_VALUES, _DISTINCT, _IN_ORDER = 50, 0.5, 0.99


def identifiers(leads: AuditedLeads) -> tuple[list[Finding], NotApplicable | None]:
    """Find text with at least half as many values as leads, and whole numbers that count leads as they come in."""
    findings = []
    for feature in leads.features:
        column = leads.values[feature.name]
        values = column[leads.known(feature.name)]
        distinct = len(pd.unique(values))
        if feature.kind == "numeric":
            counts = distinct == len(values) >= _MIN_VALUES and _counts_leads(values.to_numpy(dtype=np.float64))
            found = fact("audit_counts_leads")
        else:
            counts = len(values) >= _MIN_VALUES and distinct >= _DISTINCT * len(values)
            found = fact("audit_near_unique", values=distinct, leads=len(values))
        if counts:
            figures = {"distinct": float(distinct), "leads": float(len(values))}
            findings.append(
                Finding(CODE, "identity", "likely", feature.name, found, fact("audit_take_out_identifier"), figures)
            )
    return findings, None


def _counts_leads(numbers: np.ndarray) -> bool:
    whole = bool((numbers == np.floor(numbers)).all())
    return whole and abs(float(spearmanr(numbers, np.arange(len(numbers))).statistic)) >= _IN_ORDER
