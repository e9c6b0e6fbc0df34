"""Columns of lists to columns of yes and no; scores of leads with lists, one by one and in a table."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from leadqual.bundle import Band, Bundle, Choice, FieldPoints, PointsTable
from leadqual.errors import LeadError
from leadqual.leads import read_leads
from leadqual.scorer import Scorer
from leadqual.scorer.choice_columns import with_choices
from leadqual.simulation import SampleSettings, simulate
from leadqual.training import train


def field(choice: str, yes: int) -> FieldPoints:
    bands = (Band("yes", yes, values=("yes",)), Band("no", -2, values=("no",)), Band("missing", -1, missing=True))
    return FieldPoints(f"Products: {choice}", "boolean", bands, choice=Choice("Products", choice, ";"))


TABLE = PointsTable((field("ERP", 20), field("BI", 7)), base_points=100)
CELLS = ["ERP;BI", ["ERP", "BI"], np.array(["BI"]), ("ERP",), "", None, float("nan"), "erp", b"ERP", {"ERP": 1}, "BI;x"]
# from the bands above by hand: 100 plus the points of ERP and of BI; nothing where the cell cannot be read
POINTS = [127, 127, 105, 118, 98, 98, 98, 96, 100, 100, 105]


@pytest.fixture(scope="module")
def bundle() -> Bundle:
    sample = simulate(SampleSettings(leads=1500), seed=1)
    return replace(train(read_leads(sample.table, sample.schema), name="demo").bundle, points_table=TABLE)


def test_each_cell_has_the_points_of_its_choices_alone_and_in_a_table(bundle: Bundle) -> None:
    scorer = Scorer(bundle)
    leads = pd.DataFrame({"Products": pd.Series(CELLS, dtype=object)})
    alone = [scorer.score_one({"Products": cell}) for cell in CELLS]
    together = scorer.score(leads)
    assert [one.points for one in alone] == POINTS
    assert together["points"].tolist() == POINTS
    assert together["notes"].tolist() == [" | ".join(one.notes) for one in alone]


def test_a_note_on_a_list_is_told_once_and_names_its_column(bundle: Bundle) -> None:
    scorer = Scorer(bundle)
    assert scorer.score_one({}).notes == ("Products: not given; counted as missing",)
    assert scorer.score(pd.DataFrame({"x": [1]}))["notes"].tolist() == ["Products: not given; counted as missing"]
    assert scorer.score_one({"Products": "erp"}).notes == (
        "Products: none of its choices is scored; each counted as not chosen",
    )
    assert scorer.score_one({"Products": "ERP;new"}).notes == ()


def test_choices_given_as_fields_of_their_own_score_alike(bundle: Bundle) -> None:
    scorer = Scorer(bundle)
    split = {"Products: ERP": True, "Products: BI": "No"}
    assert scorer.score_one(split).points == scorer.score_one({"Products": "ERP"}).points
    assert scorer.score(pd.DataFrame([split]))["points"].tolist() == [118]
    assert [str(one) for one in scorer.score_one(split).reasons_for] == ["Products: ERP: yes (+20)"]


def test_columns_are_split_once_and_stay_where_they_are_there() -> None:
    leads = pd.DataFrame({"Products": ["ERP", "erp", None], "Products: BI": ["yes", "yes", "no"]}, index=[5, 5, 7])
    split = with_choices(leads, TABLE)
    assert split.index.tolist() == [5, 5, 7]
    assert split["Products: BI"].tolist() == ["yes", "yes", "no"]
    assert split["Products: ERP"].tolist()[:2] == ["yes", "no"]
    assert split["Products: ERP"].isna().tolist() == [False, False, True]
    assert list(leads.columns) == ["Products", "Products: BI"]


@pytest.mark.parametrize("dtype", ["str", "object", "category", "string[pyarrow]"])
def test_any_column_of_text_is_read_alike(dtype: str) -> None:
    leads = pd.DataFrame({"Products": pd.Series(["ERP;BI", None, "BI"] * 3, dtype=dtype)})
    assert with_choices(leads, TABLE)["Products: ERP"].fillna("-").tolist() == ["yes", "-", "no"] * 3


def test_lists_in_arrow_columns_are_read() -> None:
    pa = pytest.importorskip("pyarrow")
    column = pd.Series([["ERP"], None, ["BI"]], dtype=pd.ArrowDtype(pa.list_(pa.string())))
    assert with_choices(pd.DataFrame({"Products": column}), TABLE)["Products: ERP"].fillna("-").tolist() == [
        "yes", "-", "no",
    ]  # fmt: skip


def test_equal_items_of_other_types_stay_apart() -> None:
    table = PointsTable((replace(field("1", 5), choice=Choice("Products", "1", ";")),))
    leads = pd.DataFrame({"Products": pd.Series([[1], [True], ["1"]], dtype=object)})
    assert with_choices(leads, table)["Products: 1"].tolist() == ["yes", "no", "yes"]


def test_a_list_column_that_occurs_twice_is_refused() -> None:
    leads = pd.DataFrame([["ERP", "BI"]], columns=["Products", "Products"])
    with pytest.raises(LeadError, match="Products is 2 columns, must be one"):
        with_choices(leads, TABLE)
