"""The weekly report in a terminal, from 80 columns up."""

from __future__ import annotations

from collections.abc import Mapping

from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from leadqual.meetings import WeekReport
from leadqual.reports.language import catalogue
from leadqual.reports.week_shown import WeekShown, show_week

__all__ = ["show_weekly"]

_STYLES = {"good": "green", "bad": "bold red", "quiet": "dim"}


def show_weekly(console: Console, report: WeekReport, *, missing: tuple[str, ...] | None = None) -> None:
    """Print the figures of a week.

    Parameters
    ----------
    console
        Where to.
    report
        See `leadqual.meetings.weekly`.
    missing
        The teams that must still sign the bundle; None: that was not looked up.
    """
    shown, words = show_week(report, missing=missing), catalogue("en")
    console.print(Text.assemble((shown.title, "bold"), f"  {shown.days}"))
    console.print(Text(shown.about, style="dim"))
    for heading, tag, look, duties in shown.owners:
        console.print()
        console.print(Text.assemble((heading, "bold"), "  ", (tag, _STYLES[look])))
        table = Table.grid(padding=(0, 2))
        for one in duties:
            table.add_row(f"  {one.name}", Text(f"{one.now} {one.target}".strip()), Text(one.beside, style="dim"))
        console.print(table)
    console.print()
    tiles = Table.grid(padding=(0, 2))
    for tile in shown.tiles:
        tiles.add_row(
            tile.name, Text(tile.figure, style="bold red" if tile.bad else "bold"), Text(tile.below, style="dim")
        )
    console.print(tiles)
    _bullets(console, words["week_what_changed"], shown.changes)
    _bullets(console, words["week_decisions"], shown.decisions)
    _tables(console, shown, words)
    _bullets(console, words["week_notes"], shown.notes)


def _bullets(console: Console, heading: str, lines: tuple[str, ...]) -> None:
    console.print(Text(f"\n{heading}", style="bold"))
    for line in lines:
        console.print(Padding(Text(line), (0, 0, 0, 2)))


def _tables(console: Console, shown: WeekShown, words: Mapping[str, str]) -> None:
    console.print(Text(f"\n{words['week_by_grade']}", style="bold"))
    grades = Table(*shown.columns, box=None, pad_edge=False, header_style="dim")
    for column in grades.columns[1:]:
        column.justify = "right"
    for row in shown.grades:
        grades.add_row(*row)
    console.print(Padding(grades, (0, 0, 0, 2)))
    if shown.by_field:
        bands = Table.grid(padding=(0, 2))
        for name, figures, _, unusual in shown.bands:
            bands.add_row(Text(name), Text(figures, style="yellow" if unusual else ""))
        console.print(Text.assemble((f"\n{shown.by_field}", "bold"), (f"  {words['week_by_field_of']}", "dim")))
        console.print(Padding(bands if shown.bands else Text(words["week_no_band"]), (0, 0, 0, 2)))
    if shown.sellers:
        sellers = Table.grid(padding=(0, 2))
        for seller in shown.sellers:
            sellers.add_row(Text(seller.seller), seller.load, Text(seller.beside, style="dim"))
        console.print(Text(f"\n{words['week_load']}", style="bold"))
        console.print(Padding(sellers, (0, 0, 0, 2)))
    console.print(Text(f"\n{words['week_talk']}", style="bold"))
    leads = Table.grid(padding=(0, 2))
    for one in shown.leads:
        leads.add_row(Text(one.lead), one.score, Text(one.happened))
    console.print(Padding(leads if shown.leads else Text(words["week_talk_none"]), (0, 0, 0, 2)))
    if shown.more_leads:
        console.print(Padding(Text(shown.more_leads, style="dim"), (0, 0, 0, 2)))
