"""What follows from findings: what is left out, what is suspect, whether a history passes."""

import json

import pytest

from leadqual.audit import Audit, Finding
from leadqual.fact import Fact


def finding(field, severity, subject="leak"):
    return Finding("LQ101", subject, severity, field, Fact("audit_one_value"), Fact("audit_wait"))


def audit(*findings):
    return Audit(findings, (), 100, 80, ("c", "b", "a"))


@pytest.mark.parametrize("subject", ["leak", "identity", "privacy", "stability", "evidence"])
@pytest.mark.parametrize("severity", ["certain", "likely", "suspect", "note"])
def test_what_is_sure_to_leak_or_names_leads_or_people_is_left_out(subject, severity) -> None:
    sure = severity in ("certain", "likely")
    found = finding("a", severity, subject)
    assert found.leaves_out == (sure and subject in ("leak", "identity", "privacy"))
    assert not finding(None, severity, subject).leaves_out
    assert audit(found).left_out == (("a",) if found.leaves_out else ())
    assert audit(found).passed == (not sure)


def test_fields_are_named_once_in_the_order_of_the_schema() -> None:
    found = audit(finding("a", "likely"), finding("a", "suspect"), finding("c", "certain"), finding("b", "suspect"))
    assert found.left_out == ("c", "a")
    assert found.suspects == ("b",)
    assert [one.severity for one in found.of("a")] == ["likely", "suspect"]


def test_few_wins_do_not_pass_though_no_field_is_left_out() -> None:
    found = audit(finding(None, "likely", "evidence"))
    assert (found.passed, found.left_out) == (False, ())
    told = json.loads(json.dumps(found.to_dict()))
    assert (told["passed"], told["left_out"], told["mature"]) == (False, [], 80)
