"""Training reads the schema's account, counts it, says so, and shows the figures of accounts it has not seen."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from leadqual import sentences
from leadqual.bundle import Bundle
from leadqual.errors import SchemaError
from leadqual.fact import Fact
from leadqual.inference import infer_schema
from leadqual.leads import Feature, Schema, read_leads
from leadqual.leads.accounts import correlation
from leadqual.simulation import SampleSettings, simulate
from leadqual.training import train


@pytest.fixture(scope="module")
def sample():
    found = simulate(SampleSettings(leads=2000), seed=1)
    return replace(found, table=found.table.drop(columns="Company"))


@pytest.fixture(scope="module")
def training(sample):
    rng = np.random.default_rng(0)
    table = sample.table.assign(Company=[f"Company {i}" for i in rng.integers(0, 900, len(sample.table))])
    return train(read_leads(table, replace(sample.schema, account="Company")), name="demo", created_at="t")


def test_the_bundle_knows_its_account_and_how_many_there_were(training, tmp_path):
    bundle = training.bundle
    assert bundle.account_field == "Company"
    settings = dict(bundle.provenance.settings)
    assert int(settings["accounts"]) == training.dependence.accounts < 900
    bundle.save(tmp_path / "b.json")
    assert Bundle.load(tmp_path / "b.json") == bundle
    assert any("accounts" in note for note in sentences(training.notes))
    assert "Company" not in bundle.points_table.names


def test_accounts_that_were_not_seen_before_have_figures_of_their_own(training):
    held, evidence = training.held_out, training.bundle.evidence
    new = held.new_account
    assert 0 < new.sum() < len(new)
    assert evidence.performance("new accounts").value("predicted_over_actual") == pytest.approx(
        held.probability[new].sum() / held.won[new].sum(), rel=1e-5
    )
    assert "accounts_seen_before" in [one.code for one in evidence.warnings if isinstance(one, Fact)]


def test_without_an_account_nothing_of_it_is_in_the_bundle(sample):
    training = train(read_leads(sample.table, sample.schema), name="demo", created_at="t")
    assert training.dependence is None
    assert "accounts" not in dict(training.bundle.provenance.settings)
    assert training.bundle.account_field is None
    assert training.held_out.account is None
    assert training.bundle.curve.interval_method.code in ("interval_leads", "interval_moved")


def test_later_leads_count_by_what_the_leads_of_an_account_are_worth(sample):
    each = sample.table.head(500)
    table = pd.concat(
        [
            each.assign(**{sample.schema.id: each[sample.schema.id] + f"-{i}", "Company": each[sample.schema.id]})
            for i in range(3)
        ]
    )
    held = train(read_leads(table, replace(sample.schema, account="Company")), name="demo", force=True).held_out
    # three leads of a company end alike: they are worth one
    within = correlation(held.won, held.probability, held.account)
    assert within.design_effect(held.account) == pytest.approx(3, abs=0.3)


def test_leads_that_repeat_each_other_within_a_day_are_pointed_out(sample):
    each = sample.table.head(600)
    table = pd.concat([each.assign(**{sample.schema.id: each[sample.schema.id] + f"-{i}"}) for i in range(3)])
    warned = train(read_leads(table, sample.schema), name="demo", force=True).warnings
    assert any("Leads of one day repeat each other" in one and "account" in one for one in warned)


def test_an_account_is_no_feature():
    with pytest.raises(SchemaError, match="both account and a feature"):
        Schema((Feature("Company", "category"),), outcome="won", won=("1",), account="Company")


@pytest.mark.parametrize(
    "name", ["Company", "Account Name", "account_id", "Firma", "Société", "公司名称", "会社名", "Domain"]
)
def test_a_column_of_many_companies_is_the_account(sample, name):
    rng = np.random.default_rng(0)
    table = sample.table.assign(**{name: [f"c{i}" for i in rng.integers(0, 300, len(sample.table))]})
    inferred = infer_schema(table)
    assert inferred.schema.account == name
    assert name not in {feature.name for feature in inferred.schema.features}
    assert "compan" in inferred.why[name]


@pytest.mark.parametrize("name", ["Company Size", "Account Type", "Company Country"])
def test_a_column_about_companies_is_none(sample, name):
    rng = np.random.default_rng(0)
    table = sample.table.assign(**{name: [f"c{i}" for i in rng.integers(0, 30, len(sample.table))]})
    assert infer_schema(table).schema.account is None


def test_a_few_companies_are_a_field_and_can_be_named_as_account_by_hand(sample):
    rng = np.random.default_rng(0)
    table = sample.table.assign(Company=[f"c{i}" for i in rng.integers(0, 8, len(sample.table))])
    inferred = infer_schema(table).schema
    assert inferred.account is None
    assert "Company" in {feature.name for feature in inferred.features}
    assert infer_schema(table, roles={"account": "Company"}).schema.account == "Company"
