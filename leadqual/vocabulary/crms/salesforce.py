"""What Salesforce exports: which fields play which role, and which are filled in later."""

from __future__ import annotations

from leadqual.vocabulary.column_names import word_set
from leadqual.vocabulary.crms.export import CrmExport, known, labels

__all__ = ["SALESFORCE"]

SALESFORCE: tuple[CrmExport, ...] = (
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
            "account": ("companyaccount", "company"),
        },
        won=word_set("qualified"),
        lost=word_set("unqualified"),
        single=word_set("name"),
        known=known(
            later="isconverted converted convertedaccountid convertedcontactid convertedopportunityid isunreadbyowner "
            "unreadbyowner lastactivity lastactivitydate lastvieweddate lastreferenceddate systemmodstamp isdeleted",
            unknown="rating description",
        ),
        hint="Salesforce dates a lead's conversion, not its loss: closed_at is empty for lost leads.",
        deleted=("isdeleted", "masterrecordid"),
        flags=word_set("isconverted converted"),
        labels=labels(
            "LeadSource=Lead Source|NumberOfEmployees=Employees=No. of Employees|AnnualRevenue=Annual Revenue|"
            "State=State/Province|PostalCode=Zip/Postal Code|Company=Company / Account|Country=Country (text only)|"
            "StateCode=State/Province Code|CountryCode=Country Code|HasOptedOutOfEmail=Email Opt Out|"
            "DoNotCall=Do Not Call|LeadStatus=Status|GenderIdentity=Gender Identity"
        ),
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
            "account": ("accountid", "accountname"),
        },
        single=word_set("opportunityname name"),
        known=known(
            later="iswon won isclosed closed probability forecastcategory forecastcategoryname expectedrevenue age "
            "nextstep fiscalperiod fiscal fiscalquarter fiscalyear lastactivity lastactivitydate lastactivityindays "
            "laststagechangedate laststagechangeindays pushcount hasopenactivity hasoverduetask systemmodstamp "
            "lastamountchangedhistoryid lastclosedatechangedhistoryid lossreason",
            unknown="amount",
        ),
        hint="The close date of an open opportunity is a plan; it counts only once the opportunity is won or lost.",
        deleted=("isdeleted",),
        labels=labels(
            "LeadSource=Lead Source|CampaignId=Primary Campaign Source|HasOpportunityLineItem=Has Line Item|"
            "StageName=Stage|IsPrivate=Private|RecordTypeId=Opportunity Record Type|Pricebook2Id=Price Book|"
            "NumberOfEmployees=Employees|AnnualRevenue=Annual Revenue"
        ),
    ),
)
