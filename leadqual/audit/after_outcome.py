"""LQ103: a field that holds dates from after the lead had ended."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from leadqual.audit.audited_leads import AuditedLeads
from leadqual.audit.finding import Finding, NotApplicable
from leadqual.fact import fact
from leadqual.leads.outcome_states import OPEN, read_states
from leadqual.tables.dates import agreed_day_first
from leadqual.tables.scanned_dates import scan_dates

__all__ = ["after_outcome"]

Moments = NDArray[np.datetime64]

CODE = "LQ103"
_DATES, _MIN_VALUES, _LOOKED_AT = 0.8, 20, 200
_LATE = 0.01
_PLANNED = 0.002  # share of dates after the export: more than typing errors, so that people write plans into the field
_DAY = np.timedelta64(1, "D")


def after_outcome(leads: AuditedLeads) -> tuple[list[Finding], NotApplicable | None]:
    """Find fields of dates, at least 1 % of which lie a day or more after the lead was won or lost.

    A field is one of dates when four fifths of its values, at least 20, are dates in a format that a date column of
    the schema may have. Dates of what happened prove it: the finding is certain. It is only suspect where 0.2 % of the
    dates lie after the last day on which a lead was created or closed: then they may be plans, which can be made
    before the outcome. Without dates nothing can be said.
    """
    schema = leads.leads.schema
    if schema.closed_at is None or not leads.dated:
        return [], NotApplicable(
            CODE,
            fact("audit_no_dates_of_leads"),
            fact("audit_name_dates_and_known"),
        )
    closed = pd.to_datetime(leads.leads.table[schema.closed_at]).to_numpy()[leads.rows]
    created = pd.to_datetime(leads.leads.table[schema.created_at]).to_numpy()[leads.rows]
    ended = (read_states(leads.leads.table, schema) != OPEN)[leads.rows] & ~np.isnat(closed)
    last = np.nanmax(np.concatenate((closed, created))) + _DAY
    findings, dated = [], 0
    for feature in leads.features:
        moments = _moments(leads, feature.name) if feature.kind == "category" else None
        if moments is None:
            continue
        dated += 1
        finding = _late(feature.name, moments, closed, ended, last)
        findings += [] if finding is None else [finding]
    if dated == 0:
        return [], NotApplicable(
            CODE,
            fact("audit_no_dated_field"),
            fact("audit_say_known"),
        )
    return findings, None


def _late(
    name: str, moments: Moments, closed: Moments, ended: NDArray[np.bool_], last: np.datetime64
) -> Finding | None:
    read = ~np.isnat(moments)
    judged = read & ended
    late = int((judged & (moments >= closed + _DAY)).sum())
    share = late / max(int(judged.sum()), 1)
    if share < _LATE:
        return None
    planned = float((moments[read] > last).mean())
    found = fact("audit_dated_after_outcome", late=late, leads=int(judged.sum()), share=share)
    figures = {"late": float(late), "share": share, "after_the_export": planned}
    if planned >= _PLANNED:
        return Finding(CODE, "leak", "suspect", name, found, fact("audit_maybe_plans"), figures)
    return Finding(CODE, "leak", "certain", name, found, fact("audit_known_later"), figures)


def _moments(leads: AuditedLeads, name: str) -> Moments | None:
    """Return a field's dates, NaT where there is none; None for a field that does not hold dates."""
    known = np.flatnonzero(leads.known(name))
    if len(known) < _MIN_VALUES:
        return None
    some = np.unique(np.linspace(0, len(known) - 1, _LOOKED_AT).astype(np.int64))
    if np.isnat(_read(leads.values[name].iloc[known[some]], leads.leads.schema.day_first)).mean() > 0.5:
        return None  # spares reading long texts, each of which is different
    moments = np.full(len(leads.rows), np.datetime64("NaT"), dtype="datetime64[us]")
    moments[known] = _read(leads.values[name].iloc[known], leads.leads.schema.day_first)
    return moments if (~np.isnat(moments)).sum() >= max(_MIN_VALUES, _DATES * len(known)) else None


def _read(values: pd.Series, day_first: bool | None) -> Moments:
    """Read dates; where nothing settles the order of day and month, the earlier of both, which is never too late."""
    text = values.astype("str")
    # digits alone are dates in some exports, and the numbers of leads or companies in more of them
    dates = scan_dates(
        text.mask(text.str.fullmatch(r"[\d.]+").to_numpy() & ~text.str.count(r"\.").eq(2).to_numpy(), "")
    )
    order = agreed_day_first([dates]) if day_first is None else day_first
    if order is not None:
        return dates.moments(day_first=order)
    return np.fmin(dates.moments(day_first=True), dates.moments(day_first=False))
