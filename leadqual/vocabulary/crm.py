"""The CRMs whose exports are known: recognising one by its columns, and the other names of a field."""

from __future__ import annotations

from collections.abc import Iterable

from leadqual.vocabulary.column_names import plain_name
from leadqual.vocabulary.crms import (
    DYNAMICS,
    HUBSPOT,
    MAUTIC,
    ODOO,
    PIPEDRIVE,
    SALESFORCE,
    ZOHO,
    CrmExport,
)

__all__ = ["CRM_EXPORTS", "CrmExport", "aliases_of", "recognise"]

_MIN_MARKS, _MIN_FIELDS = 2, 4

CRM_EXPORTS: tuple[CrmExport, ...] = (*SALESFORCE, *HUBSPOT, *DYNAMICS, *ODOO, *ZOHO, *PIPEDRIVE, *MAUTIC)


def recognise(columns: Iterable[str]) -> CrmExport | None:
    """Return the export whose fields the columns are, or None when there is none or two fit equally well.

    Examples
    --------
    >>> recognise(["Opportunity Name", "Stage", "Close Date", "Fiscal Period", "Amount"]).record
    'opportunities'
    >>> recognise(["Record Id", "Lead Owner", "Lead Status", "Created Time", "Modified Time", "Company"]).crm
    'Zoho CRM'
    >>> recognise(["name", "score"]) is None
    True
    """
    names = list(columns)
    ranked = sorted(((*export.found_in(names), place) for place, export in enumerate(CRM_EXPORTS)), reverse=True)
    (marks, fields, place), second = ranked[0], ranked[1]
    if marks < _MIN_MARKS or fields < _MIN_FIELDS or (marks, fields) == second[:2]:
        return None
    return CRM_EXPORTS[place]


def aliases_of(crm: CrmExport, column: str) -> tuple[str, ...]:
    """Return the other names that a CRM has for a column: its labels, or its API name.

    Parameters
    ----------
    crm
        The recognised export.
    column
        The column, by a label or by its API name.

    Returns
    -------
    tuple of str
        Without the column itself; empty where the CRM has no other name for it, or the column is a custom field.

    Examples
    --------
    >>> leads = next(export for export in CRM_EXPORTS if (export.crm, export.record) == ("Salesforce", "leads"))
    >>> aliases_of(leads, "Lead Source"), aliases_of(leads, "NumberOfEmployees"), aliases_of(leads, "Budget__c")
    (('LeadSource',), ('Employees', 'No. of Employees'), ())
    """
    wanted = plain_name(column)
    found = [name for names in crm.labels if wanted in map(plain_name, names) for name in names]
    return tuple(dict.fromkeys(name for name in found if name != column))
