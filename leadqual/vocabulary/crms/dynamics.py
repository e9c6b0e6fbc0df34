"""What Dynamics 365 exports: which fields play which role, and which are filled in later."""

from __future__ import annotations

from leadqual.vocabulary.column_names import word_set
from leadqual.vocabulary.crms.export import CrmExport, known, labels

__all__ = ["DYNAMICS"]

DYNAMICS: tuple[CrmExport, ...] = (
    CrmExport(
        crm="Dynamics 365",
        record="leads",
        marks=word_set(
            "leadid rowchecksum topic statecode statuscode statusreason leadsourcecode leadqualitycode "
            "qualifyingopportunityid"
        ),
        roles={
            "id": ("lead", "leadid"),
            "created_at": ("createdon", "overriddencreatedon"),
            "outcome": ("status", "statecode"),
            "value": ("estimatedvalue", "estvalue", "estimatedamount"),
            "owner": ("owner", "ownerid", "owneridvalue"),
            "account": ("parentaccountid", "companyname", "parentaccountforlead"),
        },
        won=word_set("qualified 1"),
        lost=word_set("disqualified 2"),
        open=word_set("open 0"),
        single=word_set("rowchecksum topic subject versionnumber"),
        known=known(
            later="statusreason statuscode modifiedon qualifyingopportunityid salesstage salesstagecode "
            "processid stageid stepname lastonholdtime onholdtime",
            unknown="rating leadqualitycode priority prioritycode budget budgetamount budgetstatus needs need "
            "purchasetimeframe purchaseprocess decisionmaker description",
        ),
        hint="Dynamics 365 does not say when a lead was qualified or disqualified: there is no closed_at.",
        labels=labels(
            "leadsourcecode=Lead Source|industrycode=Industry|numberofemployees=No. of Employees|"
            "revenue=Annual Revenue|leadqualitycode=Rating|prioritycode=Priority|"
            "address1_country=Country/Region|address1_city=City|"
            "address1_stateorprovince=State/Province|budgetamount=Budget Amount|budgetstatus=Budget|need=Need|"
            "purchasetimeframe=Purchase Timeframe|purchaseprocess=Purchase Process|decisionmaker=Decision Maker?|"
            "campaignid=Source Campaign|companyname=Company Name|jobtitle=Job Title|preferredcontactmethodcode="
            "Preferred Method of Contact"
        ),
    ),
    CrmExport(
        crm="Dynamics 365",
        record="opportunities",
        marks=word_set(
            "opportunityid rowchecksum topic statecode statuscode statusreason actualclosedate estimatedclosedate "
            "estclosedate actualrevenue actualvalue estrevenue closeprobability potentialcustomer"
        ),
        roles={
            "id": ("opportunity", "opportunityid"),
            "created_at": ("createdon", "overriddencreatedon"),
            "closed_at": ("actualclosedate",),
            "outcome": ("status", "statecode"),
            "value": ("estimatedvalue", "estrevenue", "estimatedrevenue"),
            "owner": ("owner", "ownerid", "owneridvalue"),
            "account": ("parentaccountid", "account", "potentialcustomer", "customerid"),
        },
        won=word_set("won 1"),
        lost=word_set("lost 2"),
        open=word_set("open 0"),
        single=word_set("rowchecksum topic name versionnumber"),
        known=known(
            later="statusreason statuscode modifiedon actualvalue actualrevenue closeprobability "
            "probability stepname pipelinephase salesstage salesstagecode stageid processid pricingerrorcode "
            " lastonholdtime onholdtime resolvefeedback",
            unknown="estimatedvalue estrevenue opportunityratingcode rating description",
        ),
        labels=labels(
            "opportunityratingcode=Rating|prioritycode=Priority|budgetamount=Budget Amount|budgetstatus=Budget|"
            "need=Need|purchasetimeframe=Purchase Timeframe|purchaseprocess=Purchase Process|"
            "decisionmaker=Decision Maker?|campaignid=Source Campaign|"
            "transactioncurrencyid=Currency|msdyn_forecastcategory=Forecast Category"
        ),
    ),
)
