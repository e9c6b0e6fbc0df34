"""Explained weights in a terminal: fields that add most first, each band with what it rests on."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table
from rich.text import Text

from leadqual.agreement.weights import FieldWeight, Weights, lost_without
from leadqual.reports.language import Language
from leadqual.reports.terminal import heading

__all__ = ["show_weights"]

_COLUMNS = {"": "left", "points": "right", "leads": "right", "won (95%)": "left", "in fifths of time": "left"}


def show_weights(console: Console, weights: Weights) -> None:
    """Print what each field adds, and what the points of its bands rest on."""
    console.print(
        Text(
            f"{len(weights.fields)} fields, counted on {weights.leads:,} leads with {weights.wins:,} wins; what each "
            f"adds was measured on {weights.later:,} later leads, with all other points learned again without it."
        )
    )
    for field in weights.fields:
        _show_field(console, field, weights.wins_per)


def _show_field(console: Console, field: FieldWeight, wins_per: str) -> None:
    console.print(heading(field.field))
    english = Language("en")
    console.print(Text(f"  {english.say(lost_without(field, wins_per))}"))
    for finding in field.findings:
        check = english.words[f"audit_check_{finding.code}"]
        console.print(Text(f"  audit: {finding.code}, {finding.severity}: {check}", "yellow"))
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name, side in _COLUMNS.items():
        table.add_column(name, justify=side)  # type: ignore[arg-type]
    for band in field.bands:
        won = "none" if band.win_rate is None else f"{band.win_rate:.1%} ({band.low:.1%} to {band.high:.1%})"
        blocks = " ".join("." if points is None else f"{points:+d}" for points in band.by_block)
        table.add_row(Text(f"  {band.label}"), f"{band.points:+d}", f"{band.leads:,}", won, blocks)
    console.print(table)
