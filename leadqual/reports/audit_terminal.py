"""An audit in the terminal: the surest findings first, then what could not be checked."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from leadqual.audit import Audit, Finding
from leadqual.fact import Fact
from leadqual.reports.language import Language
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
    english = Language("en")
    console.print(
        f"Audited {len(audit.fields)} fields of {audit.leads:,} leads, {audit.mature:,} of them with an outcome.\n"
    )
    if audit.findings:
        console.print(heading("Findings"))
        explained: set[str] = set()
        for findings in _alike(audit.findings):
            _show(console, findings, english, remedy=findings[0].code not in explained)
            explained.add(findings[0].code)
    else:
        console.print("Nothing was found.")
    if audit.not_applicable:
        console.print(heading("Not checked"))
        for one in audit.not_applicable:
            check = english.words[f"audit_check_{one.code}"]
            console.print(Text.assemble((one.code, "bold"), f"  {check}"))
            console.print(Padding(english.joined((one.reason, one.remedy)), (0, 0, 1, 4)), highlight=False)
    out = ", ".join(audit.left_out)
    console.print(f"train leaves out: {out or 'nothing'}.", highlight=False, markup=False)
    if audit.suspects:
        console.print(f"train keeps, and warns of: {', '.join(audit.suspects)}.", highlight=False, markup=False)


def _alike(findings: Sequence[Finding]) -> list[list[Finding]]:
    """Return findings that say the same of several fields together, as of the choices of a list that is missing."""
    groups: dict[tuple[str, str, Fact], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.code, finding.severity, finding.evidence), []).append(finding)
    return list(groups.values())


def _show(console: Console, findings: Sequence[Finding], english: Language, *, remedy: bool) -> None:
    """Print findings that say the same; what to do only the first time, as it is the same for all of a code."""
    finding = findings[0]
    about = ", ".join(one.field if one.field is not None else "the history" for one in findings)
    console.print(
        Text.assemble(
            (finding.code, "bold"),
            "  ",
            (finding.severity, _STYLES[finding.severity]),
            "  ",
            (about, "bold"),
            "  ",
            english.words[f"audit_check_{finding.code}"],
        )
    )
    facts = (finding.evidence, finding.remedy) if remedy else (finding.evidence,)
    console.print(Padding(Text(english.joined(facts)), (0, 0, 1, 4)))
