"""What changed from one week to the next: only differences that chance does not explain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from scipy.stats import binomtest, fisher_exact

from leadqual.fact import Fact, Figure, fact
from leadqual.meetings.handed_over import HandedOver

__all__ = ["changes"]

_ALPHA = 0.05


@dataclass(frozen=True, slots=True)
class _Compared:
    """One comparison: how likely chance alone would give such a difference, and the sentence if it would not."""

    p_value: float
    found: Fact


def changes(
    now: HandedOver, before: HandedOver, reasons: Mapping[str, int], reasons_before: Mapping[str, int]
) -> tuple[Fact, ...]:
    """Return what changed between two weeks, surest first; one fact that says so where nothing surely did.

    Counts of leads are compared by the exact test of two Poisson counts, shares by Fisher's exact test. All comparisons
    together claim a change that chance made in at most 5 % of weeks (Holm 1979, doi:10.2307/4615733).

    Parameters
    ----------
    now, before
        The leads that were handed over in each week, both as known when their week had ended.
    reasons, reasons_before
        How many leads were rejected for each reason in each week.
    """
    compared = [*_counts(now, before), *_shares(now, before), *_reasons(now, before, reasons, reasons_before)]
    compared.sort(key=lambda one: one.p_value)
    sure: list[Fact] = []
    for place, one in enumerate(compared):
        if one.p_value > _ALPHA / (len(compared) - place):
            break
        sure.append(one.found)
    return tuple(sure) or (fact("week_no_change", compared=len(compared)),)


def _counts(now: HandedOver, before: HandedOver) -> list[_Compared]:
    if not now.leads + before.leads:
        return []
    figures = {"now": now.leads, "before": before.leads}
    rose, fell = fact("week_leads_rose", **figures), fact("week_leads_fell", **figures)
    chance = binomtest(now.leads, now.leads + before.leads, 0.5).pvalue
    return [_Compared(float(chance), rose if now.leads > before.leads else fell)]


def _shares(now: HandedOver, before: HandedOver) -> list[_Compared]:
    found = []
    if now.due and before.due:
        late = {"now": now.late, "due": now.due, "before": before.late, "due_before": before.due}
        more = now.late * before.due > before.late * now.due
        change = fact("week_late_rose", **late) if more else fact("week_late_fell", **late)
        found.append(_Compared(_fisher(now.late, now.due, before.late, before.due), change))
    if now.decided and before.decided:
        share, earlier = now.taken / now.decided, before.taken / before.decided
        taken: dict[str, Figure] = {"now": share, "decided": now.decided, "before": earlier}
        more = share > earlier
        change = fact("week_accepted_rose", **taken) if more else fact("week_accepted_fell", **taken)
        found.append(_Compared(_fisher(now.taken, now.decided, before.taken, before.decided), change))
    return found


def _reasons(
    now: HandedOver, before: HandedOver, reasons: Mapping[str, int], reasons_before: Mapping[str, int]
) -> list[_Compared]:
    if not now.decided or not before.decided:
        return []
    found = []
    for reason in sorted({*reasons, *reasons_before} - {""}):
        one, other = reasons.get(reason, 0), reasons_before.get(reason, 0)
        more = one * before.decided > other * now.decided
        rose = fact("week_reason_rose", reason=reason, now=one, before=other)
        fell = fact("week_reason_fell", reason=reason, now=one, before=other)
        found.append(_Compared(_fisher(one, now.decided, other, before.decided), rose if more else fell))
    return found


def _fisher(hits: int, size: int, hits_before: int, size_before: int) -> float:
    table = [[hits, size - hits], [hits_before, size_before - hits_before]]
    return float(fisher_exact(table).pvalue)
