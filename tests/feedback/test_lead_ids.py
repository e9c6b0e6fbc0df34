import pandas as pd
import pytest

from leadqual.errors import FeedbackError
from leadqual.feedback import scored_table
from leadqual.feedback.lead_ids import read_lead_ids


@pytest.mark.parametrize(
    ("column", "texts", "whole"),
    [
        ([7, 12], ("7", "12"), 0),
        ([7.0, None, 12.0], ("7", None, "12"), 2),
        (["7.0", "12.00", "13"], ("7", "12", "13"), 2),
        (["007.0", "-1.0"], ("007", "-1"), 2),
        (["7.0", "L-8"], ("7.0", "L-8"), 0),
        (["7.0", "7.5"], ("7.0", "7.5"), 0),
        ([" L-7 ", "", "n/a"], ("L-7", None, None), 0),
        (["12E5", "1E+05"], ("12E5", "1E+05"), 0),
        ([], (), 0),
    ],
)
def test_whole_numbers_are_read_as_such_where_all_are(column, texts, whole):
    found = read_lead_ids(pd.Series(column, name="Id", dtype=None if column else "object"))
    assert (found.texts, found.whole) == (texts, whole)


@pytest.mark.parametrize(
    "column",
    [["1.23457E+11", "L-8"], ["1,23457E+11", "L-8"], ["1E+11", "L-8"], [2.0**53 + 2, 1.0], [1e17, 3.0]],
)
def test_ids_that_were_rounded_are_refused(column):
    with pytest.raises(FeedbackError, match="Id holds 1 ids that are rounded numbers") as told:
        read_lead_ids(pd.Series(column, name="Id"))
    assert "E+11" not in str(told.value)


def test_addresses_are_counted():
    assert read_lead_ids(pd.Series(["a@b.example", "@home", "L-7", None])).emails == 1


def test_a_lead_is_scored_under_the_id_that_an_import_reads(bundle, sample):
    leads = sample.table.head(2)
    ids = [event.lead for event in scored_table(bundle, leads.assign(Id=[7.0, 12.0]), id_field="Id", at="2026-05-01")]
    assert ids == ["7", "12"]
    for wrong, why in (([None, "1"], "Id is empty for 1 lead;"), (["a@b.example", "1"], "addresses for 1 lead,")):
        with pytest.raises(FeedbackError, match=why) as told:
            scored_table(bundle, leads.assign(Id=wrong), id_field="Id", at="2026-05-01")
        assert "a@b" not in str(told.value)
