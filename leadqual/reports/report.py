"""A report on a bundle and its history, as plain data for a page: what it says, and what would have happened."""

from __future__ import annotations

from dataclasses import dataclass

from leadqual.audit import Audit
from leadqual.bundle import Bundle
from leadqual.evaluation import Backtest
from leadqual.reports.comparison import Comparison, compare

__all__ = ["Report", "report_of"]


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """What a page shows.

    Parameters
    ----------
    bundle
        The bundle.
    audit
        What was found in the history; None without leads.
    backtest
        What walking forward said; None without leads.
    who
        The contestants, in order; those of the bundle's own evidence without leads, empty without evidence.
    comparisons
        One for each figure, everyone's values with their intervals.
    differences
        Sentences on what the scorecard gains or loses against each other contestant; empty without leads.
    warnings
        What the reader must know.
    """

    bundle: Bundle
    audit: Audit | None
    backtest: Backtest | None
    who: tuple[str, ...]
    comparisons: tuple[Comparison, ...]
    differences: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def report_of(bundle: Bundle, *, audit: Audit | None = None, backtest: Backtest | None = None) -> Report:
    """Gather what a page shows.

    Parameters
    ----------
    bundle
        The bundle.
    audit, backtest
        Of the history it was learned from, or of a later one; None where there are no leads.
    """
    if backtest is None:
        evidence = bundle.evidence
        measured = () if evidence is None else evidence.performances
        warnings = () if evidence is None else evidence.warnings
        return Report(bundle, audit, None, tuple(o.who for o in measured), tuple(compare(measured)), (), warnings)
    performances = backtest.comparison.performances
    who = tuple(one.who for one in performances)
    return Report(
        bundle=bundle,
        audit=audit,
        backtest=backtest,
        who=who,
        comparisons=tuple(compare(performances)),
        differences=tuple(_difference(backtest, other) for other in who[1:]),
        warnings=(*backtest.walk.warnings, *_random(backtest)),
    )


def _difference(backtest: Backtest, other: str) -> str:
    loss = backtest.comparison.difference(other, "log_loss")
    wins = backtest.comparison.difference(other, "wins_in_top_20")
    if loss.value is None or loss.low is None or loss.high is None:
        return f"The scorecard and {other} cannot be compared."
    sure = "better than" if loss.high < 0 else "worse than" if loss.low > 0 else "neither surely better nor worse than"
    said = f"The scorecard is {sure} {other}: log loss {loss.value:+.4f} ({loss.low:+.4f} to {loss.high:+.4f})"
    if wins.value is None or wins.low is None or wins.high is None:
        return f"{said}."
    return (
        f"{said}; at the same volume of 20 % of leads it meets {100 * wins.value:+.1f} points of all wins "
        f"({100 * wins.low:+.1f} to {100 * wins.high:+.1f})."
    )


def _random(backtest: Backtest) -> tuple[str, ...]:
    mixed, forward = backtest.random_split, backtest.comparison.performance("scorecard")
    if mixed is None:
        return ()
    figures = [(one.value("auc"), one.value("log_loss")) for one in (mixed, forward)]
    if any(value is None for pair in figures for value in pair):
        return ()
    (auc, loss), (true_auc, true_loss) = figures
    sentence = (
        f"A random split would have promised an AUC of {auc:.3f} and a log loss of {loss:.4f}; walking forward gives "
        f"{true_auc:.3f} and {true_loss:.4f}. Trust the latter: leads to come are later leads."
    )
    return (sentence,)
