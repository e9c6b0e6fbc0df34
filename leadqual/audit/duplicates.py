"""LQ303: the same lead on both sides of the split in time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadqual.audit.audited_leads import AuditedLeads
from leadqual.audit.finding import Finding, NotApplicable
from leadqual.fact import fact

__all__ = ["duplicates"]

CODE = "LQ303"
_LATER, _SHARE, _UNIQUE = 0.25, 0.01, 0.9


def duplicates(leads: AuditedLeads) -> tuple[list[Finding], NotApplicable | None]:
    """Find later leads, 1 % or more of the last quarter, that equal an earlier one in every field and in the outcome.

    Where fewer than nine tenths of all leads are different from each other, equal leads are what to expect of so few
    fields, and nothing can be said.
    """
    values = leads.values[leads.mature]
    key = pd.util.hash_pandas_object(values.assign(**{"\x00outcome": leads.label[leads.mature]}), index=False)
    different = len(pd.unique(key)) / len(key)
    if different < _UNIQUE:
        return [], NotApplicable(
            CODE,
            fact("audit_leads_alike", share=different),
            fact("audit_each_lead_once"),
        )
    cut = len(key) - int(len(key) * _LATER)
    again = int(np.isin(key[cut:], key[:cut]).sum())
    if again < _SHARE * (len(key) - cut):
        return [], None
    found = fact("audit_later_duplicates", leads=again, later=len(key) - cut)
    return [Finding(CODE, "evidence", "suspect", None, found, fact("audit_keep_one"), {"leads": float(again)})], None
