"""The roles of columns, by name and by content, and the errors where two fit."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from leadqual.errors import SchemaError
from leadqual.inference.profile import profile_column
from leadqual.inference.role_guess import Ended, guess_role

SIZE = 40
DATES = [f"2026-01-{day:02d}" for day in range(1, 29)] + [f"2026-02-{day:02d}" for day in range(1, 13)]
HALF: list[object] = [*DATES[:20], *[None] * 20]
WON = np.arange(SIZE) < 10
DECIDED = np.arange(SIZE) < 20
NUMBERS = [str(number) for number in range(1000, 1000 + SIZE)]


def guess(
    role: str, columns: Mapping[str, list[object]], ended: Ended | None = None, taken: str = "", **roles: str
) -> str | None:
    profiles = {name: profile_column(name, pd.Series(values)) for name, values in columns.items()}
    found = guess_role(role, profiles, crm=None, roles=roles, taken=frozenset(taken.split()), ended=ended)
    assert bool(found.column) == bool(found.why)
    return found.column


@pytest.mark.parametrize(
    "name", ["Created", "CreatedDate", "creation_date", "Inquiry received", "created at", "signup_date"]
)
def test_created_by_name(name: str) -> None:
    assert guess("created_at", {"Modified on": DATES, "Birthday": DATES, name: DATES}) == name


def test_created_by_being_the_only_full_date() -> None:
    assert guess("created_at", {"engage_date": DATES, "close_date": HALF}) == "engage_date"
    assert guess("created_at", {"visit": HALF}) is None
    assert guess("created_at", {"visit": ["a"] * SIZE}) is None


def test_created_is_not_a_date_that_only_ended_leads_have() -> None:
    ended = Ended(WON, np.arange(SIZE) < 34)
    on_ended = [*DATES[:34], *[None] * 6]
    assert guess("created_at", {"engage": DATES, "delivery": on_ended}, ended) == "engage"


def test_two_creation_dates_are_an_error() -> None:
    columns: dict[str, list[object]] = {"Created": DATES, "Account created": DATES}
    with pytest.raises(SchemaError, match=r"created_at may be any of 'Created', 'Account created'.*created_at=\""):
        guess("created_at", columns)
    assert guess("created_at", columns, created_at="Account created") == "Account created"
    assert guess("created_at", columns, created_at="") is None
    with pytest.raises(SchemaError, match="any of 'one', 'two'"):
        guess("created_at", {"one": DATES, "two": DATES})


@pytest.mark.parametrize("name", ["Close Date", "won_date", "ConvertedDate", "Closed", "Contract signed"])
def test_closed_by_name(name: str) -> None:
    assert guess("closed_at", {"Expected close": DATES, "signed up": DATES, name: HALF}) == name


def test_closed_by_content() -> None:
    ended = Ended(WON, DECIDED)
    assert guess("closed_at", {"delivery": HALF, "visit": DATES}, ended) == "delivery"
    assert guess("closed_at", {"Close plan": DATES, "Closed": HALF}, ended) == "Closed"
    assert guess("closed_at", {"visit": DATES}, ended) is None
    assert guess("closed_at", {"delivery": HALF}, Ended(WON, np.ones(SIZE, dtype=bool))) is None


def test_two_closing_dates_are_an_error_unless_one_is_of_losing() -> None:
    with pytest.raises(SchemaError, match="closed_at may be any of 'Closed', 'Signed'"):
        guess("closed_at", {"Closed": HALF, "Signed": HALF[::-1]})
    assert guess("closed_at", {"won_date": HALF, "lost_date": HALF[::-1]}) == "won_date"


def test_an_id_may_have_gaps_and_repeat() -> None:
    keys = [f"k{number}" for number in range(SIZE)]
    gaps = [None if number % 5 == 0 else f"k{number}" for number in range(SIZE)]
    rows = [f"k{number // 3}" for number in range(SIZE)]
    assert guess("id", {"Id": gaps}) == "Id"
    assert guess("id", {"Lead ID": rows}) == "Lead ID"
    assert guess("id", {"Lead ID": rows, "Record ID": keys}) == "Record ID"
    assert guess("id", {"Account ID": rows}) is None
    assert guess("id", {"N°": keys}) == "N°"
    assert guess("id", {"线索编号": keys}) == "线索编号"


def test_roles_in_other_languages() -> None:
    for name in ("Erstellt am", "Date de création", "Fecha de creación", "Data de criação", "创建时间", "作成日"):
        assert guess("created_at", {name: DATES}) == name
    for name in ("Abgeschlossen am", "Date de clôture", "Fecha de cierre", "Data de fechamento", "成交时间", "受注日"):
        assert guess("closed_at", {name: HALF}) == name
    for name in ("Betreuer", "Propriétaire", "Responsable", "负责人", "担当者"):
        assert guess("owner", {name: ["x", "y"] * (SIZE // 2)}) == name
    assert guess("closed_at", {"预计成交日期": HALF}) is None


def test_deleted() -> None:
    flags = ["true", "false"] * (SIZE // 2)
    merged = [f"m{number}" if number % 10 == 0 else None for number in range(SIZE)]
    assert guess("deleted", {"IsDeleted": flags, "active": flags}) == "IsDeleted"
    assert guess("deleted", {"MasterRecordId": merged}) == "MasterRecordId"
    assert guess("deleted", {"Gelöscht": flags}) == "Gelöscht"
    assert guess("deleted", {"hs_merged_object_ids": merged, "active": flags, "archived": flags}) is None


def test_id() -> None:
    keys = [f"k{number}" for number in range(SIZE)]
    assert guess("id", {"Prospect ID": keys, "Lead Number": NUMBERS, "page_id": keys}) == "Prospect ID"
    assert guess("id", {"Lead Number": NUMBERS, "page_id": keys}) == "Lead Number"
    assert guess("id", {"page_id": keys}) == "page_id"
    assert guess("id", {"page_id": ["a"] * SIZE, "mail": keys}) is None
    with pytest.raises(SchemaError, match="id may be any of 'id', 'uuid'"):
        guess("id", {"id": NUMBERS, "uuid": keys})
    assert guess("id", {"id": NUMBERS, "uuid": keys}, taken="uuid") == "id"


def test_order_is_a_running_number() -> None:
    assert (
        guess("order", {"Lead Number": NUMBERS, "Revenue": [f"{number}.5" for number in range(SIZE)]}) == "Lead Number"
    )
    assert guess("order", {"Number of staff": ["3"] * SIZE}) is None


@pytest.mark.parametrize("name", ["Amount", "Deal value", "close_value", "Expected Revenue", "contract size"])
def test_value(name: str) -> None:
    columns: dict[str, list[object]] = {"annual revenue": NUMBERS, "Amount agreed": ["Yes", "No"] * 20, name: NUMBERS}
    assert guess("value", columns) == name


@pytest.mark.parametrize("name", ["Owner", "sales_agent", "Sales Rep", "Assigned to", "account executive"])
def test_owner(name: str) -> None:
    people = ["Ann", "Bob"] * 20
    assert guess("owner", {"manager": people, "account": people, name: people}) == name
    assert guess("owner", {name: [f"p{number}" for number in range(SIZE)]}) is None
