"""An audit with its sentences, as plain data: for JSON."""

from __future__ import annotations

from typing import Any

from leadqual.audit import Audit
from leadqual.fact import read_fact
from leadqual.reports.language import Language

__all__ = ["audit_plain"]

_FACTS = ("evidence", "reason", "remedy")


def audit_plain(audit: Audit, language: str = "en") -> dict[str, Any]:
    """Return an audit as plain data with its sentences.

    Parameters
    ----------
    audit
        What was found.
    language
        ``"en"`` or ``"zh"``.

    Examples
    --------
    >>> audit_plain(Audit((), (), 0, 0, ()))["passed"]
    True
    """
    words, found = Language(language), audit.to_dict()
    for part in ("findings", "not_applicable"):
        found[part] = [_with_sentences(one, words) for one in found[part]]
    return found


def _with_sentences(one: dict[str, Any], words: Language) -> dict[str, Any]:
    sentences = {name: words.say(read_fact(one[name])) for name in _FACTS if name in one}
    return {"code": one["code"], "check": words.words[f"audit_check_{one['code']}"]} | one | sentences
