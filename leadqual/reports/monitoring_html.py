"""A monitoring report as one HTML file with a picture for each finding; it opens without a network."""

from __future__ import annotations

from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from leadqual.monitoring import MonitoringFinding, MonitoringReport

__all__ = ["monitoring_page"]

_WIDE, _HIGH = 360, 70


def monitoring_page(report: MonitoringReport) -> str:
    """Return the page.

    Parameters
    ----------
    report
        See `leadqual.monitoring.monitor`.

    Examples
    --------
    >>> monitoring_page(MonitoringReport("b" * 64, "2026-05-01", 0, 0, "all", ())).startswith("<!doctype html>")
    True
    """
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = environment.from_string(files("leadqual.reports").joinpath("monitoring.html.jinja").read_text("utf-8"))
    shown = [(finding, _picture(finding)) for finding in report.findings]
    return template.render(report=report, shown=shown, wide=_WIDE, high=_HIGH)


def _picture(finding: MonitoringFinding) -> dict[str, object] | None:
    """Return what the template draws: a line over weeks with its limit, or bars for the bands of a field."""
    series = finding.series
    if len(series) < 2:
        return None
    low, high = min(0.0, *series), max(*series, finding.limit or 0.0)
    span = (high - low) or 1.0

    def up(value: float) -> float:
        return round(_HIGH - 4 - (value - low) / span * (_HIGH - 8), 1)

    step = _WIDE / len(series)
    if finding.field is not None:
        bars = [
            {"x": round(i * step + 2, 1), "y": up(value), "h": round(up(0.0) - up(value), 1)}
            for i, value in enumerate(series)
        ]
        return {"bars": bars, "width": round(step - 4, 1), "line": "", "limit": None}
    points = " ".join(f"{round((i + 0.5) * step, 1)},{up(value)}" for i, value in enumerate(series))
    return {"bars": [], "width": 0, "line": points, "limit": None if finding.limit is None else up(finding.limit)}
