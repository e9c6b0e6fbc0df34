"""Several suspicions about one field add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from leadqual.audit.finding import Finding

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
    >>> one = Finding("LQ101", "too well", "leak", "suspect", "Quality", "It says much.", "Ask.")
    >>> other = Finding("LQ102", "gaps", "leak", "suspect", "Quality", "Its gaps say much.", "Ask.")
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
            codes = " and ".join(one.code for one in others)
            said = f"{first.evidence} Together with {codes}, which suspects it as well, this makes a leak likely."
            raised[id(first)] = replace(first, severity="likely", evidence=said)
    return [raised.get(id(finding), finding) for finding in findings]
