"""An audit in the terminal: the surest findings first, then what could not be checked."""

from __future__ import annotations

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from leadqual.audit import Audit, Finding
from leadqual.reports.terminal import heading

__all__ = ["show_audit"]

_STYLES = {"certain": "bold red", "likely": "red", "suspect": "yellow", "note": "dim"}


def show_audit(console: Console, audit: Audit) -> None:
    """Print an audit.

    Parameters
    ----------
    console
        Where to; its width is kept.
    audit
        What was found.
    """
    console.print(
        f"Audited {len(audit.fields)} fields of {audit.leads:,} leads, {audit.mature:,} of them with an outcome.\n"
    )
    if audit.findings:
        console.print(heading("Findings"))
        explained: set[str] = set()
        for finding in audit.findings:
            _show(console, finding, remedy=finding.code not in explained)
            explained.add(finding.code)
    else:
        console.print("Nothing was found.")
    if audit.not_applicable:
        console.print(heading("Not checked"))
        for one in audit.not_applicable:
            console.print(Text.assemble((one.code, "bold"), f"  {one.check}"))
            console.print(Padding(f"{one.reason} {one.remedy}", (0, 0, 1, 4)), highlight=False)
    out = ", ".join(audit.left_out)
    console.print(f"train leaves out: {out or 'nothing'}.", highlight=False, markup=False)
    if audit.suspects:
        console.print(f"train keeps, and warns of: {', '.join(audit.suspects)}.", highlight=False, markup=False)


def _show(console: Console, finding: Finding, *, remedy: bool) -> None:
    """Print one finding; what to do about it only the first time, as it is the same for all of a code."""
    about = finding.field if finding.field is not None else "the history"
    console.print(
        Text.assemble(
            (finding.code, "bold"),
            "  ",
            (finding.severity, _STYLES[finding.severity]),
            "  ",
            (about, "bold"),
            "  ",
            finding.check,
        )
    )
    console.print(Padding(Text(f"{finding.evidence} {finding.remedy}" if remedy else finding.evidence), (0, 0, 1, 4)))
