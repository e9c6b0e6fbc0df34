"""The tables of a notebook's HTML, and their styles: they read well in light and in dark."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

__all__ = ["CELL", "LINE", "NUMBER", "QUIET", "html_table"]

# Colours are translucent and text keeps the page's own colour, so that both light and dark pages stay readable.
LINE = "rgba(128,128,128,.35)"
CELL = f"padding:.15em .7em;text-align:left;vertical-align:top;border-top:1px solid {LINE};background:none"
NUMBER = f"{CELL};text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap"
QUIET = "opacity:.7;font-size:.9em"


def html_table(heads: Iterable[str], rows: Iterable[str]) -> str:
    """Return a table with escaped heads and rows of HTML."""
    head = "".join(f'<th style="{CELL};border-top:none;{QUIET}">{escape(text)}</th>' for text in heads)
    return f'<table style="border-collapse:collapse;margin:.3em 0"><tr>{head}</tr>{"".join(rows)}</table>'
