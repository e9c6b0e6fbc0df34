"""Several suspicions about one field add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from leadqual.audit.finding import Finding
from leadqual.fact import fact

__all__ = ["corroborated"]


def corroborated(findings: Sequence[Finding]) -> list[Finding]:
    """Make the first suspicion that a field leaks a likely one, where another check suspects the field as well.

    What each check suspects may have an innocent reason: a field that explains a fifth of the outcome may simply be a
    good one, and one that is filled in more often for wins may be asked only of serious leads. That one field has both
    by chance is far less plausible, and does not hang on where the limit of a single check was drawn.

    Parameters
    ----------
    findings
        Of all checks, each at most once for a field.

    Returns
    -------
    list of Finding
        The same, in the same order.

    Examples
    --------
    >>> told = fact("audit_one_value"), fact("audit_wait")
    >>> one = Finding("LQ101", "leak", "suspect", "Quality", *told)
    >>> other = Finding("LQ102", "leak", "suspect", "Quality", *told)
    >>> [finding.severity for finding in corroborated([one, other])]
    ['likely', 'suspect']
    >>> [finding.severity for finding in corroborated([one])]
    ['suspect']
    """
    leaks: dict[str, list[Finding]] = {}
    for finding in findings:
        if finding.subject == "leak" and finding.field is not None:
            leaks.setdefault(finding.field, []).append(finding)
    raised = {}
    for about in leaks.values():
        if len(about) > 1 and all(finding.severity == "suspect" for finding in about):
            first, *others = sorted(about, key=lambda one: one.code)
            together = fact("audit_corroborated", found=first.evidence, codes=tuple(one.code for one in others))
            raised[id(first)] = replace(first, severity="likely", evidence=together)
    return [raised.get(id(finding), finding) for finding in findings]
