"""A bundle's summary in a terminal, from 80 columns up, with or without colour."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from leadqual.reports.bars import Bars, Style, percent
from leadqual.reports.compared_measures import ComparedMeasure
from leadqual.reports.field_lines import FieldLine
from leadqual.reports.summary import Summary

__all__ = ["Sections", "heading", "show_summary"]

WIDEST = 120
TWO_COLUMNS = 112
_STYLE = Style()


def show_summary(
    console: Console, summary: Summary, *, warnings: Sequence[str] = (), fields: int | None = None
) -> None:
    """Print everything a summary holds.

    Parameters
    ----------
    console
        Where to print.
    summary
        What to print.
    warnings
        What must be said besides the summary's own warnings.
    fields
        How many fields of the points table, the most telling first; None for all.
    """
    sections = Sections(console, summary)
    parts = (
        sections.title(),
        sections.points(fields),
        sections.meaning(),
        sections.policy(),
        sections.evaluation(),
        sections.reliability(),
        sections.provenance(),
        sections.warnings(warnings),
    )
    for part in parts:
        if part is not None:
            console.print(part, width=sections.width)


class Sections:
    """The parts of the display, each something that rich prints, or None where there is nothing to show.

    Parameters
    ----------
    console
        Where they will be printed: its width and encoding decide how.
    summary
        What they show.
    """

    def __init__(self, console: Console, summary: Summary) -> None:
        self.summary = summary
        self.width = min(console.width, WIDEST)
        self.bars = Bars.for_console(console)

    def title(self) -> RenderableType:
        """Return the bundle's name and what it is about."""
        summary = self.summary
        within = f" within {summary.window_days} days" if summary.window_days is not None else ""
        doubling = f"{summary.points_to_double_odds} points double the odds"
        what = f"{percent(summary.base_rate)} of leads are won{within}; {doubling}."
        text = Text(summary.headline, _STYLE.strong) if summary.headline else Text()
        return Panel(
            Text("\n").join([text, Text(what)]),
            title=Text(summary.name, _STYLE.strong),
            title_align="left",
            subtitle=Text(summary.digest[:16], _STYLE.quiet),
            subtitle_align="right",
            padding=(0, 1),
            border_style=_STYLE.main,
        )

    def points(self, count: int | None = None) -> RenderableType:
        """Return the points table: each field's bands with their bars; two columns where there is room."""
        summary = self.summary
        shown = summary.fields[:count]
        widest = max((abs(band.points) for line in shown for band in line.bands), default=0)
        columns = 2 if self.width >= TWO_COLUMNS and len(shown) > 1 else 1
        width = (self.width - 4 * (columns - 1)) // columns
        blocks = [self._field(line, widest, width) for line in shown]
        introduction = (
            f"Every lead starts with {summary.base_points} points; {summary.lowest} to {summary.highest} are possible."
        )
        left_out = len(summary.fields) - len(shown)
        more = Text(f"and {left_out} more fields that move leads less", _STYLE.quiet) if left_out else Text()
        body: Group | Table = Group(*blocks)
        if columns == 2:
            half = _half([len(line.bands) + 2 for line in shown])
            body = Table.grid(padding=(0, 4, 0, 0))
            body.add_row(Group(*blocks[:half]), Group(*blocks[half:]))
        return _section("Points table", introduction, body, *([more] if left_out else []))

    def _field(self, line: FieldLine, widest: int, width: int) -> RenderableType:
        bar = max(11, min(31, width - 41) // 2 * 2 + 1)
        table = Table.grid(padding=(0, 1))
        table.add_column(width=width - bar - 14 - 1, overflow="fold")
        table.add_column(width=5, justify="right")
        table.add_column(width=bar, no_wrap=True)
        table.add_column(width=5, justify="right", style=_STYLE.quiet)
        for band in line.bands:
            share = percent(band.share) if band.share else ""
            bars = self.bars.either_side(band.points, widest, bar)
            table.add_row(Text(f"  {band.label}"), _signed(band.points), bars, share)
        name = Text(line.name, _STYLE.strong)
        if line.dimension and line.dimension.casefold() != line.name.casefold():
            name.append(f" ({line.dimension})", f"not bold {_STYLE.quiet}")
        return Group(name, table, Text())

    def meaning(self) -> RenderableType:
        """Return what points mean: probability, its interval, score, grade, qualification."""
        top = _round_up(max((rung.high for rung in self.summary.rungs), default=1.0))
        width = max(16, self.width - 58)
        coverage = Text(f"win probability, 0 to {percent(top)}")
        table = _table("points", "", "interval", coverage, "score", "grade", right=(0, 1, 4), nowrap=(2,))
        for rung in self.summary.rungs:
            grade = f"{rung.grade}  {rung.qualification}" if rung.qualification != "none" else rung.grade
            table.add_row(
                Text(str(rung.points), _STYLE.strong),
                percent(rung.probability),
                Text(f"{percent(rung.low)} to {percent(rung.high)}", _STYLE.quiet),
                self.bars.interval(rung.low, rung.probability, rung.high, top, width),
                str(rung.score),
                grade,
            )
        return _section("What points mean", self.summary.curve, table)

    def policy(self) -> RenderableType:
        """Return the grades and what is owed to them."""
        summary = self.summary
        weekly = any(grade.per_week is not None for grade in summary.grades)
        heads = ["grade", "from", "follow up", "of leads", *(["a week"] if weekly else []), "win rate", ""]
        table = _table(*heads, right=(1, 3, 4, *((5,) if weekly else ())))
        top = max((grade.win_rate or 0.0 for grade in summary.grades), default=0.0) or 1.0
        for grade in summary.grades:
            hours = "no deadline" if grade.follow_up_hours is None else f"within {grade.follow_up_hours:g} h"
            week = [] if not weekly else ["" if grade.per_week is None else f"{grade.per_week:.1f}"]
            table.add_row(
                Text(grade.name, _STYLE.strong),
                "the rest" if grade.minimum_points is None else str(grade.minimum_points),
                hours,
                percent(grade.share),
                *week,
                percent(grade.win_rate),
                self.bars.share((grade.win_rate or 0.0) / top, max(8, self.width - 68)),
            )
        thresholds = f"MQL from {summary.mql_points} points, SQL from {summary.sql_points}."
        return _section("Policy", f"{thresholds} {summary.policy}", table)

    def evaluation(self) -> RenderableType | None:
        """Return how the scores held up on later leads, beside what they are compared with."""
        summary = self.summary
        if not summary.comparisons:
            return None
        table = _table("", *summary.compared, right=tuple(range(1, len(summary.compared) + 1)))
        for comparison in summary.comparisons:
            table.add_row(comparison.label, *_cells(comparison))
        introduction = f"{summary.tested_on:,} later leads, {summary.wins:,} of them won. {summary.method}"
        parts = [Padding(chart, (0, 0, 1, 0)) for chart in self._gains()]
        return _section("How it held up on later leads", introduction, *parts, table)

    def _gains(self) -> Iterator[RenderableType]:
        for comparison in self.summary.comparisons:
            if comparison.measure != "wins_in_top_20":
                continue
            chart = Table.grid(padding=(0, 1))
            chart.add_column()
            chart.add_column(justify="right")
            chart.add_column(no_wrap=True)
            for i, (who, value) in enumerate(zip(self.summary.compared, comparison.values, strict=True)):
                style = _STYLE.gain if i == 0 else _STYLE.quiet
                bar = self.bars.share(value or 0.0, max(10, self.width - 26), style)
                chart.add_row(Text(f"  {who}"), Text(percent(value), _STYLE.strong if i == 0 else ""), bar)
            yield Group(Text("Share of all wins among the best 20% of leads"), chart)

    def reliability(self) -> RenderableType | None:
        """Return what was promised and what came."""
        bins = self.summary.reliability
        if not bins:
            return None
        top = _round_up(max(max(one.predicted, one.actual) for one in bins))
        width = max(16, self.width - 36)
        table = _table("leads", "promised", "came", Text(f"0 to {percent(top)}"), right=(0, 1, 2))
        for one in bins:
            bar = self.bars.promise(one.actual, one.predicted, top, width)
            table.add_row(f"{one.leads:,}", percent(one.predicted), percent(one.actual), bar)
        introduction = (
            f"Later leads grouped by probability: the bar is the share that won, {self.bars.axis} what was promised."
        )
        return _section("Promised and kept", introduction, table)

    def provenance(self) -> RenderableType:
        """Return where the bundle comes from, what it was fitted under and who signed it."""
        table = Table.grid(padding=(0, 2))
        table.add_column(style=_STYLE.quiet, no_wrap=True, max_width=24, overflow="ellipsis")
        table.add_column(overflow="fold")
        for what, value in self.summary.provenance:
            table.add_row(Text(what), Text(value))
        for constraint in self.summary.constraints:
            table.add_row("constraint", Text(constraint))
        for sign_off in self.summary.sign_offs:
            table.add_row("signed off by", Text(sign_off))
        return _section("Where it comes from", "", table)

    def warnings(self, more: Sequence[str] = ()) -> RenderableType | None:
        """Return what the reader must know, each sentence once."""
        return warning_list(dict.fromkeys((*more, *self.summary.warnings)))


def warning_list(sentences: Iterator[str] | Sequence[str] | dict[str, None]) -> RenderableType | None:
    """Return sentences that must not be missed, one below the other; None when there are none."""
    table = Table.grid(padding=(0, 1))
    for sentence in sentences:
        table.add_row(Text("!", f"{_STYLE.strong} {_STYLE.alarm}"), Text(sentence))
    return _section("Please note", "", table) if table.row_count else None


def heading(title: str) -> RenderableType:
    """Return the heading of a section, with an empty line before it."""
    return Group(Text(), Text(title, f"{_STYLE.strong} {_STYLE.main}"))


def _section(title: str, introduction: str, *parts: RenderableType) -> RenderableType:
    lines: list[RenderableType] = [heading(title)]
    if introduction:
        lines += [Text(introduction, _STYLE.quiet), Text()]
    return Group(*lines, *parts)


def _table(*heads: str | Text, right: Sequence[int] = (), nowrap: Sequence[int] = ()) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False, header_style=_STYLE.quiet, show_edge=False)
    for i, head in enumerate(heads):
        table.add_column(head, justify="right" if i in right else "left", no_wrap=i in nowrap)
    return table


def _cells(comparison: ComparedMeasure) -> Iterator[Text]:
    for i, (value, interval) in enumerate(zip(comparison.values, comparison.intervals, strict=True)):
        text = Text(_written(value, comparison), f"{_STYLE.strong} {_STYLE.gain}" if i == comparison.best else "")
        if interval is not None:
            text.append(f" ({' to '.join(_written(end, comparison) for end in interval)})", f"not bold {_STYLE.quiet}")
        yield text


def _written(value: float | None, comparison: ComparedMeasure) -> str:
    if value is None:
        return "-"
    definition = comparison.definition
    # a percentage as short as all others of the display
    return percent(value) if definition.percentage else definition.written(value)


def _signed(points: int) -> Text:
    return Text(f"{points:+d}" if points else "0", _STYLE.gain if points > 0 else _STYLE.loss if points < 0 else "")


def _half(heights: Sequence[int]) -> int:
    """Return how many of the blocks go to the left, so that both sides are about equally high."""
    total = sum(heights)
    return min(range(1, len(heights)), key=lambda count: abs(2 * sum(heights[:count]) - total))


def _round_up(share: float) -> float:
    """Return the end of an axis that holds the share: the next of 5, 10, 20, 40, 60, 80 and 100%."""
    return next((top for top in (0.05, 0.1, 0.2, 0.4, 0.6, 0.8) if share <= top), 1.0)
