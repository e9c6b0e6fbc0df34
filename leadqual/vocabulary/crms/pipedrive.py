"""What Pipedrive exports: which fields play which role, and which are filled in later."""

from __future__ import annotations

from leadqual.vocabulary.column_names import word_set
from leadqual.vocabulary.crms.export import CrmExport, known, labels

__all__ = ["PIPEDRIVE"]

PIPEDRIVE: tuple[CrmExport, ...] = (
    CrmExport(
        crm="Pipedrive",
        record="deals",
        marks=word_set(
            "dealtitle dealstatus dealstage dealpipeline dealdealcreated dealwontime dealdealclosedon dealowner dealid "
            "deallosttime deallostreason dealtotalactivities organizationname personname addtime wontime losttime "
            "closetime lostreason stagechangetime activitiescount doneactivitiescount orgid personid weightedvalue "
            "creatoruserid firstwontime rottentime dealdealcreatedon"
        ),
        roles={
            "id": ("dealid", "id"),
            "created_at": ("dealdealcreated", "dealdealcreatedon", "addtime", "dealcreated"),
            "closed_at": ("dealdealclosedon", "closetime", "dealclosedon", "dealwontime", "wontime"),
            "outcome": ("dealstatus", "status"),
            "value": ("dealvalue", "value"),
            "owner": ("dealowner", "ownername", "ownerid", "userid"),
            "account": ("organizationid", "orgid", "organization", "organizationname", "orgname"),
        },
        won=word_set("won"),
        lost=word_set("lost"),
        open=word_set("open"),
        single=word_set("dealtitle title personname dealcontactperson personid orgid dealorganization"),
        known=known(
            later="dealstage stageid stage dealprobability probability deallostreason lostreason dealtotalactivities "
            "dealdoneactivities dealactivitiestodo activitiescount doneactivitiescount undoneactivitiescount "
            "dealemailmessagescount emailmessagescount filescount notescount followerscount weightedvalue "
            "dealweightedvalue dealupdatetime updatetime stagechangetime deallaststagechange dealnextactivitydate "
            "nextactivitydate lastactivitydate deallastactivitydate deallastemailreceived deallastemailsent "
            "participantscount stageordernr archivestatus isarchived dealarchivestatus",
            unknown="dealvalue value deallabel label labelids dealvisibleto visibleto dealproductquantity "
            "productscount dealproductamount",
            at_creation="dealsource dealsourceorigin origin channel dealsourcechannel dealpipeline pipelineid "
            "dealcurrency currency",
        ),
        hint="Deals with the status deleted are left out.",
        deleted=("deleted", "dealdeleted", "isdeleted"),
        labels=labels(
            "pipeline_id=Deal - Pipeline=Pipeline|currency=Deal - Currency=Currency|channel=Deal - Source channel="
            "Source channel|origin=Deal - Source origin=Source origin|label=Deal - Label=Label|org_name=Organization - "
            "Name|visible_to=Deal - Visible to=Visible to"
        ),
    ),
    CrmExport(
        crm="Pipedrive",
        record="leads",
        marks=word_set(
            "leadtitle leadowner leadleadcreated leadcreated leadlabels leadsource leadsourcename leadarchivestatus "
            "leadid labelids isarchived wasseen sourcename nextactivityid expectedclosedate personname "
            "organizationname leadvalue leadexpectedclosedate leadnextactivity creatorid"
        ),
        roles={
            "id": ("leadid", "id"),
            "created_at": ("leadleadcreated", "leadcreated", "leadleadcreatedon", "addtime"),
            "outcome": ("leadstatus", "status"),
            "value": ("leadvalue", "value"),
            "owner": ("leadowner", "ownername", "ownerid"),
            "account": ("organizationid", "orgid", "organization", "organizationname", "orgname"),
        },
        single=word_set("leadtitle title personname personid organizationid"),
        known=known(
            later="leadarchivestatus isarchived wasseen leadseen nextactivityid leadnextactivity updatetime "
            "leadupdatetime leadlastactivity leadlastactivitydate leadtotalactivities leaddoneactivities",
            unknown="leadvalue value leadlabels labelids leadvisibleto visibleto",
            at_creation="leadsource leadsourcename sourcename leadsourceorigin leadsourcechannel origin channel",
        ),
        hint="Pipedrive's lead inbox holds no outcome: a lead is won as the deal it becomes. Export deals, or name the "
        "column of your own that says how leads ended.",
        deleted=("deleted", "isdeleted"),
        labels=labels(
            "source_name=Lead - Source=Source|label_ids=Lead - Labels=Labels|origin=Lead - Source origin|"
            "channel=Lead - Source channel|visible_to=Lead - Visible to=Visible to"
        ),
    ),
)
