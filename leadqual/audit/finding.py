"""What an audit found, what it could not check, and how sure it is."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, Literal

from leadqual.fact import Fact

__all__ = ["SEVERITIES", "Audit", "Finding", "NotApplicable", "Severity", "Subject"]

Severity = Literal["certain", "likely", "suspect", "note"]
Subject = Literal["leak", "stability", "identity", "privacy", "protected", "evidence"]

SEVERITIES: tuple[Severity, ...] = ("certain", "likely", "suspect", "note")
"""From the surest to the weakest."""

_LEFT_OUT = frozenset({"leak", "identity", "privacy"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or may be.

    Parameters
    ----------
    code
        What was checked: stable, such as ``"LQ101"``.
    subject
        ``"leak"``: the field knows the outcome; ``"stability"``: it changes over time; ``"identity"``: it names leads
        rather than describes them; ``"privacy"``: it names people; ``"protected"``: people must decide whether it may
        be scored; ``"evidence"``: the history itself.
    severity
        ``"certain"`` only where values restate the outcome or dates prove it; ``"likely"`` and ``"suspect"`` follow
        the strength of the evidence; a ``"note"`` needs no action.
    field
        The field it is about; None where it is about the history.
    evidence
        What was found, its figures rounded, so that fields of which the same is found have equal evidence; never the
        values of a lead.
    remedy
        What to do about it.
    figures
        The figures behind the evidence, by name.
    """

    code: str
    subject: Subject
    severity: Severity
    field: str | None
    evidence: Fact
    remedy: Fact
    figures: Mapping[str, float] = dataclasses.field(default_factory=dict)

    @property
    def leaves_out(self) -> bool:
        """Whether training leaves the field out unless it is told to keep it."""
        return self.field is not None and self.subject in _LEFT_OUT and self.severity in ("certain", "likely")


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """A check that could not be made: the history is not clean in this respect, it is unknown.

    Parameters
    ----------
    code
        As in `Finding`.
    reason
        Why it could not be made.
    remedy
        What would make it possible.
    """

    code: str
    reason: Fact
    remedy: Fact


@dataclass(frozen=True, slots=True)
class Audit:
    """All findings about a history.

    Parameters
    ----------
    findings
        The surest first, within a severity by code and field.
    not_applicable
        What could not be checked, by code.
    leads, mature
        How many leads there are, and how many of them have an outcome.
    fields
        The fields looked at: those that the schema scores.
    """

    findings: tuple[Finding, ...]
    not_applicable: tuple[NotApplicable, ...]
    leads: int
    mature: int
    fields: tuple[str, ...]

    def of(self, field: str) -> tuple[Finding, ...]:
        """Return the findings about one field."""
        return tuple(finding for finding in self.findings if finding.field == field)

    @property
    def left_out(self) -> tuple[str, ...]:
        """The fields that training leaves out unless told otherwise, in the schema's order."""
        return self._fields(finding for finding in self.findings if finding.leaves_out)

    @property
    def passed(self) -> bool:
        """Whether nothing certain or likely was found; what could not be checked stays unknown."""
        return not any(finding.severity in ("certain", "likely") for finding in self.findings)

    @property
    def suspects(self) -> tuple[str, ...]:
        """The fields that may leak and are not left out, in the schema's order."""
        found = self._fields(f for f in self.findings if f.subject == "leak" and f.severity == "suspect")
        return tuple(field for field in found if field not in self.left_out)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data; `leadqual.reports.audit_plain` has it with sentences."""
        found = {
            "findings": [_plain(one) for one in self.findings],
            "not_applicable": [_plain(one) for one in self.not_applicable],
        }
        counts = {"leads": self.leads, "mature": self.mature, "fields": self.fields}
        return found | counts | {"passed": self.passed, "left_out": self.left_out, "suspects": self.suspects}

    def _fields(self, findings: Iterable[Finding]) -> tuple[str, ...]:
        named = {finding.field for finding in findings}
        return tuple(field for field in self.fields if field in named)


def _plain(found: Finding | NotApplicable) -> dict[str, Any]:
    values = ((one.name, getattr(found, one.name)) for one in fields(found))
    return {name: value.to_dict() if isinstance(value, Fact) else value for name, value in values}
