"""LQ501: people are not features."""

import re

import numpy as np
import pytest

from leadqual.audit.personal_data import personal_data
from leadqual.reports.language import Language

FIRST = ["Anna", "Zoé", "Jörg", "Mary", "Li", "Omar", "Ines", "Paul", "Ravi", "Sven"]
LAST = ["Smith", "O'Neil", "Müller", "Garcia-Lopez", "Wang", "Haddad", "Rossi", "Brown", "Iyer", "Berg"]


def people(size):
    return [f"{FIRST[i % 10]} {LAST[i // 10 % 10]}{'abcdefghij'[i // 100 % 10]}" for i in range(size)]


FIELDS = {
    "contact": ([f"user{i}@example.com" for i in range(1000)], "likely"),
    "note": ([f"user{i}@example.com" if i % 5 == 0 else f"text {i}" for i in range(1000)], "likely"),
    "call": ([f"+49 30 {1000000 + i}" for i in range(1000)], "likely"),
    "dial": ([f"(030) {100000 + i}" for i in range(1000)], "likely"),
    "from": ([f"10.{i % 200}.{i // 200}.7" for i in range(1000)], "likely"),
    "at": ([f"{i} Oak Street" for i in range(1000)], "likely"),
    "paid with": ([f"{100 + i % 800}-{10 + i % 80}-{1000 + i}" for i in range(1000)], "likely"),
    "who": (people(1000), "likely"),
    "FirstName": ([FIRST[i % 10] + "abcdefghij"[i % 7] for i in range(1000)], "likely"),
    "Email Source": ([f"campaign {i % 30}" for i in range(1000)], "suspect"),
    "Work Email Address": ([f"id{i % 30}" for i in range(1000)], "likely"),
    "Phone given": (["Yes", "No"] * 500, None),
    "Email domain kind": (["free", "company"] * 500, None),
    "Revenue code": ([str(100000 + i) for i in range(1000)], None),
    "Industry": (["Health Care", "Real Estate"] * 500, None),
    "Opened": ([f"2026-05-{1 + i % 28:02d}" for i in range(1000)], None),
    "few": ([f"a{i}@b.com" if i < 3 else None for i in range(1000)], "likely"),
    "Feld3": (["王伟", "李娜", "张强", "赵敏"] * 250, "likely"),
    "Feld4": (["Ana Petrova", "Tom Hill", "Rui Costa", "José Ng"] * 250, "likely"),
    "负责人": ([f"销售{i % 9}部" for i in range(1000)], "likely"),
}


@pytest.mark.parametrize("name", FIELDS)
def test_addresses_numbers_and_persons_are_found(audited, name) -> None:
    values, severity = FIELDS[name]
    leads = audited({name: np.array(values, dtype=object)}, won=np.arange(1000) % 2)
    findings, _ = personal_data(leads)
    assert [finding.severity for finding in findings] == ([severity] if severity else [])
    for finding in findings:
        assert not any(str(value) in Language("en").say(finding.evidence) for value in values[:50] if value)
        assert not re.search("[A-Za-z]", Language("zh").say(finding.evidence))  # nothing stays English in Chinese


def test_numbers_that_are_telephone_numbers_are_found_by_name_and_by_look(audited) -> None:
    numbers = {
        "Phone": np.arange(49_000_000, 49_001_000),
        "Feld7": 13_800_000_000 + np.arange(1000) * 7_919,
        "Revenue": np.round(np.exp(np.linspace(8, 20, 1000))),
        "Employees": np.arange(1000) % 300,
    }
    findings, _ = personal_data(audited(numbers, won=np.arange(1000) % 2))
    assert {finding.field: finding.severity for finding in findings} == {"Phone": "likely", "Feld7": "likely"}
