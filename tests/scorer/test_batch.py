import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadqual.bundle import (
    Band,
    Bundle,
    FieldPoints,
    Grade,
    PointsTable,
    Policy,
    ProbabilityCurve,
    Provenance,
    ScoreScale,
)
from leadqual.errors import LeadError
from leadqual.scorer import Scorer

SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]
COLUMNS = [
    *("points", "score", "probability", "low", "high", "grade", "qualification", "follow_up_hours"),
    *("reasons_for", "reasons_against", "notes"),
]


def objects(values):
    array = np.empty(len(values), dtype=object)
    for i, value in enumerate(values):
        array[i] = value
    return array


def row_of(score, reasons=3):
    """Return the row that a table must hold for a score."""
    return {
        **{name: getattr(score, name) for name in COLUMNS[:7]},
        "follow_up_hours": math.nan if score.follow_up_hours is None else score.follow_up_hours,
        "reasons_for": "; ".join(str(reason) for reason in score.reasons_for[:reasons]),
        "reasons_against": "; ".join(str(reason) for reason in score.reasons_against[:reasons]),
        "notes": " | ".join(score.notes),
    }


def assert_same(table, scores, reasons=3):
    assert list(table) == COLUMNS
    assert len(table) == len(scores)
    for found, score in zip(table.to_dict("records"), scores, strict=True):
        expected = row_of(score, reasons)
        assert {k: repr(v) for k, v in found.items()} == {k: repr(v) for k, v in expected.items()}


def bundle_of(*fields, base_points=100):
    return Bundle(
        "b",
        90,
        0.3,
        PointsTable(fields, base_points),
        ProbabilityCurve(90, (0.2, 0.3, 0.4), (0.1, 0.2, 0.3), (0.3, 0.4, 0.5), 0.95, "none", "", 9, 2),
        ScoreScale(80, (20, 50, 80)),
        Policy((Grade("A", 120, 4.0), Grade("D", None, None)), 100, 120, ()),
        Provenance("", "", "", "", 0, 0, 0, 0, 0, None, None, None, 0),
    )


@given(st.data())
@settings(max_examples=80, deadline=None, suppress_health_check=SLOW)
def test_a_table_equals_its_rows_one_by_one(strategies, data):
    bundle = data.draw(strategies.bundles())
    fields = [field for field in bundle.points_table.fields if data.draw(st.integers(0, 4))]
    count = data.draw(st.integers(0, 8))
    values = {
        field.name: data.draw(st.lists(strategies.raw_values(field), min_size=count, max_size=count))
        for field in fields
    }
    index = data.draw(st.permutations(range(count)))
    leads = pd.DataFrame({name: objects(column) for name, column in values.items()}, index=index, dtype=object)
    reasons = data.draw(st.integers(0, 7))
    scorer = Scorer(bundle)
    table = scorer.score(leads, reasons=reasons)
    rows = [{name: column[i] for name, column in values.items()} for i in range(count)]
    assert_same(table, scorer.score(rows), reasons)
    assert table.index.tolist() == list(index)


KINDS = {
    "float64": lambda values: pd.Series(values, dtype="float64"),
    "float32": lambda values: pd.Series(values, dtype="float32"),
    "Float64": lambda values: pd.Series(values, dtype="Float64"),
    "Int64": lambda values: pd.Series([None if v is None else int(v) for v in values], dtype="Int64"),
    "bool": lambda values: pd.Series([bool(v) for v in values]),
    "boolean": lambda values: pd.Series([None if v is None else v > 1 for v in values], dtype="boolean"),
    "str": lambda values: pd.Series([None if v is None else f"{v:g}" for v in values], dtype="str"),
    "category": lambda values: pd.Series([None if v is None else f"{v:g}" for v in values], dtype="category"),
    "arrow": lambda values: pd.Series(values, dtype="double[pyarrow]"),
    "datetime": lambda values: pd.to_datetime(pd.Series(values), unit="D"),
    "object": lambda values: pd.Series(values, dtype=object),
}


@given(st.data())
@settings(max_examples=80, deadline=None, suppress_health_check=SLOW)
def test_typed_columns_equal_their_rows_one_by_one(strategies, data):
    bundle = data.draw(strategies.bundles())
    count = data.draw(st.integers(1, 6))
    values = st.lists(st.none() | st.sampled_from([0.0, 1.0, 2.0, 3.0, 7.5, 40.0]), min_size=count, max_size=count)
    columns = {
        field.name: KINDS[data.draw(st.sampled_from(sorted(KINDS)))](data.draw(values))
        for field in bundle.points_table.fields
    }
    leads = pd.DataFrame(columns, index=range(count))
    scorer = Scorer(bundle)
    assert_same(scorer.score(leads), scorer.score(leads.to_dict("records")))
    assert_same(scorer.score(leads), [scorer.score_one({c: leads[c].iloc[i] for c in leads}) for i in range(count)])


@pytest.fixture
def scorer():
    need = FieldPoints(
        "Need", "category", (Band("Urgent", 31, values=("Urgent",)), Band("Later", -8, values=("Later",)))
    )
    visits = FieldPoints(
        "Visits", "numeric", (Band("under 3", -5, interval=(None, 3.0)), Band("3 and more", 9, interval=(3.0, None)))
    )
    return Scorer(bundle_of(need, visits))


def test_a_table_by_hand(scorer):
    leads = pd.DataFrame({"Visits": [1, 4], "Need": ["Later", "Urgent"], "Name": "x"}, index=["b", "a"])
    table = scorer.score(leads)
    assert table.index.tolist() == ["b", "a"]
    assert table["points"].tolist() == [87, 140]
    assert table["grade"].tolist() == ["D", "A"]
    assert table["qualification"].tolist() == ["none", "SQL"]
    assert table["reasons_for"].tolist() == ["", "Need: Urgent (+31); Visits: 3 and more (+9)"]
    assert table["reasons_against"].tolist() == ["Need: Later (-8); Visits: under 3 (-5)", ""]
    assert table["notes"].tolist() == ["", ""]
    assert table["follow_up_hours"].isna().tolist() == [True, False]
    assert scorer.score(leads, reasons=1)["reasons_for"].tolist() == ["", "Need: Urgent (+31)"]
    assert scorer.score(leads, reasons=0)["reasons_against"].tolist() == ["", ""]


def test_types_of_the_columns_do_not_depend_on_the_leads(scorer):
    full = scorer.score(pd.DataFrame({"Visits": [1, 4], "Need": ["Later", "Urgent"]}))
    types = {name: str(dtype) for name, dtype in full.dtypes.items()}
    assert types == {
        **dict.fromkeys(("points", "score"), "int64"),
        **dict.fromkeys(("probability", "low", "high", "follow_up_hours"), "float64"),
        **dict.fromkeys(("grade", "qualification", "reasons_for", "reasons_against", "notes"), "str"),
    }
    for leads in (pd.DataFrame(), pd.DataFrame(index=[3, 4]), pd.DataFrame({"Need": []})):
        table = scorer.score(leads)
        assert (table.dtypes == full.dtypes).all()
        assert table.index.equals(leads.index)


def test_absent_columns_are_noted_in_every_row(scorer):
    table = scorer.score(pd.DataFrame({"Visits": [1, "x"]}, dtype=object))
    absent = "Need: not given; counted as average"
    assert table["notes"].tolist() == [absent, f"{absent} | Visits: cannot be read; counted as average"]


def test_a_column_that_occurs_twice_is_refused(scorer):
    leads = pd.DataFrame([["Urgent", "Later"]], columns=["Need", "Need"])
    with pytest.raises(LeadError, match="Need is 2 columns, must be one; rename or drop all but one"):
        scorer.score(leads)
    with pytest.raises(LeadError, match="reasons is -1"):
        scorer.score(leads, reasons=-1)


def test_indexes_of_any_kind_are_kept(scorer):
    index = pd.MultiIndex.from_tuples([("x", 1), ("x", 1)], names=["team", None])
    table = scorer.score(pd.DataFrame({"Need": ["Urgent", "Later"]}, index=index))
    assert table.index.equals(index)
    assert table.index.names == ["team", None]


def test_a_table_is_left_as_it_was(scorer):
    leads = pd.DataFrame({"Visits": [1, None], "Need": ["Later", None]})
    before = leads.copy(deep=True)
    scorer.score(leads)
    pd.testing.assert_frame_equal(leads, before)


def test_a_card_without_fields_gives_every_lead_its_base_points():
    scorer = Scorer(bundle_of(base_points=120))
    table = scorer.score(pd.DataFrame({"a": [1, 2]}))
    assert_same(table, scorer.score([{}, {}]))
    assert table["points"].tolist() == [120, 120]


def test_many_fields_and_all_their_reasons():
    fields = [
        FieldPoints(
            f"f{i}",
            "numeric",
            tuple(
                Band(f"band {j}", (i * 7 + j * 13) % 41 - 20, interval=(j or None, None if j == 59 else j + 1.0))
                for j in range(60)
            ),
        )
        for i in range(600)
    ]
    scorer = Scorer(bundle_of(*fields))
    assert len(scorer._ranked.reasons) > 2**15  # too many for the smallest integers
    random = np.random.default_rng(0)
    leads = pd.DataFrame({field.name: random.integers(0, 60, 3) for field in fields})
    assert_same(scorer.score(leads, reasons=600), scorer.score(leads.to_dict("records")), 600)
