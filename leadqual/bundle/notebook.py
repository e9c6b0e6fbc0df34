"""How a bundle shows itself in a notebook: HTML that reads well in light and in dark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from leadqual.bundle.contents import Contents
from leadqual.bundle.evidence import Evidence
from leadqual.bundle.notebook_points import points_table_html
from leadqual.bundle.notebook_table import CELL, NUMBER, QUIET, html_table
from leadqual.bundle.policy import Policy
from leadqual.bundle.probability_curve import ProbabilityCurve

__all__ = ["bundle_html"]


def bundle_html(bundle: Contents) -> str:
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
    table = bundle.points_table
    shown = points_table_html(table.fields, table.base_points, table.points_to_double_odds)
    parts.append(
        f'<details><summary style="cursor:pointer;margin:.6em 0">Points table, '
        f"{len(table.fields)} fields</summary>{shown}</details>"
    )
    if bundle.constraints:
        parts += [_heading("Constraints"), _list(bundle.constraints)]
    signed = [f"{sign_off.name} ({sign_off.role}), {sign_off.signed_at}" for sign_off in bundle.sign_offs]
    parts += [_heading("Signed off by"), _list(signed)] if signed else []
    return f'<div style="max-width:60em">{"".join(parts)}</div>'


def _policy_html(policy: Policy) -> str:
    rows = []
    for grade in policy.grades:
        points = "the rest" if grade.minimum_points is None else f"{grade.minimum_points} and more"
        hours = "not required" if grade.follow_up_hours is None else f"within {grade.follow_up_hours:g} h"
        week = "" if grade.per_week is None else f"{grade.per_week:,.1f}"
        rows.append(
            _row((f"<strong>{escape(grade.name)}</strong>", points, hours))[:-5]
            + "".join(f'<td style="{NUMBER}">{figure}</td>' for figure in (_percent(grade.share), week))
            + f'<td style="{NUMBER}">{_percent(grade.win_rate)}</td></tr>'
        )
    thresholds = (
        f'<p style="margin:.3em 0">SQL from {policy.sql_points} points, MQL from {policy.mql_points} points. '
        f'<span style="{QUIET}">{escape(policy.chosen_by)}</span></p>'
    )
    return html_table(("Grade", "Points", "Follow-up", "Share", "A week", "Win rate"), rows) + thresholds


def _curve_html(curve: ProbabilityCurve) -> str:
    last = len(curve.probability) - 1
    rows = []
    for i in sorted({round(last * part / 6) for part in range(7)}):
        low, high = curve.low[i], curve.high[i]
        rows.append(_row((f"{curve.first_points + i}", f"{curve.probability[i]:.1%}", f"{low:.1%} to {high:.1%}")))
    note = f'<p style="margin:.3em 0;{QUIET}">{escape(curve.interval_method)}</p>' if curve.interval_method else ""
    return html_table(("Points", "Probability", f"{curve.coverage:.0%} interval"), rows) + note


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
        f'<p style="margin:.3em 0;{QUIET}">{escape(evidence.method)} {evidence.tested_on:,} leads, '
        f"{evidence.wins:,} wins.</p>"
    )
    return (
        about
        + html_table(("", *(performance.who for performance in evidence.performances)), rows)
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
    return '<tr style="background:none">' + "".join(f'<td style="{CELL}">{cell}</td>' for cell in cells) + "</tr>"
