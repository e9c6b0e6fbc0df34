"""The week as page, terminal and JSON: one set of figures, written in two languages."""

import io
import json
import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest
from rich.console import Console

from leadqual.errors import LeadqualError, MeetingError
from leadqual.fact import Fact
from leadqual.meetings import Disagreement, SellerWeek, Sla, weekly
from leadqual.monitoring import MonitoringFinding
from leadqual.reports.language import catalogue
from leadqual.reports.week_html import week_page
from leadqual.reports.week_plain import week_plain
from leadqual.reports.week_shown import show_week
from leadqual.reports.week_terminal import show_weekly
from tests.meetings.written_ledger import BUNDLE, MONDAY, Book, written_week

SLA = Sla(expected_wins_per_week=1.0, first_attempt_in_time=0.5)
CHINESE = "[\u4e00-\u9fff]"
LINK = "https://crm.example/lead/{id}"


@pytest.fixture(scope="module")
def report():
    return weekly(written_week().as_of(MONDAY), BUNDLE, sla=SLA, by="Need")


def text_of(page):
    return unescape(re.sub(r"(?s)<style>.*?</style>|<[^>]*>", "\n", page))


class Tags(HTMLParser):
    """Keeps the tags that were opened and not closed."""

    def __init__(self):
        super().__init__()
        self.open = []

    def handle_starttag(self, tag, attrs):
        if tag not in ("meta", "polyline"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag != "polyline":
            assert self.open.pop() == tag


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_page_is_whole_and_loads_nothing(report, language):
    page = week_page(report, language=language, missing=("sales",), crm_link=LINK)
    tags = Tags()
    tags.feed(page)
    assert tags.open == []
    assert f'<html lang="{language}">' in page
    links = re.findall(r"(?:src|href)=\"([^\"]*)\"", page)
    assert links == [f"https://crm.example/lead/{lead}" for lead in ("A-2", "P-1")]
    assert "<script" not in page
    assert "url(" not in page


def test_the_page_holds_the_figures_of_the_report(report):
    text = text_of(week_page(report))
    for expected in ("Week 47", "1.3", "of 1.0", "33%", "of 50%", "rejected: no budget", "promised 1.0, usual range"):
        assert expected in text
    shown = show_week(report)
    assert [one[1:3] for one in shown.owners] == [("kept", "good"), ("missed", "bad")]
    assert [one.figure for one in shown.tiles] == ["1", "6.0 h", "50%", "1"]
    assert shown.grades[0] == ("A", "2", "0.9", "1", "1", "50%", "0")
    assert shown.grades[-2][:3] == ("all", "4", "1.3")


def test_in_chinese_latin_words_come_from_the_data_alone(report):
    text = text_of(week_page(report, language="zh", missing=("sales", "marketing")))
    latin = {line.strip() for line in text.split("\n") if re.search("[A-Za-z]", line) and not re.search(CHINESE, line)}
    labels = {value for band in report.by_field.bands for value in band.values}
    assert latin <= {"A", "B", "A-2", "P-1", "A\uff0c40%", "A\uff0c30%", "no budget", "not a fit"} | labels
    assert "市场部" in text
    english = set(catalogue("en").values())
    assert latin.isdisjoint(english)


def test_chinese_has_its_own_punctuation(report):
    text = text_of(week_page(report, language="zh"))
    between = re.findall(rf"{CHINESE}[,.;:!?()] ?|{CHINESE} ?[(]", text)
    assert between == []
    assert not re.search(r"\d %", text)


def test_stored_text_is_escaped_everywhere():
    book = written_week()
    evil = '<img src=x onerror="alert(1)">'
    book.scored(evil, "2026-11-16T09:00:00", grade="A", probability=0.5)
    book.add("rejected", evil, "2026-11-17T09:00:00")
    page = week_page(weekly(book.as_of(MONDAY), BUNDLE), crm_link=LINK)
    assert "<img" not in page
    assert "https://crm.example/lead/%3Cimg%20src%3Dx%20onerror%3D%22alert%281%29%22%3E" in page


LINKS = ["javascript:alert('{id}')", "https://crm.example/lead/", "crm.example/{id}", "https:///{id}", ""]


@pytest.mark.parametrize("link", LINKS)
def test_an_address_that_is_none_is_refused(report, link):
    with pytest.raises(MeetingError, match=r"it must be a web address with \{id\} in it; pass one such as"):
        show_week(report, crm_link=link)


def test_an_empty_week_says_so_everywhere():
    book = Book(BUNDLE)
    book.scored("L-1", "2026-11-01T09:00:00", grade="D", picked="")
    report = weekly(book.as_of(MONDAY), BUNDLE, sla=SLA)
    shown = show_week(report)
    assert [one[1:3] for one in shown.owners] == [("missed, 4 weeks in a row", "bad"), ("no leads", "quiet")]
    assert [one.below for one in shown.tiles] == [
        "no lead's window ended",
        "no leads",
        "no lead was accepted or rejected yet",
        "no follow-up was due yet",
    ]
    for language in ("en", "zh"):
        page = week_page(report, language=language)
        assert "nan" not in page.lower()
        assert "None" not in text_of(page)


def test_who_must_sign_and_what_monitoring_found_are_to_be_decided(report):
    alarm = Fact("ranking_not_measured")
    found = MonitoringFinding(
        "LQ605", "alarm", (alarm,), remedy="recalibrate", field=None, series=(), limit=None, shows=None
    )
    shown = show_week(replace(report, alarms=(found,)), missing=("sales",))
    assert shown.decisions[0] == "The scorecard still needs the signature of sales."
    assert shown.decisions[1].endswith("To do: recalibrate.")
    assert show_week(report, missing=()).decisions == ("Monitoring raises no alarm.",)
    assert "signed by both teams" in show_week(report, missing=()).about


def test_ten_leads_are_shown_and_the_rest_counted(report):
    one = Disagreement("L-1", "A", 0.5, "rejected", "", 1.0, drawn=False)
    shown = show_week(replace(report, disagreements=(one,) * 12))
    assert (len(shown.leads), shown.more_leads) == (10, "and 2 other leads")
    assert "other" not in show_week(report).more_leads


def test_json_holds_every_figure_and_keeps_its_keys_in_any_language(report):
    english, chinese = week_plain(report), week_plain(report, "zh")
    assert json.loads(json.dumps(english)) == english
    assert english.keys() == chinese.keys()
    assert english["handed_over"]["all"]["expected_wins"] == pytest.approx(1.3)
    assert english["duties"][2] | {"course": None} == {
        "code": "first_attempt", "owner": "sales", "now": 1 / 3, "target": 0.5, "of": 3, "course": None, "kept": False,
        "weeks_missed": 1,
    }  # fmt: skip
    assert re.search(CHINESE, chinese["changes"][0])


@pytest.mark.parametrize("width", [80, 200])
def test_the_terminal_fits_and_says_the_same(report, width):
    console = Console(file=io.StringIO(), width=width)
    show_weekly(console, report, missing=("sales",))
    lines = console.file.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    text = " ".join(" ".join(lines).split())
    for expected in ("Week 47", "1.3 of 1.0", "33% of 50%", "rejected: no budget", "By Need"):
        assert expected in text


def test_an_unknown_language_is_refused(report):
    with pytest.raises(LeadqualError, match="there is no language 'fr'"):
        week_page(report, language="fr")


def test_who_was_disqualified_after_contact_stands_apart_from_the_rejected():
    book = written_week()
    book.add("disqualified", "B-1", "2026-11-19T09:00:00", reason="no need")
    report = weekly(book.as_of(MONDAY), BUNDLE)
    assert (report.rejections, report.disqualified) == ({"no budget": 1}, {"no need": 1})
    assert (report.all.rejected, report.all.disqualified, report.all.taken) == (1, 1, 2)
    assert show_week(report).disqualified == (("no need", "1", "0"),)
    assert "Disqualified after contact, by reason" in text_of(week_page(report))
    assert "Disqualified" not in text_of(week_page(weekly(written_week().as_of(MONDAY), BUNDLE)))


def test_sellers_stand_with_their_load_and_what_is_overdue(report):
    busy = SellerWeek("S-1", given=12, in_hand=25, overdue=3, capacity=20, away=False)
    gone = SellerWeek("S-2", given=0, in_hand=2, overdue=0, capacity=10, away=True)
    with_sellers = replace(report, sellers=(busy, gone))
    first, second = show_week(with_sellers).sellers
    assert (first.seller, first.load, first.beside, first.bar.bad) == (
        "S-1", "25 in hand, 20 a week", "12 given in the week, 3 overdue", True
    )  # fmt: skip
    assert (second.beside, second.bar.bad) == ("0 given in the week, away from Monday", False)
    assert "S-1" in text_of(week_page(with_sellers, language="zh"))
    assert week_plain(with_sellers)["sellers"][0]["overdue"] == 3
    assert show_week(report).sellers == ()
