"""Today's rule reads numbers and codes for no value as the leads do, wherever it is used."""

import numpy as np
import pandas as pd
import pytest

from leadqual.bundle import Band, FieldPoints, PointsTable
from leadqual.evaluation import History
from leadqual.leads import Feature, Leads, Schema, label_outcomes
from leadqual.leads.choices import expanded_leads
from leadqual.learners import points_from_rules
from leadqual.scorecard import ScorecardClassifier, lead_points
from leadqual.scorecard.fixed_bands import refit_points
from leadqual.scorecard.points import Strength

SIZE = 1000
RULE = points_from_rules(
    {"rule": [{"field": "Size", "at_least": 1000, "points": 20}, {"field": "Size", "missing": True, "points": -30}]}
)
FEATURES = (Feature("Size", "numeric", decimal=",", thousands=".", aliases=("Size__c",), actionable=True),)
NOTHING = ("", "-999")
WRITTEN = {"1.200,5": 20, "950,0": 0, "-999": -30, "12.000": 20, "1,5": 0}
TABLE = pd.DataFrame({"Size": list(WRITTEN) * (SIZE // 5)})
NUMBERS = [1200.5, 950.0, -999, 12000, 1.5] * (SIZE // 5)
SAID = np.array(list(WRITTEN.values()) * (SIZE // 5))


def test_a_card_that_is_the_rule_scores_numbers_as_the_schema_writes_them():
    card = ScorecardClassifier(FEATURES, prior=RULE, missing_values=NOTHING).fit(TABLE, np.zeros(SIZE, dtype=int))
    points = card.points(TABLE)
    assert (points - points[1]).tolist() == (SAID - SAID[1]).tolist()
    (field,) = card.points_table_.fields
    assert (field.decimal, field.thousands, field.aliases, field.actionable) == (",", ".", ("Size__c",), True)
    assert card.points_table_.missing_values == NOTHING


def test_a_history_compares_with_what_the_rule_says():
    schema = Schema(FEATURES, outcome="Stage", won=("Won",), lost=("Lost",), missing_values=NOTHING)
    leads = Leads(TABLE.assign(Stage=np.tile(["Won", "Lost"], SIZE // 2)), schema)
    history = History(leads, label_outcomes(leads), prior=RULE)
    assert history.prior is not None
    assert lead_points(history.prior, leads.table).tolist() == SAID.tolist()


@pytest.mark.parametrize("values", [TABLE["Size"], NUMBERS], ids=["text", "own"])
def test_points_learned_for_given_bands_start_from_what_the_rule_says(values):
    """The outcomes say nothing: with a penalty that holds all, what is left is the rule."""
    ends = (None, 1000.0, None)
    bands = [Band(str(i), 0, interval=(ends[i], ends[i + 1])) for i in range(2)] + [Band("missing", 0, missing=True)]
    table = PointsTable(
        (FieldPoints("Size", "numeric", tuple(bands), decimal=",", thousands="."),), missing_values=NOTHING
    )
    won = np.repeat([1.0, 0.0], SIZE // 2)
    leads = pd.DataFrame({"Size": values})
    found = refit_points(table, leads, won, strength=Strength(1e6), prior=RULE).fields[0].bands
    worth = [band.points for band in found]
    assert worth[1] - worth[0] == pytest.approx(20, abs=3)
    assert worth[2] - worth[0] == pytest.approx(-30, abs=3)


def test_a_rule_on_a_choice_keeps_its_list_and_takes_its_aliases():
    schema = Schema((Feature("Products", "choices", separator=";", aliases=("items",)),))
    leads = expanded_leads(Leads(pd.DataFrame({"Products": ["ERP;BI", "BI"] * 100}), schema))
    rule = points_from_rules({"rule": [{"field": "Products: ERP", "is": True, "points": 15}]})
    card = ScorecardClassifier(schema.features, prior=rule).fit(leads.table[["Products"]], np.zeros(200, dtype=int))
    (field,) = card.points_table_.fields
    assert field.choice is not None
    assert (field.choice.column, field.choice.choice, field.aliases) == ("Products", "ERP", ("items",))
    assert np.ptp(card.points(leads.table[["Products"]])) == 15
