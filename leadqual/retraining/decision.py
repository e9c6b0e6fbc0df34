"""The decision whether a challenger takes the champion's place: a pure function of the evidence, with its reasons."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from leadqual.agreement import Agreement
from leadqual.bundle import Bundle
from leadqual.evaluation import said_change
from leadqual.retraining.promotion_evidence import PromotionEvidence

__all__ = ["PromotionDecision", "PromotionRule", "Verdict", "decide"]

Verdict = Literal["promote", "propose", "keep", "not yet"]


@dataclass(frozen=True, slots=True)
class PromotionRule:
    """The rule that is fixed before anyone looks.

    Parameters
    ----------
    margin
        The challenger's log loss must be lower than the champion's by more than this, nats a lead, at the level of the
        evidence's interval; below 0 for non-inferiority.
    fewest_leads, fewest_wins
        Matured leads and wins without which nothing is decided.
    ratio_range
        Where predicted / actual must possibly lie: its interval must reach into the range, unless the champion is
        farther off: walking forward through a change, every challenger is late, and what stays if it is refused is
        later still.
    slope_range
        Likewise for the calibration slope.
    segment_range
        Likewise for predicted / actual in every segment, unless the champion is farther off there.
    most_change
        Most points by which a band may move.
    """

    margin: float = 0.0
    fewest_leads: int = 200
    fewest_wins: int = 20
    ratio_range: tuple[float, float] = (0.8, 1.25)
    slope_range: tuple[float, float] = (0.7, 1.4)
    segment_range: tuple[float, float] = (0.5, 2.0)
    most_change: int = 30


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
        One sentence for each thing that was looked at, those that decided first.
    more_needed
        About how many more outcomes are needed; None where that is not what is missing.
    evidence, rule
        What it rests on.
    """

    verdict: Verdict
    champion: str
    challenger: str
    reasons: tuple[str, ...]
    more_needed: int | None
    evidence: PromotionEvidence
    rule: PromotionRule

    def to_dict(self) -> dict[str, Any]:
        """Return the decision as plain data."""
        return asdict(self)


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
        if agreement is None or agreement.digest != challenger.digest or not agreement.holds:
            verdict = "propose"
            missing = agreement.missing if agreement is not None and agreement.digest == challenger.digest else ()
            reasons.insert(
                1, f"What was signed has changed, so {' and '.join(missing) or 'both teams'} must sign first."
            )
        else:
            reasons.insert(1, "Both teams have signed it.")
    return PromotionDecision(verdict, champion.digest, challenger.digest, tuple(reasons), more, evidence, rule)


def _judged(evidence: PromotionEvidence, rule: PromotionRule) -> tuple[Verdict, str, int | None]:
    if evidence.leads < rule.fewest_leads or evidence.wins < rule.fewest_wins:
        rate = max(evidence.wins, 1) / max(evidence.leads, 1)
        more = max(rule.fewest_leads - evidence.leads, int((rule.fewest_wins - evidence.wins) / rate) + 1, 1)
        said = (
            f"{evidence.leads} matured leads with {evidence.wins} wins are too few, {rule.fewest_leads} with "
            f"{rule.fewest_wins} are needed: about {more} more."
        )
        return "not yet", said, more
    change = said_change(evidence.difference, evidence.low, evidence.high)
    interval = f"log loss a lead, {change}, at {100 * evidence.level:.3g} %"
    if evidence.low > -rule.margin:
        enough = "is no lower" if rule.margin == 0 else f"is not lower by {rule.margin:g}"
        return "keep", f"The challenger's log loss {enough}: {interval}.", None
    if evidence.high >= -rule.margin:
        needed = evidence.more_needed
        wait = "more outcomes would not settle it" if needed is None else f"about {needed} more outcomes are needed"
        enough = "better" if rule.margin == 0 else f"better by {rule.margin:g}"
        return (
            ("keep" if needed is None else "not yet"),
            f"It is not sure that the challenger is {enough}: {interval}; {wait}.",
            needed,
        )
    wrong = _wrong(evidence, rule)
    if wrong is not None:
        return "keep", wrong, None
    return "promote", f"The challenger is better: {interval}.", None


def _wrong(evidence: PromotionEvidence, rule: PromotionRule) -> str | None:
    """Return the first thing that forbids a challenger whose log loss is lower; None where nothing does."""
    if evidence.point_change > rule.most_change:
        return f"A band would move by {evidence.point_change} points, at most {rule.most_change} may."
    low, high = rule.ratio_range
    outside = (
        evidence.ratio_low is None
        or evidence.ratio_high is None
        or evidence.ratio_low > high
        or evidence.ratio_high < low
    )
    if outside and not evidence.nearer:
        ends = evidence.ratio_low, evidence.ratio_high
        found = "" if None in ends else f" ({ends[0]:.2f} to {ends[1]:.2f})"
        return f"Its probabilities do not come true: predicted / actual is surely outside {low:g} to {high:g}{found}."
    if evidence.slope_low > rule.slope_range[1] or evidence.slope_high < rule.slope_range[0]:
        return (
            f"Its probabilities are too far apart or too close: slope {evidence.slope:.2f} "
            f"({evidence.slope_low:.2f} to {evidence.slope_high:.2f})."
        )
    low, high = rule.segment_range
    bad = [
        one
        for one in evidence.segments
        if ((one.low is not None and one.low > high) or (one.high is not None and one.high < low)) and not one.nearer
    ]
    if bad:
        return (
            f"Its probabilities do not come true in {len(bad)} segments, surely outside {low:g} to {high:g} times, the "
            f"first in {bad[0].field}."
        )
    return None


def _noted(evidence: PromotionEvidence) -> list[str]:
    said = [f"Judged on {evidence.leads} matured leads with {evidence.wins} wins; it holds for {evidence.basis}."]
    if evidence.ratio is not None and evidence.ratio_low is not None and evidence.ratio_high is not None:
        said.append(
            f"Predicted / actual {evidence.ratio:.2f} ({evidence.ratio_low:.2f} to {evidence.ratio_high:.2f}), slope "
            f"{evidence.slope:.2f} ({evidence.slope_low:.2f} to {evidence.slope_high:.2f})."
        )
    if evidence.champion_ratio is not None:
        ends = evidence.champion_ratio_low, evidence.champion_ratio_high
        interval = "" if None in ends else f" ({ends[0]:.2f} to {ends[1]:.2f})"
        said.append(f"The champion's predicted / actual on the same leads is {evidence.champion_ratio:.2f}{interval}.")
    said.append(f"No band moves by more than {evidence.point_change} points.")
    return said
