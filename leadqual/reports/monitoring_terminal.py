"""What monitoring found, in a terminal: alarms first, each with its course and what to do."""

from __future__ import annotations

from rich.console import Console
from rich.text import Text

from leadqual.monitoring import MonitoringFinding, MonitoringReport
from leadqual.reports.counted import counted_sentence

__all__ = ["show_monitoring"]

_STYLES = {"alarm": "bold red", "warning": "yellow", "not applicable": "dim", "fine": "green"}
_BLOCKS = " ▁▂▃▄▅▆▇█"
_MOST_FINE = 4


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
    console.print(
        f"{report.bundle[:12]} as of {report.as_of[:10]}: {report.leads:,} leads scored, {report.matured:,} matured"
    )
    for note in (counted_sentence(report), *report.notes):
        console.print(Text(note))
    for finding in report.findings:
        if finding.severity != "fine" or finding.field is None:
            _show(console, finding)
    fine = [finding.field for finding in report.findings if finding.severity == "fine" and finding.field is not None]
    fields = sorted({field for field in fine if field is not None})
    if fields:
        more = f" and {len(fields) - _MOST_FINE} more" if len(fields) > _MOST_FINE else ""
        console.print(Text(f"fine  fields: {', '.join(fields[:_MOST_FINE])}{more}", style="dim"))
    console.print(f"To do: {report.to_do}.", style="bold")


def _show(console: Console, finding: MonitoringFinding) -> None:
    line = Text.assemble((finding.severity, _STYLES[finding.severity]), f"  {finding.code}  {finding.said}")
    console.print(line)
    if len(finding.series) > 1 and not finding.labels:
        note = "" if finding.limit is None else f"  alarm at {finding.limit:.1f}"
        console.print(Text(f"  {_course(finding.series, finding.limit)}{note}", style="dim"))
    if finding.remedy and finding.severity == "alarm":
        console.print(Text(f"  remedy: {finding.remedy}", style="bold"))


def _course(series: tuple[float, ...], limit: float | None) -> str:
    """Return the last weeks as a row of blocks, the highest at the limit or at the largest value."""
    shown = series[-60:]
    low, high = min(0.0, *shown), max(*shown, limit or 0.0)
    span = (high - low) or 1.0
    return "".join(_BLOCKS[round((value - low) / span * (len(_BLOCKS) - 1))] for value in shown)
