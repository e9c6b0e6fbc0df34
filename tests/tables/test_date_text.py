"""Single values as dates, against Python's own datetime."""

from datetime import UTC, date, datetime, timedelta, timezone

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadqual.tables.date_text import IMPOSSIBLE, OUT_OF_RANGE, DateReader, read_many, within_range

MOMENT = st.datetimes(datetime(1970, 1, 2), datetime(2100, 12, 30))
ZONE = st.integers(-14 * 60, 14 * 60)


def microseconds(moment: datetime) -> int:
    return (moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def read(value: object) -> tuple[int, int]:
    return DateReader().read(value)[:2]


def test_formats_of_one_moment() -> None:
    noon = datetime(2026, 5, 4, 14, 5, tzinfo=UTC)
    for text in (
        "2026-05-04T14:05:00Z",
        "2026-05-04T14:05:00.000+0000",
        "2026-05-04T16:05+02:00",
        "2026-05-04T09:05:00-05",
        "2026-05-04 14:05",
        "2026/05/04 2:05 PM",
        "2026-5-4, 2:05 p.m.",
        "4 May 2026 14:05:00",
        "Mon, 04 May 2026 14:05:00 GMT",
        "May 4, 2026, 2:05 PM",
        "May 4th 2026 at 2:05 pm",
        "04-May-26 14:05",
        str(microseconds(noon) // 1_000_000),
        str(microseconds(noon) // 1_000),
        noon,
        pd.Timestamp(noon),
        np.datetime64("2026-05-04T14:05"),
        microseconds(noon) // 1_000,
        float(microseconds(noon) // 1_000_000),
    ):
        assert read(text) == (microseconds(noon),) * 2, text


def test_formats_of_one_day() -> None:
    day = microseconds(datetime(2026, 5, 4, tzinfo=UTC))
    for text in (
        "2026-05-04",
        "20260504",
        "2026.5.4",
        " 4 May 2026 ",
        "May 4, 2026",
        "4. Mai".replace("4. Mai", "4-May-2026"),
    ):
        assert read(text) == (day, day), text
    assert read(date(2026, 5, 4)) == (day, day)


@settings(deadline=None, max_examples=80)
@given(MOMENT, st.sampled_from("/-."), st.booleans(), st.booleans())
def test_numeric_dates_in_both_orders(moment: datetime, mark: str, short: bool, half: bool) -> None:
    year = f"{moment:%y}" if short and 1970 <= moment.year <= 2068 else f"{moment:%Y}"
    clock = f"{moment:%I:%M:%S %p}" if half else f"{moment:%H:%M:%S}"
    expected = microseconds(moment.replace(microsecond=0, tzinfo=UTC))
    reading = DateReader().read(f"{moment.day}{mark}{moment.month}{mark}{year} {clock}")
    assert reading.day_first == expected
    assert reading.dotted == (mark == ".")
    assert DateReader().read(f"{moment.month}{mark}{moment.day}{mark}{year} {clock}").month_first == expected


@settings(deadline=None, max_examples=80)
@given(MOMENT, ZONE)
def test_offsets(moment: datetime, minutes: int) -> None:
    zoned = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    expected = microseconds(zoned)
    for text in (zoned.isoformat(), zoned.isoformat(" "), zoned.strftime("%Y/%m/%d %H:%M:%S.%f%z")):
        found = DateReader().read(text)
        assert within_range(np.array([expected]))[0] == found.day_first
        assert found.zoned
        assert found.timed


@settings(deadline=None, max_examples=30)
@given(st.lists(MOMENT, min_size=1, max_size=5), ZONE, st.sampled_from("/-."))
def test_reading_many_at_once_is_reading_each(moments: list[datetime], minutes: int, mark: str) -> None:
    zone = timezone(timedelta(minutes=minutes))
    split = [
        f"%d{mark}%m{mark}%Y", f"%m{mark}%d{mark}%y %H:%M", f"%d{mark}%m{mark}%Y %I:%M:%S %p", "%Y-%m-%d",
        "%Y-%m-%d %H:%M:%S.%f", f"%m{mark}%d{mark}%Y %H:%M:%S%z", "%Y/%m/%d %H:%M",
    ]  # fmt: skip
    others = ["%d %b %Y", "%b %d, %Y %H:%M", "%d/%m/%Y, %H:%M", "%Y%m%d", "99/99/%Y", "%d/%m/%Y 99:99", "x %Y"]
    zoned = [moment.replace(tzinfo=zone) for moment in moments]
    texts = [moment.strftime(form) for form in (*split, *others) for moment in zoned]
    texts += [moment.isoformat() for moment in zoned] + ["1777600000", "", "0000-00-00"]
    many = read_many(pd.Series(texts, dtype="str"))
    arrays = (many.day_first, many.month_first, many.zoned, many.timed, many.dotted)
    for place in np.flatnonzero(many.done):
        assert DateReader().read(texts[place]) == tuple(array[place] for array in arrays), texts[place]
    assert many.done[: len(split) * len(moments)].all()


def test_reading_many_of_nothing() -> None:
    assert len(read_many(pd.Series([], dtype="str")).done) == 0


@pytest.mark.parametrize(
    "value",
    [
        "soon", "2026-02-30", "31.2.2026", "13/13/2026", "2026-05-04 25:00", "2026-05-04 13:05 PM", "2026-05-04 10:61",
        "5 Foo 2026", "2026-05-04 10:00 EST", "12345", True, 1.5, [1], b"2026", "2026-05", "",
    ],
)  # fmt: skip
def test_no_dates(value: object) -> None:
    assert read(value) == (IMPOSSIBLE, IMPOSSIBLE)


@pytest.mark.parametrize("value", ["1/1/1900", "9999-12-31", "9999-12-31 23:59:59", date(1969, 12, 31), "4200000000"])
def test_dates_out_of_range(value: object) -> None:
    assert read(value) == (OUT_OF_RANGE, OUT_OF_RANGE)


def test_years_of_two_digits_follow_posix() -> None:
    for text, year in (("1/1/68", 2068), ("1/1/70", 1970), ("1/1/26", 2026)):
        assert read(text)[0] == microseconds(datetime(year, 1, 1, tzinfo=UTC))
