"""LQ303: the same lead on both sides of the split in time."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadqual.audit.audited_leads import AuditedLeads
from leadqual.audit.finding import Finding, NotApplicable

__all__ = ["duplicates"]

CODE, CHECK = "LQ303", "the same lead before and after the split in time"
_LATER, _SHARE, _UNIQUE = 0.25, 0.01, 0.9
_REMEDY = "Keep one of each: a lead learned from and judged on flatters every figure."


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
            CHECK,
            f"Cannot verify: only {different:.0%} of leads differ from all others in the scored fields.",
            "Make sure that the export holds each lead once.",
        )
    cut = len(key) - int(len(key) * _LATER)
    again = int(np.isin(key[cut:], key[:cut]).sum())
    if again < _SHARE * (len(key) - cut):
        return [], None
    said = f"{again} of the last {len(key) - cut:,} leads equal an earlier one in all scored fields and the outcome."
    return [Finding(CODE, CHECK, "evidence", "suspect", None, said, _REMEDY, {"leads": float(again)})], None
