"""A monitoring report as one HTML file with a picture for each finding; it opens without a network."""

from __future__ import annotations

from importlib.resources import files

from jinja2 import Environment, StrictUndefined

from leadqual.monitoring import MonitoringFinding, MonitoringReport
from leadqual.reports.counted import counted_sentence

__all__ = ["monitoring_page"]

_WIDE, _HIGH = 560, 110
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 64, 8, 18
_NAME, _ROW, _LONGEST_NAME = 210, 20, 32


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
    quiet = [one for one in shown if one[0].severity == "fine" and one[0].field is not None]
    loud = [one for one in shown if one not in quiet]
    return template.render(report=report, counted=counted_sentence(report), shown=loud, quiet=quiet)


def _picture(finding: MonitoringFinding) -> dict[str, object] | None:
    """Return what the template draws: a bar for each label, or a line over weeks; None where there is nothing yet."""
    if finding.labels:
        return _bars(finding)
    return _line(finding) if len(finding.series) > 1 else None


def _bars(finding: MonitoringFinding) -> dict[str, object]:
    """Return a bar for each label, with a mark where it was in training."""
    shares = bool(finding.before)
    before = finding.before or (None,) * len(finding.series)
    most = max((*finding.series, *finding.before), default=0.0) or 1.0
    room = _WIDE - _NAME - 140
    rows = []
    for place, (label, now, was) in enumerate(zip(finding.labels, finding.series, before, strict=True)):
        rows.append(
            {
                "y": place * _ROW,
                "name": label if len(label) <= _LONGEST_NAME else f"{label[: _LONGEST_NAME - 1]}\u2026",
                "whole": label,
                "width": round(room * now / most, 1),
                "mark": None if was is None else round(_NAME + room * was / most, 1),
                "beside": round(_NAME + room * max(now, was or 0.0) / most + 8, 1),
                "number": f"{100 * now:.0f} %, {100 * was:.0f} % in training" if was is not None else f"{now:.0f}",
            }
        )
    return {"rows": rows, "high": len(rows) * _ROW + 2, "wide": _WIDE, "left": _NAME, "row": _ROW, "compared": shares}


def _line(finding: MonitoringFinding) -> dict[str, object]:
    """Return a line over weeks with its scale, the line of an alarm, and the range of what is usual."""
    series = finding.series
    usual: tuple[float, ...] = ()
    if {"low", "high"} <= finding.figures.keys():
        usual = (finding.figures["low"], finding.figures["high"])
    levels = (*series, *usual, *(() if finding.limit is None else (finding.limit,)))
    low, high = min(0.0, *levels), max(0.0, *levels)
    span = (high - low) or 1.0

    def up(value: float) -> float:
        share: float = (value - low) / span
        return round(_HIGH - _BOTTOM - share * (_HIGH - _BOTTOM - _TOP), 1)

    step = (_WIDE - _LEFT - _RIGHT) / (len(series) - 1)
    points = [f"{round(_LEFT + i * step, 1)},{up(value)}" for i, value in enumerate(series)]
    return {
        "rows": (),
        "high": _HIGH,
        "wide": _WIDE,
        "left": _LEFT,
        "right": _WIDE - _RIGHT,
        "line": " ".join(points),
        "last": points[-1].split(","),
        "scale": [(up(value), f"{value:.0f}") for value in dict.fromkeys((low, high))],
        "floor": up(low),
        "limit": None if finding.limit is None else up(finding.limit),
        "usual": (up(usual[1]), round(up(usual[0]) - up(usual[1]), 1)) if usual else None,
        "since": f"{len(series)} weeks ago",
    }
