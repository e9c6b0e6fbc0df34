"""LQ501: personal data that should not be scored."""

from __future__ import annotations

import re

import pandas as pd

from leadqual.audit.audited_leads import AuditedLeads
from leadqual.audit.finding import Finding, NotApplicable, Severity
from leadqual.vocabulary.header_words import english_words
from leadqual.vocabulary.personal import personal_values

__all__ = ["personal_data"]

CODE, CHECK = "LQ501", "personal data"
_REMEDY = (
    "Take it out of the features: its values would stand in the points table, which everyone reads, and scoring people "
    "by it needs a legal ground."
)
_FEWEST, _MANY_VALUES, _LOOKED_AT = 2, 20, 2_000
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
        said, severity = _looks_personal(feature.name, values, numeric=feature.kind == "numeric")
        if said:
            figures = {"values": float(len(pd.unique(values)))}
            findings.append(Finding(CODE, CHECK, "privacy", severity, feature.name, said, _REMEDY, figures))
    return findings, None


def _looks_personal(name: str, values: pd.Series, *, numeric: bool) -> tuple[str, Severity]:
    distinct = pd.Series(pd.unique(values), dtype="str")
    some = distinct.iloc[:: max(1, -(-len(distinct) // _LOOKED_AT))].tolist()
    what = personal_values(some, leads=len(values)) if len(some) >= _FEWEST else None
    if what is not None:
        return f"Its values look like {what}.", "likely"
    if not numeric and len(distinct) >= _MANY_VALUES and len(distinct) >= _DIFFERENT * len(values):
        share = sum(text == text.title() and _PERSON.fullmatch(text) is not None for text in some) / len(some)
        if share >= _PERSONS:
            return f"{share:.0%} of its values look like the names of people.", "likely"
    words = " ".join(english_words(name))
    if numeric and not _NUMBERS.search(words):
        return "", "note"
    if len(distinct) >= _FEWEST and _WORKS_IT.search(words) and not numeric:
        return "Its name says that it holds who works the lead.", "likely"
    if len(distinct) >= _MANY_VALUES and _NAMES.search(words):
        severity: Severity = "likely" if _NOTHING_ELSE.fullmatch(words) else "suspect"
        return f"Its name says so, and it has {len(distinct):,} different values.", severity
    return "", "note"
