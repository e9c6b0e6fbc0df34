"""Lists of choices: one cell taken apart, and a lead with a yes or no for each scored choice."""

from collections import OrderedDict

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadqual.bundle import Band, Choice, FieldPoints
from leadqual.bundle.choices import UNREADABLE_LIST, ChoiceLists, read_choices
from leadqual.bundle.encoding import FieldEncoder

BANDS = (
    Band("yes", 12, values=("yes",)),
    Band("no", -4, values=("no",)),
    Band("missing", -1, missing=True),
)


def field(choice: str, separator: str = ";", column: str = "Products", **rest: object) -> FieldPoints:
    return FieldPoints(f"{column}: {choice}", "boolean", BANDS, choice=Choice(column, choice, separator), **rest)


@pytest.mark.parametrize(
    ("value", "separator"),
    [
        ("ERP;BI", ";"),
        (" ERP ; BI ", ";"),
        ("ERP;BI;", ";"),
        (";ERP;;BI", ";"),
        ("ERP;BI;ERP", ";"),
        ("ERP, BI", ","),
        ("ERP|BI", "|"),
        ("ERP\uff1bBI", ";"),
        ("ERP\u3001BI", ","),
        ("ERP\uff0cBI", ","),
        ('"ERP";BI', ";"),
        ('["ERP", "BI"]', "json"),
        ('["ERP", "BI"]', ";"),
        ("['ERP', 'BI']", "json"),
        (["ERP", "BI"], ";"),
        (("ERP", "BI"), "json"),
        (np.array(["ERP", "BI"]), ","),
        (pd.Series(["ERP", None, "BI"]), ","),
        (["ERP", None, float("nan"), " BI ", ""], ";"),
        ("ERP;n/a;BI", ";"),
    ],
)
def test_a_list_is_the_same_however_it_is_written(value: object, separator: str) -> None:
    assert read_choices(value, separator) == ("ERP", "BI")


def test_a_set_has_its_choices_in_any_order() -> None:
    assert set(read_choices({"ERP", "BI"}, ";") or ()) == {"ERP", "BI"}


@pytest.mark.parametrize("value", ["", "  ", None, float("nan"), pd.NA, "n/a", ";", " ; ;", "[]", [], (), np.array([])])
def test_a_list_without_choices_is_missing_however_it_is_written(value: object) -> None:
    assert read_choices(value, ";") == ()


@pytest.mark.parametrize(
    "value", [{"ERP": 1}, OrderedDict(a=1), b"ERP", [["ERP"]], np.array([["a"]]), [{"name": "ERP"}]]
)
def test_what_is_no_list_cannot_be_read(value: object) -> None:
    assert read_choices(value, ";") is None


@pytest.mark.parametrize("text", ["['ERP' 'BI']", "[ERP, BI]", '["ERP", "BI"', "[open('x')]", "[" * 5000 + "]" * 5000])
def test_text_that_only_looks_like_a_json_list_is_not_guessed_at(text: str) -> None:
    """numpy prints a list without commas; Python would read 'ERP' 'BI' as one choice."""
    assert read_choices(text, "json") in (None, (text,))


def test_a_choice_keeps_its_case_and_may_hold_the_separator_in_quotes_or_json() -> None:
    assert read_choices('"Fish; frozen";meat', ";") == ("Fish; frozen", "meat")
    assert read_choices('["Fish; frozen", "meat"]', ";") == ("Fish; frozen", "meat")
    assert read_choices('19" rack;shelf', ";") == ('19" rack', "shelf")


def test_a_choice_has_one_form_of_unicode() -> None:
    assert read_choices("Cafe\u0301;x", ";") == ("Caf\u00e9", "x")
    (one,) = ChoiceLists((field("Cafe\u0301"),)).lists
    assert one.read("Caf\u00e9") == {"Products: Cafe\u0301": "yes"}


def test_numbers_are_choices_as_categories_are_read() -> None:
    assert read_choices([3, 4.0, True], ";") == ("3", "4", "yes")
    assert read_choices(7, ";") == ("7",)


_WORD = st.text(st.characters(categories=("L", "Nd")), min_size=1, max_size=8).map(lambda s: f"x{s}")


@settings(deadline=None)
@given(st.lists(_WORD, unique=True, max_size=6), st.sampled_from([";", ",", "|"]))
def test_what_is_joined_is_split_again(choices: list[str], separator: str) -> None:
    """Whatever the choices and the separator, a list reads as its JSON and as itself."""
    joined = read_choices(f" {separator} ".join(choices), separator)
    assert joined == read_choices(choices, separator)
    assert len(joined or ()) == len({read_choices([one], separator) for one in choices})


def test_a_lead_gets_a_yes_or_no_for_each_scored_choice() -> None:
    lists = ChoiceLists((field("ERP"), field("BI"), FieldPoints("Visits", "numeric", ())))
    lead = {"Products": "ERP;Other", "Visits": 3}
    assert lists.expanded(lead) == {"Products: ERP": "yes", "Products: BI": "no", **lead}
    assert lists.expanded({"Products": ""}) == {"Products": "", "Products: ERP": None, "Products: BI": None}
    assert lists.expanded({"Visits": 3}) == {"Visits": 3}


def test_what_a_lead_has_already_stays() -> None:
    lead = {"Products": "BI", "Products: ERP": True}
    assert ChoiceLists((field("ERP"), field("BI"))).expanded(lead) == lead | {"Products: BI": "yes"}


def test_a_code_for_no_value_is_one_whatever_its_type() -> None:
    (one,) = ChoiceLists((field("ERP"),), ("", "-999")).lists
    for cell in ("-999", -999, -999.0, "-999.0", [-999], '["-999"]', " -999 ;-999.0"):
        assert one.read(cell) == {"Products: ERP": None}, cell
    assert one.read([-999, "ERP"]) == {"Products: ERP": "yes"}


def test_a_list_of_unknown_choices_counts_as_not_chosen_with_a_note() -> None:
    """A list in another spelling or with another separator would otherwise score as "none chosen" without a word."""
    encoder = FieldEncoder(field("ERP"))
    (one,) = ChoiceLists((field("ERP"),)).lists
    place = encoder.places[encoder.encode(one.read("erp, bi")["Products: ERP"])]
    assert (place.points, place.note) == (-4, "none of its choices is scored; each counted as not chosen")
    place = encoder.places[encoder.encode(one.read(b"ERP")["Products: ERP"])]
    assert one.read(b"ERP") == {"Products: ERP": UNREADABLE_LIST}
    assert place.note == "cannot be read; counted as average"
