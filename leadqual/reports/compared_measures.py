"""Every way to score that was measured, side by side, one measure at a time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from leadqual.bundle import Performance

__all__ = ["ComparedMeasure", "compare", "headline"]

# What each measure of the evidence is called, when it is good, and how it is written.
MEASURES: tuple[tuple[str, str, Literal["high", "low", "one"], Literal["share", "number"]], ...] = (
    ("wins_in_top_10", "wins found in the top 10%", "high", "share"),
    ("wins_in_top_20", "wins found in the top 20%", "high", "share"),
    ("wins_in_top_30", "wins found in the top 30%", "high", "share"),
    ("precision_at_capacity", "win rate at capacity", "high", "share"),
    ("wins_at_capacity", "wins found at capacity", "high", "share"),
    ("auc", "AUC", "high", "number"),
    ("average_precision", "average precision", "high", "number"),
    ("log_loss", "log loss", "low", "number"),
    ("brier", "Brier score", "low", "number"),
    ("calibration_error", "calibration error", "low", "share"),
    ("predicted_over_actual", "predicted/actual wins", "one", "number"),
)


@dataclass(frozen=True, slots=True)
class ComparedMeasure:
    """One measure of every way to score that was measured.

    Parameters
    ----------
    measure
        Its name in the evidence.
    label
        Its name for people.
    good
        When it is good: ``"high"``, ``"low"``, or near ``"one"``.
    written
        ``"share"`` for a share of 0 to 1 that is written in percent, else ``"number"``.
    values
        One per way to score, in the order of `Summary.compared`; None where it is undefined or was not measured.
    intervals
        The 95 % interval of each; None where none was computed.
    best
        Index of the best value; None where fewer than two are defined, or the best is shared.
    """

    measure: str
    label: str
    good: Literal["high", "low", "one"]
    written: Literal["share", "number"]
    values: tuple[float | None, ...]
    intervals: tuple[tuple[float, float] | None, ...]
    best: int | None


# Not another way to score: chance, the same card on some of the leads, and the same card without some fields.
_NO_RIVALS = ("base rate", "new accounts", "without suspects")


def compare(performances: tuple[Performance, ...]) -> Iterator[ComparedMeasure]:
    """Yield one comparison per measure that any of the performances has, in the order people should read them."""
    by_name = [{measure.name: measure for measure in one.measures} for one in performances]
    for name, label, good, written in MEASURES:
        if not any(name in measures for measures in by_name):
            continue
        found = [measures.get(name) for measures in by_name]
        values = tuple(None if one is None else one.value for one in found)
        intervals = tuple(
            None if one is None or one.low is None or one.high is None else (one.low, one.high) for one in found
        )
        yield ComparedMeasure(name, label, good, written, values, intervals, _best(values, good))


def _best(values: tuple[float | None, ...], good: Literal["high", "low", "one"]) -> int | None:
    def distance(value: float) -> float:
        return -value if good == "high" else value if good == "low" else abs(value - 1)

    ranked = sorted((distance(value), i) for i, value in enumerate(values) if value is not None)
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
