"""Scored leads in a terminal: what is owed to each, how likely it wins, and why."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from leadqual.reasons import Reason
from leadqual.reports.bars import Bars, Style, percent
from leadqual.reports.best_leads import NamedScore
from leadqual.reports.terminal import WIDEST

__all__ = ["show_leads"]

_STYLE = Style()
_INDENT = 5


def show_leads(console: Console, leads: Sequence[NamedScore], *, window_days: int | None, reasons: int = 3) -> None:
    """Print leads, two lines each: grade, score, probability with its interval, then the reasons for and against.

    Parameters
    ----------
    console
        Where to print.
    leads
        Best first.
    window_days
        The window of the probability; None where there is none.
    reasons
        How many reasons for, and how many against, each lead shows at most.
    """
    bars = Bars.for_console(console)
    width = min(console.width, WIDEST)
    name = max([len(lead.lead) for lead in leads] + [4])
    aged = any(lead.age_days is not None for lead in leads)
    bar = max(10, width - name - 53 - (7 if aged else 0))
    top = max([lead.score.high for lead in leads] + [0.1])
    within = f"wins in {window_days} days" if window_days is not None else "wins"
    head = f"     {'lead':{name}}  grade  score  {within:<19}  {'0 to ' + percent(top):{bar}}  "
    head += f"{'age':>5}  follow up" if aged else "follow up"
    console.print(Text(head, _STYLE.quiet), width=width, no_wrap=True, overflow="ellipsis")
    for number, lead in enumerate(leads, 1):
        console.print(_lead(lead, number, name, bar, top, bars, aged=aged), width=width)
        console.print(_why(lead, reasons, width - _INDENT), width=width)


def _lead(lead: NamedScore, number: int, name: int, bar: int, top: float, bars: Bars, *, aged: bool) -> Text:
    score = lead.score
    interval = f"{percent(score.low)} to {percent(score.high)}"
    hours = "-" if score.follow_up_hours is None else f"in {score.follow_up_hours:g} h"
    line = Text(no_wrap=True, overflow="ellipsis")
    line.append(f"{number:3d}  ", _STYLE.quiet).append(f"{lead.lead:{name}}", _STYLE.strong)
    line.append(f"  {score.grade:5}", f"{_STYLE.strong} {_STYLE.gain}").append(f"  {score.score:5d}")
    line.append(f"  {percent(score.probability):>4}", _STYLE.strong).append(f"  {interval:13}  ", _STYLE.quiet)
    line.append_text(bars.interval(score.low, score.probability, score.high, top, bar))
    if aged:
        line.append(f"  {'-' if lead.age_days is None else f'{lead.age_days} d':>5}", _STYLE.quiet)
    return line.append(f"  {hours}")


def _why(lead: NamedScore, most: int, width: int) -> RenderableType:
    score = lead.score
    lines = [
        *_packed(score.reasons_for[:most], _STYLE.gain, width),
        *_packed(score.reasons_against[:most], _STYLE.loss, width),
        *(Text(f"! {note}", _STYLE.alarm) for note in score.notes),
    ]
    return Padding(Group(*lines), (0, 0, 0, _INDENT))


def _packed(reasons: Sequence[Reason], style: str, width: int) -> list[Text]:
    """Return reasons in as few lines as they need, none of them broken where it fits into one."""
    lines: list[Text] = []
    for reason in reasons:
        text = Text(f"{reason.points:+d}", style).append(f" {reason.field}: {reason.band}", _STYLE.quiet)
        if lines and lines[-1].cell_len + 3 + text.cell_len <= width:
            lines[-1].append("   ").append_text(text)
        else:
            lines.append(text)
    return lines
