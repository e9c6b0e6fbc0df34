"""LQ103: a field that holds dates from after the lead had ended."""

from __future__ import annotations

import numpy as np
import pandas as pd

from leadqual.audit.audited_leads import AuditedLeads
from leadqual.audit.finding import Finding, NotApplicable
from leadqual.leads.outcome_states import OPEN, read_states

__all__ = ["after_outcome"]

CODE, CHECK = "LQ103", "filled in or changed after the outcome"
_DATES, _FEWEST = 0.8, 20
_LATE = 0.01
_REMEDY = 'Set known = "later": these values were not there when the lead was created.'


def after_outcome(leads: AuditedLeads) -> tuple[list[Finding], NotApplicable | None]:
    """Find fields of dates, at least 1 % of which lie days after the lead was won or lost.

    A field is one of dates when four fifths of its values, at least 20, begin with a date such as 2026-05-01. Dates
    prove it: the finding is certain. Without them nothing can be said.
    """
    schema = leads.leads.schema
    if schema.closed_at is None or not leads.dated:
        return [], NotApplicable(
            CODE,
            CHECK,
            "Cannot verify: without creation and closing dates nobody can tell whether a field was filled in before "
            "or after the outcome.",
            'Name created_at and closed_at in the schema, and say with known = "at_creation" or "later" when each '
            "field is known.",
        )
    closed = pd.to_datetime(leads.leads.table[schema.closed_at]).to_numpy()[leads.rows]
    ended = (read_states(leads.leads.table, schema) != OPEN)[leads.rows] & ~np.isnat(closed)
    findings, dated = [], 0
    for feature in leads.features:
        if feature.kind != "category":
            continue
        moments = pd.to_datetime(leads.values[feature.name].astype("str").str[:10], format="%Y-%m-%d", errors="coerce")
        known, read = leads.known(feature.name), moments.notna().to_numpy()
        if read.sum() < _FEWEST or read.sum() < _DATES * known.sum():
            continue
        dated += 1
        judged = read & ended
        late = judged & (moments.to_numpy() >= closed + np.timedelta64(1, "D"))
        share = float(late.sum()) / max(int(judged.sum()), 1)
        if share >= _LATE:
            findings.append(
                Finding(
                    CODE,
                    CHECK,
                    "leak",
                    "certain",
                    feature.name,
                    f"{int(late.sum())} of {int(judged.sum())} ended leads ({share:.0%}) hold a date after the day "
                    "they were won or lost.",
                    _REMEDY,
                    {"late": float(late.sum()), "share": share},
                )
            )
    if dated == 0:
        return [], NotApplicable(
            CODE,
            CHECK,
            "Cannot verify: no field holds dates, and one export does not show when other fields were changed.",
            'Say with known = "at_creation" or "later" when each field is known, or compare an export from the day a '
            "lead was created.",
        )
    return findings, None
