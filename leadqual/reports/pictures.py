"""The pictures of a report: plots of a backtest as SVG, in the language of the page."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from html import escape, unescape

from matplotlib import rc_context
from matplotlib.figure import Figure

from leadqual.evaluation import Backtest, gains, outcome_distribution, reliability
from leadqual.evaluation.plots import gain_plot, period_plot, reliability_plot, score_plot
from leadqual.reports.language import catalogue

__all__ = ["pictures"]

_MAX_LINES = 4
_PICTURED = ("plot_", "who_")
_BY_PERIOD = ("log_loss", "auc")
_TEXT = re.compile(r"(<text\b[^>]*>)([^<]*)(</text>)")
_PLACEHOLDER = re.compile(r"\\{(\w+)\\}")


def pictures(backtest: Backtest, language: str) -> list[str]:
    """Return the plots as SVG elements: reliability, gains, scores, and figures by period.

    In English letters are drawn as shapes, so that they look the same everywhere. In another language they are text,
    which the reader's own fonts show: the plots are laid out in English, and their words exchanged.

    Parameters
    ----------
    backtest
        What is shown.
    language
        The language of the page; see `leadqual.reports.language.LANGUAGES`.

    Raises
    ------
    LeadqualError
        When there is no such language.
    """
    if language == "en":
        return [_svg(figure, number, "path") for number, figure in enumerate(_plots(backtest))]
    words = catalogue(language)
    shown = {f"measure_{measure}" for measure in _BY_PERIOD}
    english = {key: text for key, text in catalogue("en").items() if key.startswith(_PICTURED) or key in shown}
    phrases = [(_pattern(text), words[key]) for key, text in english.items()]
    return [_translated(_svg(figure, number, "none"), phrases) for number, figure in enumerate(_plots(backtest))]


def _plots(backtest: Backtest) -> Iterator[Figure]:
    walk = backtest.walk
    card = walk.predictions["scorecard"]
    ranked = [name for name in walk.predictions if name != "base rate"][:_MAX_LINES]
    bins = reliability(walk.won, card.probability)
    if bins:
        yield reliability_plot(bins, design_effect=backtest.design_effect)
    if walk.won.any():
        yield gain_plot({name: gains(walk.won, walk.predictions[name].rank) for name in ranked})
    yield score_plot(outcome_distribution(walk.won, 100 * card.probability), label="Probability in %")
    shown = [name for name in walk.predictions if name != "naive Bayes"][:_MAX_LINES]
    for measure in _BY_PERIOD:
        lines = {
            name: [None if one is None else one[name].value(measure) for one in backtest.by_period]
            for name in shown
            if (measure, name) != ("auc", "base rate")
        }
        yield period_plot([period.name for period in walk.periods], lines, label=catalogue("en")[f"measure_{measure}"])


def _svg(figure: Figure, number: int, letters: str) -> str:
    file = io.StringIO()
    # without a date, and with ids by its number, the same figure is the same text and shares no id with another
    with rc_context({"svg.hashsalt": f"leadqual {number}", "svg.fonttype": letters}):
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    text = file.getvalue()
    return text[text.index("<svg") :]


def _pattern(text: str) -> re.Pattern[str]:
    """Return what a text looks like with numbers in its places."""
    return re.compile(_PLACEHOLDER.sub(r"(?P<\1>[\\d.,]+)", re.escape(text)))


def _translated(svg: str, phrases: list[tuple[re.Pattern[str], str]]) -> str:
    def exchanged(found: re.Match[str]) -> str:
        text = unescape(found[2])
        for pattern, other in phrases:
            match = pattern.fullmatch(text)
            if match:
                return found[1] + escape(other.format(**match.groupdict()), quote=False) + found[3]
        return found[0]

    return _TEXT.sub(exchanged, svg)
