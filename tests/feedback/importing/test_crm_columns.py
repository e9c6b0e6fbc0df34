import datetime

import pytest

from leadqual.errors import FeedbackError
from leadqual.feedback import FeedbackColumns


def test_a_mapping_as_people_write_it():
    said = {
        "lead": "Id", "outcome": "Stage", "closed_at": "Closed", "won": "Closed Won|Gewonnen", "lost": ["Lost"],
        "reasons": "price | timing", "reasons_as_other": "true",
    }  # fmt: skip
    columns = FeedbackColumns.from_mapping(said)
    assert (columns.won, columns.lost, columns.reasons) == (("Closed Won", "Gewonnen"), ("Lost",), ("price", "timing"))
    assert columns.reasons_as_other is True
    assert columns.named() == ["Id", "Stage", "Closed"]


@pytest.mark.parametrize("wrong", [{}, {"lead": "Id", "colour": "x"}, {"outcome": "Stage"}])
def test_it_names_a_lead_and_nothing_strange(wrong):
    with pytest.raises(FeedbackError, match="must name lead, and may name accepted, closed_at"):
        FeedbackColumns.from_mapping(wrong)


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("lead", 7, "lead must be a text that is not empty, and is a number"),
        ("lead", "", "is an empty text"),
        ("lead", ["Id"], "is a list"),
        ("worked_at", True, "is true or false"),
        ("worked_at", datetime.date(2026, 5, 1), "is a table or a date"),
        ("stage", {"column": "Stage"}, "is a table"),
        ("won", 1, "won must be a text, or a list of texts that is not empty, and is a number"),
        ("won", ["Won", 3], "is a list with something else"),
        ("lost", [["Lost"]], "is a list with something else"),
        ("lost", "Lost||Dead", "lost must be"),
        ("reasons_as_other", "maybe", "must be true or false"),
        ("reasons", ["call a@b.example"], "must be short labels"),
        ("decimal", ";", 'must be "." or ","'),
    ],
)
def test_what_is_no_text_is_refused(name, value, why):
    with pytest.raises(FeedbackError) as told:
        FeedbackColumns.from_mapping({"lead": "Id", name: value})
    assert why in str(told.value)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"outcome": "Stage"}, "outcome without closed_at"),
        ({"disposition": "Is"}, "disposition without disposition_at"),
        ({"stage": "Stage"}, "stage without stage_at"),
        ({"reason": "Why"}, "reason without disposition"),
        ({"value": "Amount"}, "value without outcome"),
    ],
)
def test_what_belongs_together_comes_together(said, why):
    with pytest.raises(FeedbackError, match=why):
        FeedbackColumns("Id", **said)


def test_reading_is_said_as_in_a_schema():
    said = FeedbackColumns.from_mapping(
        {
            "lead": "Id",
            "reading": {"day_first": True, "decimal": ",", "thousands": " ", "missing_values": ["-", "False"]},
        }
    )
    assert (said.day_first, said.decimal, said.thousands, said.missing_values) == (True, ",", " ", ("-", "False"))
    assert FeedbackColumns.from_mapping({"lead": "Id", "day_first": "false"}).day_first is False
    for wrong, message in (
        ({"reading": {"colour": "red"}}, "reading"),
        ({"decimal": ",", "thousands": ","}, "another mark"),
        ({"day_first": "perhaps"}, "true or false"),
    ):
        with pytest.raises(FeedbackError, match=message):
            FeedbackColumns.from_mapping({"lead": "Id"} | wrong)
