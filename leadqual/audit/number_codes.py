"""LQ304: one value of a numeric field, far from all others, that many leads have: a code rather than a number."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leadqual.audit.audited_leads import AuditedLeads
from leadqual.audit.finding import Finding, NotApplicable
from leadqual.fact import fact

__all__ = ["CODE", "number_codes"]

CODE = "LQ304"
_MIN_LEADS, _SHARE = 20, 0.01
_MIN_OTHERS = 5  # different numbers; with fewer, no number is far from the rest
_LOW, _HIGH = 0.05, 0.95
_NINES = frozenset(sign * (10**size - 1) for size in range(2, 10) for sign in (1, -1))


def number_codes(leads: AuditedLeads) -> tuple[list[Finding], NotApplicable | None]:
    """Find numbers at an end of a field's range that 1 % of the leads have, and 20 at least, far from all others.

    Far: further from its neighbour than nine tenths of the other values lie apart, or the only number below zero, or
    digits of nine alone (999, -99) at the end of the range. Values of a lead are not named, but this one is the same
    for many.
    """
    findings = []
    for feature in leads.features:
        if feature.kind != "numeric":
            continue
        numbers = leads.values[feature.name].to_numpy(dtype=np.float64)
        for value, count in _codes(numbers[np.isfinite(numbers)]):
            share = count / max(len(numbers), 1)
            found = fact("audit_far_off_code", leads=count, share=share, value=f"{value:g}")
            figures = {"value": value, "leads": float(count), "share": share}
            findings.append(
                Finding(CODE, "evidence", "suspect", feature.name, found, fact("audit_list_as_missing"), figures)
            )
            break
    return findings, None


def _codes(numbers: NDArray[np.float64]) -> list[tuple[float, int]]:
    values, counts = np.unique(numbers, return_counts=True)
    if len(values) <= _MIN_OTHERS:
        return []
    found = []
    for place, neighbour in ((0, 1), (len(values) - 1, len(values) - 2)):
        value, count = float(values[place]), int(counts[place])
        if count < max(_MIN_LEADS, _SHARE * len(numbers)):
            continue
        others = numbers[numbers != value]
        spread = float(np.quantile(others, _HIGH) - np.quantile(others, _LOW))
        gap = abs(value - float(values[neighbour]))
        below_zero = value < 0 <= float(others.min())
        nines = value in _NINES and gap > 0.5 * spread and count >= 2 * int(counts[neighbour])
        if gap > spread > 0 or below_zero or nines:
            found.append((value, count))
    return found
