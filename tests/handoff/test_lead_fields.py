import pandas as pd
import pytest

from leadqual.errors import FeedbackError, HandoffError
from leadqual.handoff import example_team, fields_by_lead


def test_the_first_row_of_an_id_counts_and_what_is_missing_is_none():
    table = pd.DataFrame(
        {"Id": ["a", "b", "a"], "country": ["DE", "", "FR"], "language": [None, "zh", "fr"], "other": [1, 2, 3]}
    )
    assert fields_by_lead(table, example_team(), id_field="Id") == {
        "a": {"country": "DE", "language": None},
        "b": {"country": None, "language": "zh"},
    }


def test_what_is_not_there_is_refused():
    with pytest.raises(HandoffError, match="the leads have no column language, the team's file"):
        fields_by_lead(pd.DataFrame({"Id": ["a"], "country": ["DE"]}), example_team(), id_field="Id")
    with pytest.raises(FeedbackError, match="have no column Id"):
        fields_by_lead(pd.DataFrame({"country": ["DE"], "language": ["de"]}), example_team(), id_field="Id")
