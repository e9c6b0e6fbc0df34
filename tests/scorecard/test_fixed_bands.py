from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit
from sklearn.linear_model import LogisticRegression

from leadqual.bundle import Band, FieldPoints, PointsTable
from leadqual.errors import ConstraintError, EvidenceError
from leadqual.scorecard import Cap, Direction, Exclude, Pin, ScorecardClassifier, Strength, refit_points


@pytest.fixture(scope="module")
def history():
    rng = np.random.default_rng(3)
    n = 4000
    leads = pd.DataFrame({"visits": rng.poisson(3, n).astype(float), "source": rng.choice(list("abc"), n)})
    worth = leads["source"].map({"a": 1.0, "b": 0.0, "c": -1.0}).to_numpy()
    won = (rng.random(n) < expit(-1.5 + 0.4 * np.minimum(leads["visits"], 5) + worth)).astype(float)
    card = ScorecardClassifier(strength=10.0, half_life=None).fit(leads, won)
    return leads, won, card.points_table_


def points(table, name):
    return [band.points for band in table.field(name).bands]


def test_the_same_leads_give_the_same_points_in_the_same_bands(history):
    leads, won, table = history
    again = refit_points(table, leads, won)
    for field in table.fields:
        assert [b.label for b in again.field(field.name).bands] == [b.label for b in field.bands]
        assert np.abs(np.subtract(points(again, field.name), points(table, field.name))).max() <= 1
    assert abs(again.base_points - table.base_points) <= 1


def test_with_many_leads_the_points_are_those_of_plain_logistic_regression(history):
    leads, won, table = history
    again = refit_points(table, leads, won, strength=Strength(common=0.01))
    codes = {}
    for field in table.fields:
        if field.kind == "numeric":
            edges = [band.interval[0] for band in field.bands if band.interval is not None][1:]
            codes[field.name] = np.searchsorted(edges, leads[field.name], side="right")
        else:
            of_value = {value: i for i, band in enumerate(field.bands) for value in band.values}
            codes[field.name] = leads[field.name].map(of_value).to_numpy()
    design = pd.get_dummies(pd.DataFrame(codes).astype("category")).astype(float)
    plain = LogisticRegression(C=1e4, max_iter=5000).fit(design, won)
    of_column = dict(zip(design.columns, plain.coef_[0], strict=True))
    for field in table.fields:
        effect = np.array([of_column[f"{field.name}_{i}"] for i in range(len(field.bands))]) / (np.log(2) / 20)
        mine = np.array(points(again, field.name), dtype=float)
        assert np.abs((mine - mine[0]) - (effect - effect[0])).max() < 1.6


def test_limits_pins_caps_and_directions_hold_and_the_bands_stay(history):
    leads, won, table = history
    top = table.field("source").bands[0].label
    limited = refit_points(table, leads, won, limits={("source", top): (None, 3)})
    assert points(limited, "source")[0] <= 3
    pinned = refit_points(table, leads, won, limits={("source", top): (2, 2)})
    assert points(pinned, "source")[0] == 2
    capped = refit_points(table, leads, won, constraints=[Cap("visits", 4, -4)])
    assert max(map(abs, points(capped, "visits"))) <= 4
    falling = refit_points(table, leads, won, constraints=[Direction("visits", "down")])
    down = [b.points for b in falling.field("visits").bands if b.interval is not None]
    assert down == sorted(down, reverse=True)
    assert [b.label for b in falling.field("visits").bands] == [b.label for b in table.field("visits").bands]
    both = refit_points(
        table,
        leads,
        won,
        constraints=[Direction("visits", "down")],
        limits={("visits", table.field("visits").bands[0].label): (5, None)},
    )
    assert points(both, "visits")[0] >= 5
    assert refit_points(table, leads, won, constraints=[Exclude("visits")]).names == ("source",)


def test_a_pin_on_a_band_holds_it_and_on_part_of_one_is_refused(history):
    leads, won, table = history
    band = next(b for b in table.field("source").bands if b.values == ("a",))
    held = refit_points(table, leads, won, constraints=[Pin("source", 7, ("a",))])
    assert next(b for b in held.field("source").bands if b.label == band.label).points == 7
    with pytest.raises(ConstraintError, match="no band of its own"):
        refit_points(table, leads, won, constraints=[Pin("visits", 7, interval=(2.25, 2.5))])


def test_a_rule_pulls_where_there_are_few_leads(history):
    leads, won, table = history
    rule = PointsTable(
        (FieldPoints("source", "category", (Band("a", -60, values=("a",)), Band("b, c", 0, values=("b", "c")))),)
    )
    few = slice(0, 40)
    free = refit_points(table, leads[few], won[few])
    pulled = refit_points(table, leads[few], won[few], prior=rule)
    at = next(i for i, b in enumerate(table.field("source").bands) if "a" in b.values)
    assert points(pulled, "source")[at] < points(free, "source")[at]


def test_what_cannot_be_learned_is_refused(history):
    leads, won, table = history
    with pytest.raises(EvidenceError, match="0 of 10 leads won"):
        refit_points(table, leads[:10], np.zeros(10))
    label = table.field("source").bands[0].label
    with pytest.raises(ConstraintError, match="leaves it no points"):
        refit_points(table, leads, won, constraints=[Cap("source", 3)], limits={("source", label): (5, None)})


def test_new_values_count_as_average_and_no_field_is_no_model(history):
    leads, won, table = history
    odd = leads.assign(source=np.where(np.arange(len(leads)) % 5 == 0, "new", leads["source"]))
    again = refit_points(table, odd, won, constraints=[Direction("visits", "down")])
    assert len(again.field("source").bands) == len(table.field("source").bands)
    none = refit_points(replace(table, fields=()), leads, won)
    assert (none.fields, none.base_points) == ((), 100)
