"""A report as one HTML file that opens without a network and prints well."""

from __future__ import annotations

import io
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from matplotlib import rc_context
from matplotlib.figure import Figure

from leadqual.bundle.notebook import bundle_html
from leadqual.evaluation import Backtest, gains, outcome_distribution, reliability
from leadqual.evaluation.plots import gain_plot, period_plot, reliability_plot, score_plot
from leadqual.reports.report import Report

__all__ = ["report_html"]

_MOST_LINES = 4


def report_html(report: Report) -> str:
    """Return the page: text is escaped, pictures are inside, and nothing is loaded from elsewhere.

    Parameters
    ----------
    report
        What it shows.

    Examples
    --------
    >>> from leadqual.leads import SampleSettings, read_leads, simulate
    >>> from leadqual.reports.report import report_of
    >>> from leadqual.training import train
    >>> sample = simulate(SampleSettings(leads=1500), seed=1)
    >>> bundle = train(read_leads(sample.table, sample.schema), name="demo").bundle
    >>> report_html(report_of(bundle)).startswith("<!doctype html>")
    True
    """
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    environment.filters["figure"] = _written
    template = environment.from_string(files("leadqual.reports").joinpath("report.html.jinja").read_text("utf-8"))
    return template.render(
        report=report,
        # made by leadqual, and escaped there
        bundle=Markup(bundle_html(report.bundle)),  # noqa: S704
        plots=[Markup(text) for text in _pictures(report)],  # noqa: S704  # as above
    )


def _pictures(report: Report) -> list[str]:
    if report.backtest is None:
        return []
    return [_svg(figure, number) for number, figure in enumerate(_plots(report.backtest))]


def _plots(backtest: Backtest) -> list[Figure]:
    walk = backtest.walk
    card = walk.predictions["scorecard"]
    ranked = [name for name in walk.predictions if name != "base rate"][:_MOST_LINES]
    figures = []
    bins = reliability(walk.won, card.probability)
    if bins:
        figures.append(reliability_plot(bins))
    if walk.won.any():
        figures.append(gain_plot({name: gains(walk.won, walk.predictions[name].rank) for name in ranked}))
    figures.append(score_plot(outcome_distribution(walk.won, 100 * card.probability), label="Probability in %"))
    shown = [name for name in walk.predictions if name != "naive Bayes"][:_MOST_LINES]
    for measure, label in (("log_loss", "log loss"), ("auc", "AUC")):
        lines = {
            name: [None if one is None else one[name].value(measure) for one in backtest.by_period]
            for name in shown
            if (measure, name) != ("auc", "base rate")
        }
        figures.append(period_plot([period.name for period in walk.periods], lines, label=label))
    return figures


def _svg(figure: Figure, number: int) -> str:
    file = io.StringIO()
    # without a date, and with ids by its number, the same figure is the same text and shares no id with another
    with rc_context({"svg.hashsalt": f"leadqual {number}"}):
        figure.savefig(file, format="svg", metadata={"Date": None, "Creator": None})
    text = file.getvalue()
    return text[text.index("<svg") :]


def _written(value: float | None, written: str) -> str:
    if value is None:
        return "–"  # noqa: RUF001  # a dash, as in print
    return f"{100 * value:.1f} %" if written == "share" else f"{value:.4f}"
