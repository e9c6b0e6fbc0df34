"""An inferred schema in a terminal: which column plays which role, and why that was taken."""

from __future__ import annotations

from collections.abc import Iterable

from rich.console import Console
from rich.table import Table
from rich.text import Text

from leadqual.inference.inference import InferredSchema
from leadqual.reports.bars import Style
from leadqual.reports.terminal import WIDEST

__all__ = ["ROLES", "show_schema"]

ROLES = ("outcome", "id", "account", "created_at", "closed_at", "order", "value", "owner", "deleted")
_STYLE = Style()
_KNOWN = {"at_creation": "", "unknown": "known when?", "later": "later, not scored:"}


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
    roles = [
        _row(str(getattr(schema, role)), role, why.get(getattr(schema, role), ""))
        for role in ROLES
        if getattr(schema, role) is not None
    ]
    if schema.outcome is not None:
        states = [(state, ", ".join(getattr(schema, state))) for state in ("won", "lost", "open")]
        roles[1:1] = [_row(f"  {values}", state, why.get(f"[{state}]", "")) for state, values in states if values]
    fields = [_row(one.name, one.kind, why.get(one.name, ""), _KNOWN[one.known]) for one in schema.features]
    _print(console, "Roles", roles)
    _print(console, "Fields to score", fields)
    _print(console, "Left out", [_row(one.name, one.kind, one.why) for one in inferred.left_out])
    for note in inferred.notes:
        console.print(Text("note ", _STYLE.quiet) + Text(note), width=min(console.width, WIDEST))


def _row(column: str, what: str, why: str, known: str = "") -> tuple[Text, Text, Text]:
    reason = Text().append(known, _STYLE.alarm).append(f" {why}" if known and why else why, _STYLE.quiet)
    return Text(column, _STYLE.strong), Text(what), reason


def _print(console: Console, title: str, rows: Iterable[tuple[Text, Text, Text]]) -> None:
    width = min(console.width, WIDEST)
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(max_width=max(24, width * 3 // 8), overflow="fold")
    table.add_column(overflow="fold")
    table.add_column(overflow="fold")
    for row in rows:
        table.add_row(*row)
    if table.row_count:
        console.print(Text(title, f"{_STYLE.strong} {_STYLE.main}"))
        console.print(table, Text(), width=width)
