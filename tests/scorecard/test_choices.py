"""Lists of choices in the classifier: fields, constraints, the prior rule, and scikit-learn's contracts."""

import pickle

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_score

from leadqual.bundle import Choice
from leadqual.errors import ConstraintError, RuleError
from leadqual.leads import Feature
from leadqual.learners import points_from_rules
from leadqual.scorecard import Cap, Direction, Exclude, Pin, ScorecardClassifier
from leadqual.scorecard.choices import constraints_on_choices, rule_on_choices

OPTIONS = ("ERP", "BI", "HR", "CRM")
PRODUCTS = Feature("Products", "choices", separator=";")
FEATURES = [PRODUCTS, Feature("Need", "category")]


def leads(seed: int = 0, n: int = 1500) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    """Return leads of whom ERP multiplies the odds of winning by e squared, who won, and their choices."""
    random = np.random.default_rng(seed)
    chosen = random.random((n, 4)) < 0.4
    cells = [";".join(random.permutation(np.array(OPTIONS)[row])) or None for row in chosen]
    need = random.choice(["Urgent", "Later"], n)
    logit = -2 + 2 * chosen[:, 0] + (need == "Urgent")
    won = random.random(n) < 1 / (1 + np.exp(-logit))
    return pd.DataFrame({"Products": cells, "Need": need}), won.astype(int), chosen


def test_each_choice_is_a_field_and_the_list_stays_one_column_of_x() -> None:
    table, won, chosen = leads()
    card = ScorecardClassifier(FEATURES).fit(table, won)
    assert list(card.feature_names_in_) == ["Products", "Need"]
    assert set(card.points_table_.names) == {"Need", *(f"Products: {one}" for one in OPTIONS)}
    erp = card.points_table_.field("Products: ERP")
    assert (erp.kind, erp.choice) == ("boolean", Choice("Products", "ERP", ";"))
    worth = {band.values: band.points for band in erp.bands}
    # 2 in log-odds are 2 * 20 / ln 2 = 58 points; the penalty and the sample take some
    assert 40 < worth[("yes",)] - worth[("no",)] < 70
    one_column_each = table.drop(columns="Products").assign(**dict(zip(OPTIONS, chosen.T, strict=True)))
    plain = ScorecardClassifier().fit(one_column_each, won)
    new, later, picked = leads(seed=1)
    split = new.drop(columns="Products").assign(**dict(zip(OPTIONS, picked.T, strict=True)))
    gap = roc_auc_score(later, card.points(new)) - roc_auc_score(later, plain.points(split))
    assert abs(gap) < 0.02


def test_it_clones_pickles_and_cross_validates_with_choices_found_in_each_part() -> None:
    table, won, _ = leads()
    card = ScorecardClassifier(FEATURES)
    assert np.min(cross_val_score(clone(card), table, won, scoring="roc_auc", cv=3)) > 0.65
    fitted = card.fit(table, won)
    again = pickle.loads(pickle.dumps(fitted))  # noqa: S301  # our own
    assert (again.predict_proba(table) == fitted.predict_proba(table)).all()


def test_columns_of_lists_are_lists_of_choices_without_being_told() -> None:
    table, won, _ = leads()
    listed = table.assign(Products=table["Products"].str.split(";"))
    told, found = ScorecardClassifier(FEATURES).fit(table, won), ScorecardClassifier().fit(listed, won)
    assert (found.points(listed) == told.points(table)).all()


def test_features_that_are_choices_take_leads_with_the_list_and_with_its_columns() -> None:
    table, won, _ = leads()
    features = [Feature("Products: ERP", "boolean", choice=Choice("Products", "ERP", ";")), Feature("Need", "category")]
    card = ScorecardClassifier(features).fit(table, won)
    assert list(card.feature_names_in_) == ["Products", "Need"]
    wide = table.assign(**{"Products: ERP": table["Products"].str.split(";").map(lambda c: "ERP" in c, "ignore")})
    assert (card.points(wide) == card.points(table)).all()
    assert (ScorecardClassifier(features).fit(wide, won).points(table) == card.points(table)).all()


def test_choices_obey_constraints_and_a_cap_or_exclusion_of_the_list_holds_for_each() -> None:
    table, won, _ = leads()
    pinned = ScorecardClassifier(
        FEATURES, constraints=[Pin("Products: ERP", 10, ("yes",)), Exclude("Products: HR"), Cap("Products: BI", 2)]
    ).fit(table, won)
    assert "Products: HR" not in pinned.points_table_.names
    assert max(band.points for band in pinned.points_table_.field("Products: BI").bands) <= 2
    assert ScorecardClassifier(FEATURES, constraints=[Exclude("Products")]).fit(table, won).points_table_.names == (
        "Need",
    )
    features = [Feature(f"Products: {one}", "boolean", choice=Choice("Products", one, ";")) for one in ("BI", "HR")]
    assert constraints_on_choices([Cap("Products", 5), Exclude("Need")], features) == (
        Cap("Products: BI", 5), Cap("Products: HR", 5), Exclude("Need"),
    )  # fmt: skip


@pytest.mark.parametrize("constraint", [Direction("Products", "up"), Pin("Products", 5, ("ERP",))])
def test_a_pin_or_direction_of_a_whole_list_is_refused(constraint: Pin | Direction) -> None:
    table, won, _ = leads(n=300)
    with pytest.raises(ConstraintError, match="must be on one of its choices: name the field 'Products: "):
        ScorecardClassifier(FEATURES, constraints=[constraint]).fit(table, won)


def test_todays_rule_may_give_points_for_a_choice_however_rare() -> None:
    table, won, _ = leads()
    rule = points_from_rules({"rule": [
        {"field": "Products: ERP", "is": True, "points": 20}, {"field": "Products: IoT", "is": True, "points": 9},
    ]})  # fmt: skip
    card = ScorecardClassifier(FEATURES, prior=rule).fit(table, won)
    assert "Products: IoT" in card.points_table_.names
    whole = points_from_rules({"rule": [{"field": "Products", "is": "ERP", "points": 20}]})
    with pytest.raises(RuleError, match=r"write field = 'Products: \w+' and is = true"):
        ScorecardClassifier(FEATURES, prior=whole).fit(table, won)


def test_without_outcomes_of_both_kinds_the_rule_is_the_card_and_reads_the_list() -> None:
    table, won, chosen = leads()
    rule = points_from_rules({"rule": [{"field": "Products: ERP", "is": True, "points": 20}]})
    lost = table[won == 0]
    card = ScorecardClassifier(FEATURES, prior=rule).fit(lost, np.zeros(len(lost)))
    worth = card.points(table)
    assert (worth - worth.min() == 20 * chosen[:, 0]).all()
    feature = Feature("Products: ERP", "boolean", choice=Choice("Products", "ERP", ";"))
    assert rule_on_choices(rule, [feature]).fields[0].choice == feature.choice
