"""Settling the numbers of a table."""

import pandas as pd

from leadqual.inference.inference import infer_schema
from leadqual.inference.number_guess import settle_numbers
from leadqual.leads.schema import Feature

VALUES = pd.DataFrame({"a": ["1.200", "12.000"], "b": ["3,5", "4,5"], "c": ["x", "y"]})


def features(known: str = "at_creation") -> list[tuple[Feature, str]]:
    return [(Feature(name, kind, known), "") for name, kind in (("a", "numeric"), ("b", "numeric"), ("c", "category"))]  # type: ignore[arg-type]


def test_the_file_has_one_decimal_mark_and_features_only_differ_from_it() -> None:
    found = settle_numbers(VALUES, features(), {})
    assert found.decimal == ","
    assert [(feature.decimal, feature.thousands) for feature, _ in found.features] == [
        (None, "."),
        (None, None),
        (None, None),
    ]


def test_what_is_never_scored_asks_nothing() -> None:
    found = settle_numbers(VALUES[["a", "c"]], [one for one in features("later") if one[0].name != "b"], {})
    assert [feature.name for feature, _ in found.features] == ["a", "c"]


def test_a_mark_of_thousands_says_the_decimal_mark_too() -> None:
    found = settle_numbers(VALUES[["a", "c"]], [one for one in features() if one[0].name != "b"], {"thousands": "."})
    assert (found.decimal, found.thousands, found.why) == (",", ".", "said by you")


def test_numbers_with_letters_behind_them_are_said() -> None:
    table = pd.DataFrame(
        {
            "Lead ID": [f"L{place}" for place in range(60)],
            "Status": ["Won", "Lost", "New"] * 20,
            "Revenue": [f"{place + 1}.{place % 10}{'k' if place % 2 else 'M'}" for place in range(60)],
            "Budget": [f"{place + 3}万" for place in range(60)],
            "Topic": [f"Topic number {place}" for place in range(60)],
        }
    )
    notes = [note for note in infer_schema(table).notes if "letters behind them" in note]
    assert [note.split()[0] for note in notes] == ["Revenue", "Budget"]
