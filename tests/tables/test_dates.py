"""Columns of dates: the order of day and month is decided by evidence, or refused."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadqual.errors import LeadError
from leadqual.tables.dates import agreed_day_first, read_dates, read_unchecked, settled_order
from leadqual.tables.rows import RowNumbers
from leadqual.tables.scanned_dates import scan_dates

# Under 20 dates, of years in which no date stands for none, so that none of them counts as a typing error.
DAYS = st.lists(st.datetimes(datetime(1980, 1, 1), datetime(2049, 12, 31)), min_size=1, max_size=19)


def read(values: object, **order: bool | None) -> tuple[list[str], tuple[str, ...]]:
    column = pd.Series(values)
    moments, notes = read_dates("born", scan_dates(column), RowNumbers.count(len(column), first=2), **order)
    assert moments.dtype == np.dtype("datetime64[us]")
    return [str(moment)[:16] for moment in moments], notes


@settings(deadline=None, max_examples=40)
@given(DAYS, st.booleans(), st.sampled_from("/-."))
def test_a_column_is_read_in_one_order_or_refused(days: list[datetime], day_first: bool, mark: str) -> None:
    parts = ("%d", "%m") if day_first else ("%m", "%d")
    column = pd.Series([moment.strftime(mark.join((*parts, "%Y"))) for moment in days])
    expected = [f"{moment:%Y-%m-%d}T00:00" for moment in days]
    assert read(column, day_first=day_first)[0] == expected
    settled = any(moment.day > 12 for moment in days)
    harmless = all(moment.day == moment.month for moment in days)
    if settled or harmless or (mark == "." and day_first):
        assert read(column)[0] == expected
    elif mark != ".":
        with pytest.raises(LeadError, match="set day_first = true or false in"):
            read(column)


def test_the_decision_is_noted() -> None:
    values, notes = read(["3/4/2026", "25/4/2026", "2026-05-01"])
    assert values == ["2026-04-03T00:00", "2026-04-25T00:00", "2026-05-01T00:00"]
    assert notes == ("born has 1 dates such as 3/4/2026, read day first, the only way to read 1 of its dates.",)
    assert "as dates with dots are" in read(["3.4.2026"])[1][0]
    assert "as those of the other date column are" in read(["3/4/2026"], others=False)[1][0]
    assert read(["3/4/2026"], others=False)[0] == ["2026-03-04T00:00"]


def test_dotted_dates_follow_their_evidence() -> None:
    assert read(["3.4.2026", "3.25.2026"])[0] == ["2026-03-04T00:00", "2026-03-25T00:00"]


def test_contradictions_name_their_rows() -> None:
    with pytest.raises(
        LeadError, match=r"born has 1 dates that are day first only, in row 2 .* 1 that are month first only, in row 4"
    ):
        read(["25/4/2026", None, "4/25/2026"])
    with pytest.raises(LeadError, match=r"1 dates that contradict day_first = true in row 3"):
        read(["3/4/2026", "4/25/2026"], day_first=True)
    with pytest.raises(LeadError, match=r"1 dates that contradict day_first = false in row 2"):
        read(["25/4/2026"], day_first=False)


def test_missing_values_are_missing() -> None:
    values, notes = read(["2026-01-05", None, " ", "N/A", "Select", "0000-00-00", "0000-00-00 00:00:00", float("nan")])
    assert values == ["2026-01-05T00:00"] + ["NaT"] * 7
    assert notes == ()
    column = pd.Series(["2026-01-05", "never"])
    moments, _ = read_dates("x", scan_dates(column, ("never",)), RowNumbers.count(2))
    assert np.isnat(moments).tolist() == [False, True]


def test_what_is_no_date_is_refused_by_row_not_by_value() -> None:
    with pytest.raises(LeadError, match=r"born has 2 values that are no dates in rows 3, 4 ") as caught:
        read(["2026-01-05", "tomorrow", "2026-02-30"])
    assert "tomorrow" not in str(caught.value)
    with pytest.raises(LeadError, match=r"2 dates before 1970 or after 2100 in rows 3, 4 .*missing_values"):
        read(["2026-01-05", "1/2/1850", "2150-06-30"])


def test_mixed_zones_are_noted_and_end_in_utc() -> None:
    values, notes = read(["2026-01-05T01:00:00+02:00", "2026-01-05T01:00:00", "2026-01-05"])
    assert values == ["2026-01-04T23:00", "2026-01-05T01:00", "2026-01-05T00:00"]
    assert notes == ("born has 1 times with a time zone and 1 without, which count as UTC.",)


def test_datetime_columns() -> None:
    moments = pd.Series(pd.to_datetime(["2026-07-01 10:00", None]))
    assert read(moments)[0] == ["2026-07-01T10:00", "NaT"]
    assert read(moments.dt.tz_localize("Europe/Berlin"))[0] == ["2026-07-01T08:00", "NaT"]
    assert read(moments.astype("datetime64[ns]"))[0] == ["2026-07-01T10:00", "NaT"]
    with pytest.raises(LeadError, match="before 1970"):
        read(pd.Series(pd.to_datetime(["1900-01-01"])))


def test_an_empty_column() -> None:
    assert read(pd.Series([None, None], dtype="str"))[0] == ["NaT", "NaT"]
    assert read(pd.Series([], dtype="str"))[0] == []


def test_agreement_of_several_columns() -> None:
    scanned = [scan_dates(pd.Series([text])) for text in ("3/4/2026", "25/4/2026", "4/25/2026")]
    assert agreed_day_first(scanned[:1]) is None
    assert agreed_day_first(scanned[:2]) is True
    assert agreed_day_first([scanned[0], scanned[2]]) is False
    assert agreed_day_first(scanned) is None


def test_one_rule_settles_the_order_of_day_and_month() -> None:
    own, ambiguous, dotted = (scan_dates(pd.Series(values)) for values in (["3/25/2026"], ["3/4/2026"], ["3.4.2026"]))
    contradicting, plain = (scan_dates(pd.Series(values)) for values in (["3/25/2026", "25/3/2026"], ["2026-05-01"]))
    assert settled_order(own, day_first=True) is True
    assert settled_order(own, others=True) is False
    assert [settled_order(ambiguous, others=others) for others in (True, False, None)] == [True, False, None]
    assert settled_order(dotted) is True
    assert settled_order(dotted, others=False) is False
    assert settled_order(contradicting, others=True) is None
    assert settled_order(plain, others=False) is True


def test_a_first_look_reads_dates_in_the_same_order_as_reading_them() -> None:
    columns = {"day": ["3/4/2026", "25/4/2026"], "month": ["3/4/2026", "3/25/2026"], "dots": ["3.4.2026", None]}
    scanned = {name: scan_dates(pd.Series(values)) for name, values in columns.items()}
    found = read_unchecked(scanned)
    for name, dates in scanned.items():
        expected, _ = read_dates(name, dates, RowNumbers.count(2))
        assert np.array_equal(found[name], expected, equal_nan=True)
    unsettled = read_unchecked({"name": scan_dates(pd.Series(["3/4/2026"]))})["name"]
    assert str(unsettled[0])[:10] == "2026-04-03"
