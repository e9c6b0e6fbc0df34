"""The feedback ledger in a terminal: what was scored, what sales did with it, and what is overdue."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from leadqual.feedback import FeedbackStatus

__all__ = ["show_feedback"]

_SAID = {"rank": "by rank", "random": "at random", "override": "by hand", "": "no"}


def show_feedback(console: Console, status: FeedbackStatus) -> None:
    r"""Print the status of a feedback ledger.

    Parameters
    ----------
    console
        Where to.
    status
        See `leadqual.feedback.feedback_status`.

    Examples
    --------
    >>> import io
    >>> console = Console(file=io.StringIO(), width=80)
    >>> show_feedback(console, FeedbackStatus(0, {}, {}, {}, (), "", ""))
    >>> console.file.getvalue()
    'No lead was scored yet.\n'
    """
    if not status.leads:
        console.print("No lead was scored yet.")
        return
    console.print(f"{status.leads:,} leads scored from {status.first[:10]} to {status.last[:10]}")
    console.print(
        "Picked " + ", ".join(f"{_SAID.get(why, why)} {count:,}" for why, count in status.picked.items()), style="dim"
    )
    for digest, count in status.bundles.items():
        console.print(f"  {digest[:12]}  {count:,} leads", style="dim")
    table = Table("grade", *(column for column in _COLUMNS), box=None, pad_edge=False, header_style="dim")
    for column in table.columns[1:]:
        column.justify = "right"
    for one in status.grades:
        counts = (one.leads, one.worked, one.accepted, one.rejected, one.won, one.lost)
        hours = "" if one.median_hours is None else f"{one.median_hours:.1f}"
        overdue = "" if one.overdue is None else f"{one.overdue:,}"
        table.add_row(one.grade, *(f"{count:,}" for count in counts), hours, overdue)
    console.print(table)
    if status.reasons:
        most = ", ".join(f"{reason} {count:,}" for reason, count in list(status.reasons.items())[:8])
        console.print(f"Rejected for: {most}")


_COLUMNS = ("leads", "worked", "accepted", "rejected", "won", "lost", "hours to work", "overdue")
