"""What monitoring found, in a terminal: alarms first, each with its course and what to do."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from leadqual.fact import fact
from leadqual.monitoring import MonitoringFinding, MonitoringReport
from leadqual.reports.language import Language
from leadqual.reports.monitoring_plain import counted_by, sentences, to_do

__all__ = ["show_monitoring"]

_STYLES = {"alarm": "bold red", "warning": "yellow", "not applicable": "dim", "fine": "green"}
_BLOCKS = " ▁▂▃▄▅▆▇█"
_MAX_FINE = 4


def show_monitoring(console: Console, report: MonitoringReport) -> None:
    r"""Print a monitoring report.

    Parameters
    ----------
    console
        Where to.
    report
        See `leadqual.monitoring.monitor`.

    Examples
    --------
    >>> import io
    >>> console = Console(file=io.StringIO(), width=80)
    >>> show_monitoring(console, MonitoringReport("b" * 64, "2026-05-01", 0, 0, "all", ()))
    >>> "0 leads scored" in console.file.getvalue()
    True
    """
    words = Language("en")
    about = fact(
        "monitoring_of", bundle=report.bundle[:12], as_of=report.as_of, leads=report.leads, matured=report.matured
    )
    for found in (about, counted_by(report), *report.left_out):
        console.print(Text(words.say(found)))
    for finding in report.findings:
        if finding.severity != "fine" or finding.field is None:
            _show(console, finding, words)
    fine = [finding.field for finding in report.findings if finding.severity == "fine" and finding.field is not None]
    fields = sorted({field for field in fine if field is not None})
    if fields:
        more = len(fields) - _MAX_FINE
        named = ", ".join(fields[:_MAX_FINE])
        fine_ones = (
            fact("fine_fields_more", fields=named, more=more) if more > 0 else fact("fine_fields_named", fields=named)
        )
        console.print(Text(words.say(fine_ones), style="dim"))
    console.print(words.say(to_do(report)), style="bold")


def _show(console: Console, finding: MonitoringFinding, words: Language) -> None:
    line = Text.assemble(
        (finding.severity, _STYLES[finding.severity]), f"  {finding.code}  {sentences(finding, words)}"
    )
    console.print(line)
    if len(finding.series) > 1 and not finding.labels:
        line_at = "next_try_at" if finding.code == "LQ608" else "alarm_at"
        note = "" if finding.limit is None else words.word(line_at, limit=finding.limit)
        console.print(Text(f"  {_course(finding.series, finding.limit)}  {note}".rstrip(), style="dim"))
    if finding.remedy and finding.severity == "alarm":
        console.print(Text(f"  remedy: {finding.remedy}", style="bold"))


def _course(series: tuple[float, ...], limit: float | None) -> str:
    """Return the last weeks as a row of blocks, the highest at the limit or at the largest value."""
    shown = series[-60:]
    low, high = min(0.0, *shown), max(*shown, limit or 0.0)
    span = (high - low) or 1.0
    return "".join(_BLOCKS[round((value - low) / span * (len(_BLOCKS) - 1))] for value in shown)
