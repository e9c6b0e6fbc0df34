"""Several units in one column are said, or stop the reading."""

import pandas as pd
import pytest

from leadqual.errors import LeadError
from leadqual.inference import infer_schema
from leadqual.leads import Feature, Schema, read_leads
from leadqual.tables.units import scan_currencies, scan_units


def test_units_are_counted() -> None:
    units = scan_units(pd.Series(["45%", "45 %", "0.45", "$ 1,200", "USD 5", "5 €", "EUR 5", "-¥300", "soon", None]))
    assert dict(units.counts) == {"%": 2, "USD": 2, "EUR": 2, "no unit": 1, "JPY": 1}


@pytest.mark.parametrize(("others", "mixed", "several"), [(0, False, False), (1, True, False), (6, True, True)])
def test_the_limits_are_one_and_five_per_cent(others: int, mixed: bool, several: bool) -> None:
    units = scan_units(pd.Series(["5 %"] * (100 - others) + ["0.05"] * others))
    assert (units.mixed, units.several) == (mixed, several)


def leads(amounts: list[str]) -> pd.DataFrame:
    size = len(amounts)
    return pd.DataFrame(
        {"Lead ID": [f"L{row}" for row in range(size)], "Amount": amounts, "Status": ["Won", "Lost"] * (size // 2)}
    ).rename(columns={"Amount": "Budget"})


SCHEMA = Schema((Feature("Budget", "numeric"),), outcome="Status", won=("Won",), lost=("Lost",))


def test_one_per_cent_is_said_and_more_than_five_stop() -> None:
    few = leads(["$ 12.5", "$ 9.25"] * 49 + ["8.5 €", "7.5 €"])
    assert "98 USD, 2 EUR" in " ".join(read_leads(few, SCHEMA).notes)
    assert "98 USD, 2 EUR" in infer_schema(few).why["Budget"]
    many = leads(["$ 12.5", "8.5 €"] * 50)
    with pytest.raises(LeadError, match=r"several units .50 USD, 50 EUR., 95% must share one"):
        read_leads(many, SCHEMA)
    inferred = infer_schema(many)
    assert "several units" in inferred.why["Budget"]
    assert [column.name for column in inferred.left_out] == ["Budget"]


def test_all_in_per_cent_stay_numbers() -> None:
    inferred = infer_schema(leads(["45.5%", "12.25 %"] * 50))
    assert [feature.kind for feature in inferred.schema.features] == ["numeric"]
    assert "unit" not in inferred.why["Budget"]


def test_a_column_of_currencies_is_said() -> None:
    table = leads(["12.5", "9.25"] * 50).assign(**{"Budget Currency": ["USD", "JPY"] * 50})
    assert "Budget Currency names several currencies (50 USD, 50 JPY)" in " ".join(infer_schema(table).notes)
    assert not scan_currencies(table.assign(**{"Budget Currency": "EUR"}))
    assert not scan_currencies(table.assign(**{"Budget Currency": ["12", "EUR"] * 50}))
