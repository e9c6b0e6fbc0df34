"""Which column is the outcome, and what its values mean."""

from collections.abc import Mapping

import pandas as pd
import pytest

from leadqual.errors import SchemaError
from leadqual.inference.outcome_guess import OutcomeGuess, guess_outcome, settle_flag
from leadqual.inference.profile import profile_column


def guess(columns: Mapping[str, list[object]], **roles: str) -> OutcomeGuess:
    return guess_outcome(
        {name: profile_column(name, pd.Series(values)) for name, values in columns.items()}, None, roles
    )


def test_values_that_say_won() -> None:
    found = guess({"phase": ["Won", "Lost", "Demo held", "New", None], "source": ["a", "b", "a", "b", "a"]})
    assert (found.column, found.won, found.lost) == ("phase", ("Won",), ("Lost",))
    assert sorted(found.open) == ["Demo held", "New"]
    assert dict(found.why_values)["[open]"].startswith("1 of these")
    assert not found.flag


@pytest.mark.parametrize(
    ("won", "lost"),
    [
        ("Closed Won", "Closed Lost"),
        ("closed-won", "CLOSED_LOST"),
        ("6. Closed Won (Sales)", "7. Closed Lost (Sales)"),
        ("Closed - Converted", "Closed - Not Converted"),
        ("Customer", "Disqualified"),
    ],
)
def test_spellings(won: str, lost: str) -> None:
    found = guess({"stage": [won, lost, "Open"]})
    assert (found.won, found.lost, found.open) == ((won,), (lost,), ("Open",))
    assert found.why_values == ()


def test_a_column_with_won_and_lost_beats_one_with_won_only() -> None:
    assert guess({"status": ["Won", "x"], "stage": ["Won", "Lost"]}).column == "stage"


def test_a_won_word_without_lost_needs_a_name_for_it() -> None:
    with pytest.raises(SchemaError, match="no column says which leads were won"):
        guess({"type": ["Customer", "Partner"]})
    assert guess({"lifecycle": ["Customer", "Partner"]}).column == "lifecycle"


def test_two_fitting_columns_are_an_error_that_says_how_to_choose() -> None:
    columns: dict[str, list[object]] = {"stage": ["Won", "Lost"], "result": ["Won", "Lost"]}
    with pytest.raises(
        SchemaError, match=r"outcome may be any of 'stage' \(Won: 1, Lost: 1\), 'result' .*--role \"outcome=COLUMN\""
    ):
        guess(columns)
    assert guess(columns, outcome="result").column == "result"
    flags: dict[str, list[object]] = {"won": ["0", "1"], "converted": ["1", "0"]}
    with pytest.raises(SchemaError, match=r"any of 'won' \(0: 1, 1: 1\), 'converted'"):
        guess(flags)


@pytest.mark.parametrize("values", [["1", "0"], ["Yes", "No"], ["TRUE", "FALSE"], [True, False], [1, 0]])
def test_flags(values: list[object]) -> None:
    found = guess({"Converted": values, "Newsletter": values})
    assert found.column == "Converted"
    assert (len(found.won), len(found.open), found.lost, found.flag) == (1, 1, (), True)
    dated, undated = settle_flag(found, dated=True), settle_flag(found, dated=False)
    assert dated.open == found.open
    assert (undated.lost, undated.open) == (found.open, ())


def test_settling_leaves_other_outcomes_alone() -> None:
    found = guess({"stage": ["Won", "Lost"]})
    assert settle_flag(found, dated=False) is found


def test_a_flag_without_a_yes_is_refused() -> None:
    with pytest.raises(SchemaError, match="Yes for no lead"):
        guess({"Converted": ["0", "0"]}, outcome="Converted")


def test_a_date_that_only_won_leads_have() -> None:
    found = guess({"won_date": ["2026-01-05", None, None], "created": ["2026-01-01"] * 3})
    assert (found.column, found.won, found.open) == ("won_date", ("*",), ())


def test_what_the_user_says() -> None:
    columns: dict[str, list[object]] = {"result": ["Gold", "Bin", "Wait", "lost"]}
    with pytest.raises(SchemaError, match="none is a usual word for won"):
        guess(columns, outcome="result")
    found = guess(columns, outcome="result", won="gold", lost="Bin | lost")
    assert (found.won, found.lost, found.open) == (("Gold",), ("Bin", "lost"), ("Wait",))
    assert guess(columns, outcome="result", won="Gold").lost == ("lost",)
    assert guess(columns, outcome="result", won="*").won == ("*",)
    with pytest.raises(SchemaError, match="1 of the values given for won, lost and open are not in 'result'"):
        guess(columns, outcome="result", won="Gold|Silver")
    with pytest.raises(SchemaError, match="no value is said to mean won"):
        guess(columns, outcome="result", lost="Bin")
    assert guess(columns, outcome="").column is None


def test_a_message_lists_what_may_be_an_outcome_and_nothing_about_people() -> None:
    columns: dict[str, list[object]] = {
        "result": ["Gold", "Bin", "Gold", "Bin"],
        "Feld3": ["Ana Petrova", "Tom Hill", "Ana Petrova", "Tom Hill"],
        "Feld4": ["a@b.example", "c@d.example", "a@b.example", "a@b.example"],
        "kind": ["+49 170 1234567", "x", "x", "x"],
    }
    with pytest.raises(SchemaError, match=r"none is a usual word for won \(Gold: 2, Bin: 2\)"):
        guess(columns, outcome="result")
    with pytest.raises(SchemaError, match=r"columns with few values: 'result' \(Gold: 2, Bin: 2\)\)") as caught:
        guess(columns)
    del columns["result"]
    with pytest.raises(SchemaError) as other:
        guess(columns)
    for value in ("Ana", "Tom", "b.example", "+49"):
        assert value not in str(caught.value) + str(other.value)


@pytest.mark.parametrize("values", [["a@b.example", "c@d.example"], ["Won", "+49 170 1234567"], ["Ana Hill", "Tom Ng"]])
def test_an_outcome_that_would_list_people_is_refused(values: list[object]) -> None:
    with pytest.raises(SchemaError, match="cannot be the outcome: its values look like") as caught:
        guess({"result": values}, outcome="result")
    assert not any(str(value) in str(caught.value) for value in values)


@pytest.mark.parametrize(
    ("name", "won", "lost", "open_"),
    [
        ("Status", "Gewonnen", "Verloren", "In Bearbeitung"),
        ("Statut", "Gagné", "Perdu", "En cours"),
        ("Estado", "Ganado", "Perdido", "En curso"),
        ("Situação", "Ganho", "Perdido", "Em andamento"),
        ("跟进状态", "成交", "未成交", "跟进中"),
        ("ステータス", "受注", "失注", "商談中"),
    ],
)
def test_outcomes_in_other_languages(name: str, won: str, lost: str, open_: str) -> None:
    found = guess({name: [won, lost, open_, won], "x": ["a", "b", "a", "b"]})
    assert (found.column, found.won, found.lost, found.open) == (name, (won,), (lost,), (open_,))
    assert found.why_values == ()


def test_a_flag_in_another_language() -> None:
    found = guess({"是否成交": ["是", "否", "否"], "x": ["a", "b", "a"]})
    assert (found.column, found.won, found.open, found.flag) == ("是否成交", ("是",), ("否",), True)


def test_two_columns_that_tell_every_lead_alike_are_no_question() -> None:
    status = ["Gewonnen", "Verloren", "Offen"] * 4
    table = pd.DataFrame({"Status": status, "Statusgrund": ["Gewonnen", "Storniert", "In Bearbeitung"] * 4})
    profiles = {name: profile_column(name, table[name]) for name in table.columns}
    assert guess_outcome(profiles, None, {}, table).column == "Status"
    table.loc[0, "Statusgrund"] = "Storniert"
    profiles = {name: profile_column(name, table[name]) for name in table.columns}
    with pytest.raises(SchemaError, match="outcome may be any of 'Status'"):
        guess_outcome(profiles, None, {}, table)
