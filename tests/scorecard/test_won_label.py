"""Which class means won: what was said, what words say, else a warning that names the class taken."""

import warnings

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_score

from leadqual.errors import EvidenceError, OutcomeWarning
from leadqual.scorecard import ScorecardClassifier
from leadqual.scorecard.won_label import won_position

PAIRS = [
    ("Gewonnen", "Verloren"),
    ("converted", "not converted"),
    ("gewonnen", "nicht gewonnen"),
    ("成交", "未成交"),
    ("gagné", "perdu"),
    ("Closed Won", "Closed Lost"),
    ("yes", "no"),
    ("ja", "nein"),
    ("1", "0"),
    (True, False),
    (1, 0),
    (1, -1),
]


@pytest.fixture(scope="module")
def history():
    rng = np.random.default_rng(0)
    x = rng.normal(size=600)
    return pd.DataFrame({"x": x}), rng.random(600) < 1 / (1 + np.exp(1 - 1.5 * x))


@pytest.mark.parametrize(("win", "loss"), PAIRS)
def test_known_labels_give_the_same_card_whichever_is_greater(history, win, loss) -> None:
    table, won = history
    labels = np.array([win if one else loss for one in won])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        card = ScorecardClassifier().fit(table, labels)
    assert card.points_table_ == ScorecardClassifier().fit(table, won).points_table_
    assert card.won_class_ == win
    assert card.classes_.tolist() == sorted([win, loss])


def test_scikit_learns_own_terms_go_by_its_order_of_classes(history) -> None:
    table, won = history
    labels = np.where(won, "Gewonnen", "Verloren")  # won is the first class
    card, plain = ScorecardClassifier().fit(table, labels), ScorecardClassifier().fit(table, won)
    np.testing.assert_allclose(card.predict_proba(table)[:, 0], plain.predict_proba(table)[:, 1])
    np.testing.assert_allclose(card.won_probability(table), plain.predict_proba(table)[:, 1])
    np.testing.assert_allclose(card.decision_function(table), -plain.decision_function(table))
    np.testing.assert_array_equal(card.log_odds(table), plain.decision_function(table))
    assert (card.predict(table) == card.classes_[(card.decision_function(table) > 0).astype(int)]).all()
    assert ((card.predict(table) == "Gewonnen") == plain.predict(table)).all()
    # metrics that take the greater label as positive, as roc_auc does, see the same score as with 1 and 0
    assert roc_auc_score(labels, card.decision_function(table)) == roc_auc_score(won, plain.decision_function(table))
    for scoring in ("roc_auc", "neg_log_loss", "accuracy"):
        text, number = (
            cross_val_score(ScorecardClassifier(), table, y, scoring=scoring, cv=2) for y in (labels, won.astype(int))
        )
        np.testing.assert_allclose(text, number)


def test_unknown_labels_take_the_greater_one_with_a_warning_and_what_is_said_holds(history) -> None:
    table, won = history
    labels = np.where(won, "alpha", "beta")
    with pytest.warns(OutcomeWarning, match='"beta", the greater one, is taken as won. Pass pos_label'):
        card = ScorecardClassifier().fit(table, labels)
    assert card.won_class_ == "beta"
    said = ScorecardClassifier(pos_label="alpha").fit(table, labels)
    assert said.points_table_ == ScorecardClassifier().fit(table, won).points_table_


def test_what_is_said_overrules_words() -> None:
    assert won_position(np.array(["Lost", "Won"]), "Lost") == 0


def test_labels_that_cannot_be_are_refused() -> None:
    with pytest.raises(EvidenceError, match="pos_label is 'Sold', it must be one of the two labels"):
        won_position(np.array(["Lost", "Won"]), "Sold")
    with pytest.raises(EvidenceError, match="both mean lost"):
        won_position(np.array(["Lost", "Verloren"]))


@pytest.mark.parametrize("constant", [1e-12, 1 / 600, 0.3, 1.0])
def test_weights_that_are_shares_give_the_card_of_the_leads_as_they_are(history, constant) -> None:
    table, won = history
    card = ScorecardClassifier().fit(table, won, sample_weight=np.full(600, constant))
    assert card.points_table_ == ScorecardClassifier().fit(table, won).points_table_


@pytest.mark.parametrize("constant", [1e-9, 1 / 600, 0.5])
def test_shares_of_any_sum_give_one_card(history, constant) -> None:
    table, won = history
    weight = np.random.default_rng(1).uniform(0.1, 1, 600)
    weight = weight / weight.mean()
    whole = ScorecardClassifier().fit(table, won, sample_weight=weight)
    assert whole.points_table_ == ScorecardClassifier().fit(table, won, sample_weight=constant * weight).points_table_


@pytest.mark.parametrize("wrong", [-1.0, np.nan, np.inf, 1e300])
def test_weights_that_no_lead_can_have_are_refused(history, wrong) -> None:
    table, won = history
    weight = np.ones(600)
    weight[3] = wrong
    with pytest.raises(EvidenceError, match="sample_weight"):
        ScorecardClassifier().fit(table, won, sample_weight=weight)
    with pytest.raises(EvidenceError, match="at least one non-zero"):
        ScorecardClassifier().fit(table, won, sample_weight=np.zeros(600))


def test_a_field_of_one_band_leaves_the_card(history) -> None:
    table, won = history
    noise = np.random.default_rng(2).choice(list("ab"), 600)
    card = ScorecardClassifier().fit(table.assign(flat="same", noise=noise), won)
    assert "flat" not in card.points_table_.names
    assert all(len(field.bands) > 1 for field in card.points_table_.fields)
