"""Dates as other languages write them, each against the day and time that it names."""

from datetime import UTC, datetime

import numpy as np
import pandas as pd
import pytest

from leadqual.tables.date_text import IMPOSSIBLE, DateReader, read_many
from leadqual.tables.date_words import plain_clock, worded_date

DAY = datetime(2025, 3, 4)
AFTERNOON = datetime(2025, 3, 4, 14, 30)

DATES = (
    *("2025年3月4日", "2025年03月04日", "2025年3月4號", "2025年3月4日(火)", "2025/03/04(火)", "令和7年3月4日"),
    *("民國114年3月4日", "114/03/04", "25年3月4日", "2025년 3월 4일", "2025. 3. 4.", "4. März 2025", "04. Mrz 2025"),
    *("4 mars 2025", "04-mars-25", "mardi 4 mars 2025", "4 de marzo de 2025", "4 de março de 2025", "4/mar/2025"),
    *("4 marca 2025", "4 марта 2025", "4 maart 2025", "4 marzo 2025"),
)
MOMENTS = (
    *("2025年3月4日 14:30", "2025年3月4日14时30分", "2025年3月4日 下午2:30", "2025/3/4 下午 02:30:00"),
    *("2025년 3월 4일 오후 2:30", "2025. 3. 4. 오후 2:30:00", "4 mars 2025 à 14h30", "4. März 2025, 14:30 Uhr"),
    *("04.03.2025 um 14:30", "4 de marzo de 2025 a las 14:30", "2025/03/04(火) 14:30"),
)


def moment(text: str) -> datetime:
    microseconds = DateReader().read(text).day_first
    assert microseconds > IMPOSSIBLE + 1, text
    return datetime.fromtimestamp(microseconds / 1e6, UTC).replace(tzinfo=None)


@pytest.mark.parametrize("text", DATES)
def test_a_date(text: str) -> None:
    assert moment(text) == DAY


@pytest.mark.parametrize("text", MOMENTS)
def test_a_time_of_day(text: str) -> None:
    assert moment(text) == AFTERNOON


def test_every_month_of_every_language() -> None:
    for names in (
        "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
    ):
        for month, name in enumerate(names.split(), start=1):
            assert worded_date(f"5 {name} 2025") == (2025, month, 5), name


@pytest.mark.parametrize(
    "text", ["12 rue 25", "2025年3月", "2025年13月4日", "4 Quartal 2025", "Version 2 beta 10", "春"]
)
def test_what_is_no_date(text: str) -> None:
    assert DateReader().read(text).day_first == IMPOSSIBLE


def test_midnight_and_noon_in_halves_of_the_day() -> None:
    assert plain_clock("上午12:05") == "12:05 AM"
    assert plain_clock("下午12:05") == "12:05 PM"
    assert plain_clock("下午 14:05") == "14:05"


def test_many_at_once_are_read_as_one_by_one() -> None:
    texts = [*DATES, *MOMENTS]
    many = read_many(pd.Series(texts))
    alone = np.array([DateReader().read(text).day_first for text in texts])
    assert (many.day_first[many.done] == alone[many.done]).all()
    assert many.done.any()
