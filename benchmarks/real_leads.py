"""The real data sets, read as leads: X Education, Olist and Maven, with the fields that are known in time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from leadqual.leads import Feature, Leads, Schema, read_leads

__all__ = ["by_time", "maven", "olist", "xeducation"]

LEAKING = {
    *("Tags", "Lead Quality", "Lead Profile", "Last Activity", "Last Notable Activity"),
    *("Asymmetrique Activity Index", "Asymmetrique Profile Index"),
    *("Asymmetrique Activity Score", "Asymmetrique Profile Score"),
}


def xeducation(folder: Path) -> Leads:
    """Return X Education's leads, in the order of their number, without the fields filled in after contact."""
    table = pd.read_csv(folder / "xeducation" / "leads.csv", dtype=str, keep_default_na=False)
    numbers = {"TotalVisits", "Total Time Spent on Website", "Page Views Per Visit"}
    roles = {"Prospect ID", "Lead Number", "Converted"}
    features = tuple(
        Feature(name, "numeric" if name in numbers else "category")
        for name in table.columns
        if name not in LEAKING | roles
    )
    schema = Schema(features, outcome="Converted", won=("1",), lost=("0",), id="Prospect ID", order="Lead Number")
    return read_leads(table, schema)


def olist(folder: Path) -> Leads:
    """Return Olist's contacts from 2018 on, won where a deal followed."""
    contacts = pd.read_csv(folder / "olist" / "marketing_qualified_leads.csv", dtype=str, keep_default_na=False)
    deals = pd.read_csv(folder / "olist" / "closed_deals.csv", usecols=["mql_id", "won_date"], dtype=str)
    table = contacts.merge(deals, on="mql_id", how="left")
    table = table[table["first_contact_date"] >= "2018-01-01"].reset_index(drop=True)
    schema = Schema(
        (Feature("landing_page_id", "category"), Feature("origin", "category")),
        outcome="won_date",
        won=("*",),
        id="mql_id",
        created_at="first_contact_date",
        closed_at="won_date",
    )
    return read_leads(table, schema)


def maven(folder: Path) -> Leads:
    """Only what is known of every opportunity: the account is filled in late, and only for some."""
    table = pd.read_csv(folder / "maven" / "sales_pipeline.csv", dtype=str, keep_default_na=False)
    teams = pd.read_csv(folder / "maven" / "sales_teams.csv", dtype=str)
    products = pd.read_csv(folder / "maven" / "products.csv", dtype=str)
    table["product"] = table["product"].replace("GTXPro", "GTX Pro")
    table = table.merge(teams, on="sales_agent", how="left").merge(products, on="product", how="left")
    names = ("sales_agent", "product", "manager", "regional_office", "series")
    schema = Schema(
        (*(Feature(name, "category") for name in names), Feature("sales_price", "numeric")),
        outcome="deal_stage",
        won=("Won",),
        lost=("Lost",),
        open=("Engaging", "Prospecting"),
        id="opportunity_id",
        created_at="engage_date",
        closed_at="close_date",
    )
    return read_leads(table, schema)


def by_time(folder: Path, name: str) -> tuple[pd.DataFrame, np.ndarray, tuple[Feature, ...]]:
    """Return raw values, outcomes and features in time order; on Olist won is won within 90 days."""
    if name == "xeducation":
        leads = xeducation(folder)
        order = np.argsort(leads.table["Lead Number"].astype(int).to_numpy(), kind="stable")
        won = (leads.table["Converted"] == "1").to_numpy()
    else:
        leads = olist(folder)
        created = leads.table["first_contact_date"]
        order = np.argsort(created.to_numpy(), kind="stable")
        won = ((leads.table["won_date"] - created).dt.days <= 90).to_numpy()
    return leads.table.iloc[order].reset_index(drop=True), won[order].astype(int), leads.schema.features
