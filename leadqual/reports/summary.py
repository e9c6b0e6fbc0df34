"""The summary of a bundle: everything that training and `show` tell about it, as plain data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from leadqual.bundle import Bundle, Evidence, Grade, Policy, ReliabilityBin
from leadqual.fact import fact
from leadqual.reports.compared_measures import ComparedMeasure, compare, headline
from leadqual.reports.field_lines import FieldLine, field_line
from leadqual.reports.language import Language

__all__ = ["Rung", "Summary", "summarize"]

MAX_RUNGS = 10


@dataclass(frozen=True, slots=True)
class Rung:
    """What so many points mean.

    Parameters
    ----------
    points
        Whole points.
    score
        The rank among training leads, 0 to 100.
    probability, low, high
        Calibrated probability of winning, with its interval.
    grade, qualification
        What the policy makes of it.
    """

    points: int
    score: int
    probability: float
    low: float
    high: float
    grade: str
    qualification: str


@dataclass(frozen=True, slots=True)
class Summary:
    """What a bundle says.

    Parameters
    ----------
    name
        The bundle's name.
    digest
        SHA-256 over what both teams agree to.
    window_days
        The window in which a win counts; None where the history has no dates.
    base_rate
        Share of wins among the training leads.
    headline
        The main finding, in a sentence: how many wins the top 20 % hold, beside today's rule where there is one.
    base_points, points_to_double_odds, lowest, highest
        What every lead starts with, what doubles its odds, and the range it can reach.
    fields
        The points table, the field that moves leads most first.
    rungs
        What points mean, from many to few; thresholds of the policy are among them.
    curve
        How the probability and its interval were made, in a sentence.
    grades, mql_points, sql_points, policy
        The policy and how it was chosen.
    compared
        The ways to score that were measured, the scorecard first; empty without evidence.
    comparisons
        One per measure.
    method
        How training and test leads were separated, in a sentence; "" without evidence.
    tested_on, wins
        Leads tested on, and wins among them; 0 without evidence.
    reliability
        What was promised and what came, in bins by probability; empty when there were too few leads.
    constraints
        What it was fitted under, one sentence each.
    provenance
        Where it comes from, as (what, value).
    sign_offs
        Who accepted it, one sentence each.
    warnings
        What the reader must know.
    """

    name: str
    digest: str
    window_days: int | None
    base_rate: float
    headline: str
    base_points: int
    points_to_double_odds: int
    lowest: int
    highest: int
    fields: tuple[FieldLine, ...]
    rungs: tuple[Rung, ...]
    curve: str
    grades: tuple[Grade, ...]
    mql_points: int
    sql_points: int
    policy: str
    compared: tuple[str, ...]
    comparisons: tuple[ComparedMeasure, ...]
    method: str
    tested_on: int
    wins: int
    reliability: tuple[ReliabilityBin, ...]
    constraints: tuple[str, ...]
    provenance: tuple[tuple[str, str], ...]
    sign_offs: tuple[str, ...]
    warnings: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the summary as dicts, lists and scalars, ready for JSON."""
        return asdict(self)


def summarize(bundle: Bundle) -> Summary:
    """Return what a bundle says, as plain data; nothing is measured anew.

    Parameters
    ----------
    bundle
        What was trained.

    Returns
    -------
    Summary
        Ready to be shown.
    """
    english = Language("en")
    table, evidence, policy = bundle.points_table, bundle.evidence, bundle.policy
    # The base rate is the least to beat, and stands last.
    performances = () if evidence is None else evidence.performances
    performances = tuple(sorted(performances, key=lambda one: one.who == "base rate"))
    compared = tuple(one.who for one in performances)
    comparisons = tuple(compare(performances))
    fields = sorted((field_line(field) for field in table.fields), key=lambda line: -line.weight)
    return Summary(
        name=bundle.name,
        digest=bundle.digest,
        window_days=bundle.window_days,
        base_rate=bundle.base_rate,
        headline=headline(compared, comparisons),
        base_points=table.base_points,
        points_to_double_odds=table.points_to_double_odds,
        lowest=table.lowest,
        highest=table.highest,
        fields=tuple(fields),
        rungs=tuple(_rungs(bundle)),
        curve=_curve_sentence(bundle, english),
        grades=policy.grades,
        mql_points=policy.mql_points,
        sql_points=policy.sql_points,
        policy=_policy_sentences(policy, english),
        compared=compared,
        comparisons=comparisons,
        method="" if evidence is None else english.say(evidence.method),
        tested_on=0 if evidence is None else evidence.tested_on,
        wins=0 if evidence is None else evidence.wins,
        reliability=() if evidence is None else evidence.reliability,
        constraints=english.say_all(bundle.constraints),
        provenance=tuple(_provenance(bundle)),
        sign_offs=tuple(f"{one.name} for {one.role}, {one.signed_at}" for one in bundle.sign_offs),
        warnings=_warnings(evidence, english),
    )


def _rungs(bundle: Bundle) -> Iterator[Rung]:
    curve, policy, step = bundle.curve, bundle.policy, bundle.points_table.points_to_double_odds
    first = max(curve.first_points, bundle.points_table.lowest)
    last = min(curve.last_points, bundle.points_table.highest)
    thresholds = {grade.minimum_points for grade in policy.grades if grade.minimum_points is not None}
    thresholds |= {policy.mql_points, policy.sql_points}
    # A rung right beside a threshold says nothing new.
    step *= max(1, round((last - first) / (MAX_RUNGS * step)))
    regular = range(-(-first // step) * step, last + 1, step)
    kept = {points for points in regular if all(abs(points - threshold) > step // 4 for threshold in thresholds)}
    for points in sorted(kept | {points for points in thresholds if first <= points <= last}, reverse=True):
        probability, low, high = curve.at(points)
        yield Rung(
            points,
            bundle.scale.at(points),
            probability,
            low,
            high,
            policy.grade(points).name,
            policy.qualification(points),
        )


_SHAPES = {
    "none": "the points' own odds",
    "hazard": "how often leads win in each 30 days of their age, young leads included",
}


def _curve_sentence(bundle: Bundle, english: Language) -> str:
    curve = bundle.curve
    shape = _SHAPES.get(curve.method.split(",")[0], f"a {curve.method} curve over the points")
    learned = f"Probability: {shape}, from {curve.leads:,} leads with {curve.wins:,} wins."
    return f"{learned} Interval: {english.say(curve.interval_method)}" if curve.interval_method else learned


def _policy_sentences(policy: Policy, english: Language) -> str:
    chosen = english.joined(policy.chosen_by)
    if not policy.explore or policy.capacity_share == 1:  # where all are worked, none need be drawn
        return chosen
    return english.joined((chosen, fact("policy_explore", share=policy.explore)))


def _provenance(bundle: Bundle) -> Iterator[tuple[str, str]]:
    source = bundle.provenance
    yield (
        "leads",
        f"{source.leads:,} read, {source.mature:,} old enough to judge: {source.won:,} won, {source.lost:,} not won",
    )
    yield "still undecided", f"{source.open:,}"
    if source.first_lead is not None:
        yield "created", f"{source.first_lead} to {source.last_lead}"
    if source.as_of is not None:
        yield "outcomes as of", source.as_of
    yield from ((name.replace("_", " "), value) for name, value in source.settings)
    yield "seed", str(source.seed)
    for what, value in (
        ("made at", source.created_at),
        ("made by", source.command),
        ("data", source.data_fingerprint[:16]),
        ("schema", source.schema_digest[:16]),
        ("versions", ", ".join(f"{name} {version}" for name, version in source.versions)),
        ("digest", bundle.digest[:16]),
    ):
        if value:
            yield what, value


def _warnings(evidence: Evidence | None, english: Language) -> tuple[str, ...]:
    return (english.say(fact("not_measured")),) if evidence is None else english.say_all(evidence.warnings)
