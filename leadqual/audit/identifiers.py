"""LQ301: fields that name leads rather than describe them."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.stats import spearmanr

from leadqual.audit.audited_leads import AuditedLeads
from leadqual.audit.finding import Finding, NotApplicable

__all__ = ["identifiers"]

CODE, CHECK = "LQ301", "an identifier or near-unique text"
_FEWEST, _DISTINCT, _IN_ORDER = 50, 0.5, 0.99
_REMEDY = "Take it out of the features: a value that the next lead cannot have says nothing about it."


def identifiers(leads: AuditedLeads) -> tuple[list[Finding], NotApplicable | None]:
    """Find text with at least half as many values as leads, and whole numbers that count leads as they come in."""
    findings = []
    for feature in leads.features:
        column = leads.values[feature.name]
        values = column[leads.known(feature.name)]
        distinct = len(pd.unique(values))
        if feature.kind == "numeric":
            counts = distinct == len(values) >= _FEWEST and _counts_leads(values.to_numpy(dtype=np.float64))
            said = "Its numbers are whole, differ from lead to lead, and rise or fall with time: it counts leads."
        else:
            counts = len(values) >= _FEWEST and distinct >= _DISTINCT * len(values)
            said = f"It has {distinct:,} different values in {len(values):,} leads."
        if counts:
            figures = {"distinct": float(distinct), "leads": float(len(values))}
            findings.append(Finding(CODE, CHECK, "identity", "likely", feature.name, said, _REMEDY, figures))
    return findings, None


def _counts_leads(numbers: np.ndarray) -> bool:
    whole = bool((numbers == np.floor(numbers)).all())
    return whole and abs(float(spearmanr(numbers, np.arange(len(numbers))).statistic)) >= _IN_ORDER
