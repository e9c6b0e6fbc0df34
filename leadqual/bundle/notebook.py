"""How a bundle and a points table show themselves in a notebook: HTML that reads well in light and in dark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from leadqual.bundle.bundle import Bundle
from leadqual.bundle.evidence import Evidence
from leadqual.bundle.points_table import Band, FieldPoints, PointsTable
from leadqual.bundle.policy import Policy
from leadqual.bundle.probability_curve import ProbabilityCurve

__all__ = ["bundle_html", "points_table_html"]

# Colours are translucent and text keeps the page's own colour, so that both light and dark pages stay readable.
_LINE = "rgba(128,128,128,.35)"
_FOR = "rgba(26,150,90,.75)"
_AGAINST = "rgba(214,80,60,.75)"
_CELL = f"padding:.15em .7em;text-align:left;vertical-align:top;border-top:1px solid {_LINE};background:none"
_NUMBER = f"{_CELL};text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap"
_QUIET = "opacity:.7;font-size:.9em"


def points_table_html(table: PointsTable) -> str:
    """Return the points table as HTML: one row per band, with a bar on either side of zero for its points.

    All text is escaped; nothing is loaded from elsewhere.
    """
    widest = max((abs(band.points) for field in table.fields for band in field.bands), default=0) or 1
    rows = [_field_rows(field, widest) for field in table.fields]
    start = (
        f'<p style="margin:.3em 0;{_QUIET}">Every lead starts with {table.base_points} points; '
        f"{table.points_to_double_odds} points double the odds of winning.</p>"
    )
    return start + _table(("Field", "Band", "Points", "", "Share of leads"), rows)


def bundle_html(bundle: Bundle) -> str:
    """Return the bundle as HTML: what it stands for, policy, meaning of the points, evidence, points table.

    All text is escaped; nothing is loaded from elsewhere.
    """
    window = "" if bundle.window_days is None else f" within {bundle.window_days} days"
    provenance = bundle.provenance
    opening = (
        f'<p style="margin:.3em 0"><strong style="font-size:1.15em">{escape(bundle.name)}</strong><br>'
        f"{bundle.base_rate:.1%} of leads were won{window}; learned from {provenance.mature:,} leads with "
        f"{provenance.won:,} wins.</p>"
    )
    parts = [
        opening,
        _heading("Policy"),
        _policy_html(bundle.policy),
        _heading("What points mean"),
        _curve_html(bundle.curve),
    ]
    if bundle.evidence is not None:
        parts += [_heading("On later leads"), _evidence_html(bundle.evidence)]
    fields = (
        f'<details><summary style="cursor:pointer;margin:.6em 0">Points table, '
        f"{len(bundle.points_table.fields)} fields</summary>{points_table_html(bundle.points_table)}</details>"
    )
    parts.append(fields)
    if bundle.constraints:
        parts += [_heading("Constraints"), _list(bundle.constraints)]
    signed = [f"{sign_off.name} ({sign_off.role}), {sign_off.signed_at}" for sign_off in bundle.sign_offs]
    parts += [_heading("Signed off by"), _list(signed)] if signed else []
    return f'<div style="max-width:60em">{"".join(parts)}</div>'


def _field_rows(field: FieldPoints, widest: int) -> str:
    name = f"<strong>{escape(field.name)}</strong>"
    if field.dimension:
        name += f'<br><span style="{_QUIET}">{escape(field.dimension)}</span>'
    rows = []
    for i, band in enumerate(field.bands):
        first = f'<th rowspan="{len(field.bands)}" style="{_CELL};font-weight:normal">{name}</th>' if i == 0 else ""
        share = f"{band.share:.1%}" if band.share else ""
        rows.append(
            f'<tr style="background:none">{first}<td style="{_CELL}">{escape(band.label)}</td>'
            f'<td style="{_NUMBER}">{band.points:+d}</td><td style="{_CELL}">{_bar(band, widest)}</td>'
            f'<td style="{_NUMBER}">{share}</td></tr>'
        )
    return "".join(rows)


def _bar(band: Band, widest: int) -> str:
    length = 3 * abs(band.points) / widest
    left, colour = (3.0, _FOR) if band.points >= 0 else (3 - length, _AGAINST)
    return (
        '<div style="position:relative;width:6em;height:1em">'
        f'<div style="position:absolute;left:{left:.2f}em;width:{length:.2f}em;top:.15em;height:.7em;'
        f'background:{colour}"></div>'
        f'<div style="position:absolute;left:3em;width:1px;height:1em;background:{_LINE}"></div></div>'
    )


def _policy_html(policy: Policy) -> str:
    rows = []
    for grade in policy.grades:
        points = "the rest" if grade.minimum_points is None else f"{grade.minimum_points} and more"
        hours = "not required" if grade.follow_up_hours is None else f"within {grade.follow_up_hours:g} h"
        week = "" if grade.per_week is None else f"{grade.per_week:,.1f}"
        rows.append(
            _row((f"<strong>{escape(grade.name)}</strong>", points, hours))[:-5]
            + "".join(f'<td style="{_NUMBER}">{figure}</td>' for figure in (_percent(grade.share), week))
            + f'<td style="{_NUMBER}">{_percent(grade.win_rate)}</td></tr>'
        )
    thresholds = (
        f'<p style="margin:.3em 0">SQL from {policy.sql_points} points, MQL from {policy.mql_points} points. '
        f'<span style="{_QUIET}">{escape(policy.chosen_by)}</span></p>'
    )
    return _table(("Grade", "Points", "Follow-up", "Share", "A week", "Win rate"), rows) + thresholds


def _curve_html(curve: ProbabilityCurve) -> str:
    last = len(curve.probability) - 1
    rows = []
    for i in sorted({round(last * part / 6) for part in range(7)}):
        low, high = curve.low[i], curve.high[i]
        rows.append(_row((f"{curve.first_points + i}", f"{curve.probability[i]:.1%}", f"{low:.1%} to {high:.1%}")))
    note = f'<p style="margin:.3em 0;{_QUIET}">{escape(curve.interval_method)}</p>' if curve.interval_method else ""
    return _table(("Points", "Probability", f"{curve.coverage:.0%} interval"), rows) + note


def _evidence_html(evidence: Evidence) -> str:
    names: list[str] = []
    for performance in evidence.performances:
        names += [measure.name for measure in performance.measures if measure.name not in names]
    rows = []
    for name in names:
        figures = []
        for performance in evidence.performances:
            found = {measure.name: measure.value for measure in performance.measures}.get(name)
            figures.append("" if found is None else f"{found:.4f}")
        rows.append(_row((escape(name.replace("_", " ")), *figures)))
    about = (
        f'<p style="margin:.3em 0;{_QUIET}">{escape(evidence.method)} {evidence.tested_on:,} leads, '
        f"{evidence.wins:,} wins.</p>"
    )
    return (
        about
        + _table(("", *(performance.who for performance in evidence.performances)), rows)
        + _list(evidence.warnings)
    )


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share:.1%}"


def _heading(text: str) -> str:
    return f'<p style="margin:.8em 0 .2em"><strong>{text}</strong></p>'


def _list(texts: Sequence[str]) -> str:
    entries = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return f'<ul style="margin:.3em 0">{entries}</ul>' if entries else ""


def _row(cells: Iterable[str]) -> str:
    return '<tr style="background:none">' + "".join(f'<td style="{_CELL}">{cell}</td>' for cell in cells) + "</tr>"


def _table(heads: Iterable[str], rows: Iterable[str]) -> str:
    head = "".join(f'<th style="{_CELL};border-top:none;{_QUIET}">{escape(text)}</th>' for text in heads)
    return f'<table style="border-collapse:collapse;margin:.3em 0"><tr>{head}</tr>{"".join(rows)}</table>'
