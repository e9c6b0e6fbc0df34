"""A report on a bundle and its history, as plain data for a page: what it says, and what would have happened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from leadqual.audit import Audit
from leadqual.bundle import Bundle
from leadqual.evaluation import Backtest
from leadqual.reports.comparison import Comparison, compare
from leadqual.reports.language import catalogue

__all__ = ["Report", "cautions", "differences", "report_of"]


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
        Sentences on what the scorecard gains or loses against each other contestant, in English; empty without leads.
    warnings
        What the reader must know, in English.
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
    english = catalogue("en")
    performances = backtest.comparison.performances
    who = tuple(one.who for one in performances)
    return Report(
        bundle=bundle,
        audit=audit,
        backtest=backtest,
        who=who,
        comparisons=tuple(compare(performances)),
        differences=differences(backtest, english),
        warnings=cautions(backtest, english),
    )


def differences(backtest: Backtest, words: Mapping[str, str]) -> tuple[str, ...]:
    """Return a sentence for each other contestant on what the scorecard gains or loses against it.

    Parameters
    ----------
    backtest
        What walking forward said.
    words
        The catalogue of a language; see `leadqual.reports.language.catalogue`.
    """
    who = [one.who for one in backtest.comparison.performances]
    return tuple(_difference(backtest, other, words) for other in who[1:])


def cautions(backtest: Backtest, words: Mapping[str, str]) -> tuple[str, ...]:
    """Return what the reader of a backtest must know; its own warnings as they are, the rest in the given words."""
    return (*backtest.walk.warnings, *_random(backtest, words))


def _difference(backtest: Backtest, other: str, words: Mapping[str, str]) -> str:
    loss = backtest.comparison.difference(other, "log_loss")
    wins = backtest.comparison.difference(other, "wins_in_top_20")
    name = words.get(f"who_{other.replace(' ', '_')}", other)
    if loss.value is None or loss.low is None or loss.high is None:
        return words["diff_none"].format(other=name)
    sure = words["diff_better"] if loss.high < 0 else words["diff_worse"] if loss.low > 0 else words["diff_unsure"]
    said = sure.format(other=name, loss=f"{loss.value:+.4f}", low=f"{loss.low:+.4f}", high=f"{loss.high:+.4f}")
    if wins.value is None or wins.low is None or wins.high is None:
        return words["diff_end"].format(said=said)
    value, low, high = (f"{100 * share:+.1f}" for share in (wins.value, wins.low, wins.high))
    return words["diff_wins"].format(said=said, wins=value, low=low, high=high)


def _random(backtest: Backtest, words: Mapping[str, str]) -> tuple[str, ...]:
    mixed, forward = backtest.random_split, backtest.comparison.performance("scorecard")
    if mixed is None:
        return ()
    figures = [(one.value("auc"), one.value("log_loss")) for one in (mixed, forward)]
    if any(value is None for pair in figures for value in pair):
        return ()
    (auc, loss), (true_auc, true_loss) = figures
    less = auc is not None and true_auc is not None and auc <= true_auc
    sentence = (words["random_less"] if less else words["random"]).format(
        auc=f"{auc:.3f}", loss=f"{loss:.4f}", true_auc=f"{true_auc:.3f}", true_loss=f"{true_loss:.4f}"
    )
    return (sentence,)
