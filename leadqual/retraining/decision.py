"""The decision whether a challenger takes the champion's place: a pure function of the evidence, with its reasons."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from leadqual.agreement import Agreement
from leadqual.bundle import Bundle
from leadqual.evaluation import change_fact
from leadqual.fact import Fact, fact
from leadqual.retraining.promotion_evidence import PromotionEvidence

__all__ = ["PromotionDecision", "PromotionRule", "Verdict", "decide", "missing_signatures"]

Verdict = Literal["promote", "propose", "keep", "not yet"]


@dataclass(frozen=True, slots=True)
class PromotionRule:
    """The rule that is fixed before anyone looks.

    Parameters
    ----------
    margin
        The challenger's log loss must be lower than the champion's by more than this, nats a lead, at the level of the
        evidence's interval; below 0 for non-inferiority.
    min_leads, min_wins
        Matured leads and wins without which nothing is decided.
    ratio_range
        Where predicted / actual must possibly lie: its interval must reach into the range, unless the champion is
        farther off: walking forward through a change, every challenger is late, and what stays if it is refused is
        later still.
    slope_range
        Likewise for the calibration slope.
    segment_range
        Likewise for predicted / actual in every segment, unless the champion is farther off there.
    max_change
        Most points by which a band may move.
    """

    margin: float = 0.0
    min_leads: int = 200
    min_wins: int = 20
    ratio_range: tuple[float, float] = (0.8, 1.25)
    slope_range: tuple[float, float] = (0.7, 1.4)
    segment_range: tuple[float, float] = (0.5, 2.0)
    max_change: int = 30


@dataclass(frozen=True, slots=True)
class PromotionDecision:
    """What is to be done, and why.

    Parameters
    ----------
    verdict
        ``"promote"``; ``"propose"``: it deserves the job, and both teams must sign it first; ``"keep"`` the champion;
        ``"not yet"``: the evidence does not suffice.
    champion, challenger
        Digests.
    reasons
        What was looked at, what decided first.
    more_needed
        About how many more outcomes are needed; None where that is not what is missing.
    evidence, rule
        What it rests on.
    """

    verdict: Verdict
    champion: str
    challenger: str
    reasons: tuple[Fact, ...]
    more_needed: int | None
    evidence: PromotionEvidence
    rule: PromotionRule

    def to_dict(self) -> dict[str, Any]:
        """Return the decision as plain data."""
        found = asdict(replace(self, reasons=()))
        return found | {"reasons": [one.to_dict() for one in self.reasons]}


def decide(
    champion: Bundle,
    challenger: Bundle,
    evidence: PromotionEvidence,
    *,
    rule: PromotionRule | None = None,
    agreement: Agreement | None = None,
) -> PromotionDecision:
    """Decide, from the evidence alone.

    Parameters
    ----------
    champion, challenger
        What is deployed, and what may take its place.
    evidence
        See `promotion_evidence`.
    rule
        None: `PromotionRule`'s defaults.
    agreement
        Where the agreement on the challenger stands; None: nobody has signed it. Where nothing changed that was signed
        (the digests are the same), none is needed.

    Examples
    --------
    See `leadqual.retraining.promotion_evidence`; ``tests/retraining/test_decision.py`` has a case for each reason.
    """
    rule = rule or PromotionRule()
    verdict, first, more = _judged(evidence, rule)
    reasons = [first, *_noted(evidence)]
    if verdict == "promote" and champion.digest != challenger.digest:
        missing = missing_signatures(challenger.digest, agreement)
        if missing is None:
            reasons.insert(1, fact("both_have_signed"))
        else:
            verdict = "propose"
            reasons.insert(1, fact("teams_must_sign", teams=missing) if missing else fact("both_must_sign"))
    return PromotionDecision(verdict, champion.digest, challenger.digest, tuple(reasons), more, evidence, rule)


def missing_signatures(digest: str, agreement: Agreement | None) -> tuple[str, ...] | None:
    """Return which teams must still sign a bundle before it may be promoted.

    Parameters
    ----------
    digest
        The bundle's.
    agreement
        Where the agreement stands; None, or one on another bundle: nobody has signed this one.

    Returns
    -------
    tuple of str, or None
        None where all have signed; empty where nobody was asked yet.

    Examples
    --------
    >>> missing_signatures("b" * 64, None)
    ()
    """
    if agreement is None or agreement.digest != digest:
        return ()
    return None if agreement.holds else agreement.missing


def _judged(evidence: PromotionEvidence, rule: PromotionRule) -> tuple[Verdict, Fact, int | None]:
    if evidence.leads < rule.min_leads or evidence.wins < rule.min_wins:
        rate = max(evidence.wins, 1) / max(evidence.leads, 1)
        more = max(rule.min_leads - evidence.leads, int((rule.min_wins - evidence.wins) / rate) + 1, 1)
        few = fact(
            "too_few_matured",
            leads=evidence.leads,
            wins=evidence.wins,
            needed_leads=rule.min_leads,
            needed_wins=rule.min_wins,
            more=more,
        )
        return "not yet", few, more
    change = fact(
        "log_loss_change",
        change=change_fact(evidence.difference, evidence.low, evidence.high),
        level=evidence.level,
    )
    if evidence.low > -rule.margin:
        if rule.margin:
            return "keep", fact("not_lower_by", margin=rule.margin, change=change), None
        return "keep", fact("not_lower", change=change), None
    if evidence.high >= -rule.margin:
        needed = evidence.more_needed
        wait = fact("more_would_not_settle") if needed is None else fact("more_outcomes_needed", more=needed)
        unsure = fact("not_surely_better", change=change, wait=wait)
        if rule.margin:
            unsure = fact("not_surely_better_by", margin=rule.margin, change=change, wait=wait)
        return ("keep" if needed is None else "not yet"), unsure, needed
    wrong = _wrong(evidence, rule)
    if wrong is not None:
        return "keep", wrong, None
    return "promote", fact("surely_better", change=change), None


def _wrong(evidence: PromotionEvidence, rule: PromotionRule) -> Fact | None:
    """Return the first thing that forbids a challenger whose log loss is lower; None where nothing does."""
    if evidence.point_change > rule.max_change:
        return fact("band_moves_too_far", points=evidence.point_change, limit=rule.max_change)
    low, high = rule.ratio_range
    outside = (
        evidence.ratio_low is None
        or evidence.ratio_high is None
        or evidence.ratio_low > high
        or evidence.ratio_high < low
    )
    if outside and not evidence.nearer:
        found = _within(evidence.ratio_low, evidence.ratio_high)
        return fact("promise_outside", low=low, high=high, within=found)
    if evidence.slope_low > rule.slope_range[1] or evidence.slope_high < rule.slope_range[0]:
        return fact("slope_outside", slope=evidence.slope, low=evidence.slope_low, high=evidence.slope_high)
    low, high = rule.segment_range
    bad = [
        one
        for one in evidence.segments
        if ((one.low is not None and one.low > high) or (one.high is not None and one.high < low)) and not one.nearer
    ]
    if bad:
        return fact("segments_outside", segments=len(bad), low=low, high=high, field=bad[0].field)
    return None


def _noted(evidence: PromotionEvidence) -> list[Fact]:
    found = [fact("judged_on", leads=evidence.leads, wins=evidence.wins, basis=evidence.basis)]
    if evidence.ratio is not None and evidence.ratio_low is not None and evidence.ratio_high is not None:
        found.append(
            fact(
                "ratio_and_slope",
                ratio=evidence.ratio,
                low=evidence.ratio_low,
                high=evidence.ratio_high,
                slope=evidence.slope,
                slope_low=evidence.slope_low,
                slope_high=evidence.slope_high,
            )
        )
    if evidence.champion_ratio is not None:
        within = _within(evidence.champion_ratio_low, evidence.champion_ratio_high)
        found.append(fact("champion_ratio", ratio=evidence.champion_ratio, within=within))
    found.append(fact("bands_move_within", points=evidence.point_change))
    return found


def _within(low: float | None, high: float | None) -> Fact | str:
    """Return an interval in brackets; "" where there is none."""
    return "" if low is None or high is None else fact("in_brackets", low=low, high=high)
