"""An inferred schema in a terminal: which column plays which role, and why that was taken."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from leadqual.leads.inference import InferredSchema
from leadqual.leads.schema import Schema
from leadqual.reports.bars import Style
from leadqual.reports.terminal import WIDEST

__all__ = ["ROLES", "show_schema"]

ROLES = ("outcome", "id", "created_at", "closed_at", "order", "value", "owner")
_STYLE = Style()
_KNOWN = {"at_creation": "", "unknown": "known when?", "later": "later, not scored"}


def show_schema(console: Console, inferred: InferredSchema) -> None:
    """Print the roles, the fields and what was left out, each with its reason.

    Parameters
    ----------
    console
        Where to print.
    inferred
        The schema and its reasons.
    """
    schema, why = inferred.schema, inferred.why
    roles = [(role, getattr(schema, role)) for role in ROLES if getattr(schema, role) is not None]
    outcome = [
        ("", f"  {state}", _listed(schema, state), why.get(f"[{state}]", "")) for state in ("won", "lost", "open")
    ]
    rows = [(column, role, "", why.get(column, "")) for role, column in roles]
    if schema.outcome is not None:
        rows[1:1] = [row for row in outcome if row[2]]
    fields = [(one.name, one.kind, _KNOWN[one.known], why.get(one.name, "")) for one in schema.features]
    _print(console, "Roles", rows)
    _print(console, "Fields to score", fields)
    _print(console, "Left out", [(one.name, "", "", one.why) for one in inferred.left_out])
    for note in inferred.notes:
        console.print(Text("note ", _STYLE.quiet) + Text(note), width=min(console.width, WIDEST))


def _listed(schema: Schema, state: str) -> str:
    return ", ".join(getattr(schema, state))


def _print(console: Console, title: str, rows: Iterable[tuple[str, str, str, str]]) -> None:
    width = min(console.width, WIDEST)
    table = Table.grid(padding=(0, 2, 0, 0))
    for style in (_STYLE.strong, "", "", _STYLE.quiet):
        table.add_column(style=style, overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    if table.row_count:
        console.print(Text(title, f"{_STYLE.strong} {_STYLE.main}"))
        console.print(table, Text(), width=width)
