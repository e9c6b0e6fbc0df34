"""Two suspicions about one field add up to a likely leak; anything else stays as it was."""

from leadqual.audit.corroboration import corroborated
from leadqual.audit.finding import Finding
from leadqual.fact import Fact


def finding(code, field="Quality", severity="suspect", subject="leak"):
    return Finding(code, subject, severity, field, Fact("audit_one_value"), Fact("audit_wait"))


def test_the_first_of_two_suspicions_becomes_likely_and_names_the_other() -> None:
    found = [finding("LQ104"), finding("LQ102"), finding("LQ101", "Size")]
    raised = corroborated(found)
    assert [(one.code, one.severity) for one in raised] == [
        ("LQ104", "suspect"),
        ("LQ102", "likely"),
        ("LQ101", "suspect"),
    ]
    assert "LQ104" in raised[1].evidence.figures["codes"]
    assert raised[1].leaves_out
    assert raised[0] is found[0]
    assert raised[2] is found[2]


def test_other_subjects_the_history_and_what_is_sure_already_do_not_count() -> None:
    found = [
        finding("LQ101"),
        finding("LQ201", subject="stability"),
        finding("LQ102", "Tags"),
        finding("LQ101", "Tags", "likely"),
        finding("LQ202", None),
        finding("LQ402", None, subject="evidence"),
    ]
    assert corroborated(found) == found
    assert corroborated([]) == []
