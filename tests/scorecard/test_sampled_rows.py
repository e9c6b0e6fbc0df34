import numpy as np
import pandas as pd

from leadqual.leads.schema import Feature
from leadqual.scorecard import ScorecardClassifier, classifier
from leadqual.scorecard.fine_bands import seen_range
from leadqual.scorecard.sampled_rows import sampled_rows

FEATURES = [Feature("n", "numeric"), Feature("t", "numeric"), Feature("c", "category")]


def history(size=2000):
    rng = np.random.default_rng(5)
    table = pd.DataFrame({"n": rng.integers(0, 50, size).astype(float), "c": rng.choice(["a", "b"], size)})
    table["t"] = table["n"].astype(int).astype(str)
    table.loc[1, "n"], table.loc[2, "n"] = 900.0, -7.0
    table.loc[3, "t"], table.loc[4, "n"] = "n/a", np.nan
    table.loc[5, "c"], table.loc[6, "c"] = "rare", None
    return table, (rng.random(size) < 0.2 + 0.4 * (table["n"] > 25)).to_numpy()


def test_no_kind_of_lead_is_left_out_of_the_rows_looked_at():
    table, _ = history()
    rows = sampled_rows(table, FEATURES, ("n/a",), most=100, seed=0)
    assert len(np.unique(rows)) == len(rows)
    assert np.all(np.diff(rows) > 0)
    assert {3, 4, 5, 6} <= set(rows.tolist())
    assert len(rows) <= 104
    assert rows.tolist() == sampled_rows(table, FEATURES, ("n/a",), most=100, seed=0).tolist()


def test_a_long_history_knows_what_all_of_it_has(monkeypatch):
    monkeypatch.setattr(classifier, "_MAX_FINE_LEADS", 300)
    table, won = history()
    card = ScorecardClassifier(FEATURES, missing_values=("n/a",), random_state=0).fit(table, won)
    fields = {field.name: field for field in card.points_table_.fields}
    assert fields["n"].seen == (-7.0, 900.0)
    for name in ("n", "t"):
        assert any(band.missing for band in fields[name].bands)


def test_the_range_of_infinite_numbers_and_of_none():
    assert seen_range(np.array([np.nan, np.inf, 2.0, 1.0])) == (1.0, np.finfo(float).max)
    assert seen_range(np.array([-np.inf, 2.0])) == (np.finfo(float).min, 2.0)
    assert seen_range(np.array([np.nan, np.inf])) is None
