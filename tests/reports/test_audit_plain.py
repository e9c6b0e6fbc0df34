"""An audit as plain data: its keys, and its sentences in each language."""

import pytest

from leadqual.audit import Audit, Finding, NotApplicable
from leadqual.fact import fact
from leadqual.reports.audit_plain import audit_plain

AUDIT = Audit(
    (
        Finding(
            "LQ501",
            "privacy",
            "likely",
            "Contact",
            fact("audit_values_look_like_names", share=0.35),
            fact("audit_personal"),
            {"values": 90.0},
        ),
    ),
    (NotApplicable("LQ103", fact("audit_no_dated_field"), fact("audit_say_known")),),
    80,
    60,
    ("Contact",),
)


def test_its_keys_are_those_of_the_json_that_the_command_prints():
    plain = audit_plain(AUDIT)
    found = ["code", "check", "subject", "severity", "field", "evidence", "remedy", "figures"]
    counts = ["leads", "mature", "fields", "passed", "left_out", "suspects"]
    assert list(plain) == ["findings", "not_applicable", *counts]
    assert list(plain["findings"][0]) == found
    assert list(plain["not_applicable"][0]) == ["code", "check", "reason", "remedy"]


@pytest.mark.parametrize(
    ("language", "check", "evidence"),
    [
        ("en", "personal data", "35% of its values look like the names of people."),
        ("zh", "个人信息", "它的取值中有 35% 看起来像人名。"),
    ],
)
def test_its_facts_are_sentences(language, check, evidence):
    finding = audit_plain(AUDIT, language)["findings"][0]
    assert (finding["check"], finding["evidence"]) == (check, evidence)
