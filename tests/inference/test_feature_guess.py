"""Which columns become features, of which kind, and when they are known."""

import numpy as np
import pandas as pd
import pytest

from leadqual.inference.feature_guess import FeatureGuess, guess_feature
from leadqual.inference.profile import profile_column
from leadqual.inference.role_guess import Ended

SIZE = 300
WON = np.arange(SIZE) < 60
DECIDED = np.arange(SIZE) < 200
ENDED = Ended(WON, DECIDED)
CYCLE = [("a", "b", "c")[row % 3] for row in range(SIZE)]


def guess(values: list[object], name: str = "colour", ended: Ended | None = ENDED) -> FeatureGuess:
    found = guess_feature(profile_column(name, pd.Series(values)), crm=None, ended=ended)
    assert (found.feature is None) != (found.left_out is None)
    assert found.why or found.feature is not None
    return found


def kind(values: list[object], name: str = "colour") -> str:
    feature = guess(values, name).feature
    assert feature is not None
    return feature.kind


def known(values: list[object], name: str = "colour", ended: Ended | None = ENDED) -> str:
    feature = guess(values, name, ended).feature
    assert feature is not None
    return feature.known


def filled(mask: np.ndarray) -> list[object]:
    return [value if full else None for value, full in zip(CYCLE, mask, strict=True)]


def test_kinds() -> None:
    numbers = [str(row % 50) for row in range(SIZE)]
    assert kind(CYCLE) == "category"
    assert kind(["Yes", "No"] * 150) == "boolean"
    assert kind(["0", "1"] * 150) == "boolean"
    assert kind(numbers) == "numeric"
    assert kind([f"{row % 50},5" for row in range(SIZE)]) == "numeric"
    assert kind(["1-10", "11-50", "51+"] * 100) == "category"
    for name in ("industry_code", "page id", "zip", "Postal Code", "PLZ"):
        assert kind(numbers, name) == "category"


def test_decimal_marks_and_strays_are_said() -> None:
    feature = guess([f"{row % 50},5" for row in range(SIZE)]).feature
    assert feature is not None
    assert feature.decimal == ","
    assert "decimal comma" in guess([f"{row % 50},5" for row in range(SIZE)]).why
    assert "99.0% of its values are numbers" in guess([str(row % 50) for row in range(SIZE - 3)] + ["n.k."] * 3).why


@pytest.mark.parametrize(
    ("values", "name", "reason"),
    [
        ([None] * SIZE, "colour", "it is empty"),
        (["Select"] * SIZE, "colour", "it is empty"),
        (["No"] * SIZE, "colour", "the same value"),
        (["2026-01-05", "2026-01-06"] * 150, "visit", "it is a date"),
        ([f"v{row}" for row in range(SIZE)], "colour", "an identifier or free text"),
        ([f"v{row // 2}" for row in range(SIZE)], "company", "too few leads to learn from each"),
        ([str(row) for row in range(SIZE)], "Ticket No", "a number of its own"),
        ([f"{name}@x.example" for name in CYCLE], "contact", "e-mail addresses"),
        (CYCLE, "Last Name", "reach a person"),
        (CYCLE, "name", "reach a person"),
        (CYCLE, "Street 1", "reach a person"),
        (["5550100", "5550101"] * 150, "Mobile", "reach a person"),
    ],
)
def test_what_is_left_out_and_why(values: list[object], name: str, reason: str) -> None:
    found = guess(values, name)
    assert found.left_out is not None
    assert found.left_out.name == name
    assert reason in found.why


def test_long_free_texts_are_left_out() -> None:
    texts = [f"{'a very long remark about the lead ' * 2}{row % 1200}" for row in range(12_000)]
    found = guess(texts, "wish", None)
    assert found.left_out is not None
    assert "free text" in found.why


@pytest.mark.parametrize(
    "name", ["Do Not Email", "Phone given", "Email domain", "Campaign name", "Street type", "Country"]
)
def test_what_only_sounds_like_a_person(name: str) -> None:
    values: list[object] = ["Yes", "No"] * 150 if name in ("Do Not Email", "Phone given") else list(CYCLE)
    assert guess(values, name).feature is not None


def test_a_box_that_is_only_ever_ticked_is_kept() -> None:
    assert kind(["TRUE", None, None] * 100) == "boolean"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Industry", "at_creation"),
        ("Last Activity", "later"),
        ("Close reason", "later"),
        ("Win probability", "later"),
        ("Lead Quality", "unknown"),
        ("Tags", "unknown"),
        ("Marital status", "unknown"),
    ],
)
def test_known_by_name(name: str, expected: str) -> None:
    assert known(CYCLE, name) == expected


def test_counts_of_sales_work_are_asked_about() -> None:
    assert known([str(row % 9) for row in range(SIZE)], "Calls logged") == "unknown"
    assert known(["Yes", "No"] * 150, "Do not call") == "at_creation"


def test_known_by_which_leads_have_a_value() -> None:
    assert known(CYCLE) == "at_creation"
    assert known(filled(DECIDED)) == "later"
    assert known(filled(WON)) == "later"
    assert known(filled(DECIDED & ~WON)) == "later"
    assert "filled for 100% of the won and lost leads and 0% of the others" in guess(filled(DECIDED)).why
    assert "of the won leads" in guess(filled(WON)).why
    half = np.arange(SIZE) % 2 == 0
    assert known(filled(WON | half)) == "unknown"
    assert known(filled(half)) == "at_creation"
    assert known(filled(WON), ended=None) == "at_creation"


def test_few_leads_are_no_evidence() -> None:
    few = Ended(np.arange(SIZE) < 10, np.arange(SIZE) < 10)
    assert known(filled(few.won), ended=few) == "at_creation"


def test_without_lost_leads_it_says_won() -> None:
    ended = Ended(WON, WON)
    assert "of the won leads and 0% of the others" in guess(filled(WON), ended=ended).why
