"""The CRMs whose exports are known: which of their fields plays which role, and which are filled in later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from leadqual.leads.column_names import plain_name, word_set
from leadqual.leads.schema import Known

__all__ = ["CRM_EXPORTS", "CrmExport", "recognise"]

_FEWEST_MARKS, _FEWEST_FIELDS = 2, 4


@dataclass(frozen=True, slots=True)
class CrmExport:
    """One kind of record as one CRM exports it.

    Field names are written as `column_names.plain_name` does, so that a label ("Created Date") and an API name
    ("CreatedDate") are the same. Custom fields are not in the table and are treated like any other column.

    Parameters
    ----------
    crm, record
        Names for people: ``"Salesforce"``, ``"leads"``.
    marks
        Field names by which the export is recognised; two of them, and four known fields in all, must be there.
    roles
        Role -> its fields, the best first.
    won, lost, open
        Values of the outcome that mean so in this CRM beyond the usual words, their letters and digits in lower case.
    known
        Fields whose time of being known differs from what their name suggests.
    single
        Fields that name or number one record, so that nothing can be learned from them.
    hint
        What a person should know about this export, a sentence; empty when there is nothing.
    """

    crm: str
    record: str
    marks: frozenset[str]
    roles: Mapping[str, tuple[str, ...]]
    won: frozenset[str] = frozenset()
    lost: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()
    known: Mapping[str, Known] = field(default_factory=dict)
    single: frozenset[str] = frozenset()
    hint: str = ""

    def found_in(self, columns: Iterable[str]) -> tuple[int, int]:
        """Return how many marks, and how many of all its known fields, are among the columns."""
        names = {plain_name(column) for column in columns}
        everything = self.marks | set(self.known) | {name for fields in self.roles.values() for name in fields}
        return len(names & self.marks), len(names & everything)


def _known(*, later: str = "", unknown: str = "", at_creation: str = "") -> dict[str, Known]:
    known: dict[str, Known] = dict.fromkeys(later.split(), "later")
    known |= dict.fromkeys(unknown.split(), "unknown")
    return known | dict.fromkeys(at_creation.split(), "at_creation")


CRM_EXPORTS: tuple[CrmExport, ...] = (
    CrmExport(
        crm="Salesforce",
        record="leads",
        marks=word_set(
            "leadid leadstatus isconverted converteddate convertedaccountid convertedcontactid leadowner "
            "convertedopportunityid companyaccount isunreadbyowner hasoptedoutofemail"
        ),
        roles={
            "id": ("leadid", "id"),
            "created_at": ("createddate", "createdate"),
            "closed_at": ("converteddate",),
            "outcome": ("leadstatus", "status", "isconverted", "converted"),
            "owner": ("leadowner", "ownerid"),
            "account": (
                "companyaccount",
                "company",
            ),
        },
        won=word_set("qualified"),
        lost=word_set("unqualified"),
        single=word_set("name"),
        known=_known(
            later="isconverted converted convertedaccountid convertedcontactid convertedopportunityid isunreadbyowner "
            "unreadbyowner lastactivity lastactivitydate lastvieweddate lastreferenceddate systemmodstamp isdeleted",
            unknown="rating description",
        ),
        hint="Salesforce dates a lead's conversion, not its loss: closed_at is empty for lost leads.",
    ),
    CrmExport(
        crm="Salesforce",
        record="opportunities",
        marks=word_set(
            "opportunityid opportunityname opportunityowner stagename iswon isclosed forecastcategory "
            "forecastcategoryname fiscalperiod fiscalquarter expectedrevenue nextstep probability"
        ),
        roles={
            "id": ("opportunityid", "id"),
            "created_at": ("createddate", "createdate"),
            "closed_at": ("closedate",),
            "outcome": ("stagename", "stage", "iswon", "won"),
            "value": ("amount",),
            "owner": ("opportunityowner", "ownerid"),
            "account": (
                "accountid",
                "accountname",
            ),
        },
        single=word_set("opportunityname name"),
        known=_known(
            later="iswon won isclosed closed probability forecastcategory forecastcategoryname expectedrevenue age "
            "nextstep fiscalperiod fiscal fiscalquarter fiscalyear lastactivity lastactivitydate lastactivityindays "
            "laststagechangedate laststagechangeindays pushcount hasopenactivity hasoverduetask systemmodstamp "
            "lastamountchangedhistoryid lastclosedatechangedhistoryid lossreason",
            unknown="amount",
        ),
        hint="The close date of an open opportunity is a plan; it counts only once the opportunity is won or lost.",
    ),
    CrmExport(
        crm="HubSpot",
        record="deals",
        marks=word_set(
            "dealname dealstage dealowner dealtype pipeline hubspotownerid hsobjectid hsisclosedwon hsisclosed "
            "hsdealstageprobability dealprobability associatedcompany associatedcontact closedlostreason "
            "closedwonreason"
        ),
        roles={
            "id": ("recordid", "dealid", "hsobjectid"),
            "created_at": ("createdate",),
            "closed_at": ("closedate",),
            "outcome": ("dealstage", "isclosedwon", "hsisclosedwon"),
            "value": ("amount",),
            "owner": ("dealowner", "hubspotownerid"),
            "account": (
                "associatedcompanyids",
                "associatedcompanyid",
                "associatedcompany",
            ),
        },
        won=word_set("closedwon"),
        lost=word_set("closedlost"),
        single=word_set("dealname"),
        known=_known(
            later="dealprobability hsdealstageprobability hsisclosedwon isclosedwon hsisclosed isdealclosed "
            "closedlostreason closedwonreason daystoclose forecastcategory hsmanualforecastcategory forecastamount "
            "weightedamount hsprojectedamount numberoftimescontacted numcontactednotes numnotes "
            "numberofsalesactivities lastactivitydate noteslastupdated nextstep hsnextstep",
            unknown="amount priority hspriority dealdescription description",
        ),
        hint="The close date of an open deal is a plan; it counts only once the deal is won or lost.",
    ),
    CrmExport(
        crm="HubSpot",
        record="contacts",
        marks=word_set(
            "lifecyclestage hsleadstatus leadstatus contactowner originalsource originaltrafficsource "
            "originalsourcedrilldown1 hsanalyticssource hsanalyticssourcedata1 becameacustomerdate "
            "becameamarketingqualifiedleaddate hslifecyclestagecustomerdate firstconversion hubspotscore hubspotownerid"
        ),
        roles={
            "id": ("recordid", "contactid", "vid", "hsobjectid"),
            "created_at": ("createdate",),
            "closed_at": ("becameacustomerdate", "hslifecyclestagecustomerdate", "closedate"),
            "outcome": ("lifecyclestage",),
            "owner": ("contactowner", "hubspotownerid"),
            "account": (
                "associatedcompanyid",
                "company",
                "companyname",
            ),
        },
        won=word_set("customer evangelist"),
        open=word_set("subscriber lead marketingqualifiedlead salesqualifiedlead opportunity other"),
        known=_known(
            later="leadstatus hsleadstatus numberofassociateddeals numassociateddeals recentdealamount totalrevenue "
            "lastactivitydate numberoftimescontacted numcontactednotes numberofsalesactivities recentconversion "
            "recentconversioneventname recentsalesemailrepliedate daystoclose",
            unknown="hubspotscore numberofpageviews hsanalyticsnumpageviews numberofsessions hsanalyticsnumvisits "
            "numberofformsubmissions numconversionevents latestsource latesttrafficsource",
            at_creation="firstconversion firstconversioneventname originalsource originaltrafficsource "
            "hsanalyticssource originalsourcedrilldown1 originalsourcedrilldown2",
        ),
        hint="HubSpot has no lost stage for contacts: one that is not won when the window has passed counts as lost.",
    ),
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
            "account": (
                "parentaccountid",
                "companyname",
                "parentaccountforlead",
            ),
        },
        won=word_set("qualified 1"),
        lost=word_set("disqualified 2"),
        open=word_set("open 0"),
        single=word_set("rowchecksum topic subject versionnumber"),
        known=_known(
            later="statusreason statuscode modifiedon qualifyingopportunityid salesstage salesstagecode "
            "processid stageid stepname lastonholdtime onholdtime",
            unknown="rating leadqualitycode priority prioritycode budget budgetamount budgetstatus needs need "
            "purchasetimeframe purchaseprocess decisionmaker description",
        ),
        hint="Dynamics 365 does not say when a lead was qualified or disqualified: there is no closed_at.",
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
            "account": (
                "parentaccountid",
                "account",
                "potentialcustomer",
                "customerid",
            ),
        },
        won=word_set("won 1"),
        lost=word_set("lost 2"),
        open=word_set("open 0"),
        single=word_set("rowchecksum topic name versionnumber"),
        known=_known(
            later="statusreason statuscode modifiedon actualvalue actualrevenue closeprobability "
            "probability stepname pipelinephase salesstage salesstagecode stageid processid pricingerrorcode "
            " lastonholdtime onholdtime resolvefeedback",
            unknown="estimatedvalue estrevenue opportunityratingcode rating description",
        ),
    ),
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
            "account": (
                "partnerid",
                "partnername",
                "companyname",
                "customer",
            ),
        },
        won=word_set("crmstagelead4"),  # the external id of the stage that comes with Odoo as Won
        open=word_set("pending"),
        single=word_set("name opportunity lead"),
        known=_known(
            later="active probability automatedprobability lostreasonid lostreason stageid stage stageidid dayopen "
            "dayclose daystoassign daystoclose proratedrevenue daysexceedingclosing daystoconvert iswon wonstatus "
            "datelaststageupdate activitystate recurringrevenuemonthlyprorated kanbanstate",
            unknown="expectedrevenue priority tagids tags description internalnotes",
        ),
        hint="Odoo archives lost leads: export archived ones too, with Is Won (won_status), to tell lost from open.",
    ),
)


def recognise(columns: Iterable[str]) -> CrmExport | None:
    """Return the export whose fields the columns are, or None when there is none or two fit equally well.

    Examples
    --------
    >>> recognise(["Opportunity Name", "Stage", "Close Date", "Fiscal Period", "Amount"]).record
    'opportunities'
    >>> recognise(["name", "score"]) is None
    True
    """
    names = list(columns)
    ranked = sorted(((*export.found_in(names), place) for place, export in enumerate(CRM_EXPORTS)), reverse=True)
    (marks, fields, place), second = ranked[0], ranked[1]
    if marks < _FEWEST_MARKS or fields < _FEWEST_FIELDS or (marks, fields) == second[:2]:
        return None
    return CRM_EXPORTS[place]
