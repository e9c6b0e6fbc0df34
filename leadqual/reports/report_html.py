"""A report as one HTML file that opens without a network and prints well, in English or Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup

from leadqual.bundle import Bundle
from leadqual.reports.language import catalogue
from leadqual.reports.pictures import pictures
from leadqual.reports.report import Report, cautions, differences

__all__ = ["report_html"]

_CURVE_STEPS = 6


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
    words = catalogue(language)
    environment = Environment(
        loader=FunctionLoader(lambda name: files("leadqual.reports").joinpath(name).read_text("utf-8")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["figure"] = _written
    environment.filters["named"] = lambda name, kind: words.get(f"{kind}_{name.replace(' ', '_')}", name)
    backtest = report.backtest
    return environment.get_template("report.html.jinja").render(
        report=report,
        language=language,
        # files of this package without markup; what is put in their places is escaped
        words={key: Markup(text) for key, text in words.items()},  # noqa: S704
        differences=() if backtest is None else differences(backtest, words),
        warnings=report.warnings if backtest is None else cautions(backtest, words),
        # drawn here, with their texts escaped
        plots=[] if backtest is None else [Markup(text) for text in pictures(backtest, language)],  # noqa: S704
        curve=_curve(report.bundle),
        evidence=_evidence(report.bundle, words),
        widest=_widest(report.bundle),
    )


def _curve(bundle: Bundle) -> list[tuple[int, float, float, float]]:
    """Return points, probability and its interval at even steps from the fewest points to the most."""
    curve = bundle.curve
    last = len(curve.probability) - 1
    places = sorted({round(last * part / _CURVE_STEPS) for part in range(_CURVE_STEPS + 1)})
    return [(curve.first_points + i, curve.probability[i], curve.low[i], curve.high[i]) for i in places]


def _evidence(bundle: Bundle, words: Mapping[str, str]) -> list[tuple[str, list[float | None]]]:
    """Return each measure of the evidence with the value of every way to score; None where it is undefined."""
    performances = () if bundle.evidence is None else bundle.evidence.performances
    names = dict.fromkeys(measure.name for one in performances for measure in one.measures)
    values = [{measure.name: measure.value for measure in one.measures} for one in performances]
    return [
        (words.get(f"evidence_{name}", name.replace("_", " ")), [known.get(name) for known in values]) for name in names
    ]


def _widest(bundle: Bundle) -> int:
    """Return the most points, above or below zero, that a band is worth; 1 where all are worth nothing."""
    return max((abs(band.points) for field in bundle.points_table.fields for band in field.bands), default=0) or 1


def _written(value: float | None, written: str) -> str:
    if value is None:
        return "–"  # noqa: RUF001  # a dash, as in print
    return f"{100 * value:.1f} %" if written == "share" else f"{value:.4f}"
