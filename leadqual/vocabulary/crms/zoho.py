"""What Zoho CRM exports: which fields play which role, and which are filled in later."""

from __future__ import annotations

from leadqual.vocabulary.column_names import word_set
from leadqual.vocabulary.crms.export import CrmExport, known, labels

__all__ = ["ZOHO"]

_LABELS = (
    "Lead_Source=Lead Source|No_of_Employees=No. of Employees=No of Employees|Annual_Revenue=Annual Revenue|"
    "Zip_Code=Zip Code|Email_Opt_Out=Email Opt Out=Email Opt-out|Campaign_Source=Campaign Source|"
    "Number_Of_Visits=Number Of Visits|Days_Visited=Days Visited|Referrer=Referrer|Designation=Title|"
    "Visitor_Score=Visitor Score|Average_Time_Spent_Minutes=Average Time Spent (Minutes)|"
    "Number_Of_Chats=Number Of Chats|First_Visited_URL=First Page Visited"
)

ZOHO: tuple[CrmExport, ...] = (
    CrmExport(
        crm="Zoho CRM",
        record="leads",
        marks=word_set(
            "leadowner leadownerid leadstatus createdtime modifiedtime isconverted converteddatetime converteddate "
            "leadconversiontime noofemployees emailoptout secondaryemail skypeid visitorscore lastactivitytime "
            "convertedaccount convertedcontact converteddeal createdbyid modifiedbyid unsubscribedmode recordstatuss "
            "numberofvisits firstpagevisited"
        ),
        roles={
            "id": ("recordid", "leadid", "id"),
            "created_at": ("createdtime",),
            "closed_at": ("converteddatetime", "convertedtime"),
            "outcome": ("leadstatus", "isconverted", "converted"),
            "owner": ("leadowner", "owner", "leadownerid"),
            "account": ("company",),
        },
        won=word_set("converted"),
        lost=word_set("lostlead junklead notqualified"),
        open=word_set("contacted notcontacted attemptedtocontact contactinfuture prequalified none"),
        single=word_set("fullname leadname leadownerid createdbyid modifiedbyid"),
        known=known(
            later="isconverted converted leadconversiontime convertedaccount convertedcontact converteddeal "
            "convertedaccountid convertedcontactid converteddealid modifiedtime modifiedby lastactivitytime "
            "recordstatuss locked unsubscribedmode unsubscribedtime changelogtimes lastvisitedtime mostrecentvisit",
            unknown="rating description tag tags numberofvisits daysvisited averagetimespentminutes visitorscore "
            "numberofchats score positivescore",
            at_creation="leadsource firstpagevisited firstvisitedurl referrer campaignsource",
        ),
        hint="Zoho moves converted leads out of the Leads module: export them too (Is Converted), or no lead is won. "
        "It dates a lead's conversion, not its loss.",
        deleted=("isdeleted", "deleted"),
        flags=word_set("isconverted converted"),
        labels=labels(_LABELS),
    ),
    CrmExport(
        crm="Zoho CRM",
        record="deals",
        marks=word_set(
            "dealname dealowner dealownerid closingdate createdtime modifiedtime reasonforloss reasonforlosss "
            "salescycleduration overallsalesduration leadconversiontime campaignsource expectedrevenue "
            "dealcategorystatus accountnameid contactnameid lastactivitytime"
        ),
        roles={
            "id": ("recordid", "dealid", "id"),
            "created_at": ("createdtime",),
            "closed_at": ("closingdate",),
            "outcome": ("stage", "dealcategorystatus"),
            "value": ("amount",),
            "owner": ("dealowner", "owner", "dealownerid"),
            "account": ("accountnameid", "accountname"),
        },
        won=word_set("closedwon"),
        lost=word_set("closedlost closedlosttocompetition"),
        open=word_set(
            "qualification needsanalysis valueproposition identifydecisionmakers proposalpricequote negotiationreview"
        ),
        single=word_set("dealname"),
        known=known(
            later="probability expectedrevenue nextstep reasonforloss reasonforlosss salescycleduration "
            "overallsalesduration modifiedtime modifiedby lastactivitytime dealcategorystatus forecastcategory "
            "forecasttype changelogtimes stagemodifiedtime",
            unknown="amount description tag tags",
            at_creation="leadsource campaignsource type",
        ),
        hint="The closing date of an open deal is a plan; it counts only once the deal is won or lost.",
        deleted=("isdeleted", "deleted"),
        labels=labels(f"{_LABELS}|Deal_Category=Deal Category|Type=Type|Pipeline=Pipeline"),
    ),
)
