"""What Odoo exports: which fields play which role, and which are filled in later."""

from __future__ import annotations

from leadqual.vocabulary.column_names import word_set
from leadqual.vocabulary.crms.export import CrmExport, known, labels

__all__ = ["ODOO"]

ODOO: tuple[CrmExport, ...] = (
    CrmExport(
        crm="Odoo",
        record="leads and opportunities",
        marks=word_set(
            "dateclosed stageid stageidid wonstatus expectedrevenue proratedrevenue lostreasonid lostreason useridid "
            "salesperson teamid teamidid salesteam mediumid emailfrom partnername automatedprobability "
            "dayopen dayclose externalid"
        ),
        roles={
            "id": ("id", "externalid"),
            "created_at": ("createdate", "createdon"),
            "closed_at": ("dateclosed", "closeddate"),
            "outcome": ("wonstatus", "iswon", "stageid", "stage", "stageidid"),
            "value": ("expectedrevenue",),
            "owner": ("userid", "salesperson", "useridid"),
            "account": ("partnerid", "partnername", "companyname", "customer"),
        },
        won=word_set("crmstagelead4"),  # the external id of the stage that comes with Odoo as Won
        open=word_set("pending"),
        single=word_set("name opportunity lead"),
        known=known(
            later="active probability automatedprobability lostreasonid lostreason stageid stage stageidid dayopen "
            "dayclose daystoassign daystoclose proratedrevenue daysexceedingclosing daystoconvert iswon wonstatus "
            "datelaststageupdate activitystate recurringrevenuemonthlyprorated kanbanstate",
            unknown="expectedrevenue priority tagids tags description internalnotes",
        ),
        hint="Odoo archives lost leads: export archived ones too, with Is Won (won_status), to tell lost from open.",
        labels=labels(
            "source_id=Source|medium_id=Medium|campaign_id=Campaign|country_id=Country|state_id=State|type=Type|"
            "priority=Priority|tag_ids=Tags|lang_id=Language|function=Job Position|team_id=Sales Team|title=Title"
        ),
    ),
)
