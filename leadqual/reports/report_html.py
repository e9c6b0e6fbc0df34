"""A report as one HTML file that opens without a network and prints well, in English or Chinese."""

from __future__ import annotations

from jinja2 import Environment
from markupsafe import Markup

from leadqual.measures import PERFORMANCE_MEASURES
from leadqual.reports.bundle_html import bundle_figures
from leadqual.reports.environment import page_environment
from leadqual.reports.language import Language
from leadqual.reports.pictures import pictures
from leadqual.reports.report import Report

__all__ = ["report_html"]


def report_html(report: Report, *, language: str = "en") -> str:
    """Return the page: text is escaped, pictures are inside, and nothing is loaded from elsewhere.

    What comes from the bundle and the history is shown as it is there: names, the findings of the audit, and what the
    bundle says of how it was made. All else is in the language of the page.

    Parameters
    ----------
    report
        What it shows.
    language
        ``"en"`` or ``"zh"``.

    Raises
    ------
    LeadqualError
        When there is no such language.

    Examples
    --------
    >>> from leadqual.leads import read_leads
    >>> from leadqual.simulation import SampleSettings, simulate
    >>> from leadqual.reports.report import report_of
    >>> from leadqual.training import train
    >>> sample = simulate(SampleSettings(leads=1500), seed=1)
    >>> bundle = train(read_leads(sample.table, sample.schema), name="demo").bundle
    >>> report_html(report_of(bundle)).startswith("<!doctype html>")
    True
    >>> "<h2>评分方案</h2>" in report_html(report_of(bundle), language="zh")
    True
    """
    environment = page_environment(Language(language))
    environment.filters["figure"] = lambda value, form: _written(value, form, environment)
    backtest = report.backtest
    return environment.get_template("report.html.jinja").render(
        report=report,
        bundle=report.bundle,
        measures=PERFORMANCE_MEASURES,
        # drawn here, with their texts escaped
        plots=[] if backtest is None else [Markup(text) for text in pictures(backtest, language)],  # noqa: S704
        **bundle_figures(report.bundle),
    )


def _written(value: float | None, form: str, environment: Environment) -> str:
    return "\N{EN DASH}" if value is None else str(environment.filters["written"](value, form))
