"""A bundle and its points table as HTML: what a notebook shows, and a part of the report."""

from __future__ import annotations

from leadqual.bundle import Bundle, PointsTable, ProbabilityCurve
from leadqual.measures import PERFORMANCE_MEASURES
from leadqual.reports.environment import page_environment
from leadqual.reports.language import Language

__all__ = ["bundle_figures", "bundle_html", "points_table_html"]

_CURVE_STEPS = 6
_OTHER_FORM = ".4"  # of a measure that an evidence has beyond those that are known


def bundle_html(bundle: Bundle, *, language: str = "en") -> str:
    """Return a bundle as HTML: what it stands for, policy, meaning of the points, evidence, points table.

    All text is escaped; nothing is loaded from elsewhere.

    Parameters
    ----------
    bundle
        The bundle.
    language
        ``"en"`` or ``"zh"``.

    Raises
    ------
    LeadqualError
        When there is no such language.
    """
    template = page_environment(Language(language)).get_template("bundle.html.jinja")
    return template.render(bundle=bundle, **bundle_figures(bundle))


def points_table_html(table: PointsTable, *, language: str = "en") -> str:
    """Return a points table as HTML: one row per band, with a bar on either side of zero for its points.

    Parameters
    ----------
    table
        The points table.
    language
        As in `bundle_html`.
    """
    template = page_environment(Language(language)).get_template("points_table.html.jinja")
    return template.render(table=table, widest=_widest(table))


def bundle_figures(bundle: Bundle) -> dict[str, object]:
    """Return what ``bundle.html.jinja`` needs beside the bundle."""
    return {
        "table": bundle.points_table,
        "widest": _widest(bundle.points_table),
        "curve": _curve(bundle.curve),
        "evidence": _evidence(bundle),
    }


def _curve(curve: ProbabilityCurve) -> list[tuple[int, float, float, float]]:
    """Return points, probability and its interval at even steps from the fewest points to the most."""
    last = len(curve.probability) - 1
    places = sorted({round(last * part / _CURVE_STEPS) for part in range(_CURVE_STEPS + 1)})
    return [(curve.first_points + i, curve.probability[i], curve.low[i], curve.high[i]) for i in places]


def _evidence(bundle: Bundle) -> list[tuple[str, str, list[float | None]]]:
    """Return each measure of the evidence: its name, how it is written, and the value of every way to score."""
    performances = () if bundle.evidence is None else bundle.evidence.performances
    names = dict.fromkeys(measure.name for one in performances for measure in one.measures)
    values = [{measure.name: measure.value for measure in one.measures} for one in performances]
    forms = {name: PERFORMANCE_MEASURES[name].form if name in PERFORMANCE_MEASURES else _OTHER_FORM for name in names}
    return [(name, form, [known.get(name) for known in values]) for name, form in forms.items()]


def _widest(table: PointsTable) -> int:
    """Return the most points, above or below zero, that a band is worth; 1 where all are worth nothing."""
    return max((abs(band.points) for field in table.fields for band in field.bands), default=0) or 1
