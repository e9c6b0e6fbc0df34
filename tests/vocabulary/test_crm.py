"""Exports in each CRM's own format: recognised, read, and their fields in the right roles."""

from pathlib import Path

import pandas as pd
import pytest

from leadqual.inference.inference import infer_schema
from leadqual.leads.outcome_states import LOST, OPEN, WON, read_states
from leadqual.leads.reading import read_leads, read_table
from leadqual.vocabulary.crm import CRM_EXPORTS, aliases_of, recognise

DATA = Path(__file__).parent / "data"

# File -> CRM, record; outcome of its leads; first creation date; id, created_at, closed_at, outcome, value and owner;
# features known later or unknown; columns that must not become features.
EXPORTS: dict[str, tuple[str, str, list[int], str, list[str | None], dict[str, str], set[str]]] = {
    "salesforce_opportunities_report": (
        "Salesforce", "opportunities", [WON, LOST, OPEN, OPEN], "2026-01-15 00:00",
        [None, "Created Date", "Close Date", "Stage", "Amount", "Opportunity Owner"],
        {"Probability (%)": "later", "Expected Revenue": "later", "Age": "later", "Fiscal Period": "later"},
        {"Opportunity Name", "Next Step"},
    ),
    "salesforce_leads_dataloader": (
        "Salesforce", "leads", [WON, LOST, OPEN, OPEN], "2026-01-05 09:12:33",
        ["ID", "CREATEDDATE", "CONVERTEDDATE", "STATUS", None, "OWNERID"],
        {"ISCONVERTED": "later"},
        {"LASTNAME", "FIRSTNAME", "EMAIL", "CONVERTEDOPPORTUNITYID"},
    ),
    "salesforce_leads_report": (
        "Salesforce", "leads", [WON, LOST, OPEN], "2026-01-15 00:00",
        ["Lead ID", "Created Date", "Converted Date", "Lead Status", None, "Lead Owner"],
        {"Converted": "later"},
        {"Last Activity"},
    ),
    "hubspot_deals": (
        "HubSpot", "deals", [WON, LOST, OPEN, OPEN], "2026-01-15 09:30",
        ["Record ID", "Create Date", "Close Date", "Deal Stage", "Amount", "Deal owner"],
        {"Deal probability": "later", "Number of times contacted": "later"},
        {"Deal Name"},
    ),
    "hubspot_deals_internal_names": (
        "HubSpot", "deals", [WON, LOST, OPEN], "2026-01-15 09:30",
        ["hs_object_id", "createdate", "closedate", "dealstage", "amount", "hubspot_owner_id"],
        {"hs_is_closed_won": "later", "hs_deal_stage_probability": "later"},
        {"dealname"},
    ),
    "hubspot_contacts": (
        "HubSpot", "contacts", [WON, OPEN, OPEN, OPEN], "2026-01-15 09:30",
        ["Record ID", "Create Date", "Became a Customer Date", "Lifecycle Stage", None, "Contact owner"],
        {"Lead Status": "later", "Recent Conversion": "later", "Number of Pageviews": "unknown"},
        {"First Name", "Last Name", "Email", "Phone Number"},
    ),
    "dynamics_leads_excel": (
        "Dynamics 365", "leads", [WON, LOST, OPEN], "2026-01-15 09:30",
        ["(Do Not Modify) Lead", "Created On", None, "Status", None, "Owner"],
        {"Status Reason": "later", "Rating": "unknown"},
        {"(Do Not Modify) Row Checksum", "(Do Not Modify) Modified On", "Topic", "Name"},
    ),
    "dynamics_leads_api": (
        "Dynamics 365", "leads", [WON, LOST, OPEN], "2026-01-15 09:30",
        ["leadid", "createdon", None, "statecode", "estimatedvalue", "_ownerid_value"],
        {"statuscode": "later", "leadqualitycode": "unknown"},
        {"subject", "modifiedon"},
    ),
    "dynamics_opportunities": (
        "Dynamics 365", "opportunities", [WON, LOST, OPEN], "2026-01-15 09:30",
        ["(Do Not Modify) Opportunity", "Created On", "Actual Close Date", "Status", "Est. revenue", "Owner"],
        {"Actual Revenue": "later", "Probability": "later", "Status Reason": "later"},
        {"Topic", "Est. close date"},
    ),
    "odoo_leads": (
        "Odoo", "leads and opportunities", [WON, LOST, OPEN], "2026-01-15 09:30:12",
        ["External ID", "Created on", "Closed Date", "Is Won", "Expected Revenue", "Salesperson"],
        {"Stage": "later", "Active": "later", "Probability": "later"},
        {"Opportunity", "Contact Name", "Email", "Phone"},
    ),
    "odoo_leads_field_names": (
        "Odoo", "leads and opportunities", [WON, OPEN, OPEN], "2026-01-15 09:30:12",
        ["id", "create_date", "date_closed", "stage_id/id", "expected_revenue", "user_id/id"],
        {"probability": "later", "priority": "unknown"},
        {"name", "email_from"},
    ),
    "zoho_leads": (
        "Zoho CRM", "leads", [WON, LOST, OPEN], "2026-01-15 09:30",
        ["Record Id", "Created Time", "Converted Date Time", "Lead Status", None, "Lead Owner"],
        {"Is Converted": "later", "Rating": "unknown"},
        {"First Name", "Last Name", "Email", "Lead Owner.id", "Modified Time"},
    ),
    "zoho_deals_api": (
        "Zoho CRM", "deals", [WON, LOST, OPEN], "2026-01-15 09:30",
        ["id", "Created_Time", "Closing_Date", "Stage", "Amount", "Owner"],
        {"Probability": "later", "Expected_Revenue": "later"},
        {"Deal_Name"},
    ),
    "pipedrive_deals": (
        "Pipedrive", "deals", [WON, LOST, OPEN], "2026-01-15 09:30",
        ["Deal - ID", "Deal - Deal created", "Deal - Deal closed on", "Deal - Status", "Deal - Value", "Deal - Owner"],
        {"Deal - Stage": "later", "Deal - Done activities": "later"},
        {"Deal - Title", "Person - Name"},
    ),
    "pipedrive_leads": (
        "Pipedrive", "leads", [WON, LOST, OPEN], "2026-01-15 09:30",
        ["Lead - ID", "Lead - Lead created", None, "Lead - Status", "Lead - Value", "Lead - Owner"],
        {"Lead - Archive status": "later", "Lead - Labels": "unknown"},
        {"Lead - Title"},
    ),
    "mautic_contacts": (
        "Mautic", "contacts", [WON, OPEN, OPEN], "2026-01-15 09:30",
        ["id", "date_added", None, "stage", None, "owner"],
        {"points": "unknown"},
        {"firstname", "lastname", "email", "last_active"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EXPORTS)
def test_an_export_is_recognised_and_read(name: str) -> None:
    crm, record, states, first, roles, known, never = EXPORTS[name]
    path = DATA / f"{name}.csv"
    found = recognise(read_table(path).columns)
    assert found is not None
    assert (found.crm, found.record) == (crm, record)
    inferred = infer_schema(read_table(path))
    schema = inferred.schema
    assert [schema.id, schema.created_at, schema.closed_at, schema.outcome, schema.value, schema.owner] == roles
    assert {feature.name: feature.known for feature in schema.features if feature.name in known} == known
    assert never.isdisjoint(feature.name for feature in schema.features)
    assert f"Recognised as {record} exported from {crm}" in inferred.to_toml()
    leads = read_leads(path, schema)
    assert read_states(leads.table, schema).tolist() == states
    assert leads.table[schema.created_at].iloc[0] == pd.Timestamp(first)


def test_every_export_has_a_file() -> None:
    assert {path.stem for path in DATA.glob("*.csv")} == set(EXPORTS)
    assert {(export.crm, export.record) for export in CRM_EXPORTS} == {parts[:2] for parts in EXPORTS.values()}


def test_values_come_through_as_they_are() -> None:
    table = read_table(DATA / "salesforce_opportunities_report.csv")
    assert table["Account Name"].tolist()[0] == "Café Noir"
    assert table["Next Step"].tolist()[2] == "Send the quote,\nthen call"
    assert read_table(DATA / "dynamics_leads_excel.csv")["Owner"].tolist()[0] == "Änne Bo"
    assert read_table(DATA / "hubspot_deals.csv")["Closed Lost Reason"].tolist()[1] == 'Price, "too high"'
    revenue = infer_schema(read_table(DATA / "dynamics_leads_excel.csv")).schema
    assert next(feature for feature in revenue.features if feature.name == "Annual Revenue").decimal == ","


def test_other_tables_are_not_recognised() -> None:
    for columns in (
        [],
        ["id", "status", "created"],
        ["Lead ID", "Status"],
        ["Converted", "Lead Number", "Lead Source"],
    ):
        assert recognise(columns) is None


def test_every_field_is_written_as_it_is_compared() -> None:
    for export in CRM_EXPORTS:
        fields = {
            *export.marks,
            *export.known,
            *export.single,
            *(name for names in export.roles.values() for name in names),
        }
        assert all(name.isalnum() and name == name.lower() for name in fields)
        assert not export.single & set(export.known)


def test_aliases_are_the_other_names_of_a_standard_field() -> None:
    for export in CRM_EXPORTS:
        for names in export.labels:
            for name in names:
                assert set(aliases_of(export, name)) >= set(names) - {name}
        assert aliases_of(export, "Budget__c") == ()
    table = read_table(DATA / "salesforce_leads_report.csv")
    features = {feature.name: feature.aliases for feature in infer_schema(table).schema.features}
    assert features["Lead Source"] == ("LeadSource",)
