"""An audit in the terminal: everything that was found, once, and in the width there is."""

import io

from rich.console import Console

from leadqual.audit import Audit, Finding, NotApplicable
from leadqual.fact import Fact
from leadqual.reports.audit_terminal import show_audit


def shown(audit: Audit, width: int = 70) -> str:
    console = Console(file=io.StringIO(), width=width, color_system=None)
    show_audit(console, audit)
    return console.file.getvalue()


def finding(field, severity="likely", subject="leak", code="LQ101"):
    return Finding(code, subject, severity, field, Fact("audit_one_value"), Fact("audit_wait"))


def test_findings_come_with_evidence_and_a_remedy_once() -> None:
    audit = Audit(
        (finding("Tags [x]"), finding("Quality"), finding(None, "suspect", "evidence", "LQ401")),
        (NotApplicable("LQ103", Fact("audit_no_dates_of_leads"), Fact("audit_name_dates_and_known")),),
        100,
        80,
        ("Tags [x]", "Quality", "Size"),
    )
    text = shown(audit)
    assert "Audited 3 fields of 100 leads, 80 of them with an outcome." in text
    assert text.count("Wait for more outcomes.") == 2  # one for each code
    assert text.count("It has one value in all leads.") == 2  # once for fields of which the same is found
    assert "Tags [x], Quality" in text
    assert "the history" in text
    assert "Cannot verify: without creation and closing dates" in text
    assert "train leaves out: Tags [x], Quality." in text
    assert max(len(line.rstrip()) for line in text.splitlines()) <= 70


def test_suspects_are_kept_and_nothing_is_said_where_nothing_was_found() -> None:
    text = shown(Audit((finding("Size", "suspect"),), (), 10, 10, ("Size",)))
    assert "train leaves out: nothing." in text
    assert "train keeps, and warns of: Size." in text
    clean = shown(Audit((), (), 10, 10, ("Size",)))
    assert "Nothing was found." in clean
    assert "Not checked" not in clean
