"""What each known CRM exports: one table of fields per CRM and kind of record."""

from leadqual.vocabulary.crms.dynamics import DYNAMICS
from leadqual.vocabulary.crms.export import CrmExport
from leadqual.vocabulary.crms.hubspot import HUBSPOT
from leadqual.vocabulary.crms.mautic import MAUTIC
from leadqual.vocabulary.crms.odoo import ODOO
from leadqual.vocabulary.crms.pipedrive import PIPEDRIVE
from leadqual.vocabulary.crms.salesforce import SALESFORCE
from leadqual.vocabulary.crms.zoho import ZOHO

__all__ = ["DYNAMICS", "HUBSPOT", "MAUTIC", "ODOO", "PIPEDRIVE", "SALESFORCE", "ZOHO", "CrmExport"]
