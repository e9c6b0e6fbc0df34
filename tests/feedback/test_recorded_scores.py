"""Scores of a whole table in one step: the same events as one by one, and the columns that say why."""

from dataclasses import replace

import pytest

from leadqual.errors import FeedbackError, LeadError
from leadqual.feedback import FeedbackStore, lead_id_column, record_scores, scored_table

NOW = "2026-05-01T09:00:00"


@pytest.fixture
def book(tmp_path):
    with FeedbackStore(tmp_path / "f.db") as opened:
        yield opened


@pytest.fixture(scope="module")
def leads(sample):
    return sample.table.head(20)


def test_it_records_what_scored_table_gives(book, bundle, leads):
    found = record_scores(book, bundle, leads, known_at=NOW)
    assert (found.leads, found.new, found.given.absent) == (20, 20, ())
    expected = scored_table(bundle, leads, id_field=bundle.id_field, at=NOW, picked=[""] * 20)
    assert [one.content for one in book.events()] == [one.content for one in expected]
    assert record_scores(book, bundle, leads, known_at="2026-05-02", at=NOW).new == 0


def test_columns_say_why_and_by_what_chance_each_was_picked(book, bundle, leads):
    why = ["random", "rank", "none", ""] * 5
    table = leads.assign(Why=why, Chance=["0.05" if one == "random" else "" for one in why])
    record_scores(book, bundle, table, known_at=NOW, picked_column="Why", propensity_column="Chance")
    picked = [(one.content["picked"], one.content.get("propensity")) for one in book.events()]
    assert picked == [("random", 0.05), ("rank", None), ("", None), ("", None)] * 5


def test_one_reason_may_stand_for_all(book, bundle, leads):
    record_scores(book, bundle, leads, known_at=NOW, picked="random", propensity=0.1)
    assert {(one.content["picked"], one.content["propensity"]) for one in book.events()} == {("random", 0.1)}


def test_nothing_is_recorded_where_a_column_is_not_there_or_most_fields_are_absent(book, bundle, leads):
    with pytest.raises(FeedbackError, match="the leads have no column Why; name one of theirs"):
        record_scores(book, bundle, leads, known_at=NOW, picked_column="Why")
    few = leads[[bundle.id_field, bundle.points_table.names[0]]]
    with pytest.raises(LeadError):
        record_scores(book, bundle, few, known_at=NOW)
    assert list(book.events()) == []
    assert record_scores(book, bundle, few, known_at=NOW, partial=True).given.absent != ()


def test_somebody_must_say_which_column_names_leads(bundle):
    assert lead_id_column(bundle) == bundle.id_field
    assert lead_id_column(bundle, "Other") == "Other"
    with pytest.raises(FeedbackError, match=r"somebody must say it; name it with --id \(in Python id_field\)"):
        lead_id_column(replace(bundle, id_field=None))
