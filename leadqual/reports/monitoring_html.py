"""A monitoring report as one HTML file with a picture for each finding; it opens without a network."""

from __future__ import annotations

from leadqual.fact import fact
from leadqual.monitoring import MonitoringFinding, MonitoringReport
from leadqual.reports.environment import page_environment
from leadqual.reports.language import Language
from leadqual.reports.monitoring_plain import counted_by, sentences, to_do

__all__ = ["monitoring_page"]

_WIDE, _HIGH = 560, 110
_LEFT, _RIGHT, _TOP, _BOTTOM = 60, 84, 8, 20
_NAME, _ROW, _MAX_NAME_LENGTH = 210, 20, 32


def monitoring_page(report: MonitoringReport, *, language: str = "en") -> str:
    """Return the page.

    Parameters
    ----------
    report
        See `leadqual.monitoring.monitor`.
    language
        ``"en"`` or ``"zh"``.

    Raises
    ------
    LeadqualError
        When there is no such language.

    Examples
    --------
    >>> monitoring_page(MonitoringReport("b" * 64, "2026-05-01", 0, 0, "all", ())).startswith("<!doctype html>")
    True
    """
    words = Language(language)
    template = page_environment(words).get_template("monitoring.html.jinja")
    shown = [_shown(finding, words) for finding in report.findings]
    quiet = [one for one in shown if one["quiet"]]
    about = fact(
        "monitoring_of", bundle=report.bundle[:12], as_of=report.as_of, leads=report.leads, matured=report.matured
    )
    return template.render(
        title=words.word("monitoring_title", day=report.as_of),
        about=words.say(about),
        to_do=words.say(to_do(report)),
        notes=words.say_all((counted_by(report), *report.left_out)),
        shown=[one for one in shown if not one["quiet"]],
        quiet=quiet,
        fine=words.say(fact("fine_fields", checks=len(quiet))),
    )


def _shown(finding: MonitoringFinding, words: Language) -> dict[str, object]:
    """Return what the template shows of one finding."""
    named = {"code": finding.code, "check": finding.code, "severity": finding.severity}
    if finding.field is None:
        heading = fact("finding_heading", **named)
    else:
        heading = fact("finding_field_heading", **named, field=finding.field)
    shows = "" if finding.shows is None else words.say(finding.shows)
    return {
        "severity": finding.severity.replace(" ", "-"),
        "quiet": finding.severity == "fine" and finding.field is not None,
        "heading": words.say(heading),
        "said": sentences(finding, words),
        "remedy": "" if finding.severity == "fine" else words.say(fact("remedy_line", remedy=finding.remedy)),
        "shows": shows,
        "caption": _caption(finding, shows, words),
        "limit": words.words["next_try" if finding.code == "LQ608" else "alarm_line"],
        "picture": _picture(finding, words),
    }


def _caption(finding: MonitoringFinding, shows: str, words: Language) -> str:
    """Return what the picture shows, and how it is read where it does not say so itself."""
    if finding.labels and not finding.before:
        return shows
    how = "bars_compared" if finding.labels else "week_by_week"
    return words.word("picture_caption", shows=shows, how=words.words[how])


def _picture(finding: MonitoringFinding, words: Language) -> dict[str, object] | None:
    """Return what the template draws: a bar for each label, or a line over weeks; None where there is nothing yet."""
    if finding.labels:
        return _bars(finding, words)
    return _line(finding, words) if len(finding.series) > 1 else None


def _bars(finding: MonitoringFinding, words: Language) -> dict[str, object]:
    """Return a bar for each label, with a mark where it was in training."""
    before = finding.before or (None,) * len(finding.series)
    most = max((*finding.series, *finding.before), default=0.0) or 1.0
    room = _WIDE - _NAME - 170
    rows = []
    for place, (label, now, was) in enumerate(zip(finding.labels, finding.series, before, strict=True)):
        rows.append(
            {
                "y": place * _ROW,
                "name": label if len(label) <= _MAX_NAME_LENGTH else f"{label[: _MAX_NAME_LENGTH - 1]}\u2026",
                "whole": label,
                "width": round(room * now / most, 1),
                "mark": None if was is None else round(_NAME + room * was / most, 1),
                "beside": round(_NAME + room * max(now, was or 0.0) / most + 8, 1),
                "number": words.word("bar_count", now=now)
                if was is None
                else words.word("bar_share", now=now, then=was),
            }
        )
    return {"rows": rows, "high": len(rows) * _ROW + 2, "wide": _WIDE, "left": _NAME, "row": _ROW}


def _line(finding: MonitoringFinding, words: Language) -> dict[str, object]:
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
        "scale": [(up(value), words.format_field(value, ".0")) for value in dict.fromkeys((low, high))],
        "floor": up(low),
        "limit": None if finding.limit is None else up(finding.limit),
        "usual": (up(usual[1]), round(up(usual[0]) - up(usual[1]), 1)) if usual else None,
        "since": words.word("weeks_ago", weeks=len(series)),
    }
