"""Dates that stand for none, days as Excel counts them, half-swapped columns, years far off."""

import datetime

import numpy as np
import pandas as pd
import pytest

from leadqual.errors import LeadError, SchemaError
from leadqual.inference import infer_schema
from leadqual.tables import scanned_dates
from leadqual.tables.date_oddities import far_off, is_sentinel, read_serial
from leadqual.tables.dates import read_dates
from leadqual.tables.rows import RowNumbers
from leadqual.tables.scanned_dates import scan_dates

DAYS = pd.date_range("2024-01-01", periods=400, freq="37h")


def read(values: object, **order: bool | None) -> tuple[pd.Series, str]:
    column = pd.Series(values)
    moments, notes = read_dates("born", scan_dates(column), RowNumbers.count(len(column), first=2), **order)
    return pd.Series(moments), " ".join(notes)


@pytest.mark.parametrize(
    "value",
    [
        *("1900-01-01", "01/01/1900", "1.1.1900 00:00", "1970-01-01T00:00:00Z", "1969-12-31 19:00", "31.12.3999"),
        *("9999-12-31", "12/31/2099", "0001-01-01", "1753-01-01", 0, "0", 2_958_465, "253402300799", -2_208_988_800),
        *(datetime.datetime(9999, 12, 31), datetime.date(1900, 1, 1), np.datetime64("1970-01-01")),
    ],
)
def test_dates_that_stand_for_none(value: object) -> None:
    assert is_sentinel(value)
    moments, notes = read([*DAYS.strftime("%Y-%m-%d"), value])
    assert moments.isna().tolist() == [False] * 400 + [True]
    assert "1 dates that stand for none" in notes


@pytest.mark.parametrize("value", ["2026-05-01", "31.12.2026", "soon", 7.5, True, None, "1985-06-07"])
def test_what_stands_for_something(value: object) -> None:
    assert not is_sentinel(value)


def test_zero_and_one_are_no_dates_without_a_date_beside_them() -> None:
    assert not scan_dates(pd.Series([0, 1, 1])).sentinel.any()


def test_only_values_that_are_no_ordinary_date_are_asked_whether_they_stand_for_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[object] = []
    monkeypatch.setattr(scanned_dates, "is_sentinel", lambda value: bool(asked.append(value)) or is_sentinel(value))
    found = scan_dates(pd.Series(["25/3/2026", "3/25/2026", "3/4/2026", "2026-05-01", "31/12/2099", "1/2/1900"]))
    assert asked == ["31/12/2099", "1/2/1900"]
    assert found.sentinel.tolist() == [False] * 4 + [True] * 2


def test_many_sentinels_leave_a_column_its_role() -> None:
    size = 300
    ended = np.arange(size) % 3 > 0
    days = pd.date_range("2025-01-01", periods=size, freq="D").strftime("%d.%m.%Y")
    table = pd.DataFrame(
        {
            "Lead ID": [f"L{row}" for row in range(size)],
            "Created": days,
            "Source": ["Web", "Fair", "Ads"] * (size // 3),
            "Closed": np.where(ended, days, "31.12.3999"),
            "Status": np.where(~ended, "New", np.where(np.arange(size) % 3 == 1, "Won", "Lost")),
        }
    )
    inferred = infer_schema(table)
    assert inferred.schema.closed_at == "Closed"
    assert "Closed has 100 dates that stand for none" in " ".join(inferred.notes)


@pytest.mark.parametrize("form", [float, "{:.6f}".format, lambda day: f"{day:.6f}".replace(".", ",")])
def test_days_as_excel_counts_them_are_dates_and_said(form: object) -> None:
    serial = (DAYS - pd.Timestamp("1899-12-30")) / pd.Timedelta(days=1)
    moments, notes = read([form(day) for day in serial])  # type: ignore[operator]
    assert moments.tolist() == DAYS.tolist()
    assert "400 dates as Excel counts days" in notes


def test_other_numbers_are_no_days() -> None:
    assert [read_serial(value) for value in (12, "123456", "20260501", 1e9, True, "45123x")] == [None] * 6


def test_a_column_named_as_a_date_that_holds_excels_days_gets_its_role() -> None:
    size = 200
    days = pd.date_range("2025-01-01", periods=size, freq="D")
    table = pd.DataFrame(
        {
            "Lead ID": [f"L{row}" for row in range(size)],
            "Created": ((days - pd.Timestamp("1899-12-30")) / pd.Timedelta(days=1) + 0.4).astype(str),
            "Source": ["Web", "Fair"] * (size // 2),
            "Status": ["Won", "Lost"] * (size // 2),
        }
    )
    inferred = infer_schema(table)
    assert inferred.schema.created_at == "Created"
    assert "Created has 200 dates as Excel counts days" in " ".join(inferred.notes)


def half_swapped(moment: datetime.datetime) -> str:
    return f"{moment.year}-{moment.day:02d}-{moment.month:02d}" if moment.day < 13 else moment.strftime("%d/%m/%Y")


def test_half_swapped_dates_are_refused_by_their_signature() -> None:
    with pytest.raises(LeadError, match=r"a spreadsheet swapped day and month where it could"):
        read([half_swapped(day) for day in DAYS])
    true_dates = [
        day.replace(month=day.day, day=day.month) if day.day < 13 else day.strftime("%d/%m/%Y") for day in DAYS
    ]
    with pytest.raises(LeadError, match=r"swapped day and month"):
        read(true_dates)
    zero = pd.Timestamp("1899-12-30")
    serials = [value if isinstance(value, str) else str((value.normalize() - zero).days) for value in true_dates]
    with pytest.raises(LeadError, match=r"swapped day and month"):
        read(serials)
    with pytest.raises(LeadError, match=r"swapped day and month"):
        read([half_swapped(day) for day in DAYS], day_first=True)


def test_two_honest_forms_in_one_column_are_read() -> None:
    mixed = [day.strftime("%Y-%m-%d" if place % 2 else "%d/%m/%Y") for place, day in enumerate(DAYS)]
    assert read(mixed)[0].tolist() == DAYS.normalize().tolist()


def test_init_refuses_them_too() -> None:
    table = pd.DataFrame(
        {
            "Lead ID": [f"L{row}" for row in range(400)],
            "Created": [half_swapped(day) for day in DAYS],
            "Source": ["Web", "Fair"] * 200,
            "Status": ["Won", "Lost"] * 200,
        }
    )
    with pytest.raises(SchemaError, match=r"swapped day and month"):
        infer_schema(table)


@pytest.mark.parametrize("typed", ["0205-03-04", "2202-03-04", "1925-03-04", "1985-03-04", "2042-03-04"])
def test_years_typed_far_off_are_empty_and_said_by_row(typed: str) -> None:
    moments, notes = read([*DAYS.strftime("%Y-%m-%d"), typed])
    assert moments.isna().tolist() == [False] * 400 + [True]
    assert "born has 1 dates with years far off" in notes
    assert "row 402" in notes
    assert typed not in notes


def test_a_long_history_has_no_year_far_off() -> None:
    history = pd.date_range("1992-01-01", periods=400, freq="30D").to_numpy().astype("datetime64[us]")
    assert not far_off(history).any()
