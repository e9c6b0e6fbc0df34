"""What each known CRM exports: one table of fields per CRM and kind of record."""

from leadqual.leads.crms.dynamics import DYNAMICS
from leadqual.leads.crms.export import CrmExport
from leadqual.leads.crms.hubspot import HUBSPOT
from leadqual.leads.crms.mautic import MAUTIC
from leadqual.leads.crms.odoo import ODOO
from leadqual.leads.crms.pipedrive import PIPEDRIVE
from leadqual.leads.crms.salesforce import SALESFORCE
from leadqual.leads.crms.zoho import ZOHO

__all__ = ["DYNAMICS", "HUBSPOT", "MAUTIC", "ODOO", "PIPEDRIVE", "SALESFORCE", "ZOHO", "CrmExport"]
