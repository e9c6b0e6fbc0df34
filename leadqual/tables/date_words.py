"""Dates and times of day as other languages write them: 2025年3月4日 下午2:30, 4. März 2025, 2025. 3. 4. 오후 2:30."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["CLOCK_BEGINS", "plain_clock", "worded_date"]

_HALVES = {
    **dict.fromkeys(("上午", "早上", "凌晨", "午前", "오전"), "AM"),
    **dict.fromkeys(("下午", "晚上", "傍晚", "中午", "午後", "오후"), "PM"),
}
_HALF = "|".join(_HALVES)
CLOCK_BEGINS = rf"(?:(?:{_HALF})\s*)?\d{{1,2}}\s*(?:[:\uff1a時时点點]|시(?!\w)|h\s?\d{{2}}(?!\w))"
"""A pattern of how a time of day begins."""

_EAST_ASIAN = re.compile(
    r"(?:(?P<era>令和|平成|昭和|民國|民国|中華民國)\s*)?(?P<year>\d{1,4}|元)\s*[年년]\s*(?P<month>\d{1,2})\s*[月월]\s*"
    r"(?P<day>\d{1,2})\s*[日号號일]?\s*(?:[(\uff08]?(?:[月火水木金土日]|(?:星期|週|周)[一二三四五六日天])?[)\uff09]?)?"
)
_KOREAN = re.compile(r"(?P<year>\d{4})\. ?(?P<month>\d{1,2})\. ?(?P<day>\d{1,2})\.?")
_WITH_WEEKDAY = re.compile(r"(?P<year>\d{4})[/.-](?P<month>\d{1,2})[/.-](?P<day>\d{1,2}) ?[(\uff08].[)\uff09]")
_TAIWAN = re.compile(r"(?P<year>1[0-4]\d)(?P<mark>[/.-])(?P<month>\d{1,2})(?P=mark)(?P<day>\d{1,2})")
_ERA_BEGINS = {"令和": 2019, "平成": 1989, "昭和": 1926, "民國": 1912, "民国": 1912, "中華民國": 1912}
# Spellings by month, without accents; a month is found by the whole word, or by how a longer one begins.
_MONTHS = (
    "januar janvier enero janeiro gennaio januari stycznia января jan janv ene gen",
    "februar fevrier febrero fevereiro febbraio februari lutego февраля feb fevr fev",
    "marz maerz mars marzo marco maart marca марта mrz mar mrt",
    "april avril abril aprile kwietnia апреля apr avr abr",
    "mai may mayo maio maggio mei maja мая mag",
    "juni juin junio junho giugno czerwca июня jun giu",
    "juli juillet julio julho luglio lipca июля jul juil lug",
    "august aout agosto augustus sierpnia августа aug ago",
    "september septembre septiembre setembro settembre wrzesnia сентября sep sept set",
    "oktober octobre octubre outubro ottobre pazdziernika октября okt oct out ott",
    "november novembre noviembre novembro listopada ноября nov",
    "dezember decembre diciembre dezembro dicembre december grudnia декабря dez dec dic",
)
_MONTH_OF = {word: place + 1 for place, words in enumerate(_MONTHS) for word in words.split()}
_WORDED = re.compile(
    r"(?:[^\W\d_]+\.?,? +)??(?P<day>\d{1,2})(?:\.|er|º|°)?(?: +(?:de |den )?|[-/. ])(?P<month>[^\W\d_]+)\.?"
    r"(?:,? +(?:de |del )?|[-/. ])(?P<year>\d{4}|\d{2})(?: *(?:\u0433\.?|r\.?))?"
)
_CLOCK_MARKS = re.compile(r"\s*[時时点點]\s*|\s*시\s*|\s*h\s*(?=\d)")


def worded_date(text: str) -> tuple[int, int, int] | None:
    """Return year, month and day of a date in East Asian form, or with a month's name in a European language.

    Years of a Japanese era, and those of Taiwan (``民國114年``, ``114/3/4``), are turned into years of our calendar.

    Examples
    --------
    >>> worded_date("2025年3月4日"), worded_date("4. März 2025"), worded_date("令和7年3月4日")
    ((2025, 3, 4), (2025, 3, 4), (2025, 3, 4))
    >>> worded_date("4 de marzo de 2025"), worded_date("民國114年3月4日"), worded_date("soon")
    ((2025, 3, 4), (2025, 3, 4), None)
    """
    found = _EAST_ASIAN.fullmatch(text) or _TAIWAN.fullmatch(text)
    if found:
        era = found.groupdict().get("era")
        year = 1 if found["year"] == "元" else int(found["year"])
        if era:
            year += _ERA_BEGINS[era] - 1
        elif 80 <= year < 150:  # years of two or three digits: Taiwan's; 25年 is 2025
            year += 1911
        elif year < 80:
            year += 2000
        return year, int(found["month"]), int(found["day"])
    found = _KOREAN.fullmatch(text) or _WITH_WEEKDAY.fullmatch(text)
    if found:
        return int(found["year"]), int(found["month"]), int(found["day"])
    found = _WORDED.fullmatch(text)
    month = _month(found["month"]) if found else None
    if found is None or month is None:
        return None
    year = int(found["year"])
    return year if len(found["year"]) > 2 else year + (1900 if year > 68 else 2000), month, int(found["day"])


def _month(word: str) -> int | None:
    folded = unicodedata.normalize("NFD", word.casefold().replace("й", "и"))
    return _MONTH_OF.get("".join(mark for mark in folded if unicodedata.category(mark) != "Mn"))


def plain_clock(text: str) -> str:
    """Return a time of day with colons, and AM or PM behind it: ``下午 2:30`` is ``2:30 PM``, ``14h30`` is ``14:30``.

    Examples
    --------
    >>> plain_clock("下午2:30"), plain_clock("14时30分05秒"), plain_clock("14h30"), plain_clock("14:30 Uhr")
    ('2:30 PM', '14:30:05', '14:30', '14:30')
    """
    text = text.replace("\uff1a", ":").strip().removesuffix("Uhr").strip()
    half = next((mark for mark in _HALVES if text.startswith(mark)), None)
    if half is not None:
        text = text.removeprefix(half).strip()
    text = re.sub(r"\s*[分분]\s*", ":", _CLOCK_MARKS.sub(":", text, count=1), count=1)
    text = re.sub(r"\s*[秒초]\s*$", "", text).rstrip(":")
    if text.isdigit():
        text = f"{text}:00"
    hour = text.partition(":")[0]
    late = half is not None and hour.isdigit() and not 1 <= int(hour) <= 12  # 下午 14:30 says it twice
    return f"{text} {_HALVES[half]}" if half is not None and not late else text
