"""The main job on real leads: X Education, Olist, Maven."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from leadqual.leads import Feature, Leads, Schema, read_leads
from leadqual.scorecard import ScorecardClassifier
from leadqual.scorer import Scorer
from leadqual.training import train

pytestmark = pytest.mark.real_data

# Log loss on the last quarter in time, of a prototype of this scorecard (integer points, at most six bands a field).
PROTOTYPE = {"xeducation": 0.4121, "olist": 0.2691}
# What may be lost against it: a tenth of the gap between it and logistic regression (.4263) on the first set. On the
# second, where logistic regression (.2682) and the prototype differ by .0009, the scorecard is .0003 worse; see README.
ALLOWED = {"xeducation": 0.0, "olist": 0.0005}

LEAKING = {
    *("Tags", "Lead Quality", "Lead Profile", "Last Activity", "Last Notable Activity"),
    *("Asymmetrique Activity Index", "Asymmetrique Profile Index"),
    *("Asymmetrique Activity Score", "Asymmetrique Profile Score"),
}


def xeducation(folder: Path) -> Leads:
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


@pytest.mark.slow
@pytest.mark.parametrize("name", ["xeducation", "olist"])
def test_whole_points_in_six_bands_hold_up_on_the_last_quarter(real_data, name):
    table, won, features = by_time(real_data, name)
    cut = len(won) - len(won) // 4
    card = ScorecardClassifier(features).fit(table[:cut], won[:cut], created_at=np.arange(cut))
    logits, later = card.decision_function(table[cut:]), won[cut:]
    loss = float(np.mean(np.logaddexp(0, logits) - later * logits))
    assert loss <= PROTOTYPE[name] + ALLOWED[name]
    assert max(len(field.bands) for field in card.points_table_.fields) <= 6


@pytest.mark.slow
@pytest.mark.parametrize(("read", "better"), [(xeducation, 0.2), (olist, 0.01)])
def test_trains_and_scores_real_leads(real_data, tmp_path, read, better):
    leads = read(real_data)
    training = train(leads, name=read.__name__)
    evidence = training.bundle.evidence
    card, base = (evidence.performance(who).value("log_loss") for who in ("scorecard", "base rate"))
    assert card < base - better
    scorer = Scorer.load(training.bundle.save(tmp_path / "bundle.json"))
    scores = scorer.score(leads.table.head(500))
    assert (scores["points"] == training.scorecard.points(leads.table.head(500))).all()
    assert scores["probability"].between(scores["low"], scores["high"]).all()


@pytest.mark.slow
def test_finds_next_to_nothing_where_there_is_nothing(real_data):
    training = train(maven(real_data), name="maven")
    evidence = training.bundle.evidence
    card, base = (evidence.performance(who) for who in ("scorecard", "base rate"))
    assert card.value("log_loss") > base.value("log_loss") - 0.005
    assert abs(card.value("auc") - 0.5) < 0.05
    warned = any("no better than the base rate" in warning for warning in training.warnings)
    assert warned == (card.value("log_loss") >= base.value("log_loss"))
