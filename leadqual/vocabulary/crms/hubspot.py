"""What HubSpot exports: which fields play which role, and which are filled in later."""

from __future__ import annotations

from leadqual.vocabulary.column_names import word_set
from leadqual.vocabulary.crms.export import CrmExport, known, labels

__all__ = ["HUBSPOT"]

HUBSPOT: tuple[CrmExport, ...] = (
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
            "account": ("associatedcompanyids", "associatedcompanyid", "associatedcompany"),
        },
        won=word_set("closedwon"),
        lost=word_set("closedlost"),
        single=word_set("dealname"),
        known=known(
            later="dealprobability hsdealstageprobability hsisclosedwon isclosedwon hsisclosed isdealclosed "
            "closedlostreason closedwonreason daystoclose forecastcategory hsmanualforecastcategory forecastamount "
            "weightedamount hsprojectedamount numberoftimescontacted numcontactednotes numnotes "
            "numberofsalesactivities lastactivitydate noteslastupdated nextstep hsnextstep",
            unknown="amount priority hspriority dealdescription description",
        ),
        hint="The close date of an open deal is a plan; it counts only once the deal is won or lost.",
        deleted=("archived", "hsismerged"),
        labels=labels(
            "dealtype=Deal Type|hs_analytics_source=Original Source Type=Original Traffic Source=Original Source|"
            "hs_priority=Priority|pipeline=Pipeline|hs_deal_stage_probability=Deal probability|industry=Industry|"
            "numberofemployees=Number of Employees|annualrevenue=Annual Revenue|"
            "hs_analytics_source_data_1=Original Source Data 1=Original Traffic Source Drill-Down 1|"
            "hs_analytics_source_data_2=Original Source Data 2=Original Traffic Source Drill-Down 2"
        ),
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
            "account": ("associatedcompanyid", "company", "companyname"),
        },
        won=word_set("customer evangelist"),
        open=word_set("subscriber lead marketingqualifiedlead salesqualifiedlead opportunity other"),
        known=known(
            later="leadstatus hsleadstatus numberofassociateddeals numassociateddeals recentdealamount totalrevenue "
            "lastactivitydate numberoftimescontacted numcontactednotes numberofsalesactivities recentconversion "
            "recentconversioneventname recentsalesemailrepliedate daystoclose",
            unknown="hubspotscore numberofpageviews hsanalyticsnumpageviews numberofsessions hsanalyticsnumvisits "
            "numberofformsubmissions numconversionevents latestsource latesttrafficsource",
            at_creation="firstconversion firstconversioneventname originalsource originaltrafficsource "
            "hsanalyticssource originalsourcedrilldown1 originalsourcedrilldown2",
        ),
        hint="HubSpot has no lost stage for contacts: one that is not won when the window has passed counts as lost.",
        deleted=("archived", "hsismerged"),
        labels=labels(
            "hs_analytics_source=Original Source=Original Traffic Source|"
            "hs_analytics_source_data_1=Original Source Drill-Down 1=Original Traffic Source Drill-Down 1|"
            "hs_analytics_source_data_2=Original Source Drill-Down 2=Original Traffic Source Drill-Down 2|"
            "numemployees=Number of Employees=Number of employees|annualrevenue=Annual Revenue|industry=Industry|"
            "country=Country/Region|state=State/Region|jobtitle=Job Title|hubspotscore=HubSpot Score|"
            "hs_analytics_num_page_views=Number of Pageviews|hs_analytics_num_visits=Number of Sessions|"
            "num_conversion_events=Number of Form Submissions|first_conversion_event_name=First Conversion|"
            "hs_marketable_status=Marketing contact status|hs_persona=Persona|hs_latest_source=Latest Source="
            "Latest Traffic Source"
        ),
    ),
)
