"""A report on a bundle and its history, as plain data for a page: what it says, and what would have happened."""

from __future__ import annotations

from dataclasses import dataclass

from leadqual.audit import Audit
from leadqual.bundle import Bundle
from leadqual.evaluation import Backtest
from leadqual.fact import Fact, Figure, fact
from leadqual.reports.compared_measures import ComparedMeasure, compare

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
        What the scorecard gains or loses against each other contestant; empty without leads.
    warnings
        What the reader must know; texts where the bundle is of a format before 4.
    """

    bundle: Bundle
    audit: Audit | None
    backtest: Backtest | None
    who: tuple[str, ...]
    comparisons: tuple[ComparedMeasure, ...]
    differences: tuple[Fact, ...] = ()
    warnings: tuple[Fact | str, ...] = ()


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


def _difference(backtest: Backtest, other: str) -> Fact:
    """Return what the scorecard gains or loses against another contestant."""
    loss = backtest.comparison.difference(other, "log_loss")
    wins = backtest.comparison.difference(other, "wins_in_top_20")
    if loss.value is None or loss.low is None or loss.high is None:
        return fact("diff_none", other=other)
    figures: dict[str, Figure] = {"other": other, "loss": loss.value, "low": loss.low, "high": loss.high}
    change = fact("diff_better", **figures) if loss.high < 0 else fact("diff_unsure", **figures)
    if loss.low > 0:
        change = fact("diff_worse", **figures)
    if wins.value is None or wins.low is None or wins.high is None:
        return fact("diff_end", change=change)
    return fact("diff_wins", change=change, wins=100 * wins.value, low=100 * wins.low, high=100 * wins.high)


def _random(backtest: Backtest) -> tuple[Fact, ...]:
    """Return what a random split would have promised."""
    mixed, forward = backtest.random_split, backtest.comparison.performance("scorecard")
    if mixed is None:
        return ()
    auc, loss = mixed.value("auc"), mixed.value("log_loss")
    true_auc, true_loss = forward.value("auc"), forward.value("log_loss")
    if auc is None or loss is None or true_auc is None or true_loss is None:
        return ()
    figures: dict[str, Figure] = {"auc": auc, "loss": loss, "true_auc": true_auc, "true_loss": true_loss}
    return (fact("random_less" if auc <= true_auc else "random", **figures),)
