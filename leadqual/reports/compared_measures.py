"""Every way to score that was measured, side by side, one measure at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from leadqual.bundle import Performance
from leadqual.measures import PERFORMANCE_MEASURES, MeasureDefinition
from leadqual.reports.language import Language

__all__ = ["ComparedMeasure", "compare", "headline"]


@dataclass(frozen=True, slots=True)
class ComparedMeasure:
    """One measure of every way to score that was measured.

    Parameters
    ----------
    definition
        What it is: its name in the evidence, which value is better, and how it is written.
    label
        Its name for people, in English.
    values
        One per way to score, in the order of `Summary.compared`; None where it is undefined or was not measured.
    intervals
        The 95 % interval of each; None where none was computed.
    best
        Index of the best value; None where fewer than two are defined, or the best is shared.
    """

    definition: MeasureDefinition
    label: str
    values: tuple[float | None, ...]
    intervals: tuple[tuple[float, float] | None, ...]
    best: int | None

    @property
    def measure(self) -> str:
        """Its name in the evidence."""
        return self.definition.name


# Not another way to score: chance, the same card on some of the leads, and the same card without some fields.
_NO_RIVALS = ("base rate", "new accounts", "without suspects")


def compare(performances: tuple[Performance, ...]) -> Iterator[ComparedMeasure]:
    """Yield one comparison per measure that any of the performances has, in the order people should read them."""
    by_name = [{measure.name: measure for measure in one.measures} for one in performances]
    words = Language("en").words
    for name, definition in PERFORMANCE_MEASURES.items():
        if not any(name in measures for measures in by_name):
            continue
        found = [measures.get(name) for measures in by_name]
        values = tuple(None if one is None else one.value for one in found)
        intervals = tuple(
            None if one is None or one.low is None or one.high is None else (one.low, one.high) for one in found
        )
        label = words[f"measure_{name}"]
        yield ComparedMeasure(definition, label, values, intervals, _best(values, definition))


def _best(values: tuple[float | None, ...], definition: MeasureDefinition) -> int | None:
    ranked = sorted((definition.distance(value), i) for i, value in enumerate(values) if value is not None)
    if len(ranked) < 2 or ranked[0][0] == ranked[1][0]:
        return None
    return ranked[0][1]


def headline(compared: tuple[str, ...], comparisons: tuple[ComparedMeasure, ...]) -> str:
    """Return the main finding in a sentence: how many wins the top 20% hold, beside the other ways to score."""
    top = next((one for one in comparisons if one.measure == "wins_in_top_20" and one.values[0] is not None), None)
    if top is None:
        return "How it holds up on later leads was not measured."
    found = f"The top 20% of later leads by points held {top.values[0]:.0%} of the wins"
    rules = [
        f"{value:.0%} under the {who}"
        for who, value in zip(compared[1:], top.values[1:], strict=True)
        if value is not None and who not in _NO_RIVALS
    ]
    return f"{found}; {', '.join((*rules, '20% when picked at random'))}."
