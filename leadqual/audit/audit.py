"""All checks, in order, on one history."""

from __future__ import annotations

from collections.abc import Callable

from leadqual.audit.after_outcome import after_outcome
from leadqual.audit.audited_leads import AuditedLeads, audited_leads
from leadqual.audit.base_rate import base_rate
from leadqual.audit.bulk_import import imported_customers_found, one_moment
from leadqual.audit.closed_only import closed_only
from leadqual.audit.constants import constants
from leadqual.audit.corroboration import corroborated
from leadqual.audit.duplicates import duplicates
from leadqual.audit.fill_rate import fill_rate
from leadqual.audit.finding import SEVERITIES, Audit, Finding, NotApplicable
from leadqual.audit.identifiers import identifiers
from leadqual.audit.maturity import maturity
from leadqual.audit.missingness import missingness
from leadqual.audit.number_codes import number_codes
from leadqual.audit.personal_data import personal_data
from leadqual.audit.protected import protected
from leadqual.audit.single_field import single_field
from leadqual.audit.wins import wins
from leadqual.leads import Leads, Outcomes
from leadqual.leads.choices import expanded_leads

__all__ = ["CHECKS", "audit_leads"]

Check = Callable[[AuditedLeads], tuple[list[Finding], NotApplicable | None]]

CHECKS: tuple[Check, ...] = (
    *(single_field, missingness, after_outcome, closed_only),
    *(fill_rate, base_rate),
    *(identifiers, constants, duplicates, number_codes),
    *(wins, maturity, one_moment, imported_customers_found),
    *(personal_data, protected),
)
"""Every check, by code: leakage, stability, content, evidence, privacy."""


def audit_leads(leads: Leads, outcomes: Outcomes) -> Audit:
    """Look for what would make a score look better than it is, or should not be scored.

    Only the fields that the schema scores are looked at: those with ``known = "later"`` are out already. Nothing is
    drawn at random: the same leads give the same audit.

    Parameters
    ----------
    leads, outcomes
        The leads and their labels, in the same order. Of a list of choices each choice that matters is looked at as
        the yes/no field that is scored.

    Examples
    --------
    >>> from leadqual.leads import label_outcomes, read_leads
    >>> from leadqual.simulation import SampleSettings, simulate
    >>> sample = simulate(SampleSettings(leads=3000))
    >>> leads = read_leads(sample.table, sample.schema)
    >>> audit_leads(leads, label_outcomes(leads)).left_out
    ()
    """
    leads = expanded_leads(leads)
    read = audited_leads(leads, outcomes)
    found: list[Finding] = []
    unknown: list[NotApplicable] = []
    for check in CHECKS:
        findings, not_applicable = check(read)
        found += findings
        if not_applicable is not None:
            unknown.append(not_applicable)
    found = corroborated(found)
    found.sort(key=lambda one: (SEVERITIES.index(one.severity), one.code, one.field or ""))
    return Audit(
        findings=tuple(found),
        not_applicable=tuple(unknown),
        leads=len(outcomes.label),
        mature=int(outcomes.mature.sum()),
        fields=tuple(feature.name for feature in leads.schema.scored),
    )
