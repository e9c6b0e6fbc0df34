"""How a points table shows itself in a notebook: a row per band, with a bar for its points."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from leadqual.bundle.field_points import Band, FieldPoints
from leadqual.bundle.notebook_table import CELL, LINE, NUMBER, QUIET, html_table

__all__ = ["points_table_html"]

_FOR = "rgba(26,150,90,.75)"
_AGAINST = "rgba(214,80,60,.75)"


def points_table_html(fields: Sequence[FieldPoints], base_points: int, points_to_double_odds: int) -> str:
    """Return the points table as HTML: one row per band, with a bar on either side of zero for its points.

    All text is escaped; nothing is loaded from elsewhere.
    """
    widest = max((abs(band.points) for field in fields for band in field.bands), default=0) or 1
    rows = [_field_rows(field, widest) for field in fields]
    start = (
        f'<p style="margin:.3em 0;{QUIET}">Every lead starts with {base_points} points; '
        f"{points_to_double_odds} points double the odds of winning.</p>"
    )
    return start + html_table(("Field", "Band", "Points", "", "Share of leads"), rows)


def _field_rows(field: FieldPoints, widest: int) -> str:
    name = f"<strong>{escape(field.name)}</strong>"
    if field.dimension:
        name += f'<br><span style="{QUIET}">{escape(field.dimension)}</span>'
    rows = []
    for i, band in enumerate(field.bands):
        first = f'<th rowspan="{len(field.bands)}" style="{CELL};font-weight:normal">{name}</th>' if i == 0 else ""
        share = f"{band.share:.1%}" if band.share else ""
        rows.append(
            f'<tr style="background:none">{first}<td style="{CELL}">{escape(band.label)}</td>'
            f'<td style="{NUMBER}">{band.points:+d}</td><td style="{CELL}">{_bar(band, widest)}</td>'
            f'<td style="{NUMBER}">{share}</td></tr>'
        )
    return "".join(rows)


def _bar(band: Band, widest: int) -> str:
    length = 3 * abs(band.points) / widest
    left, colour = (3.0, _FOR) if band.points >= 0 else (3 - length, _AGAINST)
    return (
        '<div style="position:relative;width:6em;height:1em">'
        f'<div style="position:absolute;left:{left:.2f}em;width:{length:.2f}em;top:.15em;height:.7em;'
        f'background:{colour}"></div>'
        f'<div style="position:absolute;left:3em;width:1px;height:1em;background:{LINE}"></div></div>'
    )
