"""An audit as plain data: its keys, and its sentences in each language."""

import pytest

from leadqual.audit import Audit, Finding, NotApplicable
from leadqual.fact import fact
from leadqual.reports.audit_plain import audit_plain

AUDIT = Audit(
    (
        Finding(
            "LQ304",
            "evidence",
            "suspect",
            "Budget",
            fact("audit_far_off_code", leads=1, share=0.0125, value="99999"),
            fact("audit_list_as_missing"),
            {"leads": 1.0},
        ),
    ),
    (NotApplicable("LQ103", fact("audit_no_dated_field"), fact("audit_say_known")),),
    80,
    60,
    ("Budget",),
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
        (
            "en",
            "one far-off value that many leads have",
            "1 lead has 99999 (1%), and no other number is near it.",
        ),
        ("zh", "许多线索共有的一个离群数值", "有 1 条线索（1%）的值为 99999，附近没有其他数值。"),
    ],
)
def test_its_facts_are_sentences(language, check, evidence):
    finding = audit_plain(AUDIT, language)["findings"][0]
    assert (finding["check"], finding["evidence"]) == (check, evidence)
