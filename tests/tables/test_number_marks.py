"""Which mark is the decimal one: said by the values, by the other columns or by a person, and never guessed."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadqual.bundle.values import read_number
from leadqual.errors import SchemaError
from leadqual.feedback import FeedbackColumns
from leadqual.inference import infer_schema
from leadqual.leads import Feature, Schema, read_leads
from leadqual.tables.number_marks import agreed_decimal, scan_numbers, settle_marks

SIZE = 60


def grouped(number: int, mark: str) -> str:
    return f"{number:,}".replace(",", mark)


@settings(deadline=None, max_examples=200)
@given(
    st.integers(-(10**12), 10**12),
    st.integers(0, 99),
    st.sampled_from(
        [(d, t) for d in ".," for t in (".", ",", "'", "\u2019", " ", "\u00a0", "\u202f", "\u2009") if t != d]
    ),
)
def test_what_is_written_with_two_marks_is_read_back(whole: int, cents: int, marks: tuple[str, str]) -> None:
    decimal, mark = marks
    thousands = {"\u2019": "'", "\u00a0": " ", "\u202f": " ", "\u2009": " "}.get(mark, mark)
    expected = whole + (cents if whole >= 0 else -cents) / 100
    for text in (f"{grouped(whole, mark)}{decimal}{cents:02d}", f"€ {grouped(whole, mark)}{decimal}{cents:02d}"):
        assert read_number(text, decimal, thousands) == pytest.approx(expected, abs=1e-4)
        assert read_number(text, decimal) == pytest.approx(expected, abs=1e-4)


@settings(deadline=None, max_examples=100)
@given(st.integers(1000, 10**12), st.permutations([".", ",", "'", " "]))
def test_a_declared_mark_takes_no_other(number: int, marks: list[str]) -> None:
    decimal = "." if marks[0] == "," else ","
    declared, other = marks[0], next(mark for mark in marks[1:] if mark != decimal)
    if declared == decimal:
        return
    assert read_number(grouped(number, declared), decimal, declared) == number
    assert read_number(grouped(number, other), decimal, declared) is None


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,23,456", 123456), ("1 200", 1200), ("1\u2009200", 1200), ("1\u2019200", 1200), ("1.200", 1.2)],
)
def test_without_a_declared_mark_any_is_taken(text: str, number: float) -> None:
    assert read_number(text) == number


def test_rule_1_reads_as_it_was_signed() -> None:
    assert read_number("1\u2019200", reading=1) is None
    assert read_number("1.200", ",", "'", reading=1) == 1200


@pytest.mark.parametrize(
    ("values", "said", "asks"),
    [
        (["950", "1.200", "12.000"], None, "."),
        (["1.200", "0.5"], ".", None),
        (["1.200", "0.125"], ".", None),
        (["1.200", "1.234.567"], ",", None),
        (["1.200", "1.234,5"], ",", None),
        (["1.200", "1234.567"], ".", None),
        (["1,200", "12,345"], None, ","),
        (["1,200", "1,23,456"], ".", None),
        (["12", "1200"], None, None),
        (["Paris", "n/a"], None, None),
        (["1'200", "1.200"], None, None),
        (["12,5", "12.5"], None, None),
    ],
)
def test_what_values_say(values: list[str], said: str | None, asks: str | None) -> None:
    marks = scan_numbers(pd.Series(values))
    assert (marks.certain, marks.asks) == (said, asks)


def test_other_columns_settle_unless_they_disagree() -> None:
    dotted, comma, point = (scan_numbers(pd.Series(values)) for values in (["1.200"], ["1,5"], ["1.5"]))
    assert agreed_decimal({"a": dotted, "b": comma}) == ","
    assert agreed_decimal({"a": comma, "b": point}) is None
    settled = settle_marks(dotted, agreed=",")
    assert settled is not None
    assert (settled.decimal, settled.thousands) == (",", ".")
    assert "the other columns have a comma as decimal mark" in settled.why


def test_commas_from_a_thousand_on_alone_are_thousands() -> None:
    settled = settle_marks(scan_numbers(pd.Series(["500", "4,300", "12,000"])), agreed=None)
    assert settled is not None
    assert (settled.decimal, settled.thousands) == (".", None)
    assert settle_marks(scan_numbers(pd.Series(["4,300", "12,000"])), agreed=None) is None


def table(employees: list[str], **more: list[str]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Lead ID": [f"L{row}" for row in range(SIZE)],
            "Employees": [employees[row % len(employees)] for row in range(SIZE)],
            **{name: [values[row % len(values)] for row in range(SIZE)] for name, values in more.items()},
            "Status": ["Won", "Lost"] * (SIZE // 2),
        }
    )


DOTTED = ["950", "1.200", "12.000", "300"]


def test_dots_that_may_be_thousands_are_asked_for() -> None:
    with pytest.raises(
        SchemaError, match=r"'Employees' has numbers such as 1\.200 .*--role decimal=, .*decimal:Employees"
    ):
        infer_schema(table(DOTTED))


@pytest.mark.parametrize("role", ["decimal", "decimal:Employees"])
def test_the_answer_is_kept_in_the_schema(role: str) -> None:
    inferred = infer_schema(table(DOTTED), roles={role: ","})
    (feature,) = inferred.schema.features
    assert (feature.decimal, feature.thousands) == (",", ".")
    assert "said by you" in inferred.why["Employees"]
    assert Schema.from_toml(inferred.to_toml()) == inferred.schema
    decimals = infer_schema(table(DOTTED), roles={role: "."}).schema.features[0]
    assert (decimals.decimal, decimals.thousands) == (".", None)


def test_another_column_settles_it_and_is_named_as_the_reason() -> None:
    inferred = infer_schema(table(DOTTED, Budget=["12,5", "3,25", "7"], Visits=["1", "2"]))
    employees, budget, visits = inferred.schema.features
    assert (employees.decimal, employees.thousands) == (",", ".")
    assert (budget.decimal, visits.decimal, inferred.schema.decimal) == (",", ",", ",")
    assert "read as thousands" in inferred.why["Employees"]
    assert "other columns" in inferred.why["Employees"]


def test_roles_about_marks_are_checked() -> None:
    with pytest.raises(SchemaError, match=r"decimal must be a dot or a comma"):
        infer_schema(table(DOTTED), roles={"decimal": ";"})
    with pytest.raises(SchemaError, match=r"must name a column"):
        infer_schema(table(DOTTED), roles={"decimal:Nothing": ","})


def test_leads_read_with_a_schema_that_says_nothing_are_noted() -> None:
    schema = Schema((Feature("Employees", "numeric"),), outcome="Status", won=("Won",), lost=("Lost",))
    assert "read as 1.2" in " ".join(read_leads(table(DOTTED), schema).notes)
    said = Schema(
        (Feature("Employees", "numeric", decimal=",", thousands="."),), outcome="Status", won=("Won",), lost=("Lost",)
    )
    assert read_leads(table(DOTTED), said).notes == ()


def test_two_equal_marks_are_refused() -> None:
    with pytest.raises(SchemaError, match=r"the two marks must differ"):
        Schema((Feature("Employees", "numeric", decimal=",", thousands=","),))
    assert FeedbackColumns.from_mapping({"lead": "Id", "thousands": "'"}).thousands == "'"
