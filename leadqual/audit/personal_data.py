"""LQ501: personal data that should not be scored."""

from __future__ import annotations

import re

import pandas as pd

from leadqual.audit.audited_leads import AuditedLeads
from leadqual.audit.finding import Finding, NotApplicable, Severity
from leadqual.fact import Fact, fact
from leadqual.vocabulary.header_words import english_words
from leadqual.vocabulary.personal import personal_values

__all__ = ["personal_data"]

CODE = "LQ501"
_MIN_VALUES, _MANY_VALUES, _LOOKED_AT = 2, 20, 2_000
_PERSONAL = (
    r"(?:e-?mail|email|phone|mobile|telephone|fax|first[\s_]?name|last[\s_]?name|surname|full[\s_]?name|"
    r"contact[\s_]?name|birth(?:day|date)|date[\s_]of[\s_]birth|passport|ssn|social[\s_]security|street|"
    r"(?:home|postal|street|ip)[\s_]?address)"
)
_NAMES = re.compile(rf"(?:^|[\s_.-]){_PERSONAL}(?:$|[\s_.-])")
_NOTHING_ELSE = re.compile(
    rf"(?:(?:lead|contact|customer|primary|business|work|home)[\s_.-])*{_PERSONAL}(?:[\s_.-](?:address|number|no\.?|\d))?"
)
_WORKS_IT = re.compile(r"\b(?:owner|salesperson|salesrep|assignee)\b(?! type)")
_NUMBERS = re.compile(r"\b(?:phone|mobile|telephone|fax|passport|ssn|social security)\b(?! (?:logged|calls|inquiry))")
_PERSON = re.compile(r"(?:(?:Mr|Mrs|Ms|Dr)\.? )?[^\W\d_][\w'\u2019.-]* (?:[^\W\d_]\.? )?[^\W\d_][\w'\u2019-]+")
_PERSONS, _DIFFERENT = 0.9, 0.5


def personal_data(leads: AuditedLeads) -> tuple[list[Finding], NotApplicable | None]:
    """Find fields whose values look like e-mail addresses, telephone numbers or persons, or whose names say so.

    `leadqual.vocabulary.personal` says what values look like, also of numbers. Two or three words are a person's name
    where nine tenths of the values look so, half of them occur once, and they are written with capitals. A field's
    name counts only where it has many values, "Phone given: yes" tells nothing about a person: "First Name" is likely
    to hold what it says, "Email Source" suspect. At most 2,000 different values of a field are looked at, evenly over
    all of them.
    """
    findings = []
    for feature in leads.features:
        known = leads.known(feature.name)
        if feature.kind == "numeric":
            values = leads.values[feature.name][known].map(lambda number: f"{number:.0f}" if number % 1 == 0 else "")
        else:
            values = leads.values[feature.name][known].astype("str")
        found, severity = _looks_personal(feature.name, values, numeric=feature.kind == "numeric")
        if found is not None:
            figures = {"values": float(len(pd.unique(values)))}
            findings.append(Finding(CODE, "privacy", severity, feature.name, found, fact("audit_personal"), figures))
    return findings, None


def _looks_personal(name: str, values: pd.Series, *, numeric: bool) -> tuple[Fact | None, Severity]:
    distinct = pd.Series(pd.unique(values), dtype="str")
    some = distinct.iloc[:: max(1, -(-len(distinct) // _LOOKED_AT))].tolist()
    what = personal_values(some, leads=len(values)) if len(some) >= _MIN_VALUES else None
    if what is not None:
        return fact("audit_values_look_like", what=what), "likely"
    if not numeric and len(distinct) >= _MANY_VALUES and len(distinct) >= _DIFFERENT * len(values):
        share = sum(text == text.title() and _PERSON.fullmatch(text) is not None for text in some) / len(some)
        if share >= _PERSONS:
            return fact("audit_values_look_like_names", share=round(share, 2)), "likely"
    words = " ".join(english_words(name))
    if numeric and not _NUMBERS.search(words):
        return None, "note"
    if len(distinct) >= _MIN_VALUES and _WORKS_IT.search(words) and not numeric:
        return fact("audit_named_owner"), "likely"
    if len(distinct) >= _MANY_VALUES and _NAMES.search(words):
        severity: Severity = "likely" if _NOTHING_ELSE.fullmatch(words) else "suspect"
        return fact("audit_named_personal", values=len(distinct)), severity
    return None, "note"
