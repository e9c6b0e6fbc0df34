"""What Mautic exports: which fields play which role, and which are filled in later."""

from __future__ import annotations

from leadqual.vocabulary.column_names import word_set
from leadqual.vocabulary.crms.export import CrmExport, known, labels

__all__ = ["MAUTIC"]

MAUTIC: tuple[CrmExport, ...] = (
    CrmExport(
        crm="Mautic",
        record="contacts",
        marks=word_set(
            "points dateidentified lastactive dateadded attribution attributiondate preferredprofileimage ispublished "
            "stagename preferredlocale firstutmsource createdbyuser modifiedbyuser generatedemaildomain firstname"
        ),
        roles={
            "id": ("id", "contactid", "mauticid"),
            "created_at": ("dateadded",),
            "closed_at": ("attributiondate",),
            "outcome": ("stage", "stagename"),
            "owner": ("owner", "ownername", "ownerid", "contactowner"),
            "account": ("primarycompany", "company", "companyname"),
        },
        won=word_set("customer"),
        open=word_set("lead mql sql contact visitor"),
        single=word_set("id"),
        known=known(
            later="lastactive datemodified modifiedby modifiedbyuser attribution stage stagename color donotcontact "
            "ispublished",
            unknown="points score tags segments pagehits",
            at_creation="utmsource utmmedium utmcampaign utmterm utmcontent firstutmsource",
        ),
        hint="Mautic's stages say won only where a stage of yours does; else bring the outcome from the CRM beside it.",
        labels=labels(
            "points=Points|utm_source=UTM Source=utmSource|utm_medium=UTM Medium=utmMedium|utm_campaign=UTM Campaign="
            "utmCampaign|country=Country|industry=Industry|preferred_locale=Preferred Locale=preferredLocale|"
            "numberofemployees=Number of Employees=number_of_employees|annual_revenue=Annual Revenue"
        ),
    ),
)
